"""Which files of a folder are binaries, or should be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from xxpy.binary import is_binary
from xxpy.errors import VerificationError

_WHEEL: Final = ".whl"
_TEXTS: Final = (b"#!", b"/* GNU ld script")
"""How texts begin that stand where programs and libraries do, and are meant to."""


def binaries(folder: Path, suffixes: frozenset[str]) -> tuple[list[Path], int]:
    """Return the files below *folder* that are to be judged, sorted, and the number of those that are left alone.

    Judged is what begins like a binary, may be executed, has an ending of binaries, is a wheel, or
    cannot be read as a file. Scripts and other files are left alone. Links to folders are not
    followed.

    :param suffixes: the endings of binaries, such as ``.so`` and ``.exe``
    :raises VerificationError: a folder cannot be read
    """
    found: list[Path] = []
    others = 0
    for parent, folders, files in os.walk(folder, onerror=_raise):
        folders.sort()
        for path in sorted(Path(parent, file) for file in files):
            if _is_judged(path, suffixes):
                found.append(path)
            else:
                others += 1
    return found, others


def _is_judged(path: Path, suffixes: frozenset[str]) -> bool:
    if not path.is_file() or not os.access(path, os.R_OK):
        return True
    if is_binary(path):
        return True
    with path.open("rb") as file:
        text = file.read(16).startswith(_TEXTS)
    return not text and (path.suffix in {*suffixes, _WHEEL} or os.access(path, os.X_OK))


def _raise(error: OSError) -> None:
    raise VerificationError(f"{error.filename}: {error.strerror}") from error
