"""The entries of the corpus: ``corpus/KIND.toml``; the README of this folder has the keys."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from world.pairs import Goal, goals
from xxpy.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

CORPUS: Final = Path(__file__).with_name("corpus")
KINDS: Final = ("cmake", "meson", "autotools", "make", "go", "rust", "mixed")
OWNERS: Final = ("xxpy", "compiler", "project", "distribution")
"""Whose a failure can be."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One project; the README has the meaning of each key.

    :param kind: the file that it is in, such as ``cmake``
    """

    name: str
    kind: str
    source: str
    sha256: str
    platforms: tuple[str, ...]
    proof: tuple[str, ...] = ()
    program: str = ""
    link: tuple[str, ...] = ()
    expect: str = ""
    exit: int = 0
    packages: tuple[str, ...] = ()
    elsewhere: bool = False
    config: str = ""
    folder: str = "."
    files: Mapping[str, str] = field(default_factory=dict)
    executable: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    supported: str = ""
    lacks: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    limit: int = 0

    @property
    def goals(self) -> tuple[Goal, ...]:
        """What it is built for."""
        return goals(self.platforms)

    @property
    def version(self) -> str:
        """The version of the project."""
        return (
            self.source.replace("==", "@")
            .replace("/v", "/")
            .rpartition("/" if self.source.startswith("debian") else "@")[2]
        )

    @property
    def digest(self) -> str:
        """A digest of all that changes a build or its proof."""
        explanations = ("reasons", "supported", "lacks", "platforms", "limit")
        later = ("program", "link")  # entries without them keep the digest that they had before
        told = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name not in explanations and (self.program or each.name not in later)
        }
        if not self.executable:  # most entries are older than the key
            del told["executable"]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

    def reason(self, goal: Goal) -> str:
        """Return why the pair fails by what the entry says: ``project: uses fork``, or ""."""
        for pattern, reason in self.reasons.items():
            if goal.matches(pattern):
                return reason
        return ""


def load(corpus: Path = CORPUS) -> tuple[Entry, ...]:
    """Return all entries.

    :raises ConfigurationError: an entry has an unknown key, or lacks one
    """
    found: dict[str, Entry] = {}
    for kind in KINDS:
        path = corpus / f"{kind}.toml"
        if not path.is_file():
            continue
        for name, raw in tomllib.loads(path.read_text("utf-8")).items():
            if name in found:
                raise ConfigurationError(f"{path.name}: {name} is in {found[name].kind}.toml too")
            found[name] = decode(name, kind, raw)
    return tuple(found.values())


def decode(name: str, kind: str, raw: Mapping[str, Any]) -> Entry:
    """Return one entry.

    :raises ConfigurationError: it has an unknown key, a wrong value, or lacks one
    """
    where = f"{kind}.toml: {name}"
    keys = {each.name: each for each in fields(Entry) if each.name not in {"name", "kind"}}
    unknown = sorted(raw.keys() - keys.keys())
    if unknown:
        raise ConfigurationError(f"{where} has unknown keys: {', '.join(unknown)}")
    missing = sorted({"source", "sha256", "platforms"} - raw.keys())
    if missing:
        raise ConfigurationError(f"{where} lacks {', '.join(missing)}")
    values = {key: _value(where, key, str(keys[key].type), value) for key, value in raw.items()}
    for reason in values.get("reasons", {}).values():
        if reason.partition(":")[0] not in OWNERS:
            owners = ", ".join(OWNERS)
            raise ConfigurationError(f"{where}: a reason starts with one of: {owners}", reason)
    return Entry(name, kind, **values)


def _value(where: str, key: str, kind: str, value: object) -> Any:  # noqa: ANN401 (fields differ)
    if kind == "tuple[str, ...]":
        value = (value,) if isinstance(value, str) else value
        if isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value):
            return tuple(value)
    elif kind == "Mapping[str, str]":
        if isinstance(value, dict) and all(isinstance(word, str) for word in value.values()):
            return value
    elif type(value).__name__ == kind:
        return value
    raise ConfigurationError(f"{where}: {key} has a value of the wrong type", f"expected {kind}")
