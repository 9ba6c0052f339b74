"""Bounded reading: every access is checked against the size of the file."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Reader:
    """A window on a file: *size* bytes from *start*.

    :param file: the open file
    :param start: where the window begins, in bytes from the beginning of the file
    :param size: the length of the window in bytes
    """

    file: IO[bytes]
    start: int
    size: int

    def bytes(self, offset: int, length: int) -> bytes:
        """Return exactly *length* bytes at *offset*.

        :raises VerificationError: they reach past the end
        """
        if offset < 0 or length < 0 or offset + length > self.size:
            raise VerificationError("truncated")
        self.file.seek(self.start + offset)
        data = self.file.read(length)
        if len(data) != length:
            raise VerificationError("truncated")
        return data

    def unpack(self, layout: str, offset: int) -> tuple[Any, ...]:
        """Return the values of a :mod:`struct` layout at *offset*.

        :raises VerificationError: they reach past the end
        """
        return struct.unpack(layout, self.bytes(offset, struct.calcsize(layout)))

    def window(self, offset: int, length: int) -> Reader:
        """Return the window of *length* bytes at *offset*.

        :raises VerificationError: it reaches past the end
        """
        if offset < 0 or length < 0 or offset + length > self.size:
            raise VerificationError("truncated")
        return Reader(self.file, self.start + offset, length)

    def strings(self, offset: int, length: int) -> Iterator[str]:
        """Yield the zero-terminated strings of a small table."""
        return (
            word.decode("utf-8", "replace")
            for word in self.bytes(offset, length).split(b"\0")
            if word
        )
