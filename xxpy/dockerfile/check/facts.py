"""Facts for checks: ``toolchains/dockerfile/check.toml`` and the names of architectures."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xxpy.errors import TableError
from xxpy.table.decode import Decoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.table.model import Table

FILE: Final = "dockerfile/check.toml"
"""Where the rows are, below ``toolchains/``."""
_SECTIONS: Final = ("download", "data")


@dataclass(frozen=True, slots=True)
class Download:
    """Instructions that fetch what a URL names."""

    instructions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Data:
    """Paths, with ``*`` as in file names, that hold no programs."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All rows.

    :param architecture: fits a spelling of an architecture in a URL; None where none is known
    :param everywhere: architectures whose programs run on every machine, such as wasm
    """

    download: Download = Download(())
    data: Data = Data(())
    architecture: re.Pattern[str] | None = None
    everywhere: frozenset[str] = frozenset()

    def architecture_in(self, text: str) -> str:
        """Return the architecture that a text names as a word of its own, or ""."""
        found = self.architecture.search(text) if self.architecture else None
        return found[0] if found else ""


def load(text: str, table: Table) -> Facts:
    """Return the rows in the text of the file.

    :raises TableError: with all faults
    """
    faults: list[str] = []
    decoder = Decoder(faults)
    raw: dict[str, Any] = tomllib.loads(text)
    decoder.unknown(raw, _SECTIONS, FILE)

    facts = Facts(
        decoder.build(Download, raw.get("download", {}), f"{FILE}: download") or Download(()),
        decoder.build(Data, raw.get("data", {}), f"{FILE}: data") or Data(()),
        _pattern(_spellings(table)),
        frozenset(name for name, row in _architectures(table).items() if row),
    )
    if faults:
        raise TableError(faults)
    return facts


def _architectures(table: Table) -> Mapping[str, bool]:
    """Return every architecture, and whether its programs run on any machine with an engine."""
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
