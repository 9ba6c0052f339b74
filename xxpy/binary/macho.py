"""Mach-O, thin and fat.

https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from xxpy.binary import archive, debug, origin
from xxpy.binary.description import Description, GoBuild
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.binary.reader import Reader

_THIN: Final = {
    b"\xcf\xfa\xed\xfe": ("<", 64),
    b"\xce\xfa\xed\xfe": ("<", 32),
    b"\xfe\xed\xfa\xcf": (">", 64),
    b"\xfe\xed\xfa\xce": (">", 32),
}
_FAT: Final = {b"\xca\xfe\xba\xbe": ">IIIII", b"\xca\xfe\xba\xbf": ">IIQQII"}
_KINDS: Final = {
    1: "object",
    2: "executable",
    4: "core",
    6: "shared library",
    8: "bundle",
    10: debug.KIND,
}
_MOST_SLICES: Final = 32
"""A Java class begins like a fat file, but its version, in place of this number, is higher."""

_LC_SEGMENT, _LC_SEGMENT_64, _LC_SYMTAB, _LC_DYSYMTAB, _LC_UUID, _LC_CODE_SIGNATURE = (
    0x1,
    0x19,
    0x2,
    0xB,
    0x1B,
    0x1D,
)
_LC_LOAD_DYLINKER, _LC_RPATH = 0xE, 0x8000001C
_LC_VERSION_MIN, _LC_BUILD_VERSION = {0x24, 0x25}, 0x32
_LOADS: Final = {0xC, 0x80000018, 0x8000001F}
"""LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB and LC_REEXPORT_DYLIB."""

_GO_SECTION: Final = b"__go_buildinfo"
_MOST: Final = 1 << 16


def matches(magic: bytes) -> bool:
    """Whether a file that begins with these bytes is Mach-O."""
    return magic[:4] in _THIN or (
        magic[:4] in _FAT and 0 < int.from_bytes(magic[4:8], "big") <= _MOST_SLICES
    )


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe a Mach-O file: one description per slice.

    Broken slices of a fat file are left out, as long as one is whole.

    :raises VerificationError: it is truncated or corrupt
    """
    found: list[Description] = []
    reason = "truncated"
    try:
        magic = reader.bytes(0, 4)
        slices = (
            [(None, name, reader)] if magic in _THIN else list(_slices(reader, name, _FAT[magic]))
        )
    except VerificationError as error:
        raise VerificationError(f"{name}: {error.message}") from error
    for number, (machine, title, part) in enumerate(slices):
        try:
            described = _slice(part, title, machine)
        except VerificationError as error:
            reason = error.message
        else:
            found += [
                replace(one, fat=name, slice=number) if magic in _FAT else one for one in described
            ]
    if not found:
        raise VerificationError(f"{name}: {reason}")
    return tuple(found)


def _slice(reader: Reader, name: str, machine: int | None) -> list[Description]:
    """Describe a slice: a binary or a static library for the machine in the list of slices."""
    found = [_thin(reader, name)] if reader.bytes(0, 4) in _THIN else list(_library(reader, name))
    if machine is not None and any(one.machine != machine for one in found):
        raise VerificationError("a slice for another machine than is listed")
    return found


def _library(reader: Reader, name: str) -> Iterator[Description]:
    """Describe the objects of a slice that is a static library."""
    if not archive.matches(reader.bytes(0, 8)):
        raise VerificationError("a slice that is not Mach-O")
    for member in archive.members(reader, name):
        if member.content is None:
            raise VerificationError("a thin archive in another file")
        yield _thin(member.content, f"{name}({member.title})")


def _slices(reader: Reader, name: str, layout: str) -> Iterator[tuple[int | None, str, Reader]]:
    """Yield the machine, name and bytes of each slice; one that reaches past the end is cut."""
    count = reader.unpack(">I", 4)[0]
    width = struct.calcsize(layout)
    entries = [reader.unpack(layout, 8 + index * width) for index in range(count)]
    for index, (machine, _subtype, offset, size, *_) in enumerate(entries):
        if offset < reader.size:
            yield (
                machine,
                f"{name}({index})",
                reader.window(offset, min(size, reader.size - offset)),
            )


@dataclass(slots=True)
class _Commands:
    """What the load commands state, in the fields of a description."""

    needed: list[str] = field(default_factory=list)
    minimum_os: str | None = None
    interpreter: str | None = None
    run_path: list[str] = field(default_factory=list)
    stripped: bool = True
    debug_info: bool = False
    build_id: str | None = None
    signed: bool = False
    go: GoBuild | None = None


def _thin(reader: Reader, name: str) -> Description:
    """Describe a Mach-O file for one machine.

    :raises VerificationError: it is truncated or corrupt
    """
    magic = reader.bytes(0, 4)
    if magic not in _THIN:
        raise VerificationError("an object that is not Mach-O")
    order, bits = _THIN[magic]
    machine, _subtype, kind, count, size, _flags = reader.unpack(order + "IIIIII", 4)
    if kind not in _KINDS:
        raise VerificationError("corrupt Mach-O header")
    place = 32 if bits == 64 else 28  # noqa: PLR2004 - the header's width
    if size > _MOST:
        raise VerificationError("corrupt Mach-O header")
    reader.bytes(place, size)
    found = _commands(reader, order, place, place + size, count)
    return Description(
        name,
        "macho",
        _KINDS[kind],
        machine,
        bits,
        "little" if order == "<" else "big",
        interpreter=found.interpreter,
        needed=tuple(found.needed),
        minimum_os=found.minimum_os,
        run_path=tuple(found.run_path),
        go=found.go,
        stripped=found.stripped,
        debug_info=found.debug_info,
        build_id=found.build_id,
        signed=found.signed,
    )


def _commands(reader: Reader, order: str, place: int, end: int, count: int) -> _Commands:
    """Return what the load commands state, up to the first incomplete one."""
    found = _Commands()
    for _ in range(count):
        if place + 8 > end:
            break
        command, length = reader.unpack(order + "II", place)
        if length < 8 or place + length > end:  # noqa: PLR2004 - the shortest command
            break
        _note(found, command, order, reader.window(place, length), reader)
        place += length
    return found


def _note(found: _Commands, command: int, order: str, body: Reader, whole: Reader) -> None:
    """Record what a load command states; one that is too short for its kind states nothing."""
    if command in {_LC_SEGMENT, _LC_SEGMENT_64}:
        _segment(found, order, body, whole, wide=command == _LC_SEGMENT_64)
        return
    words = struct.unpack_from(f"{order}2I", body.bytes(8, min(8, body.size - 8)).ljust(8, b"\0"))
    if command in _LOADS:
        found.needed += _text(body, words[0])
    elif command == _LC_RPATH:
        found.run_path += _text(body, words[0])
    elif command == _LC_LOAD_DYLINKER:
        found.interpreter = next(iter(_text(body, words[0])), None)
    elif command in _LC_VERSION_MIN or command == _LC_BUILD_VERSION:
        version = words[1] if command == _LC_BUILD_VERSION else words[0]
        found.minimum_os = f"{version >> 16}.{version >> 8 & 0xFF}"
    elif command == _LC_SYMTAB:
        found.stripped = found.stripped and words[1] == 0
    elif command == _LC_DYSYMTAB:
        found.stripped = words[1] == 0  # local symbols; those for the dynamic loader always stay
    elif command == _LC_UUID and body.size >= 24:  # noqa: PLR2004 - header and UUID
        found.build_id = body.bytes(8, 16).hex()
    elif command == _LC_CODE_SIGNATURE:
        found.signed = True


def _text(body: Reader, offset: int) -> list[str]:
    """Return the text at an offset of a load command, as a list of one or none."""
    return list(body.strings(offset, body.size - offset))[:1] if offset <= body.size else []


def _segment(found: _Commands, order: str, body: Reader, whole: Reader, *, wide: bool) -> None:
    """Record a segment of debugging information, and the section with Go's build information."""
    header, section, size_at = (72, 80, 40) if wide else (56, 68, 36)
    if body.size < header:
        return
    found.debug_info = found.debug_info or body.bytes(8, 7) == b"__DWARF"
    for start in range(header, body.size - section + 1, section):
        if body.bytes(start, 16).rstrip(b"\0") == _GO_SECTION:
            size, offset = body.unpack(order + ("QI" if wide else "II"), start + size_at)
            if offset <= whole.size:
                found.go = origin.go(
                    whole.bytes(offset, min(size, origin.MOST, whole.size - offset))
                )
