"""Lay the layers of the table over each other: system, architecture, variant, platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.table.columns import GROUPS
from xxpy.table.decode import Getter, Raw
from xxpy.table.platform import Platform
from xxpy.table.source import KEY, SECTIONS, Source, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAYERS: Final = ("os", "architecture", "platform")
"""The kinds of sections that rows are laid together from, lowest first."""


def check_layers(source: Source, faults: list[str]) -> None:
    """Note what is wrong with the layers themselves, and take it out, so that each fault is reported as what it is."""
    getter = Getter(faults)
    for kind in _LAYERS:
        expected = SECTIONS[kind]
        for key, entry in source.sections[kind].items():
            where = source.where(kind, key)
            getter.unknown(entry, [*expected, *GROUPS], where)
            for name, value in list(entry.items()):
                before = len(faults)
                if name in GROUPS:
                    faults.extend(
                        []
                        if isinstance(value, dict)
                        else [f"{where}.{name}: {value!r} is not a table"]
                    )
                elif name in expected:
                    words = getter.value(value, expected[name], f"{where}.{name}")
                    listed = words if isinstance(words, tuple) else ()
                    faults.extend(
                        f"{where}.{name}: {word!r} is not a lower-case word"
                        for word in listed
                        if not KEY.fullmatch(word)
                    )
                if len(faults) > before:
                    del entry[name]
    for key, entry in source.sections["architecture"].items():
        faults.extend(_dangling(source, key, entry))


def _dangling(source: Source, key: str, entry: Raw) -> Iterator[str]:
    """Yield a fault for each name of an architecture, in the section of another one, that has no section."""
    named = {
        "default": [f"{key}/{entry['default']}"] if "default" in entry else [],
        "like": [entry["like"]] if "like" in entry else [],
        "runs": entry.get("runs", []),
    }
    for name, others in named.items():
        for other in others:
            if other not in source.sections["architecture"]:
                yield f"{source.where('architecture', key)}.{name}: there is no section {dotted('architecture', other)}"


def alike(packages: object, source: Source) -> object:
    """Return an archive's table with what it takes from the one that it is ``like``; an empty string takes a value back."""
    like = packages.get("like") if isinstance(packages, dict) else None
    if not isinstance(packages, dict) or not isinstance(like, str):
        return packages
    found = source.sections["distribution"].get(like)
    other = found.get("archive") if isinstance(found, dict) else None
    if not isinstance(other, dict):
        return packages
    return {
        key: value for key, value in {**other, **packages}.items() if key != "like" and value != ""
    }


def layers(key: str, source: Source) -> Iterator[tuple[str, str, Raw]]:
    """Yield ``(kind, key, entry)`` for all layers of a row, lowest first."""
    system, architecture, *variant = key.split("/")
    sections = source.sections
    yield "os", system, sections["os"][system]
    like = (
        sections["architecture"].get("/".join((architecture, *variant)), {}).get("like")
        if variant
        else None
    )
    stems = [
        architecture,
        *([like] if like else []),
        *([f"{architecture}/{variant[0]}"] if variant else []),
    ]
    for kind, prefix in (("architecture", ""), ("platform", f"{system}/")):
        for stem in stems:
            if f"{prefix}{stem}" in sections[kind]:
                yield kind, f"{prefix}{stem}", sections[kind][f"{prefix}{stem}"]


@dataclass(slots=True)
class _Group:
    """One group of a row while its layers are laid together.

    :param raw: the values by key
    :param origins: the key to the file and the dotted path of the group in the layer that it comes
        from
    :param own: whether a platform layer has a say in it
    """

    raw: Raw
    origins: dict[str, str]
    own: bool = False


def merge(key: str, source: Source) -> dict[str, _Group]:
    """Return the groups of a row, laid together; one that was taken back whole has no values."""
    merged: dict[str, _Group] = {}
    for kind, layer, entry in layers(key, source):
        where = source.where(kind, layer)
        for name in filter(GROUPS.__contains__, entry):
            group = merged.setdefault(name, _Group({}, {}))
            group.own = group.own or kind == "platform"
            for field, value in entry[name].items():
                if value == "":
                    group.raw.pop(field, None)
                else:
                    group.raw[field] = value
                    group.origins[field] = f"{where}.{name}"
    return merged


def platform(key: str) -> Platform:
    """Return the platform of a key such as ``linux/arm/v7``."""
    system, architecture, *variant = key.split("/")
    return Platform(system, architecture, "".join(variant))
