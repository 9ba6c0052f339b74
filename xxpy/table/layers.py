"""Merge the layers of the table into rows: system, architecture, variant, platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.table.columns import GROUPS
from xxpy.table.decode import Decoder, Raw
from xxpy.table.platform import Platform
from xxpy.table.source import KEY, SECTIONS, Source, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAYERS: Final = ("os", "architecture", "platform")
"""The kinds of sections that are layers, lowest first."""


def check_layers(source: Source, faults: list[str]) -> None:
    """Report the faults of the layers, and remove faulty values so that they cause no others."""
    decoder = Decoder(faults)
    for kind in _LAYERS:
        expected = SECTIONS[kind]
        for key, entry in source.sections[kind].items():
            where = source.where(kind, key)
            decoder.unknown(entry, [*expected, *GROUPS], where)
            for name, value in list(entry.items()):
                before = len(faults)
                if name in GROUPS:
                    faults.extend(
                        []
                        if isinstance(value, dict)
                        else [f"{where}.{name}: {value!r} is not a table"]
                    )
                elif name in expected:
                    words = decoder.value(value, expected[name], f"{where}.{name}")
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
    """Yield a fault for each architecture that a section names and that has no section itself."""
    named = {
        "default": [f"{key}/{entry['default']}"] if "default" in entry else [],
        "like": [entry["like"]] if "like" in entry else [],
        "runs": entry.get("runs", []),
    }
    for name, others in named.items():
        for other in others:
            if other not in source.sections["architecture"]:
                where = f"{source.where('architecture', key)}.{name}"
                yield f"{where}: there is no section {dotted('architecture', other)}"


def alike(packages: object, source: Source) -> object:
    """Return the table of an archive with the values of the one that it is ``like``.

    An empty string removes a value.
    """
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
    """One group of a row while its layers are merged.

    :param raw: the values by key
    :param origins: the file and the dotted path of the layer's group that each key comes from
    :param own: whether a platform layer has the group
    """

    raw: Raw
    origins: dict[str, str]
    own: bool = False


def merge(key: str, source: Source) -> dict[str, _Group]:
    """Return the merged groups of a row; a group whose values were all removed is empty."""
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
