"""The tables of ``sysroot.sh``: systems with an SDK, and where distributions put foreign files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy import shell
from xxpy.wrappers.tables import branch, grouped

if TYPE_CHECKING:
    from xxpy.shell import Tables
    from xxpy.table.model import Table


def systems_with_sdk(table: Table) -> tuple[str, ...]:
    """Return the systems whose sysroot is an SDK."""
    return tuple(
        dict.fromkeys(row.platform.os for row in table.rows.values() if row.sdk is not None)
    )


def tables(table: Table) -> Tables:
    """Return the tables of ``sysroot.sh``."""
    sdks = grouped((row.platform.os, row.sdk) for row in table.rows.values() if row.sdk is not None)
    foreign = [name for name, found in table.distributions.items() if found.foreign_root]
    return {
        "sdks": [
            branch(
                systems, f"xx_first_folder {shell.pattern(sdk.pattern)} {shell.quote(sdk.default)}"
            )
            for sdk, systems in sdks
        ],
        "foreign-roots": [branch(foreign, "xx_foreign_root=1")],
    }
