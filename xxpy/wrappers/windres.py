"""The tables of ``xx-windres.sh``: Windows' machines, as binutils and triples name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.table.resolve import resolve
from xxpy.wrappers.tables import values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.shell import Tables
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.wrappers.tables import Make


def _tables(table: Table) -> Tables:
    machines = {
        row.platform.architecture: row.pe for row in table.rows.values() if row.pe is not None
    }
    words = {
        word: machines[row.platform.architecture].cvtres
        for row in table.rows.values()
        if row.platform.architecture in machines
        for word in _words(row)
    }
    triples = [
        (row.pe.cvtres, resolve(table, row.platform, build=row.platform).triple)
        for row in table.rows.values()
        if row.pe is not None
    ]
    targets = [(name, machine.cvtres) for machine in machines.values() for name in machine.bfd]
    return {
        "targets": values("xx_machine", targets),
        "words": values("xx_machine", words.items()),
        "triples": values("xx_triple", dict(reversed(triples)).items()),
    }


def _words(row: Row) -> Iterator[str]:
    """Yield the words that triples of a platform begin with, and what ``uname -m`` says there."""
    yield from (
        row.triple.word,
        row.triple.word_alpine or row.triple.word,
        row.uname.machine,
        *row.uname.also,
    )
    for names in (row.clang, row.gnu):
        targets = () if names is None else (names.target, names.gnu, names.musl)
        yield from (target.split("-")[0] for target in targets if target is not None)


TABLES: Final[Mapping[str, Make]] = {"xx-windres": _tables}
"""What makes the tables of each file."""
