"""The sections of the table's files, and the place of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from xxpy.table.decode import Raw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.decode import Raw


T = TypeVar("T")
SECTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "os": {"title": str, "aliases": tuple[str, ...], "typed": tuple[str, ...]},
    "architecture": {
        "title": str,
        "aliases": tuple[str, ...],
        "typed": tuple[str, ...],
        "plain": tuple[str, ...],
        "default": str,
        "like": str,
        "runs": tuple[str, ...],
        "spellings": tuple[str, ...],
    },
    "platform": {"title": str, "variants": tuple[str, ...]},
    "distribution": {},
    "layout": {},
    "site": {},
    "column": {},
}
"""The kinds of sections, and the types of their keys that are not groups."""
KEY: Final = re.compile(r"[a-z0-9_.-]+(/[a-z0-9_.-]+){0,2}")
BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Source:
    """The sections of all files, and the file of each.

    :param sections: the content of each section, by kind and key
    :param files: the file of each section, by kind and key
    """

    sections: Mapping[str, dict[str, Raw]]
    files: dict[tuple[str, str], str]

    def where(self, kind: str, key: str) -> str:
        """Return the file and the dotted key of a section: ``linux.toml: platform.'linux/arm'``."""
        return f"{self.files[kind, key]}: {dotted(kind, key)}"


def dotted(kind: str, key: str) -> str:
    """Return a dotted key in TOML's spelling, quoted where need be."""
    return f"{kind}.{key if BARE.fullmatch(key) else repr(key)}"
