"""Tables of a script: branches of a ``case`` in shell; platforms that agree share one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from xxpy import shell
from xxpy.table import libc as c_library
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from xxpy.shell import Tables
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.table.target import Query

    Make = Callable[[Table], Tables]
    """What makes the tables of one file."""

Value = TypeVar("Value")
_Answers = tuple[str | None, ...]
"""The answers to a query, one a libc."""
Facts = tuple[tuple[str, str], ...]
"""Variables of a script and their values."""


def given(facts: Mapping[str, str | None]) -> Facts:
    """Return the facts that are not empty: a script starts with all its variables empty."""
    return tuple((name, value) for name, value in facts.items() if value)


def grouped(pairs: Iterable[tuple[str, Value]]) -> list[tuple[Value, tuple[str, ...]]]:
    """Group words by what they lead to; both keep their order, doubles are dropped."""
    groups: dict[Value, dict[str, None]] = {}
    for word, value in pairs:
        groups.setdefault(value, {})[word] = None
    return [(value, tuple(words)) for value, words in groups.items()]


def folded(table: Table, pairs: Iterable[tuple[str, Value]]) -> Iterator[tuple[str, Value]]:
    """Write ``os/architecture/*`` where every variant of the architecture leads to the same.

    Most do, and a shell reads what it skips. A script looks up canonical platforms only, so the
    pattern matches no variant without a row.
    """
    found = dict(pairs)
    for key, value in found.items():
        platform = table.rows[key].platform
        plain = f"{platform.os}/{platform.architecture}"
        variants = table.words.variants.get(platform.architecture, {}).values()
        siblings = [f"{plain}/{variant}" for variant in variants if variant]
        agree = platform.variant and all(
            sibling in found and found[sibling] == value for sibling in siblings
        )
        yield (f"{plain}/*" if agree else key), value


def branch(words: Iterable[str], code: str = "") -> str:
    """Return the branch from words to code.

    >>> branch(["linux/arm64", "linux/arm"], "xx_word=1")
    'linux/arm64 | linux/arm) xx_word=1 ;;'
    """
    return f"{shell.patterns(words)}) {code} ;;".replace(")  ;;", ") ;;")


def branches(pairs: Iterable[tuple[str, Facts]]) -> list[str]:
    """Return the branches from words to the variables that each sets."""
    return [branch(words, shell.setting(facts)) for facts, words in grouped(pairs)]


def values(variable: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return the branches from words to the value that a variable gets."""
    return branches((word, ((variable, value),)) for word, value in pairs)


def by_libc(table: Table, query: Query) -> list[tuple[str, str]]:
    """Return the answers to *query* by ``os/architecture[/variant]:libc``; ``*`` matches any part.

    The script has found the row before it asks, so a pattern may match what no row has.
    """
    return lookups(table, (query,))[0]


def lookups(table: Table, queries: Iterable[Query]) -> list[list[tuple[str, str]]]:
    """Return the patterns and answers of :func:`by_libc` for each of several queries."""
    targets = {}
    for key, row in table.rows.items():
        target = resolve(table, row.platform, build=row.platform)
        targets[key] = tuple(replace(target, libc=libc) for libc in c_library.CHOICES)
    return [
        _by_libc({key: tuple(map(query.value, found)) for key, found in targets.items()})
        for query in queries
    ]


def _by_libc(answers: Mapping[str, _Answers]) -> list[tuple[str, str]]:
    alike: dict[str, set[_Answers]] = {}
    for key, found in answers.items():
        for family in _families(key):
            alike.setdefault(family, set()).add(found)
    pairs: list[tuple[str, str]] = []
    for key, found in answers.items():
        system, architecture = _families(key)
        by = (
            {"*": found[0]}
            if len(set(found)) == 1
            else dict(zip(c_library.CHOICES, found, strict=True))
        )
        for libc, value in by.items():
            patterns: tuple[str, ...] = (f"{key}:{libc}",)
            if len(alike[system]) == 1:
                patterns = (f"{system}/*:{libc}",)
            elif len(alike[architecture]) == 1:
                patterns = (f"{architecture}:{libc}", f"{architecture}/*:{libc}")
                if libc == "*":
                    patterns = (f"{architecture}[:/]*",)
            pairs += [(pattern, value) for pattern in patterns if value is not None]
    return pairs


def _families(key: str) -> tuple[str, str]:
    """Return system and architecture: ``linux`` and ``linux/arm`` of ``linux/arm/v7``."""
    system, architecture, *_ = key.split("/")
    return system, f"{system}/{architecture}"


def installable(table: Table) -> dict[str, Row]:
    """Return the rows of platforms with packages under their own names in distributions."""
    return {
        key: row
        for key, row in table.rows.items()
        if row.packages is not None and row.packages.suffix is None
    }
