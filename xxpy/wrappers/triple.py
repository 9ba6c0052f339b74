"""The tables of ``triple.sh``: the words of each triple, and how distributions change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy import shell
from xxpy.wrappers.tables import Facts, branch, branches, folded, given, grouped, values

if TYPE_CHECKING:
    from xxpy.shell import Tables
    from xxpy.table.columns import Row
    from xxpy.table.model import Table


def tables(table: Table) -> Tables:
    """Return the tables of ``triple.sh``."""
    rows, distributions = table.rows.items(), table.distributions.items()
    words = (
        (key, row.triple.word_variable)
        for key, row in rows
        if row.triple.libc and row.triple.word_variable
    )
    versions = (
        (key, row.triple.version_variable) for key, row in rows if row.triple.version_variable
    )
    alpine = [name for name, found in distributions if found.alpine_spelling]
    return {
        "systems": branches(pair for pair in map(_system, table.rows.values()) if pair[1]),
        "libcs": values("xx_libc", ((name, found.libc) for name, found in distributions)),
        "rows": branches(folded(table, ((key, _words(row)) for key, row in rows))),
        "words-from-environment": [
            branch(keys, f"xx_word_given=${{{shell.variable(variable)}-}}")
            for variable, keys in grouped(folded(table, words))
        ],
        "versions-from-environment": [
            branch(keys, f"xx_version=${{{shell.variable(variable)}:-$xx_version}}")
            for variable, keys in grouped(folded(table, versions))
        ],
        "words-of-alpine": [branch(alpine, "xx_word=$xx_word_alpine")],
        "abis-of-alpine": [branch(alpine, "xx_abi=$xx_abi_alpine")],
        "plain-vendors": [
            branch(
                (name for name, found in distributions if not found.vendor_in_triple),
                "xx_triple=''",
            )
        ],
    }


def _words(row: Row) -> Facts:
    """Return the words that the triple of a row is made of."""
    parts = row.triple
    return given({
        "xx_system": parts.system,
        "xx_word": parts.word,
        "xx_word_alpine": parts.word_alpine or parts.word,
        "xx_abi": parts.abi,
        "xx_abi_alpine": parts.abi if parts.abi_alpine is None else parts.abi_alpine,
        "xx_version": parts.version,
    })  # fmt: skip


def _system(row: Row) -> tuple[str, Facts]:
    parts = row.triple
    return row.platform.os, given({
        "xx_system_vendor": parts.vendor,
        "xx_system_vendor_prevails": "1" if parts.vendor_prevails else "",
        "xx_with_libc": "1" if parts.libc else "",
        "xx_libc_name": parts.libc_name,
    })  # fmt: skip
