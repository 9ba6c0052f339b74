"""The tables of ``xx-apk.sh``: Alpine's names of architectures and of its system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy import shell
from xxpy.wrappers.tables import branch, folded, installable, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.shell import Tables
    from xxpy.table.model import Table
    from xxpy.wrappers.tables import Make


def _tables(table: Table) -> Tables:
    system = next(found for found in table.distributions.values() if found.foreign_root)
    rows = installable(table)
    groups = ((key, getattr(row, str(system.names))) for key, row in rows.items())
    names = ((key, group.arch) for key, group in groups if group is not None)
    variables = {
        row.triple.word_variable for row in table.rows.values() if row.triple.word_variable
    }
    return {
        "overrides": [f"unset {' '.join(map(shell.variable, sorted(variables)))}"],
        "system": [
            shell.setting(
                (("xx_id", system.id), ("xx_vendor", system.id), ("xx_libc", system.libc))
            )
        ],
        "installable": [branch(dict(folded(table, ((key, True) for key in rows))))],
        "architectures": values("xx_arch_name", folded(table, names)),
    }


TABLES: Final[Mapping[str, Make]] = {"xx-apk": _tables}
"""What makes the tables of each file."""
