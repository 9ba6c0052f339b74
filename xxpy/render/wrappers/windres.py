"""What ``xx-windres.j2`` needs besides: the machines of Windows, by the names of GNU binutils and by the first words of triples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.render.wrappers.branches import values
from xxpy.table.target import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.table.columns import Row
    from xxpy.table.load import Table


def _words(row: Row) -> Iterator[str]:
    """Yield the words that triples of a platform begin with, and what ``uname -m`` says there."""
    yield from (row.triple.word, row.triple.word_alpine or row.triple.word, row.uname.machine, *row.uname.also)
    for names in (row.clang, row.gnu):
        targets = () if names is None else (names.target, names.gnu, names.musl)
        yield from (target.split("-")[0] for target in targets if target is not None)


def block(table: Table) -> dict[str, object]:
    """Return what ``xx-windres.j2`` needs besides: the machines of Windows and their names."""
    machines = {row.platform.architecture: row.pe for row in table.rows.values() if row.pe is not None}
    words = {
        word: machines[row.platform.architecture].cvtres
        for row in table.rows.values()
        if row.platform.architecture in machines
        for word in _words(row)
    }
    rows = [row for row in table.rows.values() if row.pe is not None]
    triples = [(row.pe.cvtres, resolve(table, row.platform, build=row.platform).triple) for row in rows if row.pe is not None]
    targets = [(name, machine.cvtres) for machine in machines.values() for name in machine.bfd]
    return {
        "windres_targets": values(targets),
        "windres_words": values(words.items()),
        "windres_triples": values(dict(reversed(triples)).items()),
        "windres_example": targets[0][0],
    }
