"""Results of pairs: kept between runs, one JSON file each, and read from ``docs/world.json``."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xxpy import version
from xxpy.machine import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from world.pairs import Pair

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "world.md"
TABLE: Final = ROOT / "docs" / "world.json"
RAN: Final = "ran"
BUILT: Final = "built"
FAILED: Final = "failed"
LACKING: Final = "lacking"
UNTRIED: Final = "untried"


@dataclass(frozen=True, slots=True)
class Record:
    """The result of one pair.

    :param verdict: ``ran``, ``built``, ``failed``, ``lacking`` or ``untried``
    :param entry: the digest of the entry
    :param xxpy: the version of xxpy
    :param cause: why it failed, as xxpy or the proof says
    :param evidence: the line of a log that shows it
    :param content: a digest of the content of xxpy
    :param seconds: how long the build took
    """

    project: str
    goal: str
    verdict: str
    entry: str
    xxpy: str = ""
    cause: str = ""
    evidence: str = ""
    content: str = ""
    seconds: float = 0.0
    log: str = ""

    @property
    def good(self) -> bool:
        """Whether the pair was built, and run where that was possible."""
        return self.verdict in {RAN, BUILT}


class Records:
    """The records of one state folder and, below them, those of a table.

    :param folder: the folder of the records
    :param table: ``docs/world.json``, for pairs without a record
    """

    def __init__(self, folder: Path, table: Path = TABLE) -> None:
        self._folder = folder
        self._known = read(table)

    def find(self, pair: Pair) -> Record | None:
        """Return the newest record of a pair that is about this entry."""
        path = self._path(pair)
        if path.is_file():
            found = _record(json.loads(path.read_text("utf-8")))
            if found.entry == pair.entry.digest:
                return found
        known = self._known.get((pair.entry.name, str(pair.goal)))
        return known if known and known.entry == pair.entry.digest else None

    def keep(self, pair: Pair, record: Record) -> None:
        """Write a record, as a whole or not at all."""
        path = self._path(pair)
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, json.dumps(asdict(record), indent=1) + "\n")

    def _path(self, pair: Pair) -> Path:
        return self._folder / pair.entry.name / f"{pair.goal.folder}.json"


def read(path: Path) -> dict[tuple[str, str], Record]:
    """Return the records of ``docs/world.json``, or nothing if there is no such file."""
    if not path.is_file():
        return {}
    rows = json.loads(path.read_text("utf-8"))["pairs"]
    return {(row["project"], row["goal"]): _record(row) for row in rows}


def dump(records: Iterable[Record]) -> str:
    """Return the text of ``docs/world.json``: one line for a pair, so that git can merge it."""
    left_out = {"content", "log", "seconds"}
    lines = [
        json.dumps({key: value for key, value in asdict(each).items() if key not in left_out})
        for each in records
    ]
    return '{"pairs": [\n' + ",\n".join(lines) + "\n]}\n"


def _record(raw: Mapping[str, Any]) -> Record:
    known = {each.name for each in fields(Record)}
    return Record(**{key: value for key, value in raw.items() if key in known})


@cache
def content() -> str:
    """Return a digest of all that xxpy does: its modules, its tables and its templates."""
    found = hashlib.sha256()
    for folder in ("xxpy", "toolchains", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


@cache
def named() -> str:
    """Return the version of xxpy and its commit: ``0.1.0 (1a2b3c4)``."""
    words = ("git", "-C", str(ROOT), "rev-parse", "--short=9", "HEAD")
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    commit = done.stdout.strip()
    return f"{version.__version__} ({commit})" if commit else version.__version__
