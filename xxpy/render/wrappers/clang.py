"""What ``_clang.j2`` and ``xx-cc.j2`` need: what a linker must know of each platform, and which platform a triple names."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from xxpy.render.wrappers.branches import facts_of, folded, given, values

if TYPE_CHECKING:
    from collections.abc import Callable

    from xxpy.render.wrappers.branches import Facts
    from xxpy.table.columns import Row
    from xxpy.table.load import Table

APT: Final = "debian"
"""The group of names of those distributions whose packages xx-apt installs."""


def _linker_facts(row: Row) -> Facts:
    linker = row.linker
    return given({
        "xx_emulation": linker.emulation if linker else None,
        "xx_lld_since": str(linker.lld_since) if linker and linker.lld_since else None,
        "xx_prefer_static": "1" if linker and linker.prefer_static else None,
    })  # fmt: skip


def _set_up_facts(row: Row) -> Facts:
    libraries = {
        "xx_usr_triple": "1" if row.linker and row.linker.usr_triple else None,
        "xx_library_triple": row.debian.triple if row.debian else None,
    }
    return _linker_facts(row) + given(libraries)


def linker_block(table: Table) -> dict[str, object]:
    """Return what ``_linker.j2`` needs: what a linker must know of each platform, and how clang spells triples."""
    return {
        **_branches(table, _linker_facts),
        "respelled": _respelled(table),
        "sdk_systems": tuple(dict.fromkeys(row.platform.os for row in table.rows.values() if row.sdk is not None)),
        "with_rust": False,
        "with_set_up": False,
    }


def _branches(table: Table, facts: Callable[[Row], Facts]) -> dict[str, object]:
    found = facts_of(folded(table, ((key, facts(row)) for key, row in table.rows.items())))
    return {"linker_branches": [branch for branch in found if branch.facts]}


def _respelled(table: Table) -> list[tuple[str, str]]:
    # Rust's word for an architecture may be another than clang's, and the environment may ask for it.
    words = {
        target.split("-")[0]: row.triple.word
        for row in table.rows.values()
        if row.rust is not None and row.triple.word_variable is not None and row.clang is not None
        for target in (row.rust.gnu, row.rust.musl)
        if target is not None and not (row.clang.gnu or "").startswith(target.split("-")[0])
    }
    return list(words.items())


def block(table: Table) -> dict[str, object]:
    """Return what ``_clang.j2`` needs: what a set-up must know of each platform."""
    return {
        **linker_block(table),
        **_branches(table, _set_up_facts),
        "apt_systems": tuple(name for name, found in table.distributions.items() if found.names == APT),
        "with_set_up": True,
        "foreign_roots_list": [name for name, found in table.distributions.items() if found.foreign_root],
    }


def _patterns(row: Row) -> tuple[str, ...]:
    """Return the patterns of the triples that name a platform, whoever spells them: ``aarch64-*linux-*``."""
    own, spelled = row.triple, [names for names in (row.clang, row.gnu) if names is not None]
    targets = [target for names in spelled for target in (names.target, names.gnu, names.musl) if target is not None]
    if own.libc:
        abi = own.abi if own.abi_alpine is None else own.abi_alpine
        words = (own.word, *(target.split("-")[0] for target in targets))
        return (*(f"{word}-*{own.system}-*{own.abi}" for word in words), f"{own.word_alpine or own.word}-*{own.system}-*{abi}")
    return (f"{own.word}-*{own.system}*", *(target for target in targets if not fnmatchcase(target, f"{own.word}-*{own.system}*")))


def triple_block(table: Table) -> dict[str, object]:
    """Return what ``xx-cc.j2`` needs besides: which platform a triple names, the longest pattern first."""
    found: dict[str, str] = {}
    for key, row in table.rows.items():
        for pattern in _patterns(row) if row.clang is not None else ():
            found.setdefault(pattern, key)
    return {"triple_branches": values(sorted(found.items(), key=lambda item: -len(item[0])))}
