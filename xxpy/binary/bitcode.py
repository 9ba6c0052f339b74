"""Find the target of LLVM bitcode, which link-time optimisation leaves in archives.

A module is a stream of bits (https://llvm.org/docs/BitCodeFormat.html): blocks, each with its
length, and records. The triple is one of the first records of the module, before any abbreviated
one; blocks before it are skipped. A module without a triple states no target.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.binary.description import Description
from xxpy.errors import UnsupportedPlatformError, VerificationError
from xxpy.table.platform import Platform, parse

if TYPE_CHECKING:
    from xxpy.binary.reader import Reader
    from xxpy.table.words import Vocabulary

FORMAT: Final = "bitcode"
_MAGIC: Final = b"BC\xc0\xde"
_WRAPPED: Final = b"\xde\xc0\x17\x0b"
_END, _ENTER, _RECORD = 0, 1, 3
"""The kinds of entries in a block; 2 defines an abbreviation, and records from 4 on use one."""
_MODULE: Final = 8
_TRIPLE: Final = 2
_OUTER_WIDTH: Final = 2
_EXTENDED: Final = re.compile(r"(.*\d)[a-z]{1,2}")
"""An architecture whose number is followed by letters of an extension: ``armv5te``, ``x86_64h``."""
_MOST_ENTRIES: Final = 1 << 12
_LONGEST: Final = 256


def matches(magic: bytes) -> bool:
    """Whether a file that begins with these bytes is bitcode, plain or in a wrapper."""
    return magic.startswith((_MAGIC, _WRAPPED))


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe an object of bitcode.

    :raises VerificationError: it is truncated or corrupt
    """
    try:
        if reader.bytes(0, 4) == _WRAPPED:
            offset, size = reader.unpack("<II", 8)
            reader = reader.window(offset, size)
        if reader.bytes(0, 4) != _MAGIC:
            raise VerificationError("corrupt bitcode")  # noqa: TRY301 - its name is added below
        found = _module(_Bits(reader, 32))
    except VerificationError as error:
        raise VerificationError(f"{name}: {error.message}") from error
    return (Description(name, FORMAT, "object", 0, 0, "", triple=found),)


def platform(triple: str, words: Vocabulary) -> Platform | None:
    """Return the platform that a triple names, without its variant, or None for unknown words.

    The last word that names a system counts: ``aarch64-unknown-linux-android21`` is for Android.
    """
    architecture, *parts = triple.lower().split("-")
    shorter = _EXTENDED.fullmatch(architecture)
    for part in reversed(parts):
        for word in (architecture, *(() if shorter is None else (shorter[1],))):
            with suppress(UnsupportedPlatformError):
                return parse(f"{part.rstrip('.0123456789')}/{word}", words, typed=True)
    return None


@dataclass(slots=True)
class _Bits:
    """A place in a stream of bits, with the lowest bit of each byte first."""

    reader: Reader
    place: int

    def fixed(self, width: int) -> int:
        first, last = self.place // 8, (self.place + width + 7) // 8
        value = int.from_bytes(self.reader.bytes(first, last - first), "little") >> self.place % 8
        self.place += width
        return value & ((1 << width) - 1)

    def variable(self, width: int) -> int:
        """Return a number in pieces of *width* bits, whose top bit announces another piece."""
        value = shift = 0
        top = 1 << (width - 1)
        while shift < 64:  # noqa: PLR2004 - bits
            piece = self.fixed(width)
            value |= (piece & (top - 1)) << shift
            shift += width - 1
            if not piece & top:
                return value
        raise VerificationError("corrupt bitcode")

    def block(self) -> tuple[int, int, int]:
        """Return the number of the block that begins here, its entries' width, and its end."""
        number, width = self.variable(8), self.variable(4)
        self.place = (self.place + 31) // 32 * 32
        words = self.fixed(32)
        return number, width, self.place + words * 32


def _module(bits: _Bits) -> str | None:
    """Return the triple of the first module."""
    for _ in range(_MOST_ENTRIES):
        if (bits.place + _OUTER_WIDTH + 7) // 8 > bits.reader.size or bits.fixed(
            _OUTER_WIDTH
        ) != _ENTER:
            return None
        number, width, end = bits.block()
        if number == _MODULE:
            return _triple(bits, width)
        bits.place = end
    return None


def _triple(bits: _Bits, width: int) -> str | None:
    """Return the triple in the records of a module, or None."""
    for _ in range(_MOST_ENTRIES):
        kind = bits.fixed(width)
        if kind == _ENTER:
            bits.place = bits.block()[2]
        elif kind == _RECORD:
            code, count = bits.variable(6), bits.variable(6)
            if count > _LONGEST:
                return None
            values = [bits.variable(6) for _ in range(count)]
            if code == _TRIPLE:
                return (
                    "".join(map(chr, values))
                    if all(0x20 < value < 0x7F for value in values)  # noqa: PLR2004 - ASCII
                    else None
                )
        else:
            return None
    return None
