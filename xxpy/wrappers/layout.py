"""Where everything is in an ELF file, for each width and byte order, as tables of ``xx-verify.sh``.

A number of several bytes is written as the positional parameters that hold them, the highest first:
``$((0x${20}${19}))``. The branches are for bytes 4 to 6 of the file: class, byte order and version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from xxpy.shell import Lines

_ORDERS: Final = {"little": "01", "big": "02"}
_CLASSES: Final = {32: "01", 64: "02"}
_NEEDED, _FLAGS, _PIE = 1, 0x6FFFFFFB, 0x8000000
"""``DT_NEEDED``, ``DT_FLAGS_1`` and its ``DF_1_PIE``."""


@dataclass(frozen=True, slots=True)
class _Width:
    """Where the fields of ELF are that differ with the width of a pointer.

    :param header: the variable for each field of the header, with its place and its length in bytes
    :param segment: place and length of p_offset, then of p_filesz
    :param section: of sh_offset, then of sh_size
    """

    length: int
    header: tuple[tuple[str, int, int], ...]
    segment_size: int
    segment: tuple[tuple[int, int], tuple[int, int]]
    section_size: int
    section: tuple[tuple[int, int], tuple[int, int]]


def _header(tables: int, wide: int) -> tuple[tuple[str, int, int], ...]:
    """Return the fields of the header; *tables* is the place of e_phoff, which has *wide* bytes."""
    flags = tables + 2 * wide
    names = ("xx_phentsize", "xx_phnum", "xx_shentsize", "xx_shnum")
    return (
        ("xx_type", 16, 2),
        ("xx_file_machine", 18, 2),
        ("xx_phoff", tables, wide),
        ("xx_shoff", tables + wide, wide),
        ("xx_file_flags", flags, 4),
        *((name, flags + 6 + 2 * index, 2) for index, name in enumerate(names)),
    )


_WIDTHS: Final = {
    32: _Width(52, _header(28, 4), 32, ((4, 4), (16, 4)), 40, ((16, 4), (20, 4))),
    64: _Width(64, _header(32, 8), 56, ((8, 8), (32, 8)), 64, ((24, 8), (32, 8))),
}


def number(place: int, width: int, order: str) -> str:
    """Return the bytes of a number at a place, the highest first.

    >>> number(8, 2, "big"), number(8, 2, "little")
    ('$9${10}', '${10}$9')
    """
    words = range(place + 1, place + width + 1)
    found = words if order == "big" else reversed(words)
    return "".join(f"${word}" if word < 10 else f"${{{word}}}" for word in found)  # noqa: PLR2004 - two digits need braces


def headers() -> Lines:
    """Return the branches that read the header."""
    return _branches(_read_header)


def segments() -> Lines:
    """Return the branches that find the dynamic segment, the interpreter and the notes."""
    return _branches(_read_segment)


def sections() -> Lines:
    """Return the branches that find the section of build attributes."""
    return _branches(_read_section)


def dynamic() -> Lines:
    """Return the branches that look at an entry of the dynamic segment."""
    return _branches(_read_dynamic)


def _branches(read: Callable[[int, str], Lines]) -> Lines:
    return [
        line
        for bits, width in _CLASSES.items()
        for order, data in _ORDERS.items()
        for line in (f"{width}{data}01)", *(f"  {line}" for line in read(bits, order)), "  ;;")
    ]


def _read_header(bits: int, order: str) -> Lines:
    parts = _WIDTHS[bits]
    return [
        f'if [ "$#" -lt {parts.length} ]; then xx_bad truncated; fi',
        f"xx_file_bits={bits} xx_order={order}",
        f"xx_least_segment={parts.segment_size} xx_least_section={parts.section_size}",
        *(f"{name}=$((0x{number(place, width, order)}))" for name, place, width in parts.header),
    ]


def _read_segment(bits: int, order: str) -> Lines:
    place, length = (f"$((0x{number(*field, order)}))" for field in _WIDTHS[bits].segment)
    return [
        f"case {number(0, 4, order)} in",
        f"  00000002) xx_dynamic=${{xx_dynamic:-{place} {length}}} ;;",
        "  00000003)",
        f"    xx_interpreter=${{xx_interpreter:-{place} {length}}}",
        "    ;;",
        f'  00000004) xx_notes="$xx_notes {place} {length}" ;;',
        "esac",
    ]


def _read_section(bits: int, order: str) -> Lines:
    place, length = (f"$((0x{number(*field, order)}))" for field in _WIDTHS[bits].section)
    return [
        f'if [ "{number(4, 4, order)}" = 70000003 ]; then',
        f'  xx_attributes="{place} {length}"',
        "  return",
        "fi",
    ]


def _read_dynamic(bits: int, order: str) -> Lines:
    half = bits // 8
    value = number(2 * half - 4 if order == "big" else half, 4, order)
    return [
        f"case {number(0, half, order)} in",
        f"  {_NEEDED:0{2 * half}x}) xx_needs=1 ;;",
        f"  {_FLAGS:0{2 * half}x}) if [ $((0x{value} & {_PIE:#x})) != 0 ]; then xx_pie=1; fi ;;",
        "esac",
    ]
