"""Mach-O, thin and fat (https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from xxpy.binary.description import Description
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from xxpy.binary.reader import Reader

_THIN: Final = {
    b"\xcf\xfa\xed\xfe": ("<", 64),
    b"\xce\xfa\xed\xfe": ("<", 32),
    b"\xfe\xed\xfa\xcf": (">", 64),
    b"\xfe\xed\xfa\xce": (">", 32),
}
_FAT: Final = {b"\xca\xfe\xba\xbe": ">IIIII", b"\xca\xfe\xba\xbf": ">IIQQII"}
_KINDS: Final = {1: "object", 2: "executable", 4: "core", 6: "shared library", 8: "bundle"}
_MOST_SLICES: Final = 32
"""A Java class begins like a fat file, with its version where the number of slices is; no version is so low."""

_LC_VERSION_MIN_MACOSX, _LC_BUILD_VERSION = 0x24, 0x32
_LOADS: Final = {0xC, 0x80000018, 0x8000001F}
"""LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB and LC_REEXPORT_DYLIB."""

_MOST: Final = 1 << 16


def matches(magic: bytes) -> bool:
    """Whether a file that begins so is Mach-O."""
    return magic[:4] in _THIN or (magic[:4] in _FAT and 0 < int.from_bytes(magic[4:8], "big") <= _MOST_SLICES)


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe a Mach-O file: one description a slice. Of a fat file the slices that are broken are left out, as long as one is whole.

    :raises VerificationError: truncated or corrupt
    """
    found: list[Description] = []
    reason = "truncated"
    try:
        magic = reader.bytes(0, 4)
        slices = [(name, reader)] if magic in _THIN else [(f"{name}({index})", part) for index, part in _slices(reader, _FAT[magic])]
    except VerificationError as error:
        raise VerificationError(f"{name}: {error.message}") from error
    for title, part in slices:
        try:
            found.append(_thin(part, title))
        except VerificationError as error:
            reason = error.message
    if not found:
        raise VerificationError(f"{name}: {reason}")
    return tuple(found)


def _slices(reader: Reader, layout: str) -> list[tuple[int, Reader]]:
    """Return the slices of a fat file that lie in it, numbered."""
    count = reader.unpack(">I", 4)[0]
    width = struct.calcsize(layout)
    entries = [reader.unpack(layout, 8 + index * width) for index in range(count)]
    return [
        (index, reader.window(offset, size))
        for index, (_type, _subtype, offset, size, *_) in enumerate(entries)
        if offset + size <= reader.size
    ]


def _thin(reader: Reader, name: str) -> Description:
    magic = reader.bytes(0, 4)
    if magic not in _THIN:
        raise VerificationError("a slice that is not Mach-O")
    order, bits = _THIN[magic]
    machine, _subtype, kind, count, size, _flags = reader.unpack(order + "IIIIII", 4)
    if kind not in _KINDS:
        raise VerificationError("corrupt Mach-O header")
    place = 32 if bits == 64 else 28  # noqa: PLR2004 - the header's width
    if size > _MOST:
        raise VerificationError("corrupt Mach-O header")
    reader.bytes(place, size)
    needed, minimum = _commands(reader, order, place, place + size, count)
    byte_order = "little" if order == "<" else "big"
    return Description(name, "macho", _KINDS[kind], machine, bits, byte_order, needed=needed, minimum_os=minimum)


def _commands(reader: Reader, order: str, place: int, end: int, count: int) -> tuple[tuple[str, ...], str | None]:
    """Return the libraries that load commands name and the oldest system that they allow, as far as the commands are whole."""
    needed: list[str] = []
    minimum = None
    for _ in range(count):
        if place + 16 > end:
            break
        command, length, first, second = reader.unpack(order + "IIII", place)
        if length < 8 or place + length > end:  # noqa: PLR2004 - the shortest command
            break
        if command in _LOADS and first <= length:
            needed += list(reader.strings(place + first, length - first))[:1]
        elif command in {_LC_VERSION_MIN_MACOSX, _LC_BUILD_VERSION}:
            version = first if command == _LC_VERSION_MIN_MACOSX else second
            minimum = f"{version >> 16}.{version >> 8 & 0xFF}"
        place += length
    return tuple(needed), minimum
