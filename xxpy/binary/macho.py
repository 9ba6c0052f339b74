"""Mach-O, thin and fat (https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h)."""

from __future__ import annotations

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

_LC_LOAD_DYLIB, _LC_VERSION_MIN_MACOSX, _LC_BUILD_VERSION = 0xC, 0x24, 0x32
_MOST: Final = 1 << 20


def matches(magic: bytes) -> bool:
    """Whether a file that begins so is Mach-O."""
    return magic[:4] in _THIN or (magic[:4] in _FAT and 0 < int.from_bytes(magic[4:8], "big") <= _MOST_SLICES)


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe a Mach-O file: one description a slice.

    :raises VerificationError: truncated or corrupt
    """
    try:
        magic = reader.bytes(0, 4)
        if magic in _THIN:
            return (_thin(reader, name),)
        return tuple(_thin(part, f"{name}({index})") for index, part in enumerate(_slices(reader, _FAT[magic])))
    except VerificationError as error:
        raise VerificationError(error.message if error.message.startswith(name) else f"{name}: {error.message}") from error


def _slices(reader: Reader, layout: str) -> list[Reader]:
    count = reader.unpack(">I", 4)[0]
    width = 20 if layout == ">IIIII" else 32
    found = []
    for index in range(count):
        _type, _subtype, offset, size = reader.unpack(layout, 8 + index * width)[:4]
        found.append(reader.window(offset, size))
    return found


def _thin(reader: Reader, name: str) -> Description:
    magic = reader.bytes(0, 4)
    if magic not in _THIN:
        raise VerificationError("a slice that is not Mach-O")
    order, bits = _THIN[magic]
    machine, _subtype, kind, count, size, _flags = reader.unpack(order + "IIIIII", 4)
    if kind not in _KINDS:
        raise VerificationError("corrupt Mach-O header")
    place = 32 if bits == 64 else 28  # noqa: PLR2004 - the header's width
    if size > _MOST or place + size > reader.size:
        raise VerificationError("truncated")
    needed, minimum = [], None
    end = place + size
    for _ in range(count):
        command, length = reader.unpack(order + "II", place)
        if length < 8 or place + length > end:  # noqa: PLR2004 - the shortest command
            raise VerificationError("corrupt load commands")
        if command & 0x7FFFFFFF in {_LC_LOAD_DYLIB, 0x18, 0x1F}:
            offset = reader.unpack(order + "I", place + 8)[0]
            needed += list(reader.strings(place + min(offset, length), length - min(offset, length)))[:1]
        elif command in {_LC_VERSION_MIN_MACOSX, _LC_BUILD_VERSION}:
            version = reader.unpack(order + "I", place + (8 if command == _LC_VERSION_MIN_MACOSX else 12))[0]
            minimum = f"{version >> 16}.{version >> 8 & 0xFF}"
        place += length
    byte_order = "little" if order == "<" else "big"
    return Description(name, "macho", _KINDS[kind], machine, bits, byte_order, needed=tuple(needed), minimum_os=minimum)
