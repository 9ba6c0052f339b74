"""The tables of ``xx-go.sh``: Go's ports and zig's targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy import shell
from xxpy.table.target import QUERIES
from xxpy.wrappers.tables import by_libc, folded, grouped, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.shell import Lines, Tables
    from xxpy.table.model import Table
    from xxpy.wrappers.tables import Make

GNU: Final = "gnu*"
"""The libcs that are glibc, as a pattern."""
_PORT: Final = ("GOOS", "GOARCH")
_COMPILERS: Final = ("CC", "CXX", "AR", "PKG_CONFIG", "CGO_LDFLAGS")


def _tables(table: Table) -> Tables:
    rows = [(key, row.go) for key, row in table.rows.items() if row.go is not None]
    settings = dict.fromkeys(name for _, go in rows for name in go.settings or {})
    atomics = (
        (f"{key}:{GNU}", row.clang.atomics)
        for key, row in table.rows.items()
        if row.triple.libc and row.clang is not None and row.clang.atomics is not None
    )
    return {
        "ports": _ports(table),
        "variables": [
            f'{shell.variable(name)}) printf \'%s=%s\\n\' "$xx_key" "${name}" ;;'
            for name in (*_PORT, *settings, *_COMPILERS)
        ],
        "atomics": values("xx_atomics", atomics),
        "zig-targets": values("xx_zig", by_libc(table, QUERIES["zig-target"])),
    }


def _ports(table: Table) -> Lines:
    """Return the branches from platforms to Go's ports; users may change a variant's setting."""
    ports = (
        (key, (row.go.os, row.go.arch, tuple((row.go.settings or {}).items())))
        for key, row in table.rows.items()
        if row.go is not None
    )
    return [
        line
        for (system, architecture, settings), keys in grouped(folded(table, ports))
        for line in (
            f"{shell.patterns(keys)})",
            f"  xx_export GOOS {shell.name(system)}",
            f"  xx_export GOARCH {shell.name(architecture)}",
            *(_setting(*pair) for pair in settings),
            "  ;;",
        )
    ]


def _setting(name: str, value: str) -> str:
    return f'  xx_export {shell.variable(name)} "${{{name}:-{shell.name(value)}}}"'


TABLES: Final[Mapping[str, Make]] = {"xx-go": _tables}
"""What makes the tables of each file."""
