"""Decide whether a binary suits a platform, from descriptions and rows of the table alone.

Equal or lower levels pass (a program for ARM v6 runs on v7), and a file is not refused for what it
does not state.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import groupby
from typing import TYPE_CHECKING, Final

from xxpy.binary import bitcode, debug, elf_machine, go_level, identity, inspect
from xxpy.binary.requirements import STATIC_FORMAT
from xxpy.errors import VerificationError
from xxpy.versions import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xxpy.binary.description import Description
    from xxpy.binary.requirements import Requirements
    from xxpy.table.columns import Row
    from xxpy.table.model import Table

_GO_LEVEL: Final = "GOAMD64"
"""Go's setting for the level, which a Go program states nowhere else."""


def check(path: Path, row: Row, table: Table, requirements: Requirements) -> tuple[str, ...]:
    """Return every reason why a file is not a binary for the platform of *row*.

    One slice of a fat file must suit, and every member of an archive or zip file.
    """
    try:
        described = inspect(path)
    except VerificationError as error:
        return (error.message,)
    return weigh(described, row, table, requirements)


def weigh(
    described: tuple[Description, ...], row: Row, table: Table, requirements: Requirements
) -> tuple[str, ...]:
    """Return every reason why a described file is not a binary for the platform of *row*."""
    reasons: list[str] = []
    for fat, members in groupby(described, key=lambda found: found.fat):
        if fat:
            reasons += _fat(list(members), row, table, requirements)
        else:
            reasons += [
                reason for member in members for reason in judge(member, row, table, requirements)
            ]
    return tuple(reasons)


def _fat(
    members: list[Description], row: Row, table: Table, requirements: Requirements
) -> list[str]:
    """Return no reasons if one slice suits, else those of the machine's slices, or of all."""
    slices = [list(found) for _, found in groupby(members, key=lambda found: found.slice)]
    judged = [
        [reason for member in found for reason in judge(member, row, table, requirements)]
        for found in slices
    ]
    if not all(judged):
        return []
    own = [
        reasons
        for found, reasons in zip(slices, judged, strict=True)
        if identity.is_machine(found[0], row)
    ]
    return [reason for reasons in own or judged for reason in reasons]


def judge(
    description: Description, row: Row, table: Table, requirements: Requirements
) -> tuple[str, ...]:
    """Return every reason why *description* is not of a binary for the platform of *row*."""
    name, platform = description.name, row.platform
    if description.format == bitcode.FORMAT:
        return tuple(_bitcode(description, row, table))
    if description.format != row.file.format:
        systems = f"{_systems(description, table)} ({description.format})"
        return (f"{name}: the OS {systems} does not match expected target OS {platform.os}",)
    reasons = [*_system(description, row, table)]
    if description.kind in {"core", "unknown"}:
        reasons.append(f"{name}: a file of the kind {description.kind} does not run")
    if description.bits != row.data.bits or not identity.is_machine(description, row):
        found = _architecture(description, table)
        reasons.append(
            f"{name}: the architecture {found} does not match expected target architecture"
            f" {platform.architecture}"
        )
    elif description.byte_order != row.data.byte_order:
        reasons.append(
            f"{name}: the byte order {description.byte_order} does not match expected target"
            f" endianness {row.data.byte_order}"
        )
    elif row.elf is not None and description.format == "elf":
        reasons += _variant(description, row)
    noted = _go(description, row, table) if requirements.go_level else ()
    return (*reasons, *noted, *demands(description, row, requirements))


def _bitcode(description: Description, row: Row, table: Table) -> Iterator[str]:
    """Yield why an object of bitcode is for another target, if it names one."""
    if description.triple is None:
        return
    found = bitcode.platform(description.triple, table.words)
    if found is None:
        yield (
            f"{description.name}: LLVM bitcode for {description.triple},"
            " a target that the table does not have"
        )
    elif found.os != row.platform.os:
        yield (
            f"{description.name}: the OS {found.os} ({description.triple}) does not match expected"
            f" target OS {row.platform.os}"
        )
    elif found.architecture != row.platform.architecture:
        yield (
            f"{description.name}: the architecture {found.architecture} ({description.triple}) "
            f"does not match expected target architecture {row.platform.architecture}"
        )


def demands(description: Description, row: Row, requirements: Requirements) -> Iterator[str]:
    """Yield every reason why *description* does not meet the requirements."""
    name = description.name
    if description.format == STATIC_FORMAT and requirements.static and _not_static(description):
        yield f"{name}: is not statically linked"
    yield from _libc(description, row, requirements.libc, linked=requirements.linked)
    newest = requirements.glibc_max
    if (
        newest is not None
        and description.glibc is not None
        and dotted(description.glibc) > dotted(newest)
    ):
        yield f"{name}: needs glibc {description.glibc}, newer than {newest}"
    newest = requirements.macos_max
    if (
        newest is not None
        and description.format == "macho"
        and dotted(description.minimum_os or newest) > dotted(newest)
    ):
        yield f"{name}: needs macOS {description.minimum_os}, newer than {newest}"
    if requirements.float is not None and description.float_abi not in {None, requirements.float}:
        yield f"{name}: {description.float_abi} float, not {requirements.float} float"
    level = _x86_64_level(description)
    if requirements.x86_64_level is not None and level > requirements.x86_64_level:
        yield f"{name}: needs x86-64-v{level}, more than x86-64-v{requirements.x86_64_level}"
    if requirements.no_rpath and description.run_path:
        yield f"{name}: has the run path {':'.join(description.run_path)}"
    allowed = requirements.needed_allow
    for library in description.needed if allowed is not None else ():
        names = {library, library.rsplit("/", 1)[-1]}
        if not any(fnmatchcase(found, pattern) for found in names for pattern in allowed or ()):
            yield f"{name}: needs {library}, which is not among the libraries allowed"


def _libc(description: Description, row: Row, libc: str | None, *, linked: bool) -> Iterator[str]:
    """Compare the libc by an interpreter, a library's needs, or with *linked* by everything."""
    if libc is None or description.kind == debug.KIND:  # whose interpreter is in the program
        return
    wanted = None if row.loader is None else getattr(row.loader, libc)
    if (
        description.interpreter is not None
        and wanted is not None
        and description.interpreter != wanted
    ):
        yield (
            f"{description.name}: the interpreter {description.interpreter} is not that of {libc},"
            f" {wanted}"
        )
    elif description.libc not in {None, libc} and (
        linked or (description.kind == "shared library" and description.interpreter is None)
    ):
        yield f"{description.name}: {_has(description)} the libc {description.libc}, not {libc}"


def _has(description: Description) -> str:
    return "needs" if description.needed else "is linked with"


def _x86_64_level(description: Description) -> int:
    """Return the x86-64 level in a file's headers or Go settings, or 0."""
    settings = dict(description.go.settings) if description.go is not None else {}
    noted = settings.get(_GO_LEVEL, "").removeprefix("v")
    stated = (
        description.level
        if description.format == "elf" and description.machine == elf_machine.X86_64
        else None
    )
    return max(stated or 0, int(noted) if noted.isascii() and noted.isdigit() else 0)


def _not_static(description: Description) -> bool:
    return description.linkage == "dynamic" or description.kind == "shared library"


def _system(description: Description, row: Row, table: Table) -> tuple[str, ...]:
    """Compare the system by EI_OSABI or the note, which some systems require."""
    if description.format != "elf" or row.elf is None or description.kind == "object":
        return ()
    noted = {
        note
        for note in description.notes
        if any(found.elf is not None and found.elf.note == note for found in table.rows.values())
    }
    allowed = {0, row.elf.osabi, row.elf.osabi_gnu}
    stated = description.osabi == row.elf.osabi != 0 or row.elf.note in noted
    if description.osabi in allowed and noted <= {row.elf.note} and (stated or not row.elf.stated):
        return ()
    systems = _systems(description, table)
    return (
        f"{description.name}: the OS {systems} does not match expected target OS {row.platform.os}",
    )


def _variant(description: Description, row: Row) -> list[str]:
    """Compare the variant that a file states with what the platform has."""
    elf, name = row.elf, description.name
    wanted = "/".join(filter(None, (row.platform.architecture, row.platform.variant)))
    reasons = []
    if (
        elf is not None
        and description.level is not None
        and elf.level is not None
        and description.level > elf.level
    ):
        reasons.append(
            f"{name}: needs v{description.level}, which does not match expected target architecture"
            f" {wanted}"
        )
    if (
        elf is not None
        and elf.float_abi is not None
        and description.float_abi not in {None, elf.float_abi}
    ):
        reasons.append(
            f"{name}: {description.float_abi} float does not match expected target architecture"
            f" {wanted}, which has {elf.float_abi} float"
        )
    return reasons


def _go(description: Description, row: Row, table: Table) -> Iterator[str]:
    """Compare the processor level that Go records with what the platform has, on its machine."""
    if description.go is not None and identity.is_machine(description, row):
        for name, value in go_level.excess(dict(description.go.settings), row, table):
            has = go_level.own(row)[name]
            yield (
                f"{description.name}: was built with {name}={value},"
                f" more than {row.platform} has ({has})"
            )


def _systems(description: Description, table: Table) -> str:
    """Name the systems that a file may be for."""
    return " or ".join(identity.systems(description, table)) or description.format


def _architecture(description: Description, table: Table) -> str:
    """Name the architecture of a file."""
    unknown = (
        f"machine {description.machine} of {description.format}, {description.bits} bits,"
        f" {description.byte_order}-endian"
    )
    return identity.identify(description, table).architecture or unknown
