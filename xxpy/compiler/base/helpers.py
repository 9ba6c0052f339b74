"""Cut zig's compiler-rt for Windows into an archive member for each helper.

zig's ``compiler_rt.lib`` is one object, so a program that needs one helper would get all 200 kB of
it. It also defines ``memcpy``, ``strlen``, ``sin`` and other functions, which would shadow those of
the C runtime. So the object is cut along its sections: a member has the sections of one helper and
those that only this helper refers to; it refers to other helpers by name. A function that the C
runtime has too goes into each member that calls it, under a name that nothing else sees. Functions
that the C runtime lacks (``truncl``) are helpers like the others.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import coff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.compiler.base.coff import Object, Relocation, Section

_STATIC: Final = 3
_COMDAT: Final = 0x1000
_DIRECTIVES: Final = 0x00100A00
"""The flags of a section with directives for the linker, which removes it; aligned to one byte."""
_READ_ONLY: Final = 0x40300040
"""The flags of a section of read-only data, aligned to four bytes."""


def members(whole: Object) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of a member for each section with helpers."""
    for section, numbers in sorted(whole.helpers.items()):
        yield whole.symbols[numbers[0]].name, _Member(whole, section).data()


class _Member:
    """The object with one helper and the sections that it needs."""

    def __init__(self, whole: Object, section: int) -> None:
        """Collect what the helper in *section* needs."""
        self.whole = whole
        self.root = section
        self.strings = bytearray(4)
        self.symbols: list[bytes] = []
        self.known: dict[object, int] = {}
        self.chosen: dict[int, int] = {}
        self._choose(section)
        self.made = [self._copied(number) for number in self.chosen]
        self._unwind()
        names = sorted({whole.symbols[number].name for number in whole.helpers[section]})
        for number in whole.helpers[section]:
            self._symbol(number)
        hidden = "".join(
            f" -exclude-symbols:{name.removeprefix(whole.underscore)}" for name in names
        ).encode()
        self.made.append((".drectve", _DIRECTIVES, len(hidden), hidden, []))

    def _choose(self, section: int) -> None:
        """Choose a section, and all that it refers to other than by the name of a helper."""
        waiting = [section]
        while waiting:
            number = waiting.pop()
            if number in self.chosen:
                continue
            self.chosen[number] = len(self.chosen) + 1
            reading = self.whole.sections[number - 1]
            for relocation in reading.relocations:
                symbol = self.whole.target(relocation.symbol)
                found = self.whole.symbols[symbol].section
                if found > 0 and not self._elsewhere(symbol) and not self._jump(reading, symbol):
                    waiting.append(found)

    def _jump(self, section: Section, number: int) -> bool:
        """Whether a shared section refers to a function only because it has its jump table."""
        symbol = self.whole.symbols[number]
        return (
            not section.flags & _COMDAT
            and symbol.name == self.whole.sections[symbol.section - 1].name
        )

    def _elsewhere(self, number: int) -> bool:
        """Whether a symbol is a helper in another member."""
        section = self.whole.symbols[number].section
        return section != self.root and number in self.whole.helpers.get(section, ())

    def _copied(self, number: int) -> tuple[str, int, int, bytes, list[bytes]]:
        """Return the name, flags, size, data and relocations of a section for this member."""
        section = self.whole.sections[number - 1]
        kept = [one for one in section.relocations if not self._dropped(one)]
        relocations = [
            coff.RELOCATION.pack(one.offset, self._symbol(one.symbol), one.kind) for one in kept
        ]
        return (
            section.name,
            section.flags & ~(_COMDAT | coff.MANY),
            section.size,
            section.data,
            relocations,
        )

    def _dropped(self, relocation: Relocation) -> bool:
        """Whether a relocation belongs to the jump table of a function that is not chosen."""
        number = self.whole.target(relocation.symbol)
        section = self.whole.symbols[number].section
        return section > 0 and section not in self.chosen and not self._elsewhere(number)

    def _symbol(self, number: int) -> int:
        """Return the number of a symbol in this member, to which it is added if need be."""
        number = self.whole.target(number)
        symbol = self.whole.symbols[number]
        if number not in self.known:
            section = 0 if self._elsewhere(number) else self.chosen.get(symbol.section, 0)
            storage = (
                _STATIC
                if section and number not in self.whole.helpers[self.root]
                else coff.EXTERNAL
            )
            if symbol.section < 0:
                section, storage = symbol.section, symbol.storage
            self.known[number] = self._add(
                symbol.name, symbol.value if section else 0, section, symbol.kind, storage
            )
        return self.known[number]

    def _add(self, name: str, value: int, section: int, kind: int, storage: int) -> int:
        """Add a symbol and return its number."""
        raw = name.encode()
        if len(raw) > 8:  # noqa: PLR2004 - longer names are in the string table
            begin = len(self.strings)
            self.strings += raw + b"\0"
            raw = struct.pack("<II", 0, begin)
        self.symbols.append(coff.SYMBOL.pack(raw, value, section, kind, storage, 0))
        return len(self.symbols) - 1

    def _unwind(self) -> None:
        """Add the unwind tables of the chosen functions."""
        table, details = bytearray(), bytearray()
        named: list[tuple[int, int | None, int]] = []
        for section in self.whole.tables:
            for begin, entry, relocations in self.whole.entries(section):
                if self.whole.place(relocations[0]) not in self.chosen:
                    continue
                moved = bytearray(entry)
                for one in relocations:
                    offset = one.offset - begin
                    found = self.whole.details(section, one)
                    if found is not None:
                        struct.pack_into("<I", moved, offset, len(details))
                        details += found
                    named.append(
                        (
                            len(table) + offset,
                            None if found is not None else self._symbol(one.symbol),
                            one.kind,
                        )
                    )
                table += moved
        if table:
            label = self._add(".xdata", 0, len(self.made) + 1, 0, _STATIC)
            self.made.append((".xdata", _READ_ONLY, len(details), bytes(details), []))
            packed = [
                coff.RELOCATION.pack(offset, label if symbol is None else symbol, kind)
                for offset, symbol, kind in named
            ]
            self.made.append((".pdata", _READ_ONLY, len(table), bytes(table), packed))

    def data(self) -> bytes:
        """Return the bytes of the object."""
        position = coff.HEADER.size + len(self.made) * coff.SECTION.size
        headers, bodies = bytearray(), bytearray()
        for name, flags, size, data, relocations in self.made:
            begin = position + len(bodies)
            bodies += data
            table = position + len(bodies)
            bodies += b"".join(relocations)
            headers += coff.SECTION.pack(
                name.encode()[:8],
                0,
                0,
                size,
                begin if data else 0,
                table if relocations else 0,
                0,
                len(relocations),
                0,
                flags,
            )
        struct.pack_into("<I", self.strings, 0, len(self.strings))
        header = coff.HEADER.pack(
            self.whole.machine, len(self.made), 0, position + len(bodies), len(self.symbols), 0, 0
        )
        return bytes(header + headers + bodies + b"".join(self.symbols) + self.strings)
