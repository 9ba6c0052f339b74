"""The tables of ``xx-cargo.sh``: Rust's targets, and what is set for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.table import libc as c_library
from xxpy.table.names import RUSTUP_TIERS, rust_package
from xxpy.table.target import QUERIES
from xxpy.wrappers.sysroot import systems_with_sdk
from xxpy.wrappers.tables import Facts, branch, branches, by_libc, folded, given, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.shell import Tables
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.wrappers.tables import Make


def _command(table: Table) -> Tables:
    return {"platforms": branches(_by_target(table).items())}


def _target(table: Table) -> Tables:
    own = (name for name, found in table.distributions.items() if found.alpine_spelling)
    rows = ((key, _facts(row)) for key, row in table.rows.items() if row.rust is not None)
    return {
        "targets": values("xx_rust", by_libc(table, QUERIES["rust-target"])),
        "systems-with-own-names": [branch(own, "xx_own_names=1")],
        "rows": branches(folded(table, rows)),
        "loaders": values("xx_loader", by_libc(table, QUERIES["loader"])),
    }


def _std(table: Table) -> Tables:
    groups = ((name, found.names) for name, found in table.distributions.items() if found.names)
    return {
        "targets-of-tier-3": [branch(_without_rustup(table), "xx_tier=3")],
        "packages": values("xx_packages", groups),
    }


def _environment(table: Table) -> Tables:
    return {"systems-with-sdk": [branch(systems_with_sdk(table), "xx_use_sdk")]}


def _facts(row: Row) -> Facts:
    rust, clang = row.rust, row.clang
    return given({
        "xx_cpu": rust.cpu if rust else None,
        "xx_march": clang.march if clang and rust and rust.cpu else None,
        "xx_qemu": row.qemu.user if row.qemu else None,
        "xx_cmake_system": row.cmake.system,
        "xx_cmake_processor": row.cmake.processor,
        "xx_multiarch": row.debian.triple if row.debian else None,
        "xx_std_package": rust_package(row),
        "xx_own_linker": "1" if rust and rust.own_linker else "",
    })  # fmt: skip


def _by_target(table: Table) -> dict[str, Facts]:
    """Return the first platform, and its libc, of each Rust target that a user may name."""
    found: dict[str, Facts] = {}
    for key, row in table.rows.items():
        if row.rust is None:
            continue
        rust = row.rust
        for libc, name in (
            ("", rust.target),
            (c_library.GNU, rust.gnu),
            (c_library.MUSL, rust.musl),
        ):
            chosen = libc if row.triple.libc else ""
            if name:
                found.setdefault(name, (("xx_platform", key), ("XX_LIBC", chosen)))
    return found


def _without_rustup(table: Table) -> tuple[str, ...]:
    """Return the targets whose standard library rustup does not have."""
    tiers = [
        (name, tier)
        for row in table.rows.values()
        if row.rust is not None
        for name, tier in (
            (row.rust.target or row.rust.gnu, row.rust.tier),
            (row.rust.musl, row.rust.musl_tier),
        )
    ]
    return tuple(dict.fromkeys(name for name, tier in tiers if name and tier not in RUSTUP_TIERS))


TABLES: Final[Mapping[str, Make]] = {
    "xx-cargo": _command,
    "cargo-target": _target,
    "cargo-std": _std,
    "cargo-environment": _environment,
}
"""What makes the tables of each file."""
