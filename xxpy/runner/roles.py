"""The roles of a build's results, by their content or their suffix."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from xxpy.binary import debug, inspect, is_archive, is_binary
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.binary.description import Description

_HEADERS: Final = frozenset({".h", ".hh", ".hpp", ".hxx", ".h++", ".inc", ".inl", ".ipp"})
ARCHIVES: Final = frozenset({".a", ".lib"})


class Role(Enum):
    """What a file is for."""

    PROGRAM = "program"
    LIBRARY = "shared library"
    ARCHIVE = "archive"
    DEBUG = "debug file"
    HEADER = "header"
    OTHER = "other"


_KINDS: Final = {
    debug.KIND: Role.DEBUG,
    "executable": Role.PROGRAM,
    "shared library": Role.LIBRARY,
    "bundle": Role.LIBRARY,
}
"""The roles of files by their kind of binary."""


def role(path: Path) -> Role:
    """Return the role of a file by its content or, if that says nothing, by its suffix."""
    if not path.is_file():
        return Role.OTHER
    if debug.is_database(path):
        return Role.DEBUG
    if is_archive(path):
        return Role.ARCHIVE
    try:
        described = inspect(path) if is_binary(path) else ()
    except VerificationError:
        described = ()
    return role_of(path, described)


def role_of(path: Path, described: tuple[Description, ...]) -> Role:
    """Return the role of a file that is no database of debug data.

    :param described: the binaries in it, if it is one
    """
    if is_archive(path):
        return Role.ARCHIVE
    kinds = {found.kind for found in described}
    found = next((role for kind, role in _KINDS.items() if kind in kinds), None)
    if found is not None:
        return found
    if kinds and path.suffix in ARCHIVES:  # a fat one
        return Role.ARCHIVE
    return Role.HEADER if path.suffix in _HEADERS else Role.OTHER
