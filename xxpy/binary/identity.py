"""Find the platform that a file states it is for, in the words of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.binary.description import Description
    from xxpy.table.columns import Row
    from xxpy.table.model import Table


@dataclass(frozen=True, slots=True)
class Identity:
    """The platform of a file.

    :param os: the systems that it states, or the most usual one of those that need not be stated;
        empty if unknown
    :param architecture: such as ``arm64``; "" for an unknown machine
    :param variant: the lowest one that runs it, such as ``v7``, if headers or Go's build
        information state it; otherwise ""
    """

    os: tuple[str, ...]
    architecture: str
    variant: str


_UNSTATED: Final = ("elf", "object")
"""The format and kind of files that suit any system unless they name one."""


def identify(description: Description, table: Table) -> Identity:
    """Return the platform that a file is for, as far as it states it."""
    rows = [
        row
        for row in table.rows.values()
        if is_machine(description, row) and is_width(description, row)
    ]
    found = (
        ()
        if (description.format, description.kind) == _UNSTATED and not stated(description, table)
        else systems(description, table)
    )
    own = [row for row in rows if row.platform.os in found] or rows
    return Identity(
        found, own[0].platform.architecture if own else "", next(_variants(description, own), "")
    )


def _variants(description: Description, rows: list[Row]) -> Iterator[str]:
    """Yield the variants that headers or Go's build information state."""
    for row in rows:
        if row.elf is not None and row.elf.level is not None and row.elf.level == description.level:
            yield row.platform.variant
    noted = description.go.settings if description.go is not None else ()
    for row in rows:
        if row.go is not None and row.go.settings and {*row.go.settings.items()} <= {*noted}:
            yield row.platform.variant


def is_machine(description: Description, row: Row) -> bool:
    """Whether a file is for the machine of a row."""
    if row.elf is not None and description.format == "elf":
        return description.machine == row.elf.machine
    if row.macho is not None and description.format == "macho":
        return description.machine == row.macho.cputype
    if row.pe is not None and description.format == "pe":
        return description.machine == row.pe.machine
    return description.format == row.file.format == "wasm"


def is_width(description: Description, row: Row) -> bool:
    """Whether a file has the width and the byte order of a row."""
    return (description.bits, description.byte_order) == (row.data.bits, row.data.byte_order)


def stated(description: Description, table: Table) -> tuple[str, ...]:
    """Return the systems that an ELF file names by EI_OSABI or a note."""
    rows = (
        row
        for row in table.rows.values()
        if row.elf is not None and row.file.format == description.format == "elf"
    )
    found = (
        row
        for row in rows
        if row.elf is not None
        and (description.osabi == row.elf.osabi != 0 or row.elf.note in description.notes)
    )
    return tuple(dict.fromkeys(row.platform.os for row in found))


def systems(description: Description, table: Table) -> tuple[str, ...]:
    """Return the systems that a file names, or else the first of those that need not be named."""
    same = [row for row in table.rows.values() if row.file.format == description.format]
    plain = [row.platform.os for row in same if row.elf is None or not row.elf.stated]
    return stated(description, table) or tuple(plain[:1])
