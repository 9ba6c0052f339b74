"""What ``xxpy doctor`` shows about Rust."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from xxpy.errors import ToolError
from xxpy.kit import model
from xxpy.language.rust import toolchain
from xxpy.machine.checks import Check, State
from xxpy.table.target import QUERIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.table.columns import Row
    from xxpy.table.model import Table


def checks(table: Table, /) -> Iterator[Check]:
    """Yield the Rust on this machine, and the platforms whose standard library it has."""
    try:
        rust = toolchain.find(Path(), os.environ)
    except ToolError as error:
        yield Check("rust", State.MISSING, error.message, error.hint)
        return
    able = [
        key for key, row in table.rows.items() if table.is_plain(row) and _has(rust, row, table)
    ]
    yield Check(
        "rust", State.GOOD, f"{rust.version}, {rust.origin}: standard library for {', '.join(able)}"
    )


def _has(rust: toolchain.Rust, row: Row, table: Table) -> bool:
    name = QUERIES["rust-target"].value(model.target(table, row.platform, None, os.environ))
    return name is not None and rust.has(name)
