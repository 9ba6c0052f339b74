"""WebAssembly modules (https://webassembly.github.io/spec/core/binary/modules.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.binary.description import Description
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.binary.reader import Reader

_MODULE: Final = b"\x01\0\0\0"
_CUSTOM, _IMPORTS = 0, 2
_MOST_SECTIONS: Final = 1 << 10
_MOST: Final = 1 << 16
"""The maximum size of a section in bytes."""

_LONGEST_NUMBER: Final = 5


def matches(magic: bytes) -> bool:
    """Whether a file that begins with these bytes is WebAssembly."""
    return magic.startswith(b"\0asm")


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe a module.

    :raises VerificationError: it is truncated, or has another version of the format
    """
    try:
        version = reader.bytes(4, 4)
    except VerificationError as error:
        raise VerificationError(f"{name}: truncated") from error
    if version != _MODULE:
        raise VerificationError(f"{name}: not a WebAssembly module of version 1")
    customs: set[str] = set()
    needed: tuple[str, ...] = ()
    for kind, content in _sections(reader):
        if kind == _CUSTOM:
            customs.add(_text(content, 0)[0])
        elif kind == _IMPORTS:
            needed = tuple(dict.fromkeys(_imports(content)))
    kind_ = "object" if "linking" in customs else "executable"
    return (
        Description(
            name,
            "wasm",
            kind_,
            0,
            32,
            "little",
            needed=needed,
            stripped="name" not in customs,
            debug_info=".debug_info" in customs,
        ),
    )


def _sections(reader: Reader) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the beginning of each section, up to the first incomplete one."""
    place = 8
    for _ in range(_MOST_SECTIONS):
        if place >= reader.size:
            return
        head = reader.bytes(place, min(1 + _LONGEST_NUMBER, reader.size - place))
        size, length = _number(head, 1)
        place += length
        if place + size > reader.size:
            return
        yield head[0], reader.bytes(place, min(size, _MOST))
        place += size


def _number(data: bytes, place: int) -> tuple[int, int]:
    """Return an unsigned 32-bit LEB128 number and the place after it."""
    value = 0
    for shift in range(_LONGEST_NUMBER):
        if place >= len(data):
            break
        value |= (data[place] & 0x7F) << 7 * shift
        place += 1
        if not data[place - 1] & 0x80:
            break
    return value, place


def _text(data: bytes, place: int) -> tuple[str, int]:
    """Return a text that follows its length, and the place after the text."""
    length, place = _number(data, place)
    return data[place : place + length].decode("utf-8", "replace"), place + length


def _imports(data: bytes) -> Iterator[str]:
    """Yield the module of each import, up to the first import that is not a function."""
    count, place = _number(data, 0)
    for _ in range(count):
        if place >= len(data):
            return
        module, place = _text(data, place)
        _name, place = _text(data, place)
        yield module
        if data[place : place + 1] != b"\0":
            return
        _type, place = _number(data, place + 1)
