"""Pairs of a project and a platform, and which of them a run is about."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from xxpy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from world.entries import Entry

LINUX: Final = (
    "linux/amd64",
    "linux/arm64",
    "linux/arm/v7",
    "linux/riscv64",
    "linux/ppc64le",
    "linux/s390x",
)
"""What ``linux`` stands for in an entry."""
WORDS: Final = {"linux": LINUX, "musl": ("linux/arm64:musl",)}
SYSTEMS: Final = ("windows/amd64", "windows/arm64", "darwin/arm64", "freebsd/amd64")
MOST: Final = 400
"""How many pairs the corpus may have, without those that lack libraries."""


@dataclass(frozen=True, slots=True, order=True)
class Goal:
    """What a project is built for.

    :param platform: such as ``linux/arm64``
    :param libc: ``musl``, or "" for what xxpy takes by itself
    """

    platform: str
    libc: str = ""

    @property
    def folder(self) -> str:
        """Its name in paths: ``linux_arm64_musl``."""
        return str(self).replace("/", "_").replace(":", "_")

    @property
    def linux(self) -> bool:
        """Whether programs for it run under QEMU."""
        return self.platform.startswith("linux/")

    def matches(self, pattern: str) -> bool:
        """Return whether a pattern such as ``linux/*`` or ``*:musl`` is about it."""
        return fnmatchcase(str(self), pattern)

    def __str__(self) -> str:
        return f"{self.platform}:{self.libc}" if self.libc else self.platform


@dataclass(frozen=True, slots=True)
class Pair:
    """A project and what it is built for."""

    entry: Entry
    goal: Goal

    @property
    def lacking(self) -> str:
        """The libraries that the platform lacks, or ""."""
        for pattern, libraries in self.entry.lacks.items():
            if self.goal.matches(pattern):
                return libraries
        if self.entry.elsewhere or (self.goal.linux and not self.goal.libc):
            return ""
        return ", ".join(self.entry.packages)

    def __str__(self) -> str:
        return f"{self.entry.name} {self.goal}"


def goals(words: Iterable[str]) -> tuple[Goal, ...]:
    """Return what the ``platforms`` of an entry stand for, each once.

    >>> [str(goal) for goal in goals(["musl", "windows/amd64"])]
    ['linux/arm64:musl', 'windows/amd64']
    """
    found: dict[Goal, None] = {}
    for word in words:
        for spelled in WORDS.get(word, (word,)):
            platform, _, libc = spelled.partition(":")
            found[Goal(platform, libc)] = None
    return tuple(found)


def pairs(entries: Iterable[Entry]) -> tuple[Pair, ...]:
    """Return all pairs of the corpus."""
    return tuple(Pair(entry, goal) for entry in entries for goal in entry.goals)


def select(
    every: Sequence[Pair],
    projects: Sequence[str] = (),
    platforms: Sequence[str] = (),
    languages: Sequence[str] = (),
    part: str = "1/1",
) -> tuple[Pair, ...]:
    """Return the pairs that a run is about; without names, all of them.

    :param part: ``2/6`` for the second of six parts; a project is in one part as a whole
    :raises UsageError: nothing has such a name, or there is no such part
    """
    names = list(dict.fromkeys(pair.entry.name for pair in every))
    unknown = [name for name in projects if name not in names]
    if unknown:
        raise UsageError(f"no such project: {', '.join(unknown)}", "see world/corpus")
    number, count = _part(part)
    mine = {name for place, name in enumerate(names) if place % count == number - 1}
    kinds = {"c": ("cmake", "meson", "autotools", "make")}
    wanted = [kind for language in languages for kind in kinds.get(language, (language,))]
    chosen = (
        pair
        for pair in every
        if pair.entry.name in mine
        and (not projects or pair.entry.name in projects)
        and (not wanted or pair.entry.kind in wanted)
        and (not platforms or any(pair.goal.matches(pattern) for pattern in platforms))
    )
    return tuple(chosen)


def _part(text: str) -> tuple[int, int]:
    number, _, count = text.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise UsageError(f"no such part: {text}", "expected K/N, such as 2/6")
    return int(number), int(count)
