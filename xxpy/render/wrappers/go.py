"""What ``xx-go.j2`` needs besides: Go's ports and zig's targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.render.wrappers.branches import by_libc, folded, grouped, values
from xxpy.table.target import QUERIES

if TYPE_CHECKING:
    from xxpy.table.load import Table


GNU: Final = "gnu*"
"""The libcs that are glibc, as a pattern."""


@dataclass(frozen=True, slots=True)
class Port:
    """A branch that leads to one of Go's ports; ``settings`` are the user's to change."""

    patterns: tuple[str, ...]
    port: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]


def block(table: Table) -> dict[str, object]:
    """Return what ``xx-go.j2`` needs besides: Go's ports and zig's targets."""
    ports = [
        (key, ((("GOOS", row.go.os), ("GOARCH", row.go.arch)), tuple((row.go.settings or {}).items())))
        for key, row in table.rows.items()
        if row.go is not None
    ]
    settings = dict.fromkeys(name for _, (_, given) in ports for name, _ in given)
    return {
        "go_branches": [Port(keys, *found) for found, keys in grouped(folded(table, ports))],
        "go_variables": ("GOOS", "GOARCH", *settings, "CC", "CXX", "AR", "PKG_CONFIG", "CGO_LDFLAGS"),
        "atomics_branches": values(
            (f"{key}:{GNU}", row.clang.atomics)
            for key, row in table.rows.items()
            if row.triple.libc and row.clang is not None and row.clang.atomics is not None
        ),
        "zig_branches": by_libc(table, QUERIES["zig-target"]),
    }
