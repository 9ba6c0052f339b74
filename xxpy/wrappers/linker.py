"""The tables of ``ready.sh``, ``linker.sh`` and ``set-up.sh``: facts for clang and linkers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy import shell
from xxpy.wrappers.sysroot import systems_with_sdk
from xxpy.wrappers.tables import Facts, branch, branches, folded, given

if TYPE_CHECKING:
    from collections.abc import Callable

    from xxpy.shell import Lines, Tables
    from xxpy.table.columns import Row
    from xxpy.table.model import Table


def ready(table: Table) -> Tables:
    """Return the tables of ``ready.sh``."""
    return {
        "respelled": [
            branch((f"{word}-*",), f"xx_clang_triple={shell.name(spelled)}-${{xx_triple#*-}}")
            for word, spelled in _respelled(table).items()
        ]
    }


def linker(table: Table) -> Tables:
    """Return the tables of ``linker.sh``."""
    return {"linkers": _rows(table, _linker)}


def set_up(table: Table) -> Tables:
    """Return the tables of ``set-up.sh``."""
    return {
        "systems-with-apt": [branch(table.archives, "xx_has_apt=1")],
        "libraries": _rows(table, _libraries),
        "sdk-systems": [branch(systems_with_sdk(table), "xx_find_sdk")],
    }


def _rows(table: Table, facts: Callable[[Row], Facts]) -> Lines:
    """Return the branches of those platforms that have any facts."""
    pairs = folded(table, ((key, facts(row)) for key, row in table.rows.items()))
    return branches(pair for pair in pairs if pair[1])


def _linker(row: Row) -> Facts:
    linker = row.linker
    return given({
        "xx_emulation": linker.emulation if linker else None,
        "xx_lld_since": str(linker.lld_since) if linker and linker.lld_since else None,
        "xx_prefer_static": "1" if linker and linker.prefer_static else None,
    })  # fmt: skip


def _libraries(row: Row) -> Facts:
    return given({
        "xx_usr_triple": "1" if row.linker and row.linker.usr_triple else None,
        "xx_library_triple": row.debian.triple if row.debian else None,
    })  # fmt: skip


def _respelled(table: Table) -> dict[str, str]:
    """Return the first words of triples that clang spells in another way.

    Rust's word for an architecture may be another than clang's, and the environment may ask for it.
    """
    return {
        target.split("-")[0]: row.triple.word
        for row in table.rows.values()
        if row.rust is not None and row.triple.word_variable is not None and row.clang is not None
        for target in (row.rust.gnu, row.rust.musl)
        if target is not None and not (row.clang.gnu or "").startswith(target.split("-")[0])
    }
