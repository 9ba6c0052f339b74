"""Open tar archives of others within bounds: memory, bytes unpacked, members, and the sizes that headers name.

``tarfile`` believes what a header says: a sparse member of 900 MB or a name of 3 GB takes a few
bytes of an archive. So sparse members and long headers are refused, what comes out of a compression
is counted, and decompressing XZ has a limit of memory of its own. Every error is a
:class:`xxpy.bounds.Refused`, or one of :data:`BROKEN`.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final, cast

from xxpy import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

BROKEN: Final = (
    tarfile.TarError,
    bounds.Refused,
    lzma.LZMAError,
    zlib.error,
    gzip.BadGzipFile,
    EOFError,
    UnicodeError,
    OverflowError,
    ValueError,
)
"""What reading a damaged or hostile archive raises."""

MEMBERS: Final = 1 << 19
"""Members of an archive at most."""

_LONG: Final = 1 << 20
"""Bytes of the header that holds a long name or further keys at most."""

_MEMORY: Final = 100 << 20
"""Bytes that decompressing XZ may take; what xz writes needs 65 MiB at most."""

_CHUNK: Final = 1 << 16
_MAGIC: Final = 6
"""Bytes that tell a compression."""

_FREE: Final = 256 << 20
"""Bytes that any archive may unpack to."""

_RATIO: Final = 100
"""How many times as large as itself a larger archive may become; packages and sysroots become ten times as large."""

_LONG_TYPES: Final = frozenset(
    {
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    }
)


def most(size: int) -> int:
    """Return how many bytes may come out of an archive of *size* bytes."""
    return max(_FREE, _RATIO * size)


class Member(tarfile.TarInfo):
    """A member whose header is bounded."""

    def _proc_member(self, archive: tarfile.TarFile) -> Any:  # noqa: ANN401 - as tarfile has it, which names this method as one to override
        if self.size < 0:
            raise bounds.Refused("a member has a negative size")
        if self.type == tarfile.GNUTYPE_SPARSE:
            raise _sparse(self.name)
        if self.type in _LONG_TYPES and self.size > _LONG:
            raise bounds.Refused(
                f"a header is larger than {bounds.size(_LONG)}, the limit of a header"
            )
        return super()._proc_member(archive)  # type: ignore[misc] # it is not in the stubs

    def _proc_gnusparse_00(self, *_words: object) -> None:
        raise _sparse(self.name)

    _proc_gnusparse_01 = _proc_gnusparse_10 = _proc_gnusparse_00


def _sparse(name: str) -> bounds.Refused:
    return bounds.Refused(f"the member {name[:80]!r} is sparse, which no archive of this kind has")


@contextmanager
def opened(file: IO[bytes], size: int) -> Iterator[tarfile.TarFile]:
    """Open an archive, compressed or not, to be read once from its beginning to its end.

    :param size: the bytes of the archive, by which what may come out of it is bounded
    """
    counted = cast("IO[bytes]", _Counted(plain(file), size))  # tarfile calls nothing but read
    with tarfile.open(fileobj=counted, mode="r|", tarinfo=Member, encoding="utf-8") as archive:
        yield archive


def members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the members that are left; none is kept in memory.

    :raises Refused: there are more than :data:`MEMBERS`
    """
    count = 0
    while (member := archive.next()) is not None:
        archive.members.clear()  # type: ignore[attr-defined] # it is not in the stubs; tarfile would keep every member
        count += 1
        if count > MEMBERS:
            raise bounds.Refused(f"it has more than {MEMBERS} members, the limit of an archive")
        yield member


def plain(file: IO[bytes]) -> IO[bytes]:
    """Return the file without its compression, by its first bytes."""
    begin = file.read(_MAGIC)
    whole = io.BufferedReader(_Joined(begin, file), _CHUNK)
    if begin.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=whole)  # type: ignore[return-value] # it is one
    if begin.startswith(b"BZh"):
        return bz2.BZ2File(whole)
    if begin.startswith((b"\xfd7zXZ\0", b"\x5d\0\0")):
        return io.BufferedReader(_Xz(whole), _CHUNK)
    return whole


class _Joined(io.RawIOBase):
    """A file whose beginning has been read already."""

    def __init__(self, begin: bytes, rest: IO[bytes]) -> None:
        self.begin = begin
        self.rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, place: Any) -> int:  # noqa: ANN401 - a buffer
        found = self.begin[: len(place)] or self.rest.read(len(place))
        self.begin = self.begin[len(found) :]
        place[: len(found)] = found
        return len(found)


class Window(io.RawIOBase):
    """The next *size* bytes of a file, and nothing behind them."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.left = size

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def readinto(self, place: Any) -> int:  # noqa: ANN401 - a buffer
        """Read some bytes into a buffer and return how many."""
        found = self.file.read(min(len(place), self.left))
        self.left -= len(found)
        place[: len(found)] = found
        return len(found)


class _Xz(io.RawIOBase):
    """What comes out of XZ, with a limit of memory, which :class:`lzma.LZMAFile` does not have."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.stream = lzma.LZMADecompressor(memlimit=_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, place: Any) -> int:  # noqa: ANN401 - a buffer
        while True:
            if self.stream.eof:
                rest = self.stream.unused_data.lstrip(b"\0") or self.file.read(_CHUNK).lstrip(b"\0")
                if not rest:
                    return 0
                self.stream = lzma.LZMADecompressor(memlimit=_MEMORY)
                found = self.stream.decompress(rest, len(place))
            else:
                fresh = self.file.read(_CHUNK) if self.stream.needs_input else b""
                if not fresh and self.stream.needs_input:
                    raise EOFError("the compressed data ends before its end mark")
                found = self.stream.decompress(fresh, len(place))
            if found:
                place[: len(found)] = found
                return len(found)


class _Counted:
    """Counts what comes out of an archive, and stops at the limit."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.size = size
        self.left = most(size)

    def read(self, count: int) -> bytes:
        """Return as many bytes, less at the end."""
        found = self.file.read(count)
        self.left -= len(found)
        if self.left < 0:
            limit = bounds.size(most(self.size))
            raise bounds.Refused(
                f"it unpacks to more than {limit}, the limit of an archive of {bounds.size(self.size)}"
            )
        return found
