"""Mutants of real binaries, made the same way every time: bytes flipped, files cut off, pieces of others put in."""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WINDOW: Final = 1 << 14
"""Bytes of the beginning and of the end of a file in which most mutations happen: there the headers are."""

EDGES: Final = (0, 1, 0x7F, 0x80, 0xFF)


@dataclass(frozen=True)
class Mutant:
    """One mutant.

    :param data: its bytes
    :param how: what was done, so that a failure can be understood
    :param identity: whether what a platform is told by was changed: machine, class, byte order or file type
    """

    data: bytes
    how: str
    identity: bool = False


def small(path: Path) -> bytes:
    """Return the bytes of a binary, shortened in the middle where it is large: what lies there is no header.

    The section headers of ELF stand at the end of a file; they are put behind what is kept.
    """
    data = path.read_bytes()
    if len(data) <= 4 * WINDOW or data[:4] != b"\x7fELF":
        return data[: 4 * WINDOW]
    order = "<" if data[5] == 1 else ">"
    wide = data[4] == 2
    place, width = (40, "Q") if wide else (32, "I")
    offset = struct.unpack_from(order + width, data, place)[0]
    if offset < 2 * WINDOW:
        return data[: 4 * WINDOW]
    kept = bytearray(data[: 2 * WINDOW])
    tail = data[offset:][: 2 * WINDOW]
    struct.pack_into(order + width, kept, place, len(kept))
    return bytes(kept) + tail


def mutants(data: bytes, others: list[bytes], count: int, seed: str) -> Iterator[Mutant]:
    """Yield *count* mutants of a binary; the same seed yields the same."""
    chance = random.Random(seed)  # noqa: S311 - the same every time is what is wanted
    made = [*_identities(data)]
    yield from made[:count]
    for _ in range(count - len(made[:count])):
        yield chance.choice((_flip, _flip, _edge, _number, _cut, _splice, _swap))(
            data, others, chance
        )


def _place(data: bytes, chance: random.Random) -> int:
    """Return a place, mostly in a header."""
    limits = (64, 1024, 4096, min(WINDOW, len(data)), len(data))
    place = chance.randrange(min(len(data), chance.choice(limits)))
    return place if chance.random() < 0.75 else len(data) - 1 - place


def _flip(data: bytes, _others: list[bytes], chance: random.Random) -> Mutant:
    changed, places = (
        bytearray(data),
        [_place(data, chance) for _ in range(chance.choice((1, 1, 2, 8)))],
    )
    for place in places:
        changed[place] ^= 1 << chance.randrange(8)
    return Mutant(bytes(changed), f"bits flipped at {places}")


def _edge(data: bytes, _others: list[bytes], chance: random.Random) -> Mutant:
    changed, place, value = bytearray(data), _place(data, chance), chance.choice(EDGES)
    changed[place] = value
    return Mutant(bytes(changed), f"byte {place} is {value}")


def _number(data: bytes, _others: list[bytes], chance: random.Random) -> Mutant:
    """Put a number where one may be: small, large, negative, or near the size of the file."""
    changed, width = bytearray(data), chance.choice((2, 4, 8))
    place = _place(data, chance) & ~(width - 1)
    value = chance.choice(
        (
            0,
            1,
            len(data),
            len(data) - 1,
            len(data) + 1,
            4096,
            65536,
            (1 << 8 * width) - 1,
            1 << (8 * width - 1),
        )
    )
    order: Literal["little", "big"] = "little" if chance.random() < 0.5 else "big"
    number = (value % (1 << 8 * width)).to_bytes(width, order)
    changed[place : place + width] = number
    return Mutant(
        bytes(changed[: len(data)]), f"{value} in {width} bytes, {order}-endian, at {place}"
    )


def _cut(data: bytes, _others: list[bytes], chance: random.Random) -> Mutant:
    length = _place(data, chance)
    return Mutant(data[:length], f"cut to {length} bytes")


def _splice(data: bytes, others: list[bytes], chance: random.Random) -> Mutant:
    """Put the beginning of the file before the rest of another."""
    other, place = chance.choice(others), _place(data, chance)
    return Mutant(
        data[:place] + other[place:], f"spliced at {place} with another of {len(other)} bytes"
    )


def _swap(data: bytes, others: list[bytes], chance: random.Random) -> Mutant:
    """Copy a piece of another file over the file."""
    other = chance.choice(others)
    changed, start, length = (
        bytearray(data),
        _place(data, chance),
        chance.choice((1, 4, 16, 64, 512)),
    )
    piece = other[start : start + length]
    changed[start : start + len(piece)] = piece
    return Mutant(bytes(changed), f"{len(piece)} bytes of another at {start}")


def _identities(data: bytes) -> Iterator[Mutant]:
    """Yield mutants whose machine, class, byte order or file type is another: none of them may pass."""
    for what, place, width, order, values in _fields(data):
        for value in values:
            changed = bytearray(data)
            changed[place : place + width] = value.to_bytes(width, order)
            if bytes(changed) != data:
                yield Mutant(bytes(changed), f"{what} is {value:#x}", identity=True)


def _fields(
    data: bytes,
) -> Iterator[tuple[str, int, int, Literal["little", "big"], tuple[int, ...]]]:
    """Yield what tells a platform, with its place, width, order, and values that are never right."""
    if data[:4] == b"\x7fELF":
        order: Literal["little", "big"] = "little" if data[5] == 1 else "big"
        machine = int.from_bytes(data[18:20], order)
        yield (
            "machine",
            18,
            2,
            order,
            tuple(value for value in (0, 2, 4, 20, 42, 50, 0xFFFF) if value != machine),
        )
        yield "class", 4, 1, order, (0, 3, 3 - data[4], 0xFF)
        yield "byte order", 5, 1, order, (0, 3, 3 - data[5], 0xFF)
        yield "type", 16, 2, order, (0, 4, 5, 0xFE00, 0xFFFF)
    elif data[:4] in {b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"}:
        machine = int.from_bytes(data[4:8], "little")
        yield (
            "machine",
            4,
            4,
            "little",
            tuple(value for value in (0, 1, 6, 14, 18, 0xFFFFFFFF) if value != machine),
        )
        yield "class", 0, 1, "little", (0xCD, 0xD0, 0xCE if data[0] == 0xCF else 0xCF)
        yield "byte order", 0, 4, "big", (0xFEEDFACF, 0xFEEDFACE, 0xCFFAEDFF)
        yield "type", 12, 4, "little", (0, 3, 4, 5, 7, 9, 0xFFFFFFFF)
    elif data[:2] == b"MZ":
        place = int.from_bytes(data[60:64], "little")
        machine = int.from_bytes(data[place + 4 : place + 6], "little")
        yield (
            "machine",
            place + 4,
            2,
            "little",
            tuple(value for value in (0, 0x0200, 0x0EBC, 0x01F0, 0xFFFF) if value != machine),
        )
        yield (
            "class",
            place + 24,
            2,
            "little",
            (0, 0x107, 0x10B + 0x20B - int.from_bytes(data[place + 24 : place + 26], "little")),
        )
        yield "signature", place, 4, "little", (0, 0x4550FFFF, 0x454E)
    elif data[:4] == b"\0asm":
        yield "magic", 0, 4, "big", (0, 0x0061736E)
        yield "version", 4, 4, "little", (0, 2, 0x0001000D)
