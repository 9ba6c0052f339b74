"""What ``xx-cargo.j2`` needs besides: Rust's targets, what is set for each, and the sub-commands of cargo that build for none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.render.wrappers.branches import Branch, by_libc, facts_of, folded, given, values
from xxpy.table.target import QUERIES, RUSTUP_TIERS, rust_package

if TYPE_CHECKING:
    from xxpy.render.wrappers.branches import Facts
    from xxpy.table.columns import Row
    from xxpy.table.load import Table

WITHOUT_TARGET: Final = (
    *(
        "add",
        "config",
        "credential",
        "fetch",
        "fmt",
        "generate-lockfile",
        "git-checkout",
        "help",
        "info",
        "init",
        "locate-project",
        "login",
    ),
    *("logout", "metadata", "new", "owner", "pkgid", "read-manifest", "remove", "report", "rm", "search", "uninstall", "update", "vendor"),
    *("verify-project", "version", "yank"),
    *("audit", "cache", "deny", "generate", "machete", "make", "outdated", "set-version", "sort", "sweep", "upgrade", "watch"),
    *("chef/prepare", "nextest/self", "nextest/show-config"),
)
"""Sub-commands that take no ``--target``, cargo's own and those of well-known extensions; ``NAME/WORD`` where the next word decides."""

WITHOUT_LINKER: Final = ("check", "c", "clippy", "doc", "d", "fix", "rustdoc", "tree")
"""Sub-commands that take ``--target`` and link nothing for it."""

WITH_WORDS: Final = tuple(dict.fromkeys(name.split("/")[0] for name in WITHOUT_TARGET if "/" in name))
"""The extensions of which the next word decides."""

OPTIONS_WITH_VALUE: Final = ("--color", "--config", "-C", "-Z")
"""Options of cargo that may stand before the sub-command and whose value is a word of its own."""

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"


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


def _by_target(table: Table) -> list[Branch]:
    """Return the way back from a target that a user names to the first platform that has it, and its libc."""
    found: dict[str, Facts] = {}
    for key, row in table.rows.items():
        for libc, name in (("", row.rust and row.rust.target), ("gnu", row.rust and row.rust.gnu), ("musl", row.rust and row.rust.musl)):
            if name:
                found.setdefault(name, (("xx_platform", key), ("XX_LIBC", libc if row.triple.libc else "")))
    return [Branch((name,), facts=facts) for name, facts in found.items()]


def _without_rustup(table: Table) -> tuple[str, ...]:
    """Return the targets whose standard library rustup does not have."""
    tiers = [
        (name, tier)
        for row in table.rows.values()
        if row.rust is not None
        for name, tier in ((row.rust.target or row.rust.gnu, row.rust.tier), (row.rust.musl, row.rust.musl_tier))
    ]
    return tuple(dict.fromkeys(name for name, tier in tiers if name and tier not in RUSTUP_TIERS))


def block(table: Table) -> dict[str, object]:
    """Return what ``xx-cargo.j2`` needs besides."""
    return {
        "with_rust": True,
        "without_linker": WITHOUT_LINKER,
        "rust_branches": by_libc(table, QUERIES["rust-target"]),
        "rust_rows": _by_target(table),
        "cargo_branches": facts_of(folded(table, [(key, _facts(row)) for key, row in table.rows.items() if row.rust is not None])),
        "without_rustup": _without_rustup(table),
        "loader_branches": by_libc(table, QUERIES["loader"]),
        "package_names": values((name, found.names) for name, found in table.distributions.items() if found.names is not None),
        "without_target": WITHOUT_TARGET,
        "with_words": WITH_WORDS,
        "options_with_value": OPTIONS_WITH_VALUE,
        "letters": [(small, small.upper()) for small in _ALPHABET],
    }
