"""What ``xx-apt.j2`` needs besides: how Debian and its family name what is for a platform, and which release has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.render.wrappers.branches import facts_of, folded, given, values
from xxpy.table import availability

if TYPE_CHECKING:
    from xxpy.render.wrappers.branches import Facts
    from xxpy.table.columns import Row
    from xxpy.table.load import Table

NAMES = "debian"
"""The group whose architectures the packages use, and the distribution whose releases it tells."""

MINGW = "mingw-w64"
"""What is in the name of every package of Debian for Windows."""


def _facts(row: Row) -> Facts:
    if row.packages is not None and row.packages.suffix is not None:
        return given({"xx_suffix": row.packages.suffix})
    facts: dict[str, str | None] = {}
    if row.debian is not None:
        facts = {"xx_arch_name": row.debian.arch}
    if (own := availability.span(row, NAMES)) is not None:
        facts |= {"xx_since": str(own.since), "xx_until": str(own.until or "")}
    if (split := availability.span(row, "ubuntu")) is not None:
        facts["xx_ubuntu_since"] = str(split.since)
    return given(facts)


def block(table: Table) -> dict[str, object]:
    """Return what ``xx-apt.j2`` needs besides: names of packages, releases, and the archives of Ubuntu."""
    rows = {key: row for key, row in table.rows.items() if row.packages is not None}
    return {
        "with_release": True,
        "package_branches": facts_of(folded(table, ((key, _facts(row)) for key, row in rows.items()))),
        "forced": values((key, row.packages.force_variable) for key, row in rows.items() if row.packages and row.packages.force_variable),
        "released": NAMES,
        "mingw": MINGW,
        "split": [
            (name, tuple(archive.main_architectures), archive.mirror, archive.ports)
            for name, archive in table.archives.items()
            if archive.ports is not None
        ],
    }
