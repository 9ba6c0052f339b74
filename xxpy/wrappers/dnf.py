"""The tables of ``xx-dnf.sh``: what dnf wants to hear to install for an architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.wrappers.tables import branch, folded, installable, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.shell import Tables
    from xxpy.table.model import Table
    from xxpy.wrappers.tables import Make


def _tables(table: Table) -> Tables:
    rows = installable(table)
    names = (
        (key, row.rpm.force or row.rpm.arch) for key, row in rows.items() if row.rpm is not None
    )
    return {
        "installable": [branch(dict(folded(table, ((key, True) for key in rows))))],
        "architectures": values("xx_arch_name", folded(table, names)),
    }


TABLES: Final[Mapping[str, Make]] = {"xx-dnf": _tables}
"""What makes the tables of each file."""
