"""Read the object file of zig's compiler-rt for Windows.

The format is COFF: https://learn.microsoft.com/en-us/windows/win32/debug/pe-format
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy.compiler.base import common

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_ARCHIVE: Final = b"!<arch>\n"
_MEMBER: Final = 60
HEADER: Final = struct.Struct("<HHIIIHH")
SECTION: Final = struct.Struct("<8sIIIIIIHHI")
RELOCATION: Final = struct.Struct("<IIH")
SYMBOL: Final = struct.Struct("<8sIhHBB")
EXTERNAL: Final = 2
_WEAK: Final = 105
MANY: Final = 0x01000000
_DATALESS: Final = 0x80
_UNWIND: Final = {0x8664: 12}
_UNWIND_DEFAULT: Final = 8
"""The size of an entry in ``.pdata``: on x86-64 two addresses of the function and one of its unwind
data, elsewhere one of each."""


def index(archive: bytes) -> set[str]:
    """Return the names that an archive defines, from the list in its first member.

    :raises ToolError: it has no such list
    """
    begin = len(_ARCHIVE)
    if not archive.startswith(_ARCHIVE) or archive[begin : begin + 2] != b"/ ":
        raise common.unknown("one of zig's archives has no list of symbols")
    size = int(archive[begin + 48 : begin + 58])
    (count,) = struct.unpack_from(">I", archive, begin + _MEMBER)
    names = archive[begin + _MEMBER + 4 + 4 * count : begin + _MEMBER + size]
    return {name.decode() for name in names.split(b"\0")[:count]}


class Relocation(NamedTuple):
    """A place in a section that the linker fills in."""

    offset: int
    symbol: int
    kind: int


@dataclass(slots=True)
class Section:
    """One section of an object."""

    name: str
    flags: int
    size: int
    data: bytes
    relocations: list[Relocation]


class Symbol(NamedTuple):
    """One symbol of an object."""

    name: str
    value: int
    section: int
    kind: int
    storage: int


class Object:
    """An object in COFF.

    :raises ToolError: the bytes are not such an object
    """

    def __init__(self, data: bytes, defined: Collection[str], underscore: str) -> None:
        """Read *data*.

        :param defined: the names that the C runtime defines, as symbols
        :param underscore: the character before C's names on the architecture, or ""
        """
        try:
            self._read(data)
        except (struct.error, ValueError, IndexError) as error:
            raise common.unknown("zig's compiler_rt is not an object in COFF") from error
        self.underscore = underscore
        self.starts: dict[int, list[int]] = {}
        self.helpers: dict[int, list[int]] = {}
        for number, symbol in self.symbols.items():
            if symbol.section > 0 and symbol.storage == EXTERNAL and symbol.name not in defined:
                self.helpers.setdefault(symbol.section, []).append(number)

    def _read(self, data: bytes) -> None:
        """Read the header, the symbols and the sections."""
        self.machine, count, _, begin, symbols, _, _ = HEADER.unpack_from(data)
        self.strings = data[begin + symbols * SYMBOL.size :]
        self.symbols: dict[int, Symbol] = {}
        weak: dict[int, int] = {}
        number = 0
        while number < symbols:
            position = begin + number * SYMBOL.size
            raw, value, section, kind, storage, more = SYMBOL.unpack_from(data, position)
            self.symbols[number] = Symbol(self._name(raw), value, section, kind, storage)
            if storage == _WEAK:
                weak[number] = struct.unpack_from("<I", data, position + SYMBOL.size)[0]
            number += 1 + more
        for alias, default in weak.items():  # both get the name of the weak symbol
            name, symbol = self.symbols[alias].name, self.symbols[default]
            self.symbols[alias] = self.symbols[default] = symbol._replace(name=name)
        self.aliases = weak
        self.sections = [
            self._section(data, HEADER.size + at * SECTION.size) for at in range(count)
        ]

    def _name(self, raw: bytes) -> str:
        if raw[:4] == b"\0\0\0\0":
            begin = struct.unpack_from("<I", raw, 4)[0]
            return self.strings[begin : self.strings.index(b"\0", begin)].decode()
        return raw.rstrip(b"\0").decode()

    def _section(self, data: bytes, position: int) -> Section:
        """Return the section whose header is at *position*."""
        raw, _, _, size, begin, relocations, _, count, _, flags = SECTION.unpack_from(
            data, position
        )
        name = raw.rstrip(b"\0").decode()
        if name.startswith("/"):
            at = int(name[1:])
            name = self.strings[at : self.strings.index(b"\0", at)].decode()
        if flags & MANY:  # the first relocation has the true count
            count = RELOCATION.unpack_from(data, relocations)[0] - 1
            relocations += RELOCATION.size
        found = [
            Relocation(*RELOCATION.unpack_from(data, relocations + at * RELOCATION.size))
            for at in range(count)
        ]
        return Section(
            name, flags, size, b"" if flags & _DATALESS else data[begin : begin + size], found
        )

    def place(self, relocation: Relocation) -> int:
        """Return the number of the section that a relocation refers to."""
        return self.symbols[self.target(relocation.symbol)].section

    @property
    def tables(self) -> list[Section]:
        """The tables for unwinding."""
        return [section for section in self.sections if section.name.startswith(".pdata")]

    def entries(self, table: Section) -> Iterator[tuple[int, bytes, list[Relocation]]]:
        """Yield each function's entry in an unwind table: its offset, bytes and relocations."""
        size = _UNWIND.get(self.machine, _UNWIND_DEFAULT)
        found: dict[int, list[Relocation]] = {}
        for one in table.relocations:
            found.setdefault(one.offset // size * size, []).append(one)
        for begin, relocations in found.items():
            yield begin, table.data[begin : begin + size], relocations

    def details(self, table: Section, relocation: Relocation) -> bytes | None:
        """Return the unwind data that a relocation in a table refers to, or None for other data."""
        number = self.place(relocation)
        if not self.sections[number - 1].name.startswith(".xdata"):
            return None
        begin = self._begin(table, relocation)
        if number not in self.starts:
            self.starts[number] = sorted(
                {self._begin(table, one) for one in table.relocations if self.place(one) == number}
            )
        # Unwind data ends where the next begins.
        end = next((other for other in self.starts[number] if other > begin), None)
        return self.sections[number - 1].data[begin:end]

    def _begin(self, table: Section, relocation: Relocation) -> int:
        start: int = struct.unpack_from("<I", table.data, relocation.offset)[0]
        return start + self.symbols[self.target(relocation.symbol)].value

    def target(self, number: int) -> int:
        """Return the number of a symbol, or of the symbol that a weak one stands for."""
        return self.aliases.get(number, number)
