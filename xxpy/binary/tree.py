"""Find the files of a folder that are binaries or should be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from xxpy.binary import is_binary
from xxpy.errors import VerificationError

_WHEEL: Final = ".whl"
_TEXTS: Final = (b"#!", b"/* GNU ld script")
"""How texts begin that are meant to be among programs and libraries."""


def binaries(folder: Path, suffixes: frozenset[str]) -> tuple[list[Path], int]:
    """Return the files below *folder* to judge, sorted, and the number of the others.

    A file is judged if it begins like a binary, is executable, has an ending of binaries, is a
    wheel, or cannot be read. Scripts and other files are left alone. Links to folders are not
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
    """Whether a file is, or should be, a binary."""
    if not path.is_file() or not os.access(path, os.R_OK):
        return True
    if is_binary(path):
        return True
    with path.open("rb") as file:
        text = file.read(16).startswith(_TEXTS)
    return not text and (path.suffix in {*suffixes, _WHEEL} or os.access(path, os.X_OK))


def _raise(error: OSError) -> None:
    raise VerificationError(f"{error.filename}: {error.strerror}") from error
