"""Compare the processor level in Go's settings with what a platform has.

Go records the setting in every program (``GOAMD64=v3``, ``GOARM=7,softfloat``): a level, followed
by features, separated by commas (https://go.dev/doc/install/source#environment). The table says
which words a platform has: its own, those of the platforms whose programs it runs, and what every
processor of the architecture has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.table.columns import Row
    from xxpy.table.model import Table


def own(row: Row) -> dict[str, str]:
    """Return the variables for the processor of a platform, each with its highest level."""
    return {} if row.go is None else {**(row.go.baseline or {}), **(row.go.settings or {})}


def excess(settings: Mapping[str, str], row: Row, table: Table) -> Iterator[tuple[str, str]]:
    """Yield each setting, with its value, that asks for more than the platform of *row* has."""
    for name in own(row):
        value = settings.get(name, "")
        asked = {word.strip() for word in value.split(",")} - {""}
        if asked - _words(name, row, table):
            yield name, value


def platform_with(name: str, value: str, row: Row, table: Table) -> str | None:
    """Return the platform of the same system and architecture whose level is *value*, or None."""
    for known in table.rows.values():
        same = (known.platform.os, known.platform.architecture) == (
            row.platform.os,
            row.platform.architecture,
        )
        if same and known.go is not None and (known.go.settings or {}).get(name) == value:
            return known.platform.key
    return None


def _words(name: str, row: Row, table: Table) -> set[str]:
    """Return every value of a variable that the platform of *row* satisfies."""
    found: set[str] = set()
    for known in (row, *_run_by(row, table)):
        level = own(known).get(name)
        if level is not None and known.go is not None:
            found |= {level, *known.go.allowed}
    return found


def _run_by(row: Row, table: Table) -> Iterator[Row]:
    """Yield a row, of any system, for each other architecture whose programs *row*'s runs."""
    known = {found.platform.key.partition("/")[2]: found for found in table.rows.values()}
    waiting = [row.platform.key.partition("/")[2]]
    seen = set(waiting)
    while waiting:
        for lower in table.words.runs.get(waiting.pop(), ()):
            if lower not in seen:
                seen.add(lower)
                waiting.append(lower)
                if lower in known:
                    yield known[lower]
