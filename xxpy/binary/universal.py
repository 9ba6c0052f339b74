"""Join Mach-O files for several machines into one universal file, as ``lipo -create`` does.

The file begins with a list of slices, big-endian: the machine, its subtype, the place, the size and
the alignment of each. A slice is the whole file of one machine, its signature included.

https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/fat.h
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Final

from xxpy.binary import archive
from xxpy.binary.reader import Reader
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAGIC: Final = 0xCAFEBABE
_THIN: Final = b"\xcf\xfa\xed\xfe"
"""The beginning of 64-bit Mach-O; universal files for 32-bit machines are no longer made."""
_ALIGNMENT: Final = 14
"""Slices begin at multiples of 2^14, the largest page of these machines."""
_MOST: Final = 1 << 32
"""The size that the list of slices can express."""


def join(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """Return the universal file with these slices.

    :param parts: the name and content of each Mach-O file or static library
    :raises VerificationError: one is something else, two are for one machine, or all are too large
    """
    machines = [_machine(name, content) for name, content in parts]
    for index, machine in enumerate(machines):
        if machine[0] in {other[0] for other in machines[:index]}:
            raise VerificationError(f"{parts[index][0]}: a second file for the same machine")
    step = 1 << _ALIGNMENT
    place = 8 + 20 * len(parts)
    header, body = struct.pack(">II", _MAGIC, len(parts)), b""
    for (number, subtype), (_, content) in zip(machines, parts, strict=True):
        start = -(-(place + len(body)) // step) * step
        body += b"\0" * (start - place - len(body)) + content
        if place + len(body) >= _MOST:
            raise VerificationError("a universal file cannot be larger than 4 GiB")
        header += struct.pack(">IIIII", number, subtype, start, len(content), _ALIGNMENT)
    return header + body


def _machine(name: str, content: bytes) -> tuple[int, int]:
    """Return the machine and its subtype that a Mach-O file or a static library is for."""
    if content[:4] == _THIN and len(content) >= 12:  # noqa: PLR2004 - magic, machine, subtype
        machine, subtype = struct.unpack("<II", content[4:12])
        return machine, subtype
    if archive.matches(content[:8]):
        reader = Reader(io.BytesIO(content), 0, len(content))
        for member in archive.members(reader, name):
            if member.content is not None:
                return _machine(name, member.content.bytes(0, min(12, member.content.size)))
    raise VerificationError(f"{name}: neither 64-bit Mach-O nor a static library of it")
