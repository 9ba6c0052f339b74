"""Find the submodules of git that a project lacks, because archives of a repository lack them.

``.gitmodules`` lists them (https://git-scm.com/docs/gitmodules).
"""

from __future__ import annotations

import configparser
from typing import TYPE_CHECKING, Final

from xxpy.language.texts import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FILE: Final = ".gitmodules"


def lacking(folder: Path) -> tuple[str, ...]:
    """Return the folders of submodules that are empty or missing, relative to *folder*."""
    listed = folder / _FILE
    if not listed.is_file():
        return ()
    parser = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    try:
        parser.read_string(text_of(listed))
    except configparser.Error:
        return ()
    paths = (parser[section].get("path") for section in parser.sections())
    return tuple(path for path in paths if path and not _has_files(folder / path))


def fetching(folder: Path, paths: Iterable[str]) -> str:
    """Return how to get submodules.

    :param folder: the project, which git may not know
    """
    listed = ", ".join(paths)
    if (folder / ".git").exists():
        return f"fetch the submodules {listed}: git submodule update --init --recursive"
    return (
        f"{listed} are submodules, which an archive leaves out: build a clone made with"
        " git clone --recurse-submodules"
    )


def _has_files(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False
