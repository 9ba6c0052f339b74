"""Cut zig's compiler-rt for ELF into an archive with only the compiler's helpers.

zig's ``libcompiler_rt.a`` is one object that also defines ``memcpy``, ``strlen``, ``sin`` and other
functions of libc, weak and hidden. clang links it before libc, so programs would use those instead
of libc's own, which are up to fifty times faster. So the names of libc's functions are changed in
the object, which references inside it follow, and lld cuts it into members, so that a program that
divides two numbers does not get all of it.

Helpers of compilers have names that begin with an underscore, which C reserves
(https://gcc.gnu.org/onlinedocs/gccint/Libgcc.html). Functions of libc with such a name belong to
the stack protector.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy.compiler.base import common
from xxpy.machine import programs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from xxpy.compiler.base.order import Maker

_LIBC: Final = re.compile(r"(?!_)|__stack_chk_|__chk_fail|__\w+_chk$|__stack_smash_handler")
_GROUPS: Final = (
    r"__aarch64_",  # outlined atomics
    r"__(?:sync|atomic)_",
    r"\w*tf(?:\d|$)|\w*[a-z]tf[a-z]",  # quadruple precision
    r"\w*xf",  # extended precision
    r"\w*hf",  # half precision
    r"\w*ti",  # 128-bit integers
    r"\w*ei\d",  # wider integers
    r"__[a-z]+\d*[hxl]$",  # mathematics
    r"",
)
"""The patterns of the helpers in each member; the first that matches counts."""
_PRECISION: Final = re.compile(r"(?:f128|f|l|q)$")
"""The suffixes of a function's names for other types; that ``strl`` loses its l is harmless."""
_ARCHIVE: Final = b"!<arch>\n"
_HEADER: Final = 60
_PREFIX: Final = b"__xxpy_"


def make(maker: Maker, source: Path, place: Path, work: Path) -> None:
    """Make an archive of the helpers in zig's compiler-rt.

    :param source: zig's ``libcompiler_rt.a``
    :param place: the archive that is written
    :param work: a folder for intermediate files
    :raises ToolError: the archive is not one object in ELF
    """
    whole, names, _libc = _renamed(_object(source))
    groups: dict[str, set[str]] = {}
    for name in names:
        groups.setdefault(
            next(pattern for pattern in _GROUPS if re.match(pattern, name)), set()
        ).add(name)
    _archive(maker, whole, groups.values(), place, work)


def make_libc(maker: Maker, source: Path, place: Path, work: Path) -> None:
    """Make an archive of the functions of libc in zig's compiler-rt.

    The ``libc.a`` of zig's musl does not have them.

    :raises ToolError: the archive is not one object in ELF
    """
    whole = _object(source)
    groups: dict[str, set[str]] = {}
    for name in _renamed(whole)[2]:
        groups.setdefault(_PRECISION.sub("", name), set()).add(name)
    _archive(maker, whole, groups.values(), place, work)


def _archive(
    maker: Maker, whole: bytes, groups: Iterable[set[str]], place: Path, work: Path
) -> None:
    """Cut an object into one member for each group of functions, and archive the members."""
    path = work / "whole.o"
    path.write_bytes(whole)
    members = []
    for number, group in enumerate(groups):
        member = work / f"{place.stem}{number}.o"
        wanted = [word for name in sorted(group) for word in ("-u", name)]
        command = [
            maker.zig.program,
            "ld.lld",
            "-r",
            "--gc-sections",
            *wanted,
            str(path),
            "-o",
            str(member),
        ]
        programs.output(command, environment=maker.environment)
        members.append(str(member))
    place.unlink(missing_ok=True)
    programs.output(
        [maker.zig.program, "ar", "rcsD", str(place), *members], environment=maker.environment
    )


def _object(archive: Path) -> bytes:
    """Return the only object in an archive.

    :raises ToolError: there are several, or none
    """
    found = list(_objects(archive.read_bytes()))
    if len(found) != 1:
        raise common.unknown(f"{archive.name} has {len(found)} objects, expected 1")
    return found[0]


def _objects(data: bytes) -> Iterator[bytes]:
    """Yield the objects in an archive.

    See https://en.wikipedia.org/wiki/Ar_(Unix)#File_format_details.
    """
    position = len(_ARCHIVE)
    while position + _HEADER <= len(data):
        name, size = (
            data[position : position + 16].rstrip(),
            int(data[position + 48 : position + 58]),
        )
        begin = position + _HEADER
        if name not in {b"/", b"//", b"/SYM64/"}:
            yield data[begin : begin + size]
        position = begin + size + size % 2


class _Section(NamedTuple):
    """The fields of a section header that are needed here."""

    header: int
    kind: int
    offset: int
    size: int
    link: int


class _Layout(NamedTuple):
    """Where fields are in ELF's structures.

    See https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html.
    """

    order: str
    word: str
    table: int
    counts: int
    header: int
    offset: int
    link: int
    symbol: int
    section: int


_LAYOUTS: Final = {1: ("I", 32, 46, 40, 16, 24, 16, 14), 2: ("Q", 40, 58, 64, 24, 40, 24, 6)}
_SYMBOLS: Final = 2
_DYNAMIC: Final = 11
"""The types of the sections with symbols (SHT_SYMTAB, SHT_DYNSYM)."""


def dynamic_symbols(data: bytes) -> frozenset[str]:
    """Return the names of the symbols of a shared library in ELF."""
    layout = _layout(data)
    sections = list(_sections(data, layout))
    tables = (section for section in sections if section.kind == _DYNAMIC)
    return frozenset(
        name.decode()
        for symbols in tables
        for _, name in _names(data, layout, symbols, sections[symbols.link])
        if name
    )


def _renamed(data: bytes) -> tuple[bytes, list[str], list[str]]:
    """Change the names of libc's functions in an object.

    Returns the object, the names of the helpers in it, and the former names of libc's functions.
    """
    layout = _layout(data)
    sections = list(_sections(data, layout))
    symbols = next(section for section in sections if section.kind == _SYMBOLS)
    strings = sections[symbols.link]
    out = bytearray(data)
    added = bytearray(data[strings.offset : strings.offset + strings.size])
    helpers: list[str] = []
    libc: list[str] = []
    for position, name in _names(data, layout, symbols, strings):
        defined = struct.unpack_from(f"{layout.order}H", data, position + layout.section)[0] != 0
        local = data[position + (4 if layout.word == "Q" else 12)] >> 4 == 0
        if not name or not defined or local:
            continue
        if _LIBC.match(name.decode()):
            struct.pack_into(f"{layout.order}I", out, position, len(added))
            added += _PREFIX + name + b"\0"
            libc.append(name.decode())
        else:
            helpers.append(name.decode())
    struct.pack_into(
        f"{layout.order}{layout.word}{layout.word}",
        out,
        strings.header + layout.offset,
        len(out),
        len(added),
    )
    return bytes(out + added), helpers, libc


def _names(
    data: bytes, layout: _Layout, symbols: _Section, strings: _Section
) -> Iterator[tuple[int, bytes]]:
    """Yield the place of each symbol in a section, and its name."""
    for position in range(symbols.offset, symbols.offset + symbols.size, layout.symbol):
        (begin,) = struct.unpack_from(f"{layout.order}I", data, position)
        begin += strings.offset
        yield position, data[begin : data.index(b"\0", begin)]


def _layout(data: bytes) -> _Layout:
    return _Layout("<" if data[5] == 1 else ">", *_LAYOUTS[data[4]])


def _sections(data: bytes, layout: _Layout) -> Iterator[_Section]:
    """Yield the sections of an object."""
    (begin,) = struct.unpack_from(f"{layout.order}{layout.word}", data, layout.table)
    size, count = struct.unpack_from(f"{layout.order}HH", data, layout.counts)
    for header in range(begin, begin + size * count, size):
        (kind,) = struct.unpack_from(f"{layout.order}I", data, header + 4)
        offset, length = struct.unpack_from(
            f"{layout.order}{layout.word}{layout.word}", data, header + layout.offset
        )
        (link,) = struct.unpack_from(f"{layout.order}I", data, header + layout.link)
        yield _Section(header, kind, offset, length, link)
