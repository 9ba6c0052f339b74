"""Zip files, that is Python wheels, Java archives and others: every binary in one is described (https://packaging.python.org/specifications)."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from xxpy.binary.reader import Reader
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAGIC: Final = b"PK\x03\x04"
_MOST_MEMBERS: Final = 1 << 16
_MOST_UNPACKED: Final = 1 << 32
"""Bytes of one member at most."""

_IN_MEMORY: Final = 1 << 24
"""Bytes of a member that are kept in memory; a larger one goes into a temporary file."""

_CHUNK: Final = 1 << 18
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def matches(magic: bytes) -> bool:
    """Whether a file that begins so is a zip file."""
    return magic.startswith(_MAGIC)


def members(reader: Reader, name: str, wanted: Callable[[bytes], bool]) -> Iterator[tuple[str, Reader]]:
    """Yield the path and the bytes of each member that *wanted* takes by its first eight bytes; they are gone when the next is asked for.

    :raises VerificationError: truncated, corrupt, encrypted, without binaries, or one that would fill the disk
    """
    count = 0
    try:
        with zipfile.ZipFile(reader.file) as package:
            listed = package.infolist()
            if len(listed) > _MOST_MEMBERS:
                raise VerificationError(f"{name}: a zip file with more than {_MOST_MEMBERS} members")
            for member in listed:
                with package.open(member) as packed, tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
                    magic = packed.read(8)
                    if not wanted(magic):
                        continue
                    if member.file_size > _MOST_UNPACKED:
                        raise VerificationError(f"{name}({member.filename}): larger than {_MOST_UNPACKED >> 30} GiB")
                    size = file.write(magic)
                    while data := packed.read(_CHUNK):
                        size += file.write(data)
                    count += 1
                    yield f"{name}({member.filename})", Reader(file, 0, size)
    except _BROKEN as error:
        raise VerificationError(f"{name}: a zip file that cannot be read: {error}") from error
    if not count:
        raise VerificationError(f"{name}: a zip file without binaries")
