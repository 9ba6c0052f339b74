"""ELF (https://www.sco.com/developers/gabi/latest/contents.html).

Everything is read here and not by a library, because every byte must be checked against the size of the file, hostile ones too, and because
``xx-verify`` reads the same few fields in sh. The tests compare the result with pyelftools and readelf.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.binary.description import Description
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.binary.reader import Reader

MAGIC: Final = b"\x7fELF"

_KINDS: Final = {1: "object", 2: "executable", 3: "shared library", 4: "core"}
_PT_LOAD, _PT_DYNAMIC, _PT_INTERP, _PT_NOTE = 1, 2, 3, 4
_SHT_ARM_ATTRIBUTES: Final = 0x70000003
_DT_NEEDED, _DT_STRTAB, _DT_STRSZ, _DT_FLAGS_1 = 1, 5, 10, 0x6FFFFFFB
_DF_1_PIE = 0x08000000
_MOST: Final = 1 << 16
"""Bytes of a table or a segment that are read at most; no honest one is longer."""

_MOST_SECTIONS: Final = 1 << 22
"""Bytes of section headers that are read at most; an object can have one for each function."""

ARM: Final = 40
"""e_machine of the files that carry build attributes."""
_EF_ARM_SOFT, _EF_ARM_HARD = 0x200, 0x400
_EF_ARM_EABI5: Final = 0x05000000

_TAG_CPU_ARCH, _TAG_ABI_VFP_ARGS = 6, 28
_VENDOR_HEADER, _SCOPE_HEADER, _WHOLE_FILE = 6, 5, 1
_STRING_TAGS: Final = {4, 5, 65, 67}
_COMPATIBILITY, _LAST_PLAIN_TAG, _LONGEST_ULEB = 32, 32, 63

_NT_GNU_PROPERTY: Final = 5
_X86_ISA_NEEDED: Final = 0xC0008002


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment or a section: its type, its place in the file, its length, and where it is loaded."""

    type: int
    offset: int
    size: int
    address: int


def matches(magic: bytes) -> bool:
    """Whether a file that begins so is ELF."""
    return magic.startswith(MAGIC)


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe an ELF file.

    :raises VerificationError: truncated or corrupt
    """
    try:
        return (_describe(reader, name),)
    except VerificationError as error:
        raise VerificationError(f"{name}: {error.message}") from error


def _describe(reader: Reader, name: str) -> Description:
    identity = reader.bytes(0, 16)
    class_, data, version = identity[4:7]
    if class_ not in {1, 2} or data not in {1, 2} or version != 1:
        raise VerificationError("corrupt ELF header")
    order = "<" if data == 1 else ">"
    wide = class_ == 2  # noqa: PLR2004 - ELFCLASS64
    type_, machine, _version, _entry, phoff, shoff, flags, _size, phentsize, phnum, shentsize, shnum, _names = reader.unpack(
        order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH"), 16
    )
    if type_ not in _KINDS and type_ < 0xFE00:  # noqa: PLR2004 - ET_LOOS
        raise VerificationError("corrupt ELF header")
    segments = list(_segments(reader, order, phoff, phentsize, phnum, wide=wide))
    sections = list(_sections(reader, order, shoff, shentsize, shnum, wide=wide))
    kind = _KINDS.get(type_, "unknown")
    interpreter = next((_text(reader, part) for part in segments if part.type == _PT_INTERP), None)
    dynamic = next((part for part in segments if part.type == _PT_DYNAMIC), None)
    entries = list(_dynamic(reader, order, dynamic, wide=wide))
    needs = any(tag == _DT_NEEDED for tag, _ in entries)
    pie = any(value & _DF_1_PIE for tag, value in entries if tag == _DT_FLAGS_1)
    notes = list(_notes(reader, order, segments, wide=wide))
    level, float_abi = _arm(reader, flags, sections) if machine == ARM else (_x86_level(notes, order, wide=wide), None)
    return Description(
        name,
        "elf",
        _kind(kind, interpreter, pie=pie),
        machine,
        64 if wide else 32,
        "little" if order == "<" else "big",
        identity[7],
        tuple(dict.fromkeys(owner for owner, _, _ in notes)),
        _linkage(kind, pie=pie, needs=needs or interpreter is not None),
        interpreter,
        tuple(_needed(reader, entries, segments)),
        level,
        float_abi,
    )


def _kind(kind: str, interpreter: str | None, *, pie: bool) -> str:
    """Return what a file is for: a position-independent program has the type of a shared library."""
    return "executable" if kind == "shared library" and (interpreter is not None or pie) else kind


def _linkage(kind: str, *, pie: bool, needs: bool) -> str:
    """Return how a program or a library is linked; a shared library is dynamic whatever it needs."""
    if kind == "executable":
        return "dynamic" if needs else "static"
    if kind != "shared library":
        return ""
    return "static-pie" if pie and not needs else "dynamic"


def _content(reader: Reader, part: _Part) -> bytes:
    """Return the bytes of a segment or a section, none where it reaches past the end: that alone is no reason to refuse a file."""
    if part.size > _MOST or part.offset + part.size > reader.size:
        return b""
    return reader.bytes(part.offset, part.size)


def _table(reader: Reader, offset: int, entry: int, count: int, *, wanted: int, most: int) -> Iterator[int]:
    """Yield the place of each entry of a table of headers that is whole."""
    if count == 0:
        return
    if entry < wanted or entry * count > most:
        raise VerificationError("corrupt ELF header")
    if offset + entry * count > reader.size:
        raise VerificationError("truncated")
    for index in range(count):
        yield offset + index * entry


def _segments(reader: Reader, order: str, offset: int, entry: int, count: int, *, wide: bool) -> Iterator[_Part]:
    for place in _table(reader, offset, entry, count, wanted=56 if wide else 32, most=_MOST):
        if wide:
            type_, _flags, start, address, _physical, size = reader.unpack(order + "IIQQQQ", place)
        else:
            type_, start, address, _physical, size = reader.unpack(order + "IIIII", place)
        yield _Part(type_, start, size, address)


def _sections(reader: Reader, order: str, offset: int, entry: int, count: int, *, wide: bool) -> Iterator[_Part]:
    if offset == 0:
        return
    for place in _table(reader, offset, entry, count, wanted=64 if wide else 40, most=_MOST_SECTIONS):
        _name, type_, _flags, address, start, size = reader.unpack(order + ("IIQQQQ" if wide else "IIIIII"), place)
        yield _Part(type_, start, size, address)


def _text(reader: Reader, part: _Part) -> str:
    """Return the zero-terminated text that a segment holds."""
    return _content(reader, part).split(b"\0")[0].decode("utf-8", "replace")


def _dynamic(reader: Reader, order: str, dynamic: _Part | None, *, wide: bool) -> Iterator[tuple[int, int]]:
    """Yield tag and value of each entry of the dynamic segment."""
    data = b"" if dynamic is None else _content(reader, dynamic)
    layout = struct.Struct(order + ("QQ" if wide else "II"))
    yield from layout.iter_unpack(data[: len(data) - len(data) % layout.size])


def _needed(reader: Reader, entries: list[tuple[int, int]], segments: list[_Part]) -> Iterator[str]:
    """Yield the names of the libraries that the dynamic segment asks for."""
    values = dict(entries)
    address, size = values.get(_DT_STRTAB, 0), values.get(_DT_STRSZ, 0)
    home = next((part for part in segments if part.type == _PT_LOAD and part.address <= address < part.address + part.size), None)
    if home is None:
        return
    strings = _content(reader, _Part(0, home.offset + address - home.address, size, address))
    for tag, value in entries:
        if tag == _DT_NEEDED and value < len(strings):
            yield strings[value:].split(b"\0")[0].decode("utf-8", "replace")


def _notes(reader: Reader, order: str, segments: list[_Part], *, wide: bool) -> Iterator[tuple[str, int, bytes]]:
    """Yield owner, type and content of every note that is whole."""
    for part in segments:
        data = _content(reader, part) if part.type == _PT_NOTE else b""
        place = 0
        while place + 12 <= len(data):
            name_size, size, type_ = struct.unpack_from(f"{order}III", data, place)
            start = place + 12 + (name_size + 3 & ~3)
            if start + size > len(data):
                break
            name = data[place + 12 : place + 12 + name_size].rstrip(b"\0").decode("utf-8", "replace")
            yield name, type_, data[start : start + size]
            # Properties of 64-bit files are aligned to eight bytes, all other notes to four.
            step = 8 if wide and type_ == _NT_GNU_PROPERTY and name == "GNU" else 4
            place = start + (size + step - 1 & -step)


def _x86_level(notes: list[tuple[str, int, bytes]], order: str, *, wide: bool) -> int | None:
    """Return the x86-64 level that the last GNU property asks for (https://gitlab.com/x86-psABIs/x86-64-ABI), or None."""
    level = None
    step = 8 if wide else 4
    for name, type_, content in notes:
        place = 0
        while (name, type_) == ("GNU", _NT_GNU_PROPERTY) and place + 8 <= len(content):
            key, size = struct.unpack_from(f"{order}II", content, place)
            if key == _X86_ISA_NEEDED and size == 4 and place + 12 <= len(content):  # noqa: PLR2004 - a word
                level = struct.unpack_from(f"{order}I", content, place + 8)[0].bit_length()
                break
            place += 8 + (size + step - 1 & -step)
    return level


def _arm(reader: Reader, flags: int, sections: list[_Part]) -> tuple[int | None, str | None]:
    """Return the ARM architecture and the float ABI that a file states, by flags or build attributes.

    Architectures and tags: https://github.com/ARM-software/abi-aa/blob/main/addenda32/addenda32.rst
    """
    level, float_abi = None, None
    if flags & 0xFF000000 == _EF_ARM_EABI5:
        float_abi = "hard" if flags & _EF_ARM_HARD else "soft" if flags & _EF_ARM_SOFT else None
    part = next((part for part in sections if part.type == _SHT_ARM_ATTRIBUTES), None)
    if part is not None:
        attributes = _arm_attributes(_content(reader, part))
        level = ARM_LEVELS.get(attributes.get(_TAG_CPU_ARCH, -1))
        if float_abi is None and attributes.get(_TAG_ABI_VFP_ARGS) == 1:
            float_abi = "hard"
    return level, float_abi


ARM_LEVELS: Final = {3: 5, 4: 5, 5: 5, 6: 6, 7: 6, 8: 6, 9: 6, 10: 7, 11: 6, 12: 6, 13: 7, 14: 8, 15: 8, 16: 8, 17: 8}
"""Tag_CPU_arch to the number of the architecture; what is older than v5 runs everywhere and is left out."""


def _arm_attributes(data: bytes) -> dict[int, int]:
    """Return the build attributes of the whole file, tag to number.

    ``'A'``, then for each vendor: length (4 bytes), name, then scopes: tag (1 byte), length (4 bytes), attributes. Tags and
    numbers are ULEB128; tags above 32 hold a string where they are odd, and so do 4, 5, 65 and 67.
    """
    found: dict[int, int] = {}
    if data[:1] != b"A" or len(data) < _VENDOR_HEADER:
        return found
    end = min(len(data), 1 + int.from_bytes(data[1:5], "little"))
    place = data.find(b"\0", 5, end) + 1
    if place == 0 or place + _SCOPE_HEADER > end or data[place] != _WHOLE_FILE:
        return found
    end = min(end, place + int.from_bytes(data[place + 1 : place + _SCOPE_HEADER], "little"))
    place += _SCOPE_HEADER
    while place < end:
        tag, place = _uleb(data, place, end)
        if tag in _STRING_TAGS or (tag > _LAST_PLAIN_TAG and tag % 2):
            place = data.find(b"\0", place, end) + 1 or end
        else:
            if tag == _COMPATIBILITY:
                _flag, place = _uleb(data, place, end)
                place = data.find(b"\0", place, end) + 1 or end
                continue
            value, place = _uleb(data, place, end)
            found[tag] = value
    return found


def _uleb(data: bytes, place: int, end: int) -> tuple[int, int]:
    """Return an unsigned LEB128 number and the place behind it."""
    value = shift = 0
    while place < end:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80 or shift > _LONGEST_ULEB:
            break
    return value, place
