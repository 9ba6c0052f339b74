"""What ``xx-apk.j2`` needs besides: what Alpine calls an architecture, and the system whose names its roots bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.render.wrappers.branches import folded, values

if TYPE_CHECKING:
    from xxpy.table.load import Table

NAMES = "alpine"
"""The group whose architectures the packages use."""


def block(table: Table) -> dict[str, object]:
    """Return what ``xx-apk.j2`` needs besides."""
    system = next(found for found in table.distributions.values() if found.names == NAMES)
    rows = {key: row for key, row in table.rows.items() if row.packages is not None and row.packages.suffix is None}
    return {
        "architectures": values(folded(table, ((key, row.alpine.arch) for key, row in rows.items() if row.alpine is not None))),
        "installable": tuple(dict(folded(table, ((key, True) for key in rows)))),
        "system": system.id,
        "system_libc": system.libc,
        "overrides": sorted({row.triple.word_variable for row in table.rows.values() if row.triple.word_variable}),
    }
