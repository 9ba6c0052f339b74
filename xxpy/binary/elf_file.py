"""The parts of an ELF file: header, segments, sections, notes, the dynamic segment.

Nothing here knows what they mean for a platform.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.binary.reader import Reader

PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE = 1, 2, 3, 4
DT_STRTAB: Final = 5
RELOCATABLE: Final = 1
KINDS: Final = {RELOCATABLE: "object", 2: "executable", 3: "shared library", 4: "core"}
NT_GNU_PROPERTY: Final = 5

_MOST: Final = 1 << 16
"""The maximum size of a table, segment or section; no honest one that is read is larger."""

_MOST_SECTIONS: Final = 1 << 22
"""The maximum size of section headers and of their names; an object may have one per function."""

_LONGEST_NAME: Final = 4096
"""The maximum length of a name in bytes."""


@dataclass(frozen=True, slots=True)
class Part:
    """A segment or a section: type, place and length in the file, load address, and name."""

    type: int
    offset: int
    size: int
    address: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One note: its owner, its type in the owner's numbering, its content."""

    owner: str
    type: int
    content: bytes


@dataclass(frozen=True, slots=True)
class ElfFile:
    """An ELF file whose headers are complete.

    :param order: the byte order as :mod:`struct` writes it
    :param wide: whether it is a 64-bit file
    :param type: e_type; ``flags``, ``machine`` and ``osabi`` likewise
    """

    reader: Reader
    order: str
    wide: bool
    osabi: int
    type: int
    machine: int
    flags: int
    segments: tuple[Part, ...]
    sections: tuple[Part, ...]

    def content(self, part: Part | None) -> bytes:
        """Return the bytes of a segment or section; none if it reaches past the end of the file."""
        if part is None or part.size > _MOST or part.offset + part.size > self.reader.size:
            return b""
        return self.reader.bytes(part.offset, part.size)

    def segment(self, type_: int) -> Part | None:
        """Return the first segment of a type."""
        return next((part for part in self.segments if part.type == type_), None)

    def section(self, name: str) -> Part | None:
        """Return the first section of a name."""
        return next((part for part in self.sections if part.name == name), None)

    def dynamic(self) -> list[tuple[int, int]]:
        """Return the tag and the value of each entry of the dynamic segment."""
        data = self.content(self.segment(PT_DYNAMIC))
        layout = struct.Struct(self.order + ("QQ" if self.wide else "II"))
        return list(layout.iter_unpack(data[: len(data) - len(data) % layout.size]))

    def place(self, address: int) -> int | None:
        """Return the offset in the file of the byte that is loaded at an address."""
        home = next(
            (
                part
                for part in self.segments
                if part.type == PT_LOAD and part.address <= address < part.address + part.size
            ),
            None,
        )
        return None if home is None else home.offset + address - home.address

    def text(self, offset: int) -> str:
        """Return the zero-terminated text at an offset, or ""."""
        if not 0 <= offset < self.reader.size:
            return ""
        data = self.reader.bytes(offset, min(_LONGEST_NAME, self.reader.size - offset))
        return data.split(b"\0")[0].decode("utf-8", "replace")

    def notes(self) -> Iterator[Note]:
        """Yield every complete note of the segments; no system reads those in sections only."""
        for part in self.segments:
            if part.type == PT_NOTE:
                yield from self.notes_of(part)

    def notes_of(self, part: Part) -> Iterator[Note]:
        """Yield every complete note of a segment or a section."""
        data, place = self.content(part), 0
        while place + 12 <= len(data):
            name_size, size, type_ = struct.unpack_from(f"{self.order}III", data, place)
            start = place + 12 + (name_size + 3 & ~3)
            if start + size > len(data):
                break
            name = (
                data[place + 12 : place + 12 + name_size].rstrip(b"\0").decode("utf-8", "replace")
            )
            yield Note(name, type_, data[start : start + size])
            # Properties of 64-bit files are aligned to eight bytes, all other notes to four.
            step = 8 if self.wide and type_ == NT_GNU_PROPERTY and name == "GNU" else 4
            place = start + (size + step - 1 & -step)


def open_(reader: Reader) -> ElfFile:
    """Read the headers of an ELF file.

    :raises VerificationError: they are truncated or corrupt
    """
    identity = reader.bytes(0, 16)
    class_, data, version = identity[4:7]
    if class_ not in {1, 2} or data not in {1, 2} or version != 1:
        raise VerificationError("corrupt ELF header")
    order = "<" if data == 1 else ">"
    wide = class_ == 2  # noqa: PLR2004 - ELFCLASS64
    (
        type_,
        machine,
        _version,
        _entry,
        phoff,
        shoff,
        flags,
        _size,
        phentsize,
        phnum,
        shentsize,
        shnum,
        names,
    ) = reader.unpack(order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH"), 16)
    if type_ not in KINDS and type_ < 0xFE00:  # noqa: PLR2004 - ET_LOOS
        raise VerificationError("corrupt ELF header")
    segments = tuple(_segments(reader, order, _Headers(phoff, phentsize, phnum), wide=wide))
    sections = tuple(_sections(reader, order, _Headers(shoff, shentsize, shnum), names, wide=wide))
    return ElfFile(reader, order, wide, identity[7], type_, machine, flags, segments, sections)


@dataclass(frozen=True, slots=True)
class _Headers:
    """Where a table of headers is: its offset, the size of an entry, the number of entries."""

    offset: int
    entry: int
    count: int


def _table(
    reader: Reader, table: _Headers, layout: struct.Struct, *, least: int, most: int
) -> Iterator[tuple[int, ...]]:
    """Yield each entry of a table of headers.

    :raises VerificationError: the table is truncated or corrupt
    """
    entry, count = table.entry, table.count
    if count == 0:
        return
    if entry < least or entry * count > most:
        raise VerificationError("corrupt ELF header")
    data = reader.bytes(table.offset, entry * count)
    for index in range(count):
        yield layout.unpack_from(data, index * entry)


def _segments(reader: Reader, order: str, table: _Headers, *, wide: bool) -> Iterator[Part]:
    """Yield every segment."""
    layout = struct.Struct(order + ("IIQQQQ" if wide else "IIIII"))
    for values in _table(reader, table, layout, least=56 if wide else 32, most=_MOST):
        if wide:
            type_, _flags, start, address, _physical, size = values
        else:
            type_, start, address, _physical, size = values
        yield Part(type_, start, size, address)


def _sections(
    reader: Reader, order: str, table: _Headers, names: int, *, wide: bool
) -> Iterator[Part]:
    """Yield every section with its name."""
    if table.offset == 0:
        return
    layout = struct.Struct(order + ("IIQQQQ" if wide else "IIIIII"))
    entries = list(_table(reader, table, layout, least=64 if wide else 40, most=_MOST_SECTIONS))
    strings = b""
    if names < len(entries):
        *_, start, size = entries[names]
        if size <= _MOST_SECTIONS and start + size <= reader.size:
            strings = reader.bytes(start, size)
    for name, type_, _flags, address, start, size in entries:
        yield Part(
            type_,
            start,
            size,
            address,
            strings[name : strings.find(b"\0", name)].decode("utf-8", "replace"),
        )
