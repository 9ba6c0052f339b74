"""compiler-rt for Windows as libraries want it: a member for each helper, and nothing that the C runtime has.

zig's ``compiler_rt.lib`` is one object, so a program that needs one helper takes all of it, 200 kB;
and it defines ``memcpy``, ``strlen``, ``sin`` and other functions, which would shadow those of the
C runtime. Here the object is cut along its sections: a member has the sections of one helper and of
what it refers to, and refers to other helpers by their names. Functions that the C runtime has stay
where a helper calls them, under no name that others see; those that it lacks (``truncl``) are
helpers like others.

The format: https://learn.microsoft.com/en-us/windows/win32/debug/pe-format
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy import extras
from xxpy.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_ARCHIVE: Final = b"!<arch>\n"
_MEMBER: Final = 60
_HEADER: Final = struct.Struct("<HHIIIHH")
_SECTION: Final = struct.Struct("<8sIIIIIIHHI")
_RELOCATION: Final = struct.Struct("<IIH")
_SYMBOL: Final = struct.Struct("<8sIhHBB")
_EXTERNAL: Final = 2
_STATIC: Final = 3
_WEAK: Final = 105
_COMDAT: Final = 0x1000
_MANY: Final = 0x01000000
_DATALESS: Final = 0x80
_DIRECTIVES: Final = 0x00100A00
"""The flags of a section of directives to the linker: information that is removed, aligned to one byte."""
_READ_ONLY: Final = 0x40300040
"""The flags of a section of data that is only read, aligned to four bytes."""
_UNWIND: Final = {0x8664: 12}
_UNWIND_DEFAULT: Final = 8
"""The size of what ``.pdata`` says of a function: two addresses and its unwind data; elsewhere than on x86-64 one address."""
_REMOVED: Final = re.compile(r"\.(?:drectve|debug|llvm)")


def index(archive: bytes) -> set[str]:
    """Return the names that an archive defines, as its first member lists them.

    :raises ToolError: it has no such list
    """
    begin = len(_ARCHIVE)
    if not archive.startswith(_ARCHIVE) or archive[begin : begin + 2] != b"/ ":
        raise ToolError(
            "an archive of zig's has no list of symbols",
            f"{extras.command('zig')} brings a zig that xxpy knows",
        )
    size = int(archive[begin + 48 : begin + 58])
    (count,) = struct.unpack_from(">I", archive, begin + _MEMBER)
    names = archive[begin + _MEMBER + 4 + 4 * count : begin + _MEMBER + size]
    return {name.decode() for name in names.split(b"\0")[:count]}


class _Relocation(NamedTuple):
    offset: int
    symbol: int
    kind: int


@dataclass(slots=True)
class _Section:
    name: str
    flags: int
    size: int
    data: bytes
    relocations: list[_Relocation]


class _Symbol(NamedTuple):
    name: str
    value: int
    section: int
    kind: int
    storage: int


class Object:
    """An object in COFF, read.

    :raises ToolError: the bytes are not such an object
    """

    def __init__(self, data: bytes, taken: Collection[str], underscore: str) -> None:
        """Read *data*.

        :param taken: names of the C runtime, as objects have them
        :param underscore: what C's names begin with on the architecture
        """
        try:
            self._read(data)
        except (struct.error, ValueError, IndexError) as error:
            raise ToolError(
                "compiler_rt is not an object in COFF",
                f"{extras.command('zig')} brings a zig that xxpy knows",
            ) from error
        self.underscore = underscore
        self.starts: dict[int, list[int]] = {}
        self.helpers: dict[int, list[int]] = {}
        for number, symbol in self.symbols.items():
            if symbol.section > 0 and symbol.storage == _EXTERNAL and symbol.name not in taken:
                self.helpers.setdefault(symbol.section, []).append(number)

    def _read(self, data: bytes) -> None:
        self.machine, count, _, begin, symbols, _, _ = _HEADER.unpack_from(data)
        self.strings = data[begin + symbols * _SYMBOL.size :]
        self.symbols: dict[int, _Symbol] = {}
        weak: dict[int, int] = {}
        number = 0
        while number < symbols:
            position = begin + number * _SYMBOL.size
            raw, value, section, kind, storage, more = _SYMBOL.unpack_from(data, position)
            self.symbols[number] = _Symbol(self._name(raw), value, section, kind, storage)
            if storage == _WEAK:
                weak[number] = struct.unpack_from("<I", data, position + _SYMBOL.size)[0]
            number += 1 + more
        for alias, default in weak.items():  # the one name of both is that of the weak one
            name, symbol = self.symbols[alias].name, self.symbols[default]
            self.symbols[alias] = self.symbols[default] = symbol._replace(name=name)
        self.aliases = weak
        self.sections = [
            self._section(data, _HEADER.size + at * _SECTION.size) for at in range(count)
        ]

    def _name(self, raw: bytes) -> str:
        if raw[:4] == b"\0\0\0\0":
            begin = struct.unpack_from("<I", raw, 4)[0]
            return self.strings[begin : self.strings.index(b"\0", begin)].decode()
        return raw.rstrip(b"\0").decode()

    def _section(self, data: bytes, position: int) -> _Section:
        raw, _, _, size, begin, relocations, _, count, _, flags = _SECTION.unpack_from(
            data, position
        )
        name = raw.rstrip(b"\0").decode()
        if name.startswith("/"):
            at = int(name[1:])
            name = self.strings[at : self.strings.index(b"\0", at)].decode()
        if flags & _MANY:  # the true count is in the first one
            count = _RELOCATION.unpack_from(data, relocations)[0] - 1
            relocations += _RELOCATION.size
        found = [
            _Relocation(*_RELOCATION.unpack_from(data, relocations + at * _RELOCATION.size))
            for at in range(count)
        ]
        return _Section(
            name, flags, size, b"" if flags & _DATALESS else data[begin : begin + size], found
        )

    def members(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name and the bytes of a member for each section with helpers."""
        for section, numbers in sorted(self.helpers.items()):
            yield self.symbols[numbers[0]].name, _Member(self, section).data()

    def place(self, relocation: _Relocation) -> int:
        """Return the section that a relocation names."""
        return self.symbols[self.target(relocation.symbol)].section

    @property
    def tables(self) -> list[_Section]:
        """The tables for unwinding."""
        return [section for section in self.sections if section.name.startswith(".pdata")]

    def entries(self, table: _Section) -> Iterator[tuple[int, bytes, list[_Relocation]]]:
        """Yield what a table for unwinding says of each function: where it says it, the bytes and the relocations."""
        size = _UNWIND.get(self.machine, _UNWIND_DEFAULT)
        found: dict[int, list[_Relocation]] = {}
        for one in table.relocations:
            found.setdefault(one.offset // size * size, []).append(one)
        for begin, relocations in found.items():
            yield begin, table.data[begin : begin + size], relocations

    def details(self, table: _Section, relocation: _Relocation) -> bytes | None:
        """Return the unwind data that a table names, or None where it names something else."""
        number = self.place(relocation)
        if not self.sections[number - 1].name.startswith(".xdata"):
            return None
        begin = self._begin(table, relocation)
        if number not in self.starts:
            self.starts[number] = sorted(
                {self._begin(table, one) for one in table.relocations if self.place(one) == number}
            )
        end = next(
            (other for other in self.starts[number] if other > begin), None
        )  # it goes on to where the next begins
        return self.sections[number - 1].data[begin:end]

    def _begin(self, table: _Section, relocation: _Relocation) -> int:
        start: int = struct.unpack_from("<I", table.data, relocation.offset)[0]
        return start + self.symbols[self.target(relocation.symbol)].value

    def target(self, number: int) -> int:
        """Return the symbol that a relocation means: what stands behind a weak name."""
        return self.aliases.get(number, number)


class _Member:
    """One helper, with the sections it needs."""

    def __init__(self, whole: Object, section: int) -> None:
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
        """Take a section, and those that it refers to without a helper's name."""
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

    def _jump(self, section: _Section, number: int) -> bool:
        """Whether a section that functions share names a place in one of them: a jump table, which is that function's alone."""
        symbol = self.whole.symbols[number]
        return (
            not section.flags & _COMDAT
            and symbol.name == self.whole.sections[symbol.section - 1].name
        )

    def _elsewhere(self, number: int) -> bool:
        """Whether a symbol is a helper of another member."""
        section = self.whole.symbols[number].section
        return section != self.root and number in self.whole.helpers.get(section, ())

    def _copied(self, number: int) -> tuple[str, int, int, bytes, list[bytes]]:
        section = self.whole.sections[number - 1]
        kept = [one for one in section.relocations if not self._dropped(one)]
        relocations = [
            _RELOCATION.pack(one.offset, self._symbol(one.symbol), one.kind) for one in kept
        ]
        return (
            section.name,
            section.flags & ~(_COMDAT | _MANY),
            section.size,
            section.data,
            relocations,
        )

    def _dropped(self, relocation: _Relocation) -> bool:
        """Whether a relocation belongs to the jump table of a function that is not chosen."""
        number = self.whole.target(relocation.symbol)
        section = self.whole.symbols[number].section
        return section > 0 and section not in self.chosen and not self._elsewhere(number)

    def _symbol(self, number: int) -> int:
        """Return the number of a symbol in this member, which is made when it is not there yet."""
        number = self.whole.target(number)
        symbol = self.whole.symbols[number]
        if number not in self.known:
            section = 0 if self._elsewhere(number) else self.chosen.get(symbol.section, 0)
            storage = (
                _STATIC if section and number not in self.whole.helpers[self.root] else _EXTERNAL
            )
            if symbol.section < 0:
                section, storage = symbol.section, symbol.storage
            self.known[number] = self._add(
                symbol.name, symbol.value if section else 0, section, symbol.kind, storage
            )
        return self.known[number]

    def _add(self, name: str, value: int, section: int, kind: int, storage: int) -> int:
        raw = name.encode()
        if len(raw) > 8:  # noqa: PLR2004 - longer names are in the table of strings
            begin = len(self.strings)
            self.strings += raw + b"\0"
            raw = struct.pack("<II", 0, begin)
        self.symbols.append(_SYMBOL.pack(raw, value, section, kind, storage, 0))
        return len(self.symbols) - 1

    def _unwind(self) -> None:
        """Add what the tables for unwinding say of the functions that were chosen."""
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
                _RELOCATION.pack(offset, label if symbol is None else symbol, kind)
                for offset, symbol, kind in named
            ]
            self.made.append((".pdata", _READ_ONLY, len(table), bytes(table), packed))

    def data(self) -> bytes:
        """Return the bytes of the object."""
        position = _HEADER.size + len(self.made) * _SECTION.size
        headers, bodies = bytearray(), bytearray()
        for name, flags, size, data, relocations in self.made:
            begin = position + len(bodies)
            bodies += data
            table = position + len(bodies)
            bodies += b"".join(relocations)
            headers += _SECTION.pack(
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
        header = _HEADER.pack(
            self.whole.machine, len(self.made), 0, position + len(bodies), len(self.symbols), 0, 0
        )
        return bytes(header + headers + bodies + b"".join(self.symbols) + self.strings)
