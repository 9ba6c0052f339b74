"""PE and COFF: programs, libraries and objects for Windows.

See https://learn.microsoft.com/en-us/windows/win32/debug/pe-format.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.binary import origin
from xxpy.binary.description import Description
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.binary.description import GoBuild
    from xxpy.binary.reader import Reader

OBJECT_MACHINES: Final = {0x014C: 32, 0x01C4: 32, 0x8664: 64, 0xAA64: 64}
"""The machines of COFF objects, with their width; objects begin with nothing else."""

_DLL: Final = 0x2000
_WIDTHS: Final = {0x10B: 32, 0x20B: 64}
_SECTION: Final = 40
_MOST_SECTIONS: Final = 1 << 15
_IMPORTS, _CERTIFICATES, _DEBUG = 1, 4, 6
"""Numbers of data directories."""

_SUBSYSTEMS: Final = {
    1: "native",
    2: "graphical",
    3: "console",
    9: "Windows CE",
    **dict.fromkeys(range(10, 14), "EFI"),
}
_MOST_LIBRARIES: Final = 1 << 12
_LONGEST_NAME: Final = 512
_CODEVIEW: Final = 2
_SHORT_IMPORT: Final = b"\0\0\xff\xff\0\0"
_BIG: Final = b"\0\0\xff\xff\2\0"
_BIG_CLASS: Final = bytes.fromhex("c7a1bad1eebaa94baf20faf66aa4dcb8")
"""How an object with more than 65279 sections begins, and its class (``/bigobj``)."""
_BIG_HEADER, _BIG_SYMBOL = 56, 20


def matches(magic: bytes) -> bool:
    """Whether a file that begins with these bytes may be PE or a COFF object."""
    machine, sections = int.from_bytes(magic[:2], "little"), int.from_bytes(magic[2:4], "little")
    return magic.startswith((b"MZ", _SHORT_IMPORT, _BIG)) or (
        machine in OBJECT_MACHINES and 0 < sections <= _MOST_SECTIONS
    )


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe a PE file or a COFF object.

    :raises VerificationError: it is truncated, corrupt, or a program for MS-DOS
    """
    try:
        magic = reader.bytes(0, 6)
        if magic.startswith(b"MZ"):
            return (_program(reader, name),)
        if magic == _BIG:
            return (_big_object(reader, name),)
        return (_import(reader, name) if magic == _SHORT_IMPORT else _object(reader, name),)
    except VerificationError as error:
        raise VerificationError(f"{name}: {error.message}") from error


@dataclass(frozen=True, slots=True)
class _Section:
    """A section: its name, where it is loaded, and where it is in the file."""

    name: bytes
    address: int
    size: int
    offset: int
    length: int


def _object(reader: Reader, name: str) -> Description:
    """Describe a COFF object, whose header must fit the file, since it has no other mark.

    Go's linker writes an optional header into objects too, whose mark must suit the machine's
    width.
    """
    machine, count, _time, symbols, number, optional, _flags = reader.unpack("<HHIIIHH", 0)
    if optional and _WIDTHS.get(reader.unpack("<H", 20)[0]) != OBJECT_MACHINES[machine]:
        raise VerificationError("corrupt COFF header")
    reader.bytes(20, optional)
    sections = _sections(reader, 20 + optional, count, symbols + number * 18)
    reader.bytes(symbols, number * 18)
    return Description(
        name,
        "pe",
        "object",
        machine,
        OBJECT_MACHINES[machine],
        "little",
        stripped=number == 0,
        debug_info=_has_dwarf(sections),
    )


def _big_object(reader: Reader, name: str) -> Description:
    """Describe a COFF object with room for many sections."""
    machine, _time, mark = reader.unpack("<HI16s", 6)
    count, symbols, number = reader.unpack("<III", 44)
    if mark != _BIG_CLASS or machine not in OBJECT_MACHINES:
        raise VerificationError("corrupt COFF header")
    reader.bytes(_BIG_HEADER, count * _SECTION)
    reader.bytes(symbols, number * _BIG_SYMBOL)
    return Description(
        name, "pe", "object", machine, OBJECT_MACHINES[machine], "little", stripped=number == 0
    )


def _import(reader: Reader, name: str) -> Description:
    """Describe a member of an import library: one symbol of one DLL."""
    machine = reader.unpack("<H", 6)[0]
    size = reader.unpack("<I", 12)[0]
    texts = list(reader.strings(20, min(size, reader.size - 20, 2 * _LONGEST_NAME)))
    if machine not in OBJECT_MACHINES:
        raise VerificationError("corrupt COFF header")
    return Description(
        name, "pe", "object", machine, OBJECT_MACHINES[machine], "little", needed=tuple(texts[1:2])
    )


def _program(reader: Reader, name: str) -> Description:
    """Describe a program or a library.

    :raises VerificationError: it is truncated or corrupt
    """
    place = reader.unpack("<I", 0x3C)[0]
    signature = reader.bytes(place, 4)
    machine, count, _time, symbols, number, size, flags = reader.unpack("<HHIIIHH", place + 4)
    width = reader.unpack("<H", place + 24)[0]
    major, minor = reader.unpack("<HH", place + 24 + 48)
    header = reader.bytes(place + 24, size)
    reader.bytes(place + 24 + size, count * _SECTION)
    if signature != b"PE\0\0" or width not in _WIDTHS:
        raise VerificationError("corrupt PE header")
    sections = _sections(reader, place + 24 + size, count, symbols + number * 18)
    directories = _directories(header, 96 if _WIDTHS[width] == 32 else 112)  # noqa: PLR2004 - bits
    build_id = _guid(reader, sections, *directories.get(_DEBUG, (0, 0)))
    return Description(
        name,
        "pe",
        "shared library" if flags & _DLL else "executable",
        machine,
        _WIDTHS[width],
        "little",
        needed=tuple(_libraries(reader, sections, directories.get(_IMPORTS, (0, 0))[0])),
        minimum_os=f"{major}.{minor}",
        subsystem=_SUBSYSTEMS.get(int.from_bytes(header[68:70], "little")),
        go=_go(reader, sections),
        stripped=number == 0,
        debug_info=_has_dwarf(sections) or build_id is not None,
        build_id=build_id,
        signed=directories.get(_CERTIFICATES, (0, 0))[1] > 0,
    )


def _sections(reader: Reader, place: int, count: int, strings: int) -> list[_Section]:
    """Return the sections; names of more than eight bytes are in the strings at *strings*."""
    data = reader.bytes(place, count * _SECTION)
    found = []
    for name, _virtual, address, length, offset in struct.iter_unpack("<8sIIII16x", data):
        title = name.rstrip(b"\0")
        if title[:1] == b"/" and title[1:].isdigit():
            start = strings + int(title[1:])
            title = (
                reader.bytes(start, min(_LONGEST_NAME, reader.size - start)).split(b"\0")[0]
                if start < reader.size
                else b""
            )
        found.append(_Section(title, address, max(_virtual, length), offset, length))
    return found


def _has_dwarf(sections: list[_Section]) -> bool:
    return any(section.name in {b".debug_info", b".zdebug_info"} for section in sections)


def _directories(header: bytes, start: int) -> dict[int, tuple[int, int]]:
    """Return the address and size of each data directory in the optional header, by number."""
    entries = header[start:]
    count = min(int.from_bytes(header[start - 4 : start], "little"), len(entries) // 8)
    return {index: struct.unpack_from("<II", entries, index * 8) for index in range(count)}


def _place(sections: list[_Section], address: int) -> int | None:
    """Return the offset in the file of the byte that is loaded at an address."""
    home = next(
        (
            section
            for section in sections
            if section.address <= address < section.address + section.size
        ),
        None,
    )
    return None if home is None else home.offset + address - home.address


def _libraries(reader: Reader, sections: list[_Section], address: int) -> Iterator[str]:
    """Yield the names of the DLLs in the import directory, up to the first incomplete entry."""
    place = _place(sections, address)
    for index in range(_MOST_LIBRARIES):
        if not address or place is None or place + (index + 1) * 20 > reader.size:
            return
        name = reader.unpack("<12xI4x", place + index * 20)[0]
        start = _place(sections, name)
        if not name or start is None or start >= reader.size:
            return
        text = reader.bytes(start, min(_LONGEST_NAME, reader.size - start)).split(b"\0")[0]
        yield text.decode("utf-8", "replace")


def _guid(reader: Reader, sections: list[_Section], address: int, size: int) -> str | None:
    """Return the GUID that links a program to its PDB file."""
    place = _place(sections, address) if address else None
    for index in range(min(size // 28, 16)):
        if place is None or place + (index + 1) * 28 > reader.size:
            return None
        kind, _length, _address, offset = reader.unpack("<12xIIII", place + index * 28)
        if kind == _CODEVIEW and offset + 20 <= reader.size and reader.bytes(offset, 4) == b"RSDS":
            return reader.bytes(offset + 4, 16).hex()
    return None


def _go(reader: Reader, sections: list[_Section]) -> GoBuild | None:
    """Return Go's build information, which is at the beginning of the data."""
    data = next((section for section in sections if section.name == b".data"), None)
    if data is None or data.offset > reader.size:
        return None
    return origin.go(
        reader.bytes(data.offset, min(data.length, origin.MOST, reader.size - data.offset))
    )
