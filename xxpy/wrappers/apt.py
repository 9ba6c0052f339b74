"""The tables of ``xx-apt.sh``: how Debian and its family name what is for a platform, and which release has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy import shell
from xxpy.table import availability
from xxpy.wrappers.tables import Facts, branch, branches, folded, given

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.shell import Tables
    from xxpy.table.columns import Row
    from xxpy.table.load import Table
    from xxpy.wrappers.tables import Make

NAMES: Final = "debian"
"""The group whose architectures the packages use, and the distribution whose releases it tells."""

_WITHOUT_DOT: Final = "${xx_os_version%%.*}${xx_os_version#*.}"


def _release(table: Table) -> Tables:
    rows = {key: row for key, row in table.rows.items() if row.packages is not None}
    forced = ((key, row.packages.force_variable) for key, row in rows.items() if row.packages)
    split = [name for name, archive in table.archives.items() if archive.ports is not None]
    return {
        "packages": branches(folded(table, ((key, _facts(row)) for key, row in rows.items()))),
        "releases": [
            branch((NAMES,), "xx_number=$xx_os_version"),
            *(
                branch(
                    (name,),
                    f"xx_number={_WITHOUT_DOT} xx_since=$xx_{shell.variable(name)}_since xx_until=''",
                )
                for name in split
            ),
        ],
        "forced": [
            branch((key,), f"xx_forced=${{{shell.variable(name)}-}} xx_force_variable={name}")
            for key, name in forced
            if name is not None
        ],
    }


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


def _archives(table: Table) -> Tables:
    return {"archives": list(_addresses(table))}


def _addresses(table: Table) -> Iterator[str]:
    """Yield which archive the packages come from, by ``distribution:own architecture:other architecture``."""
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
