"""What ``xx-verify.j2`` needs besides: what a binary for each platform looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.binary import elf_machine
from xxpy.render.wrappers.branches import facts_of, folded, given, values

if TYPE_CHECKING:
    from xxpy.render.wrappers.branches import Facts
    from xxpy.rows import Row
    from xxpy.table import Table


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
        "arm_machine": str(elf_machine.ARM),
        "arm_levels": [
            (str(level), tuple(f"6:{tag}" for tag, found in elf_machine.ARM_LEVELS.items() if found == level))
            for level in dict.fromkeys(elf_machine.ARM_LEVELS.values())
        ],
    }
