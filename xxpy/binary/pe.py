"""PE (https://learn.microsoft.com/en-us/windows/win32/debug/pe-format)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.binary.description import Description
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from xxpy.binary.reader import Reader

_DLL: Final = 0x2000
_WIDTHS: Final = {0x10B: 32, 0x20B: 64}


def matches(magic: bytes) -> bool:
    """Whether a file that begins so has an MS-DOS header, as PE has."""
    return magic.startswith(b"MZ")


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe a PE file.

    :raises VerificationError: truncated, corrupt, or a program for MS-DOS
    """
    try:
        place = reader.unpack("<I", 0x3C)[0]
        signature = reader.bytes(place, 4)
        machine, sections, _time, _symbols, _count, size, flags = reader.unpack("<HHIIIHH", place + 4)
        width = reader.unpack("<H", place + 24)[0]
        major, minor = reader.unpack("<HH", place + 24 + 48)
        reader.bytes(place + 24, size)
        reader.bytes(place + 24 + size, sections * 40)
    except VerificationError as error:
        raise VerificationError(f"{name}: {error.message}") from error
    if signature != b"PE\0\0" or width not in _WIDTHS:
        raise VerificationError(f"{name}: corrupt PE header")
    kind = "shared library" if flags & _DLL else "executable"
    return (Description(name, "pe", kind, machine, _WIDTHS[width], "little", minimum_os=f"{major}.{minor}"),)
