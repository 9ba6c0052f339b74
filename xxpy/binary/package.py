"""Zip files, such as Python wheels and Java archives, binary by binary.

See https://packaging.python.org/specifications.
"""

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

_MOST_MEMBERS: Final = 1 << 16
_MOST_READ: Final = 1 << 24
"""The maximum number of bytes read at once, as the list of all members is."""

_COMPRESSIONS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The compressions that are read; others need unlimited memory."""

_IN_MEMORY: Final = 1 << 24
"""The size up to which a member is kept in memory, and not in a temporary file."""

_CHUNK: Final = 1 << 18
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def members(
    reader: Reader, name: str, wanted: Callable[[bytes], bool]
) -> Iterator[tuple[str, Reader]]:
    """Yield the path and the bytes of each member whose first eight bytes *wanted* accepts.

    The bytes are gone when the next member is asked for.

    :raises VerificationError: it is truncated, corrupt, encrypted, has no binaries, or would fill
        the disk
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
                        f"{name}({member.filename}): unsupported compression {member.compress_type}"
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
                            f"{name}: unpacks to more than {limit}, the limit for its size"
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
    """A file with a limit on each read, because a zip file may lie about the size of its list."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, count: int = -1) -> bytes:
        """Return this many bytes, or all that are left."""
        found = self.file.read(min(count, _MOST_READ + 1) if count >= 0 else _MOST_READ + 1)
        if len(found) > _MOST_READ:
            limit = bounds.size(_MOST_READ)
            raise ValueError(f"its list of members is larger than {limit}, the limit of a zip file")
        return found
