"""Collect the words of platforms from the table: aliases, defaults, and what people type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.table.words import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xxpy.table.source import Source, T


def vocabulary(source: Source, keys: tuple[str, ...], faults: list[str]) -> Vocabulary:
    """Return the words of platforms.

    :param keys: the keys of all rows
    :param faults: gets a line for each spelling that means two things
    """
    sections = source.sections
    systems: dict[str, str] = {}
    typed_systems: dict[str, str] = {}
    used = [key.split("/") for key in keys]
    for name in dict.fromkeys(parts[0] for parts in used):
        entry = sections["os"][name]
        _spell(systems, [name, *entry.get("aliases", ())], name, source.where("os", name), faults)
        _spell(typed_systems, entry.get("typed", ()), name, source.where("os", name), faults)
    architectures: dict[str, tuple[str, str]] = {}
    typed: dict[str, tuple[str, str]] = {}
    variants: dict[str, dict[str, str]] = {}
    default: dict[str, str] = {}
    runs: dict[str, tuple[str, ...]] = {}
    for key in dict.fromkeys(key for parts in used for key in (parts[1], "/".join(parts[1:]))):
        entry = sections["architecture"].get(key, {})
        architecture, _, variant = key.partition("/")
        where = source.where("architecture", key) if entry else ""
        names = entry.get("aliases", ())
        meaning = (architecture, variant)
        _spell(architectures, names if variant else [key, *names], meaning, where, faults)
        _spell(typed, entry.get("typed", ()), meaning, where, faults)
        spelled = variants.setdefault(architecture, {})
        if variant:
            _spell(spelled, [variant, *entry.get("spellings", ())], variant, where, faults)
        else:
            _spell(spelled, entry.get("plain", ()), "", where, faults)
            if "default" in entry:
                default[architecture] = entry["default"]
        if "runs" in entry:
            runs[key] = tuple(entry["runs"])
    return Vocabulary(systems, architectures, typed_systems, typed, variants, default, runs, keys)


def _spell(
    spellings: dict[str, T], names: Iterable[str], value: T, where: str, faults: list[str]
) -> None:
    """Add spellings of a word; one that already means something else is a fault."""
    faults.extend(
        f"{where}: {name!r} already means {spellings[name]!r}"
        for name in names
        if spellings.setdefault(name, value) != value
    )
