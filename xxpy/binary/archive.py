"""``ar`` archives, which are static libraries: GNU, BSD and thin ones, member by member.

See https://man.freebsd.org/cgi/man.cgi?ar(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.binary.reader import Reader
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC: Final = b"!<arch>\n"
_THIN: Final = b"!<thin>\n"
_HEADER: Final = 60
_TABLES: Final = {
    "/",
    "//",
    "/SYM64/",
    "__.SYMDEF",
    "__.SYMDEF SORTED",
    "__.SYMDEF_64",
    "__.SYMDEF_64 SORTED",
    "__.PKGDEF",
    "_go_.o",
}
"""Members that are not objects: symbol tables, long names, and what Go adds."""

_METADATA: Final = (".rmeta", ".rmeta.bin")
"""Endings of members that only Rust's compiler reads."""

_MOST_MEMBERS: Final = 1 << 17
_MOST_NAMES: Final = 1 << 24
"""The maximum number of bytes of long names."""


class _NoObjectsError(VerificationError):
    """An archive has no objects."""


@dataclass(frozen=True, slots=True)
class Member:
    """One object in an archive.

    :param title: its name; in a thin archive a path from the folder of the archive
    :param content: its bytes, None in a thin archive, which only names its members
    """

    title: str
    content: Reader | None


def matches(magic: bytes) -> bool:
    """Whether a file that begins with these bytes is an archive."""
    return magic in {_MAGIC, _THIN}


def is_thin(path: Path) -> bool:
    """Whether a file is a thin archive, which is useless without the members that it names."""
    with path.open("rb") as file:
        return file.read(len(_THIN)) == _THIN


def is_empty(path: Path) -> bool:
    """Whether a file is an archive without objects."""
    with path.open("rb") as file:
        if not matches(file.read(len(_MAGIC))):
            return False
        try:
            next(members(Reader(file, 0, path.stat().st_size), path.name), None)
        except _NoObjectsError:
            return True
        except VerificationError:
            return False
    return False


def members(reader: Reader, name: str) -> Iterator[Member]:
    """Yield each object in an archive.

    :raises VerificationError: it is truncated, corrupt, or has no objects
    """
    thin = reader.bytes(0, 8) == _THIN
    place, names, count = 8, b"", 0
    while place < reader.size:
        try:
            header = reader.bytes(place, _HEADER)
            size = int(header[48:58])
            absent = thin and not _is_table(header[:16])
            member = reader.window(place + _HEADER, 0 if absent else size)
            title, skipped = _title(header[:16], member, names)
        except (VerificationError, ValueError) as error:
            raise VerificationError(f"{name}: truncated archive") from error
        if header[58:60] != b"`\n" or skipped > size or not title:
            raise VerificationError(f"{name}: corrupt archive")
        if title == "//":
            names = member.bytes(0, min(member.size, _MOST_NAMES))
        elif title not in _TABLES:
            count += 1
            if count > _MOST_MEMBERS:
                raise VerificationError(
                    f"{name}: an archive with more than {_MOST_MEMBERS} members"
                )
            if not title.endswith(_METADATA):
                yield Member(title, None if absent else member.window(skipped, size - skipped))
        place += _HEADER + member.size + member.size % 2
    if not count:
        raise _NoObjectsError(f"{name}: an archive without objects")


def _is_table(field: bytes) -> bool:
    """Whether a name field of a thin archive names a table, whose content is in the archive."""
    return field.decode("ascii", "replace").rstrip() in _TABLES


def _title(field: bytes, member: Reader, names: bytes) -> tuple[str, int]:
    """Return the name of a member, and how many bytes of its content the name takes (BSD)."""
    text = field.decode("ascii", "replace").rstrip()
    if text.startswith("#1/") and text[3:].isdigit():
        length = int(text[3:])
        return member.bytes(0, length).rstrip(b"\0").decode("utf-8", "replace"), length
    if text[:1] == "/" and text[1:].isdigit():
        return names[int(text[1:]) :].split(b"\n")[0].removesuffix(b"/").decode(
            "utf-8", "surrogateescape"
        ), 0
    return (text if text in _TABLES else text.rstrip("/")), 0
