"""``ar`` archives, that is static libraries: every member is described (GNU, BSD and thin; https://man.freebsd.org/cgi/man.cgi?ar(5))."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.binary.reader import Reader

_MAGIC: Final = b"!<arch>\n"
_THIN: Final = b"!<thin>\n"
_HEADER: Final = 60
_TABLES: Final = {"/", "//", "/SYM64/", "__.SYMDEF", "__.SYMDEF SORTED", "__.PKGDEF", "_go_.o"}
"""Members that are no objects: symbol tables, long names, and what Go adds."""


def matches(magic: bytes) -> bool:
    """Whether a file that begins so is an archive."""
    return magic in {_MAGIC, _THIN}


def members(reader: Reader, name: str) -> Iterator[tuple[str, Reader]]:
    """Yield the name and the bytes of each object in an archive.

    :raises VerificationError: truncated, corrupt, thin, or without objects
    """
    if reader.bytes(0, 8) == _THIN:
        raise VerificationError(f"{name}: a thin archive has no members of its own")
    place, names, count = 8, b"", 0
    while place < reader.size:
        try:
            header = reader.bytes(place, _HEADER)
            size = int(header[48:58])
            member = reader.window(place + _HEADER, size)
            title, skipped = _title(header[:16], member, names)
        except (VerificationError, ValueError) as error:
            raise VerificationError(f"{name}: truncated archive") from error
        if header[58:60] != b"`\n":
            raise VerificationError(f"{name}: corrupt archive")
        if title == "//":
            names = member.bytes(0, min(member.size, 1 << 20))
        elif title not in _TABLES:
            count += 1
            yield f"{name}({title})", member.window(skipped, size - skipped)
        place += _HEADER + size + size % 2
    if not count:
        raise VerificationError(f"{name}: an archive without objects")


def _title(field: bytes, member: Reader, names: bytes) -> tuple[str, int]:
    """Return the name of a member, and how many bytes of its content the name takes (BSD)."""
    text = field.decode("ascii", "replace").rstrip()
    if text.startswith("#1/") and text[3:].isdigit():
        length = int(text[3:])
        return member.bytes(0, length).rstrip(b"\0").decode("utf-8", "replace"), length
    if text[:1] == "/" and text[1:].isdigit():
        return names[int(text[1:]) :].split(b"/\n")[0].decode("utf-8", "replace"), 0
    return (text if text in _TABLES else text.rstrip("/")), 0
