"""The tables of ``xx-apt.sh``: the names of Debian's family, and which release has a platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy import shell
from xxpy.table import availability
from xxpy.wrappers.tables import Facts, branch, branches, folded, given

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.shell import Lines, Tables
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.wrappers.tables import Make


def _release(table: Table) -> Tables:
    rows = {key: row for key, row in table.rows.items() if row.packages is not None}
    forced = ((key, row.packages.force_variable) for key, row in rows.items() if row.packages)
    return {
        "packages": branches(folded(table, ((key, _names(row)) for key, row in rows.items()))),
        "distributions": [
            branch((f"{name}:" for name in table.archives), "xx_number=$xx_os_version")
        ],
        "releases": [line for name in table.archives for line in _releases(table, name)],
        "forced": [
            branch((key,), f"xx_forced=${{{shell.variable(name)}-}} xx_force_variable={name}")
            for key, name in forced
            if name is not None
        ],
    }


def _names(row: Row) -> Facts:
    """Return what the packages for a platform have in their names."""
    if row.packages is not None and row.packages.suffix is not None:
        return given({"xx_suffix": row.packages.suffix})
    return given({"xx_arch_name": None if row.debian is None else row.debian.arch})


def _releases(table: Table, identity: str) -> Lines:
    """Return the first and last release that has a platform, by ``distribution:platform``."""
    found: dict[str, Facts] = {}
    for key, row in table.rows.items():
        if (span := availability.span(row, identity, table)) is not None:
            last = str(span.until or "")
            found[key] = given({"xx_since": str(span.since), "xx_until": last})
    return branches((f"{identity}:{key}", facts) for key, facts in folded(table, found.items()))


def _archives(table: Table) -> Tables:
    return {"archives": list(_addresses(table))}


def _addresses(table: Table) -> Iterator[str]:
    """Yield the archive of packages by ``distribution:own architecture:other architecture``."""
    for name, archive in table.archives.items():
        if archive.ports is None:
            continue
        own, two = archive.main_architectures, "xx_two_archives=1"
        yield branch((f"{name}:{one}:{other}" for one in own for other in own), two)
        for prefix, address in (("{}:{}:*", archive.ports), ("{}:*:{}", archive.mirror)):
            patterns = [prefix.format(name, one) for one in own]
            yield branch(patterns, f"{two} xx_address={shell.quote(address)}")
        yield branch((f"{name}:*",), two)


TABLES: Final[Mapping[str, Make]] = {
    "xx-apt": _archives,
    "apt-release": _release,
}
"""What makes the tables of each file."""
