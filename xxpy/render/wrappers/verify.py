"""What ``xx-verify.j2`` needs besides: what a binary for each platform looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.binary import elf_machine, pe
from xxpy.render.wrappers.branches import facts_of, folded, given, values

if TYPE_CHECKING:
    from xxpy.render.wrappers.branches import Facts
    from xxpy.table.columns import Row
    from xxpy.table.load import Table


def octets(text: str) -> str:
    """Return the bytes of a text as ``od -t x1`` prints them, each behind a space."""
    return "".join(f" {byte:02x}" for byte in text.encode())


def _binary_facts(row: Row) -> Facts:
    own, loader = row.elf, row.loader
    machine = {
        "elf": own and own.machine,
        "macho": row.macho and row.macho.cputype,
        "pe": row.pe and row.pe.machine,
        "wasm": 0,
    }[row.file.format]
    facts = {
        "xx_format": row.file.format,
        "xx_machine": str(machine),
        "xx_bits": str(row.data.bits),
        "xx_byte_order": row.data.byte_order,
    }
    if own is not None and row.file.format == "elf":
        facts |= {
            "xx_osabi": str(own.osabi or ""),
            "xx_osabi_gnu": str(own.osabi_gnu or ""),
            "xx_note": own.note or "",
            "xx_stated": "1" if own.stated else "",
            "xx_level": str(own.level or ""),
            "xx_float": own.float_abi or "",
            "xx_loader_gnu": octets(loader.gnu) if loader is not None and loader.gnu else "",
            "xx_loader_musl": octets(loader.musl) if loader is not None and loader.musl else "",
        }
    return given(facts)


def _number(place: int, width: int, order: str) -> tuple[int, ...]:
    """Return the positional parameters with the bytes of a number at a place, the highest first."""
    words = range(place + 1, place + width + 1)
    return tuple(words if order == "big" else reversed(words))


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
        *(("xx_type", 16, 2), ("xx_file_machine", 18, 2), ("xx_phoff", tables, wide), ("xx_shoff", tables + wide, wide)),
        *(("xx_file_flags", flags, 4), *((name, flags + 6 + 2 * index, 2) for index, name in enumerate(names))),
    )


_WIDTHS: Final = {
    32: _Width(52, _header(28, 4), 32, ((4, 4), (16, 4)), 40, ((16, 4), (20, 4))),
    64: _Width(64, _header(32, 8), 56, ((8, 8), (32, 8)), 64, ((24, 8), (32, 8))),
}
_WORDS: Final = {"word": 8, "macho_kind": 12, "macho_size": 20}
"""Numbers of four bytes that are read in both byte orders, with their places: of notes and properties, and two fields of Mach-O."""

_ORDERS: Final = {"little": "01", "big": "02"}
_CLASSES: Final = {32: "01", 64: "02"}


def _layouts() -> list[dict[str, object]]:
    """Return where everything is in an ELF file, for each width and byte order."""
    found: list[dict[str, object]] = []
    for bits, parts in _WIDTHS.items():
        for order, data in _ORDERS.items():
            half = bits // 8
            low = 2 * half - 4 if order == "big" else half
            found.append(
                {
                    "mark": f"{_CLASSES[bits]}{data}01",
                    "bits": bits,
                    "order": order,
                    "length": parts.length,
                    "header": [(variable, _number(place, width, order)) for variable, place, width in parts.header],
                    "segment_size": parts.segment_size,
                    "segment_type": _number(0, 4, order),
                    "segment_place": _number(*parts.segment[0], order),
                    "segment_length": _number(*parts.segment[1], order),
                    "section_size": parts.section_size,
                    "section_type": _number(4, 4, order),
                    "section_place": _number(*parts.section[0], order),
                    "section_length": _number(*parts.section[1], order),
                    "tag": _number(0, half, order),
                    "needed": f"{1:0{2 * half}x}",
                    "flags": f"{0x6FFFFFFB:0{2 * half}x}",
                    "value": _number(low, 4, order),
                }
            )
    return found


def block(table: Table) -> dict[str, object]:
    """Return what ``xx-verify.j2`` needs besides: what a binary for each platform looks like."""
    facts = {key: dict(_binary_facts(row)) for key, row in table.rows.items()}
    machines = {
        f"{found['xx_format']}:{found['xx_machine']}:{found['xx_bits']}:{found['xx_byte_order']}": table.rows[key].platform.architecture
        for key, found in reversed(facts.items())
    }
    notes = dict.fromkeys(row.elf.note for row in table.rows.values() if row.elf is not None and row.elf.note is not None)
    return {
        "binary_branches": facts_of(folded(table, ((key, tuple(found.items())) for key, found in facts.items()))),
        "machine_branches": values(machines.items()),
        "known_systems": tuple(dict.fromkeys(row.platform.os for row in table.rows.values())),
        "note_words": [(octets(name), name) for name in notes],
        "gnu_note": octets("GNU"),
        "elf_layouts": _layouts(),
        **{f"{name}_{order}": _number(place, 4, order) for name, place in _WORDS.items() for order in _ORDERS},
        "pe_header": _number(60, 4, "little"),
        "pe_width": _number(24, 2, "little"),
        "pe_optional": _number(20, 2, "little"),
        "coff_symbols": _number(8, 4, "little"),
        "coff_count": _number(12, 4, "little"),
        "coff_optional": _number(16, 2, "little"),
        "coff_width": _number(20, 2, "little"),
        "coff_marks": [machine.to_bytes(2, "little").hex() for machine in pe.OBJECT_MACHINES],
        "coff_machines": [
            (bits, [str(machine) for machine, found in pe.OBJECT_MACHINES.items() if found == bits])
            for bits in dict.fromkeys(pe.OBJECT_MACHINES.values())
        ],
        "fat_place": _number(8, 4, "big"),
        "fat_length": _number(12, 4, "big"),
        "fat64_place": _number(8, 8, "big"),
        "fat64_length": _number(16, 8, "big"),
        "most_attributes": elf_machine.MOST_ATTRIBUTES,
        "arm_machine": str(elf_machine.ARM),
        "arm_levels": [
            (str(level), tuple(f"6:{tag}" for tag, found in elf_machine.ARM_LEVELS.items() if found == level))
            for level in dict.fromkeys(elf_machine.ARM_LEVELS.values())
        ],
    }
