"""What ``xx-info.j2`` needs besides: the queries and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.render.wrappers.branches import facts_of, folded, given, lookups, values
from xxpy.render.wrappers.target import triple_facts
from xxpy.table.target import QUERIES, SPECIAL_QUERIES, further_queries

if TYPE_CHECKING:
    from xxpy.render.wrappers.branches import Facts
    from xxpy.table.columns import Row
    from xxpy.table.load import Table


def _name_facts(row: Row) -> Facts:
    return given({
        "xx_march": row.uname.machine,
        "xx_alpine_arch": None if row.alpine is None else row.alpine.arch,
        "xx_debian_arch": None if row.debian is None else row.debian.arch,
        "xx_rpm_arch": None if row.rpm is None else row.rpm.arch,
    })  # fmt: skip


def block(table: Table) -> dict[str, object]:
    """Return what ``xx-info.j2`` needs besides: the queries and their answers."""
    further = dict(further_queries())
    return {
        "with_release": True,
        "with_names": True,
        "row_branches": facts_of(folded(table, ((key, triple_facts(row) + _name_facts(row)) for key, row in table.rows.items()))),
        "queries": [*((name, query.help) for name, query in QUERIES.items()), *SPECIAL_QUERIES.items()],
        "row_queries": [
            ("march", "xx_march"),
            ("alpine-arch", "xx_alpine_arch"),
            ("debian-arch", "xx_debian_arch"),
            ("rhel-arch", "xx_rpm_arch"),
        ],
        "package_names": values((name, f"xx_{found.names}_arch") for name, found in table.distributions.items() if found.names is not None),
        "lookups": list(zip(further, lookups(table, further.values()), strict=True)),
    }
