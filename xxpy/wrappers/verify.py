"""The tables of ``xx-verify.sh``: what a binary for each platform looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy import shell
from xxpy.binary import attributes, elf_machine, pe
from xxpy.wrappers import layout
from xxpy.wrappers.tables import Facts, branch, branches, folded, given, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.shell import Tables
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.wrappers.tables import Make


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


def _command(table: Table) -> Tables:
    rows = ((key, _binary_facts(row)) for key, row in table.rows.items())
    marks = (machine.to_bytes(2, "little").hex() for machine in pe.OBJECT_MACHINES)
    systems = dict.fromkeys(row.platform.os for row in table.rows.values())
    return {
        "rows": branches(folded(table, rows)),
        "systems": [branch(systems, "xx_known=1")],
        "marks-of-coff": [branch(marks, "xx_found=coff")],
    }


def _read(table: Table) -> Tables:
    machines: dict[str, str] = {}
    for row in reversed(list(table.rows.values())):
        found = dict(_binary_facts(row))
        words = (
            found.get(f"xx_{name}", "") for name in ("format", "machine", "bits", "byte_order")
        )
        machines[":".join(words)] = row.platform.architecture
    return {"machines": values("xx_word", machines.items())}


def _elf(table: Table) -> Tables:
    notes = dict.fromkeys(row.elf.note for row in table.rows.values() if row.elf and row.elf.note)
    return {
        "headers": layout.headers(),
        "segments": layout.segments(),
        "notes": [
            f'{shell.quote(octets(name))}) xx_noted="$xx_noted {shell.name(name)}" ;;'
            for name in notes
        ],
    }


def _judge(table: Table) -> Tables:
    del table  # the same for every platform
    return {"dynamic": layout.dynamic()}


def _arm(table: Table) -> Tables:
    del table  # the same for every platform
    limits = (
        ("xx_arm", str(elf_machine.ARM)),
        ("xx_most_attributes", str(attributes.MOST_ATTRIBUTES)),
    )
    levels = ((f"6:{tag}", str(level)) for tag, level in elf_machine.ARM_LEVELS.items())
    return {
        "constants": [shell.setting(limits)],
        "sections": layout.sections(),
        "levels": values("xx_file_level", levels),
    }


def _pe(table: Table) -> Tables:
    del table  # the same for every platform
    machines = ((str(machine), str(bits)) for machine, bits in pe.OBJECT_MACHINES.items())
    return {"machines": values("xx_file_bits", machines)}


TABLES: Final[Mapping[str, Make]] = {
    "xx-verify": _command,
    "verify-read": _read,
    "verify-elf": _elf,
    "verify-elf-judge": _judge,
    "verify-arm": _arm,
    "verify-pe": _pe,
}
"""What makes the tables of each file."""
