"""The tables of ``xx-cc.sh``: which platform a triple names."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from xxpy.wrappers.sysroot import systems_with_sdk
from xxpy.wrappers.tables import branch, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.shell import Tables
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.wrappers.tables import Make


def _tables(table: Table) -> Tables:
    found: dict[str, str] = {}
    for key, row in table.rows.items():
        for pattern in _patterns(row) if row.clang is not None else ():
            found.setdefault(pattern, key)
    longest_first = sorted(found.items(), key=lambda item: -len(item[0]))
    return {
        "triples": values("TARGETPLATFORM", longest_first),
        "sdk-systems": [branch(systems_with_sdk(table), "xx_sysroot=${xx_sysroot%/}")],
    }


def _patterns(row: Row) -> tuple[str, ...]:
    """Return the patterns of a platform's triples in any spelling: ``aarch64-*linux-*``."""
    own, spelled = row.triple, [names for names in (row.clang, row.gnu) if names is not None]
    targets = [
        target
        for names in spelled
        for target in (names.target, names.gnu, names.musl)
        if target is not None
    ]
    if own.libc:
        abi = own.abi if own.abi_alpine is None else own.abi_alpine
        words = (own.word, *(target.split("-")[0] for target in targets))
        alpine = f"{own.word_alpine or own.word}-*{own.system}-*{abi}"
        return (*(f"{word}-*{own.system}-*{own.abi}" for word in words), alpine)
    general = f"{own.word}-*{own.system}*"
    return (general, *(target for target in targets if not fnmatchcase(target, general)))


TABLES: Final[Mapping[str, Make]] = {"xx-cc": _tables}
"""What makes the tables of each file."""
