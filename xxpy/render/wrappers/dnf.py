"""What ``xx-dnf.j2`` needs besides: what RPM calls an architecture, and what dnf wants to hear to install for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.render.wrappers.branches import folded, values

if TYPE_CHECKING:
    from xxpy.table.load import Table


def block(table: Table) -> dict[str, object]:
    """Return what ``xx-dnf.j2`` needs besides."""
    rows = {key: row for key, row in table.rows.items() if row.packages is not None and row.packages.suffix is None}
    return {
        "with_release": True,
        "architectures": values(folded(table, ((key, row.rpm.force or row.rpm.arch) for key, row in rows.items() if row.rpm is not None))),
        "installable": tuple(dict(folded(table, ((key, True) for key in rows)))),
    }
