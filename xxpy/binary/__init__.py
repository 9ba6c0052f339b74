"""What a binary is, from its own headers: ELF, Mach-O, PE, WebAssembly and ``ar`` archives.

:func:`inspect` reads a file and describes it; :mod:`xxpy.binary.verify` says whether it suits a platform. Only headers are
read, with bounds checked against the size of the file, so neither a huge file nor a hostile one takes memory or time. What
cannot be read is a :class:`~xxpy.errors.VerificationError`, never a pass.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Protocol

from xxpy.binary import archive, elf, macho, pe, wasm
from xxpy.binary.reader import Reader
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.binary.description import Description


class Format(Protocol):
    """What the module of a format has."""

    def matches(self, magic: bytes) -> bool:
        """Whether a file that begins with these eight bytes, or fewer, is of the format."""

    def read(self, reader: Reader, name: str) -> tuple[Description, ...]:
        """Describe a file of the format."""


_READERS: tuple[Format, ...] = (elf, macho, pe, wasm)


def inspect(path: Path) -> tuple[Description, ...]:
    """Describe a file: one description of a plain binary, one a slice or member of a fat file or an archive.

    Links are followed; anything but a regular file is refused before it is opened.

    :raises VerificationError: missing, no regular file, unreadable, truncated, corrupt, or no binary
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise VerificationError(f"{path}: {_kind(status.st_mode)}, not a file")
        with path.open("rb") as file:
            return read(Reader(file, 0, os.fstat(file.fileno()).st_size), str(path))
    except FileNotFoundError as error:
        dangling = path.is_symlink()
        raise VerificationError(f"{path}: {'dangling link' if dangling else 'file not found'}") from error
    except OSError as error:
        raise VerificationError(f"{path}: {error.strerror}") from error


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe the bytes of one file.

    :raises VerificationError: truncated, corrupt or no binary
    """
    if reader.size == 0:
        raise VerificationError(f"{name}: empty file")
    magic = reader.bytes(0, min(8, reader.size))
    if archive.matches(magic):
        return tuple(found for title, member in archive.members(reader, name) for found in read(member, title))
    for format_ in _READERS:
        if format_.matches(magic):
            return format_.read(reader, name)
    raise VerificationError(f"{name}: {'a script' if magic.startswith(b'#!') else 'not a binary'}")


def is_binary(path: Path) -> bool:
    """Whether a regular file begins like a binary or an archive."""
    with path.open("rb") as file:
        magic = file.read(8)
    return archive.matches(magic) or any(format_.matches(magic) for format_ in _READERS)


def _kind(mode: int) -> str:
    names = {
        stat.S_IFDIR: "a directory",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
        stat.S_IFBLK: "a device",
        stat.S_IFCHR: "a device",
    }
    return names.get(stat.S_IFMT(mode), "a special file")
