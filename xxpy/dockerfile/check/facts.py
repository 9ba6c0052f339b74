"""The rows of ``toolchains/dockerfile/check.toml``, and the words of the table that name architectures."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from xxpy.errors import TableError
from xxpy.table.decode import Getter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.dockerfile.shell import Command
    from xxpy.table.load import Table

FILE: Final = "dockerfile/check.toml"
"""Where the rows are, below ``toolchains/``."""
_SECTIONS: Final = ("neutral", "question", "download", "data", "stage")


@dataclass(frozen=True, slots=True)
class Neutral:
    """Commands that do the same for every target, whatever the variables of the platform say.

    :param verbs: the first arguments that are meant; none means any
    """

    commands: tuple[str, ...]
    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A command that tells the architecture of the machine that it runs on.

    :param arguments: one of them makes it the question; none means that the command alone is one
    """

    commands: tuple[str, ...]
    source: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Download:
    """Commands that fetch what a URL names, and instructions that do."""

    commands: tuple[str, ...]
    instructions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Data:
    """Paths, with ``*`` as in file names, that hold no programs."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All rows.

    :param architecture: fits a spelling of an architecture in a URL; None where none is known
    :param neutral_architectures: those of formats that run everywhere, such as wasm
    """

    neutral: tuple[Neutral, ...] = ()
    questions: tuple[Question, ...] = ()
    download: Download = Download((), ())
    data: Data = Data(())
    architecture: re.Pattern[str] | None = None
    everywhere: frozenset[str] = frozenset()

    def is_neutral(self, command: Command) -> bool:
        """Whether a command does the same for every target."""
        rows = (row for row in self.neutral if command.name in row.commands)
        return any(not row.verbs or command.verb in row.verbs for row in rows)

    def is_data(self, path: str) -> bool:
        """Whether a path holds no programs."""
        return any(fnmatchcase(path, pattern) for pattern in self.data.paths)

    def asks(self, command: Command) -> Question | None:
        """Return the question that a command asks about the machine it runs on."""
        words = [word.text for word in command.arguments]
        rows = (row for row in self.questions if command.name in row.commands)
        return next((row for row in rows if not row.arguments or _has(words, row.arguments)), None)

    def architecture_in(self, text: str) -> str:
        """Return the architecture that a text names as a word of its own, or ""."""
        found = self.architecture.search(text) if self.architecture else None
        return found[0] if found else ""


def load(text: str, table: Table) -> Facts:
    """Return the rows in the text of the file.

    :raises TableError: with all faults
    """
    faults: list[str] = []
    getter = Getter(faults)
    raw: dict[str, Any] = tomllib.loads(text)
    getter.unknown(raw, _SECTIONS, FILE)

    def rows(kind: type[Any], section: str) -> tuple[Any, ...]:
        found = (
            getter.build(kind, entry, f"{FILE}: {section}[{number}]")
            for number, entry in enumerate(raw.get(section, []))
        )
        return tuple(row for row in found if row is not None)

    facts = Facts(
        rows(Neutral, "neutral"),
        rows(Question, "question"),
        getter.build(Download, raw.get("download", {}), f"{FILE}: download") or Download((), ()),
        getter.build(Data, raw.get("data", {}), f"{FILE}: data") or Data(()),
        _pattern(_spellings(table)),
        frozenset(name for name, row in _architectures(table).items() if row),
    )
    if faults:
        raise TableError(faults)
    return facts


def _has(words: Iterable[str], wanted: Iterable[str]) -> bool:
    return any(fnmatchcase(word, pattern) for word in words for pattern in wanted)


def _architectures(table: Table) -> Mapping[str, bool]:
    """Return every architecture, and whether its programs run on every machine with an engine for them."""
    return {row.platform.architecture: row.file.format == "wasm" for row in table.rows.values()}


def _spellings(table: Table) -> set[str]:
    """Return every word that names the architecture of real machines in the name of a download."""
    everywhere = {name for name, row in _architectures(table).items() if row}
    spelled = {**table.words.architectures, **table.words.typed_architectures}
    found = {word for word, (name, _) in spelled.items() if name not in everywhere}
    for row in table.rows.values():
        if row.platform.architecture in everywhere:
            continue
        found |= {row.uname.machine, *row.uname.also}
        found |= {group.arch for group in (row.debian, row.alpine, row.rpm) if group is not None}
    return {word for word in found if not word.isdigit()}


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(
        rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, longest_first))})(?![A-Za-z0-9])",
        re.IGNORECASE,
    )
