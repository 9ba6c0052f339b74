"""``ar`` archives, that is static libraries: every member is described (GNU, BSD and thin; https://man.freebsd.org/cgi/man.cgi?ar(5))."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy import binary
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from xxpy.binary.description import Description
    from xxpy.binary.reader import Reader

_MAGIC: Final = b"!<arch>\n"
_THIN: Final = b"!<thin>\n"
_HEADER: Final = 60
_TABLES: Final = {"/", "//", "/SYM64/", "__.SYMDEF", "__.SYMDEF SORTED", "__.PKGDEF", "_go_.o"}
"""Members that are no objects: symbol tables, long names, and what Go adds."""

_MOST: Final = 100_000


def matches(magic: bytes) -> bool:
    """Whether a file that begins so is an archive."""
    return magic in {_MAGIC, _THIN}


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe the members of an archive.

    :raises VerificationError: truncated, corrupt, thin, without members, or a member that is no binary
    """
    if reader.bytes(0, 8) == _THIN:
        raise VerificationError(f"{name}: a thin archive has no members of its own")
    found: list[Description] = []
    place, names = 8, b""
    while place < reader.size:
        if len(found) > _MOST:
            raise VerificationError(f"{name}: more than {_MOST} members")
        try:
            header = reader.bytes(place, _HEADER)
            size = int(header[48:58])
            member = reader.window(place + _HEADER, size)
        except (VerificationError, ValueError) as error:
            raise VerificationError(f"{name}: truncated archive") from error
        if header[58:60] != b"`\n":
            raise VerificationError(f"{name}: corrupt archive")
        title, skipped = _title(header[:16], member, names)
        if title == "//":
            names = member.bytes(0, min(member.size, 1 << 20))
        elif title not in _TABLES:
            found += binary.read(member.window(skipped, size - skipped), f"{name}({title})")
        place += _HEADER + size + size % 2
    if not found:
        raise VerificationError(f"{name}: an archive without objects")
    return tuple(found)


def _title(field: bytes, member: Reader, names: bytes) -> tuple[str, int]:
    """Return the name of a member, and how many bytes of its content the name takes (BSD)."""
    text = field.decode("ascii", "replace").rstrip()
    if text.startswith("#1/") and text[3:].isdigit():
        length = int(text[3:])
        return member.bytes(0, length).rstrip(b"\0").decode("utf-8", "replace"), length
    if text[:1] == "/" and text[1:].isdigit():
        return names[int(text[1:]) :].split(b"/\n")[0].decode("utf-8", "replace"), 0
    return (text if text in _TABLES else text.rstrip("/")), 0
