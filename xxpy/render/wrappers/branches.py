"""The branches of a ``case``: platforms that agree in all that a script needs of them share one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from xxpy.table.target import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xxpy.table.load import Table
    from xxpy.table.target import Query

Value = TypeVar("Value")
_LIBCS: Final = ("gnu", "musl")
_Answers = tuple[str | None, ...]
"""The answers to a query, one a libc."""
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


def folded(table: Table, pairs: Iterable[tuple[str, Value]]) -> Iterator[tuple[str, Value]]:
    """Write ``os/architecture/*`` where every variant that the architecture has leads to the same, as most do: a shell reads what it skips.

    A script looks up canonical platforms only, so the pattern matches no variant without a row.
    """
    found = dict(pairs)
    for key, value in found.items():
        platform = table.rows[key].platform
        plain = f"{platform.os}/{platform.architecture}"
        variants = table.words.variants.get(platform.architecture, {}).values()
        siblings = [f"{plain}/{variant}" for variant in variants if variant]
        agree = platform.variant and all(sibling in found and found[sibling] == value for sibling in siblings)
        yield (f"{plain}/*" if agree else key), value


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
    """Return the branches that answer *query* by ``os/architecture[/variant]:libc``; ``*`` where a part makes no difference.

    The script has found the row before it asks, so a pattern may match what no row has.
    """
    return lookups(table, (query,))[0]


def lookups(table: Table, queries: Iterable[Query]) -> list[list[Branch]]:
    """Return the branches of :func:`by_libc` for each of several queries."""
    targets = {}
    for key, row in table.rows.items():
        target = resolve(table, row.platform, build=row.platform)
        targets[key] = tuple(replace(target, libc=libc) for libc in _LIBCS)
    return [_by_libc({key: tuple(map(query.value, found)) for key, found in targets.items()}) for query in queries]


def _by_libc(answers: Mapping[str, _Answers]) -> list[Branch]:
    alike: dict[str, set[_Answers]] = {}
    for key, found in answers.items():
        for family in _families(key):
            alike.setdefault(family, set()).add(found)
    pairs: list[tuple[str, str]] = []
    for key, found in answers.items():
        system, architecture = _families(key)
        for libc, value in ({"*": found[0]} if len(set(found)) == 1 else dict(zip(_LIBCS, found, strict=True))).items():
            patterns: tuple[str, ...] = (f"{key}:{libc}",)
            if len(alike[system]) == 1:
                patterns = (f"{system}/*:{libc}",)
            elif len(alike[architecture]) == 1:
                patterns = (f"{architecture}[:/]*",) if libc == "*" else (f"{architecture}:{libc}", f"{architecture}/*:{libc}")
            pairs += [(pattern, value) for pattern in patterns if value is not None]
    return values(pairs)


def _families(key: str) -> tuple[str, str]:
    """Return the system and the architecture of a platform: ``linux`` and ``linux/arm`` of ``linux/arm/v7``."""
    system, architecture, *_ = key.split("/")
    return system, f"{system}/{architecture}"
