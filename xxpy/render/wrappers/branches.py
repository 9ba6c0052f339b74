"""The branches of a ``case``: platforms that agree in all that a script needs of them share one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from xxpy.target import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.table import Table
    from xxpy.target import Query

Value = TypeVar("Value")
Facts = tuple[tuple[str, str], ...]
"""Variables of a script and their values."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of a ``case``.

    :param patterns: the words that lead to it
    :param value: what it stands for: one word, or the facts that it sets
    """

    patterns: tuple[str, ...]
    value: str = ""
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A branch that leads to an architecture and its variant ("" for none)."""

    patterns: tuple[str, ...]
    architecture: str
    variant: str


def grouped(pairs: Iterable[tuple[str, Value]]) -> list[tuple[Value, tuple[str, ...]]]:
    """Group words by what they lead to; both keep their order, doubles are dropped."""
    groups: dict[Value, dict[str, None]] = {}
    for word, value in pairs:
        groups.setdefault(value, {})[word] = None
    return [(value, tuple(words)) for value, words in groups.items()]


def values(pairs: Iterable[tuple[str, str]]) -> list[Branch]:
    """Return the branches that lead from words to a value."""
    return [Branch(words, value=value) for value, words in grouped(pairs)]


def facts_of(pairs: Iterable[tuple[str, Facts]]) -> list[Branch]:
    """Return the branches that lead from words to facts."""
    return [Branch(words, facts=facts) for facts, words in grouped(pairs)]


def words_of(pairs: Iterable[tuple[str, tuple[str, str]]]) -> list[Words]:
    """Return the branches that lead from words to an architecture and its variant."""
    return [Words(words, *found) for found, words in grouped(pairs)]


def given(facts: Mapping[str, str | None]) -> Facts:
    """Return the facts that are not empty: a script starts with all its variables empty."""
    return tuple((name, value) for name, value in facts.items() if value)


def by_libc(table: Table, query: Query) -> list[Branch]:
    """Return the branches that answer *query* by ``os/architecture[/variant]:libc``; ``*`` where the libc makes no difference."""
    answers: list[tuple[str, str]] = []
    for key, row in table.rows.items():
        target = resolve(table, row.platform, build=row.platform)
        found = {libc: query.value(replace(target, libc=libc)) for libc in ("gnu", "musl")}
        kinds = {"*": found["gnu"]} if found["gnu"] == found["musl"] else found
        answers += [(f"{key}:{libc}", value) for libc, value in kinds.items() if value is not None]
    return values(answers)
