"""Zip files, that is Python wheels, Java archives and others: every binary in one is described (https://packaging.python.org/specifications)."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Final, cast

from xxpy import bounds, tarballs
from xxpy.binary.reader import Reader
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAGIC: Final = b"PK\x03\x04"
_MOST_MEMBERS: Final = 1 << 16
_MOST_READ: Final = 1 << 24
"""Bytes that are read at once at most: the list of all members is."""

_COMPRESSIONS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How members are compressed; others need memory without a bound."""

_IN_MEMORY: Final = 1 << 24
"""Bytes of a member that are kept in memory; a larger one goes into a temporary file."""

_CHUNK: Final = 1 << 18
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def matches(magic: bytes) -> bool:
    """Whether a file that begins so is a zip file."""
    return magic.startswith(_MAGIC)


def members(
    reader: Reader, name: str, wanted: Callable[[bytes], bool]
) -> Iterator[tuple[str, Reader]]:
    """Yield the path and the bytes of each member that *wanted* takes by its first eight bytes; they are gone when the next is asked for.

    :raises VerificationError: truncated, corrupt, encrypted, without binaries, or one that would
        fill the disk
    """
    count = 0
    try:
        left = tarballs.most(reader.size)
        with zipfile.ZipFile(cast("IO[bytes]", _Bounded(reader.file))) as package:
            listed = package.infolist()
            if len(listed) > _MOST_MEMBERS:
                raise VerificationError(
                    f"{name}: a zip file with more than {_MOST_MEMBERS} members"
                )
            for member in listed:
                if member.compress_type not in _COMPRESSIONS:
                    raise VerificationError(
                        f"{name}({member.filename}): compressed in a way that is not read: {member.compress_type}"
                    )
                with (
                    package.open(member) as packed,
                    tempfile.SpooledTemporaryFile(_IN_MEMORY) as file,
                ):
                    magic = packed.read(8)
                    if not wanted(magic):
                        continue
                    left -= member.file_size
                    if left < 0:
                        limit = bounds.size(tarballs.most(reader.size))
                        raise VerificationError(
                            f"{name}: unpacks to more than {limit}, the limit of a zip file of its size"
                        )
                    size = file.write(magic)
                    while data := packed.read(_CHUNK):
                        size += file.write(data)
                    count += 1
                    yield f"{name}({member.filename})", Reader(file, 0, size)
    except _BROKEN as error:
        raise VerificationError(f"{name}: a zip file that cannot be read: {error}") from error
    if not count:
        raise VerificationError(f"{name}: a zip file without binaries")


class _Bounded:
    """A file of which not more than some bytes are read at once: what a zip file says of its own list is not believed."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, count: int = -1) -> bytes:
        """Return so many bytes, or all that are left."""
        found = self.file.read(min(count, _MOST_READ + 1) if count >= 0 else _MOST_READ + 1)
        if len(found) > _MOST_READ:
            raise ValueError(
                f"its list of members is larger than {bounds.size(_MOST_READ)}, the limit of a zip file"
            )
        return found
