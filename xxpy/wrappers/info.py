"""The tables of ``xx-info.sh``: the queries and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy import shell
from xxpy.table.target import QUERIES, SPECIAL_QUERIES, further_queries
from xxpy.wrappers.tables import Facts, branch, branches, folded, given, grouped, lookups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.shell import Lines, Tables
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.wrappers.tables import Make


def _tables(table: Table) -> Tables:
    helps = [*((name, query.help) for name, query in QUERIES.items()), *SPECIAL_QUERIES.items()]
    rows = folded(table, ((key, _architectures(row)) for key, row in table.rows.items()))
    groups = ((name, found.names) for name, found in table.distributions.items() if found.names)
    return {
        "queries": [f"xx_line {shell.name(name)} {shell.quote(text)}" for name, text in helps],
        "architectures": branches(rows),
        "architecture-of-vendors": [
            branch(names, f"xx_pkg_arch=$xx_{shell.variable(group)}_arch")
            for group, names in grouped(groups)
        ],
        "lookups": _lookups(table),
    }


def _architectures(row: Row) -> Facts:
    return given({
        "xx_march": row.uname.machine,
        "xx_alpine_arch": None if row.alpine is None else row.alpine.arch,
        "xx_debian_arch": None if row.debian is None else row.debian.arch,
        "xx_rpm_arch": None if row.rpm is None else row.rpm.arch,
    })  # fmt: skip


def _lookups(table: Table) -> Lines:
    """Return the answers to each query that depends on nothing but the row and the libc."""
    queries = dict(further_queries())
    return [
        line
        for name, pairs in zip(queries, lookups(table, queries.values()), strict=True)
        for line in _lookup(name, pairs)
    ]


def _lookup(name: str, pairs: list[tuple[str, str]]) -> Iterator[str]:
    yield f'if [ "$xx_query" = {shell.name(name)} ]; then'
    yield "  case $xx_platform in"
    for value, patterns in grouped(pairs):
        yield f"    {branch(patterns, f'xx_answer {shell.quote(value)}')}"
    yield from ("  esac", "  xx_fail_without", "fi")


TABLES: Final[Mapping[str, Make]] = {"xx-info": _tables}
"""What makes the tables of each file."""
