"""Open untrusted tar archives within bounds: memory, unpacked size, members, and sizes in headers.

``tarfile`` trusts headers, so a few bytes of an archive are enough for a sparse member of 900 MB or
a name of 3 GB. Here sparse members and long headers are refused, decompressed bytes are counted,
and XZ may only use so much memory. Every error is one of :data:`BROKEN`.
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
"""The errors of reading a damaged or hostile archive."""

MEMBERS: Final = 1 << 19
"""The most members of an archive."""

_LONG: Final = 1 << 20
"""The most bytes of a header with a long name or further keys."""

_MEMORY: Final = 100 << 20
"""The most bytes of memory for decompressing XZ; what xz writes needs at most 65 MiB."""

_CHUNK: Final = 1 << 16
_MAGIC: Final = 6
"""The bytes by which a compression is recognized."""

_FREE: Final = 256 << 20
"""The bytes that any archive may unpack to."""

_RATIO: Final = 100
"""How many times its size a larger archive may unpack to; packages unpack to ten times theirs."""

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
    """Return how many bytes an archive of *size* bytes may unpack to."""
    return max(_FREE, _RATIO * size)


class Member(tarfile.TarInfo):
    """A member whose header is bounded."""

    def _proc_member(self, archive: tarfile.TarFile) -> Any:  # noqa: ANN401 - as in tarfile
        """Read a header, within bounds; tarfile's documentation suggests overriding this method."""
        if self.size < 0:
            raise bounds.Refused("a member has a negative size")
        if self.type == tarfile.GNUTYPE_SPARSE:
            raise _sparse(self.name)
        if self.type in _LONG_TYPES and self.size > _LONG:
            raise bounds.Refused(
                f"a header is larger than {bounds.size(_LONG)}, the limit for a header"
            )
        return super()._proc_member(archive)  # type: ignore[misc] # not in the stubs

    def _proc_gnusparse_00(self, *_words: object) -> None:
        raise _sparse(self.name)

    _proc_gnusparse_01 = _proc_gnusparse_10 = _proc_gnusparse_00


def _sparse(name: str) -> bounds.Refused:
    return bounds.Refused(f"the member {name[:80]!r} is sparse, which no archive of this kind has")


@contextmanager
def opened(file: IO[bytes], size: int) -> Iterator[tarfile.TarFile]:
    """Open an archive, compressed or not, to read it once from beginning to end.

    :param size: the bytes of the archive, which bound how much it may unpack to
    """
    counted = cast("IO[bytes]", _Counted(plain(file), size))  # tarfile calls nothing but read
    with tarfile.open(fileobj=counted, mode="r|", tarinfo=Member, encoding="utf-8") as archive:
        yield archive


def members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the remaining members, without keeping them in memory.

    :raises Refused: there are more than :data:`MEMBERS`
    """
    count = 0
    while (member := archive.next()) is not None:
        archive.members.clear()  # type: ignore[attr-defined] # not in the stubs
        count += 1
        if count > MEMBERS:
            raise bounds.Refused(f"it has more than {MEMBERS} members, the limit for an archive")
        yield member


def plain(file: IO[bytes]) -> IO[bytes]:
    """Return the decompressed file; its first bytes say how it is compressed."""
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
    """A file whose first bytes have been read already."""

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
    """The next *size* bytes of a file."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.left = size

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, place: Any) -> int:  # noqa: ANN401 - a buffer
        """Read some bytes into a buffer and return how many."""
        found = self.file.read(min(len(place), self.left))
        self.left -= len(found)
        place[: len(found)] = found
        return len(found)


class _Xz(io.RawIOBase):
    """A decompressed XZ file, with a limit on memory that :class:`lzma.LZMAFile` does not have."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.stream = lzma.LZMADecompressor(memlimit=_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, place: Any) -> int:  # noqa: ANN401 - a buffer
        """Decompress some bytes into a buffer and return how many."""
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
    """A decompressed archive, up to the limit of its size."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.size = size
        self.left = most(size)

    def read(self, count: int) -> bytes:
        """Return *count* bytes, or fewer at the end."""
        found = self.file.read(count)
        self.left -= len(found)
        if self.left < 0:
            limit = bounds.size(most(self.size))
            own = bounds.size(self.size)
            raise bounds.Refused(
                f"it unpacks to more than {limit}, the limit for an archive of {own}"
            )
        return found
