"""Whether a binary suits a platform: pure decisions over descriptions and rows.

Equal or lower levels pass (an ARM v6 program runs on v7), and what a file does not state is no reason to refuse it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.binary import inspect
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.binary.description import Description
    from xxpy.rows import Row
    from xxpy.table import Table

_STATIC_FORMAT: Final = "elf"
"""The format for which static linking is judged; elsewhere the system's own libraries are always shared."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a binary must be besides one for its platform.

    :param static: neither an interpreter nor a library is needed
    :param libc: ``gnu`` or ``musl``: the interpreter, where there is one, must be that libc's
    """

    static: bool = False
    libc: str | None = None


def check(path: Path, row: Row, table: Table, requirements: Requirements) -> tuple[str, ...]:
    """Return every reason why a file is not a binary for the platform of *row*; none means that it is.

    Of a fat file one slice must suit, of an archive every member.
    """
    try:
        described = inspect(path)
    except VerificationError as error:
        return (error.message,)
    reasons = [judge(description, row, table, requirements) for description in described]
    if described[0].format == "macho" and len(described) > 1 and not all(described[0].kind == "object" for _ in described):
        return () if any(not found for found in reasons) else reasons[0]
    return tuple(reason for found in reasons for reason in found)


def judge(description: Description, row: Row, table: Table, requirements: Requirements) -> tuple[str, ...]:
    """Return every reason why *description* is not of a binary for the platform of *row*."""
    name, platform = description.name, row.platform
    if description.format != row.file.format:
        systems = _systems(description, table)
        return (f"{name}: the OS {systems} ({description.format}) does not match expected target OS {platform.os}",)
    reasons = [*_system(description, row, table)]
    if description.kind in {"core", "unknown"}:
        reasons.append(f"{name}: a file of the kind {description.kind} does not run")
    if description.bits != row.data.bits or not _machine(description, row):
        found = _architectures(description, table)
        reasons.append(f"{name}: the architecture {found} does not match expected target architecture {platform.architecture}")
    elif description.byte_order != row.data.byte_order:
        reasons.append(f"{name}: the byte order {description.byte_order} does not match expected target endianness {row.data.byte_order}")
    elif row.elf is not None and description.format == "elf":
        reasons += _variant(description, row)
    if description.format == _STATIC_FORMAT and requirements.static and _not_static(description):
        reasons.append(f"{name}: is not statically linked")
    if requirements.libc is not None and description.interpreter is not None and row.loader is not None:
        wanted = getattr(row.loader, requirements.libc)
        if wanted is not None and description.interpreter != wanted:
            reasons.append(f"{name}: the interpreter {description.interpreter} is not that of {requirements.libc}, {wanted}")
    return tuple(reasons)


def _not_static(description: Description) -> bool:
    return description.linkage == "dynamic" or description.kind == "shared library"


def _machine(description: Description, row: Row) -> bool:
    """Whether the machine of a file is that of a row."""
    if row.elf is not None and description.format == "elf":
        return description.machine == row.elf.machine
    if row.macho is not None and description.format == "macho":
        return description.machine == row.macho.cputype
    if row.pe is not None and description.format == "pe":
        return description.machine == row.pe.machine
    return description.format == "wasm"


def _system(description: Description, row: Row, table: Table) -> tuple[str, ...]:
    """Tell an ELF file's system by EI_OSABI or its note: those that always state it refuse a file that does not."""
    if description.format != "elf" or row.elf is None or description.kind == "object":
        return ()
    notes = {found.elf.note for found in table.rows.values() if found.elf is not None and found.elf.note is not None}
    noted = {note for note in description.notes if note in notes}
    allowed = {0, row.elf.osabi, row.elf.osabi_gnu}
    stated = description.osabi == row.elf.osabi != 0 or row.elf.note in noted
    if description.osabi in allowed and noted <= {row.elf.note} and (stated or not row.elf.stated):
        return ()
    return (f"{description.name}: the OS {_systems(description, table)} does not match expected target OS {row.platform.os}",)


def _variant(description: Description, row: Row) -> list[str]:
    """Compare what a file states of its variant with what the platform has."""
    elf, name = row.elf, description.name
    wanted = "/".join(filter(None, (row.platform.architecture, row.platform.variant)))
    reasons = []
    if elf is not None and description.level is not None and elf.level is not None and description.level > elf.level:
        reasons.append(f"{name}: needs v{description.level}, which does not match expected target architecture {wanted}")
    if elf is not None and elf.float_abi is not None and description.float_abi not in {None, elf.float_abi}:
        reasons.append(
            f"{name}: {description.float_abi} float does not match expected target architecture {wanted}, which has {elf.float_abi} float"
        )
    return reasons


def _systems(description: Description, table: Table) -> str:
    """Name the systems that a file may be for."""
    same = [row for row in table.rows.values() if row.file.format == description.format]
    stated = [row for row in same if row.elf is not None and (description.osabi == row.elf.osabi != 0 or row.elf.note in description.notes)]
    plain = [row for row in same if row.elf is None or not row.elf.stated]
    return " or ".join(dict.fromkeys(row.platform.os for row in (stated or plain[:1]))) or description.format


def _architectures(description: Description, table: Table) -> str:
    """Name the architecture of a file."""
    found = (
        row.platform.architecture
        for row in table.rows.values()
        if _machine(description, row) and (description.bits, description.byte_order) == (row.data.bits, row.data.byte_order)
    )
    return next(
        found,
        f"machine {description.machine} of {description.format}, {description.bits} bits, {description.byte_order}-endian",
    )
