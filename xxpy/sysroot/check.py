"""Check that a sysroot is unchanged, and that a compiler can link against it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.sysroot.store import INVENTORY
from xxpy.sysroot.unpack import inventory

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.sysroot.description import Sysroot
    from xxpy.table.columns import Row
    from xxpy.table.model import Table

START: tuple[str, ...] = ("crt1.o", "Scrt1.o")
"""The files that every C program of an ELF system begins with."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a check.

    :param faults: what is wrong, one line each
    :param files: how many files were checked
    """

    faults: tuple[str, ...]
    files: int


def verify(sysroot: Sysroot, row: Row, table: Table) -> Verdict:
    """Compare every file of a sysroot with its hash, and check that it is for *row*'s platform."""
    faults = [] if sysroot.imported else _changes(sysroot)
    begin = start_files(sysroot.path)
    if row.elf is not None and not begin:
        faults.append(f"{START[0]} is missing: no C program can be linked")
    faults += [reason for path in begin for reason in check(path, row, table, Requirements())]
    faults += [f"{path} is a link out of the sysroot" for path in _escapes(sysroot.path)]
    return Verdict(tuple(faults), sum(len(names) for *_, names in os.walk(sysroot.path)))


def start_files(root: Path) -> list[Path]:
    """Return the start files of C programs below *root*, where compilers look for them."""
    folders = ("usr/lib", "usr/lib64", "lib", "lib64", "usr/lib/*", "lib/*", "usr/lib32")
    found = {
        path.resolve()
        for folder in folders
        for name in START
        for path in root.glob(f"{folder}/{name}")
    }
    return sorted(found)


def _changes(sysroot: Sysroot) -> list[str]:
    """Return what has changed since the sysroot was made, one line per file."""
    before = json.loads((sysroot.path.parent / INVENTORY).read_text("utf-8"))
    now = inventory(sysroot.path)
    return [
        *(f"{path} is missing" for path in before.keys() - now.keys()),
        *(f"{path} was added" for path in now.keys() - before.keys()),
        *(
            f"{path} was changed"
            for path in before.keys() & now.keys()
            if before[path] != now[path]
        ),
    ]


def _escapes(root: Path) -> list[Path]:
    """Return the links below *root* that lead out of it, to the machine's own files."""
    base = root.resolve()
    links = (path for path in base.rglob("*") if path.is_symlink())
    return sorted(
        path.relative_to(base) for path in links if not path.resolve().is_relative_to(base)
    )
