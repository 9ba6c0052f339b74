"""Describe binaries by their headers: ELF, Mach-O, PE, WebAssembly, ``ar`` archives and wheels.

:func:`inspect` reads a file and describes it; :mod:`xxpy.binary.verify` tells whether it suits a
platform. Only headers are read, and every offset is checked against the size of the file, so that
neither huge nor hostile files take memory or time. A file that cannot be read is a
:class:`~xxpy.errors.VerificationError`, never a pass.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from xxpy import deferred, posix
from xxpy.binary import archive, elf
from xxpy.binary.reader import Reader
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xxpy.binary.description import Description


class Format(Protocol):
    """The interface of a format's module."""

    def matches(self, magic: bytes) -> bool:
        """Whether a file that begins with these eight or fewer bytes has the format."""

    def read(self, reader: Reader, name: str) -> tuple[Description, ...]:
        """Describe a file of this format."""


_ZIP = b"PK\x03\x04"
_READERS: tuple[Format, ...] = (
    elf,
    *(deferred.module(f"xxpy.binary.{name}") for name in ("macho", "pe", "wasm")),
)
_BITCODE: Format = deferred.module("xxpy.binary.bitcode")
_IN_ARCHIVES: tuple[Format, ...] = (*_READERS, _BITCODE)
"""Link-time optimisation leaves bitcode in the objects of archives; alone it is not a binary."""


def inspect(path: Path) -> tuple[Description, ...]:
    """Describe a file: one description of a plain binary, or one for each slice or member.

    Links are followed; anything but a regular file is refused before it is opened.

    :raises VerificationError: the file is missing, not a regular file, unreadable, truncated,
        corrupt, or not a binary
    """
    with _opened(path) as reader:
        return read(reader, str(path), path.parent)


@contextmanager
def _opened(path: Path) -> Iterator[Reader]:
    """Open a regular file, without waiting for any other kind.

    :raises VerificationError: it cannot be opened, or is not a regular file
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise VerificationError(f"{path}: {_kind(status.st_mode)}, not a file")
        # A FIFO may have replaced the file in the meantime; opening must not wait for a writer.
        with open(os.open(path, os.O_RDONLY | posix.O_NONBLOCK | posix.O_CLOEXEC), "rb") as file:  # noqa: PTH123 - of a descriptor
            yield Reader(file, 0, os.fstat(file.fileno()).st_size)
    except FileNotFoundError as error:
        dangling = path.is_symlink()
        raise VerificationError(
            f"{path}: {'dangling link' if dangling else 'file not found'}"
        ) from error
    except (OSError, ValueError) as error:
        raise VerificationError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def read(reader: Reader, name: str, folder: Path | None = None) -> tuple[Description, ...]:
    """Describe the bytes of one file.

    :param folder: where the members of a thin archive are
    :raises VerificationError: they are truncated, corrupt or not a binary
    """
    if reader.size == 0:
        raise VerificationError(f"{name}: empty file")
    magic = reader.bytes(0, min(8, reader.size))
    if magic.startswith(_ZIP):
        from xxpy.binary import package  # noqa: PLC0415 - builds deliver hardly any

        found = package.members(reader, name, _is_binary)
        return tuple(
            description for title, member in found for description in _read(member, title, None)
        )
    return _read(reader, name, folder)


def _read(reader: Reader, name: str, folder: Path | None) -> tuple[Description, ...]:
    """Describe a binary or an archive of binaries; archives in archives would have no end."""
    if not archive.matches(reader.bytes(0, min(8, reader.size))):
        return _binary(reader, name)
    found: list[Description] = []
    for member in archive.members(reader, name):
        title = f"{name}({member.title})"
        if member.content is not None:
            found += _binary(member.content, title, _IN_ARCHIVES)
        elif folder is None:
            raise VerificationError(f"{title}: a thin archive in another file")
        else:
            with _opened(folder / member.title) as outside:
                found += _binary(outside, title, _IN_ARCHIVES)
    return tuple(found)


def _binary(
    reader: Reader, name: str, formats: tuple[Format, ...] = _READERS
) -> tuple[Description, ...]:
    """Describe a binary of one of the formats.

    :raises VerificationError: it has none of them
    """
    if reader.size == 0:
        raise VerificationError(f"{name}: empty file")
    magic = reader.bytes(0, min(8, reader.size))
    for format_ in formats:
        if format_.matches(magic):
            return format_.read(reader, name)
    if _BITCODE.matches(magic):
        raise VerificationError(f"{name}: LLVM bitcode, which has no machine yet")
    raise VerificationError(f"{name}: {'a script' if magic.startswith(b'#!') else 'not a binary'}")


def is_binary(path: Path) -> bool:
    """Whether a regular file begins like a binary or an archive."""
    with path.open("rb") as file:
        return _is_binary(file.read(8))


def is_archive(path: Path) -> bool:
    """Whether a regular file begins like an archive."""
    with path.open("rb") as file:
        return archive.matches(file.read(8))


def _is_binary(magic: bytes) -> bool:
    return archive.matches(magic) or any(format_.matches(magic) for format_ in _READERS)


def _kind(mode: int) -> str:
    """Return the kind of a special file, for people."""
    names = {
        stat.S_IFDIR: "a directory",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
        stat.S_IFBLK: "a device",
        stat.S_IFCHR: "a device",
    }
    return names.get(stat.S_IFMT(mode), "a special file")
