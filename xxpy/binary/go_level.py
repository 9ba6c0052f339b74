"""Which level of the processor Go's settings ask for, and whether a platform has it.

Go notes the setting in every program (``GOAMD64=v3``, ``GOARM=7,softfloat``): a level, then features, with commas between
(https://go.dev/doc/install/source#environment). The table says which words a platform has: its own, those of the platforms whose programs
it runs, and what every processor of the architecture has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.rows import Row
    from xxpy.table import Table


def own(row: Row) -> dict[str, str]:
    """Return the variables for the processor of a platform, each with the highest level that the platform has."""
    return {} if row.go is None else {**(row.go.baseline or {}), **(row.go.settings or {})}


def excess(settings: Mapping[str, str], row: Row, table: Table) -> Iterator[tuple[str, str]]:
    """Yield each setting, with its value, that asks for more than the platform of *row* has; what is not set asks for nothing."""
    for name in own(row):
        value = settings.get(name, "")
        asked = {word.strip() for word in value.split(",")} - {""}
        if asked - _words(name, row, table):
            yield name, value


def platform_with(name: str, value: str, row: Row, table: Table) -> str | None:
    """Return the platform, of the same system and architecture, whose level is *value*, or None."""
    for known in table.rows.values():
        same = (known.platform.os, known.platform.architecture) == (row.platform.os, row.platform.architecture)
        if same and known.go is not None and (known.go.settings or {}).get(name) == value:
            return known.platform.key
    return None


def _words(name: str, row: Row, table: Table) -> set[str]:
    """Return every word of a variable that asks for no more than the platform of *row* has."""
    found: set[str] = set()
    for known in (row, *_run_by(row, table)):
        level = own(known).get(name)
        if level is not None and known.go is not None:
            found |= {level, *known.go.allowed}
    return found


def _run_by(row: Row, table: Table) -> Iterator[Row]:
    """Yield the rows of the platforms whose programs the platform of *row* runs besides its own."""
    system, _, start = row.platform.key.partition("/")
    waiting, seen = [start], {start}
    while waiting:
        for lower in table.words.runs.get(waiting.pop(), ()):
            if lower not in seen:
                seen.add(lower)
                waiting.append(lower)
                if f"{system}/{lower}" in table.rows:
                    yield table.rows[f"{system}/{lower}"]
