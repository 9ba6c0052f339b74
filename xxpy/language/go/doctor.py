"""What ``xxpy doctor`` shows about Go."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from xxpy.errors import ToolError
from xxpy.language.go import toolchain
from xxpy.machine.checks import Check, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.table.model import Table


def checks(table: Table, /) -> Iterator[Check]:
    """Yield the Go on this machine, and the platforms that it supports."""
    try:
        go = toolchain.find(Path(), os.environ)
    except ToolError as error:
        yield Check("go", State.MISSING, error.message, error.hint)
        return
    able = [
        key for key, row in table.rows.items() if table.is_plain(row) and go.why_not(row) is None
    ]
    yield Check("go", State.GOOD, f"{go.version}, {go.origin}: {', '.join(able)}")
