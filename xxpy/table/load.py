"""Read ``toolchains/*.toml`` into frozen rows.

Each fact about a platform is in one place, in the layer that it belongs to. Layers are merged::

    [os.linux]                    facts about the system
    [architecture.arm]            facts about the architecture on every system
    [architecture."arm/v7"]       … and about one of its variants
    [platform."linux/arm"]        a platform, and thereby a row; `variants` lists its variants
    [platform."linux/arm/v7"]     facts about this variant of the platform only

Later layers win, key by key; an empty string removes the value of a lower layer. ``like =
"arm/v7"`` in a variant puts that variant's layers below it. A row has a group if the group is
complete. An incomplete one is a fault if a platform layer has a key of it; otherwise the ecosystem
does not have the platform, and neither has the row the group. Of the groups for formats of binaries
a row has only that of its own format.

All faults are reported at once, each with the file and the dotted key of the value in its layer.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from xxpy.errors import TableError, nearest
from xxpy.table import sections
from xxpy.table.columns import FORMATS, GROUPS, Row
from xxpy.table.decode import Decoder, Raw, group_class, hints, optional
from xxpy.table.distributions import Column
from xxpy.table.layers import check_layers, layers, merge, platform
from xxpy.table.model import Table
from xxpy.table.source import KEY, SECTIONS, Source, dotted
from xxpy.table.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def load(files: Mapping[str, str]) -> Table:
    """Read the table from the text of its files, by their names.

    :raises TableError: with every fault of every file
    """
    faults: list[str] = []
    source = Source({kind: {} for kind in SECTIONS}, {})
    for file, text in files.items():
        _read(file, text, source, faults)
    check_layers(source, faults)
    columns = _columns(source, faults)
    distributions, releases, archives = sections.distributions(source, faults)
    rows = dict(_rows(source, faults))
    words = vocabulary(source, tuple(rows), faults)
    layouts = sections.layouts(source, faults)
    sites = sections.sites(source, faults)
    if faults:
        raise TableError(list(dict.fromkeys(faults)))
    return Table(rows, words, distributions, releases, archives, columns, layouts, sites)


def _read(file: str, text: str, source: Source, faults: list[str]) -> None:
    """Add the sections of one file to the source."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{file}: {error}")
        return
    for kind, entries in document.items():
        if kind not in SECTIONS:
            hint = nearest(kind, SECTIONS) or f"expected one of: {', '.join(SECTIONS)}"
            faults.append(f"{file}: {kind}: unknown section; {hint}")
            continue
        if not isinstance(entries, dict):
            faults.append(f"{file}: {kind}: {entries!r} is not a table")
            continue
        for key, entry in entries.items():
            if (kind, key) in source.files:
                faults.append(
                    f"{file}: {dotted(kind, key)}: is defined twice, also in "
                    f"{source.files[kind, key]}"
                )
            elif not isinstance(entry, dict) or not KEY.fullmatch(key):
                faults.append(f"{file}: {dotted(kind, key)}: not a table with a lower-case key")
            else:
                source.files[kind, key] = file
                source.sections[kind][key] = entry


def _columns(source: Source, faults: list[str]) -> dict[str, Column]:
    """Return the meaning of each group, by its name."""
    decoder = Decoder(faults)
    found: dict[str, Column] = {}
    entries = source.sections["column"]
    for name, raw in entries.items():
        where = source.where("column", name)
        column = decoder.build(Column, raw, where)
        if name not in GROUPS:
            hint = nearest(name, GROUPS) or f"expected one of: {', '.join(GROUPS)}"
            faults.append(f"{where}: no such group; {hint}")
        elif column is not None:
            found[name] = column
            expected = {field.name for field in fields(group_class(name))}
            faults.extend(
                f"{where}.keys.{key}: missing" for key in sorted(expected - column.keys.keys())
            )
            faults.extend(
                f"{where}.keys.{key}: no such key" for key in sorted(column.keys.keys() - expected)
            )
    faults.extend(
        f"column.{name}: missing, but every group must name its source"
        for name in GROUPS
        if name not in entries
    )
    return found


def _keys(source: Source, faults: list[str]) -> Iterator[str]:
    """Yield the key of every row: of each platform section, and of its variants.

    A platform whose architecture has a default variant has rows for its variants only.
    """
    platforms = source.sections["platform"]
    for key, entry in platforms.items():
        where = source.where("platform", key)
        system, _, rest = key.partition("/")
        architecture, _, variant = rest.partition("/")
        if system not in source.sections["os"]:
            faults.append(f"{where}: there is no section {dotted('os', system)}")
        elif not architecture:
            faults.append(f"{where}: the key of a platform is os/architecture[/variant]")
        elif variant:
            if variant not in platforms.get(f"{system}/{architecture}", {}).get("variants", ()):
                faults.append(
                    f"{where}: {variant} is not among the variants of "
                    f"platform.'{system}/{architecture}'"
                )
        else:
            if "default" not in source.sections["architecture"].get(architecture, {}):
                yield key
            yield from (f"{key}/{name}" for name in entry.get("variants", ()))


def _title(key: str, source: Source) -> str:
    titles = {kind: entry["title"] for kind, _, entry in layers(key, source) if "title" in entry}
    system, architecture, *_ = key.split("/")
    return str(
        titles.get("platform")
        or f"{titles.get('os', system)} on {titles.get('architecture', architecture)}"
    )


def _rows(source: Source, faults: list[str]) -> Iterator[tuple[str, Row]]:
    """Yield the rows with their keys, by the order of their systems."""
    decoder = Decoder(faults)
    required = {name for name, hint in hints(Row).items() if name in GROUPS and not optional(hint)}
    systems = list(source.sections["os"])
    for key in sorted(_keys(source, faults), key=lambda key: systems.index(key.split("/")[0])):
        merged = merge(key, source)
        home = [
            source.files[kind, layer]
            for kind, layer, _ in layers(key, source)
            if kind == "platform"
        ][-1]
        where = f"{home}: platform.{key!r}"
        file_format = merged["file"].raw.get("format") if "file" in merged else None
        needed = required | {name for name in FORMATS if name == file_format}
        faults.extend(
            f"{where}.{name}: missing"
            for name in GROUPS
            if name in needed and not (name in merged and merged[name].raw)
        )
        groups: dict[str, Any] = {
            name: decoder.build(group_class(name), group.raw, f"{where}.{name}", group.origins)
            for name, group in merged.items()
            if group.raw
            and (
                name in needed
                or (name not in FORMATS and (group.own or _is_complete(name, group.raw)))
            )
        }
        if needed <= groups.keys() and None not in groups.values():
            yield key, Row(platform(key), _title(key, source), **groups)


def _is_complete(name: str, raw: Raw) -> bool:
    return all(field.name in raw for field in fields(group_class(name)) if field.default is MISSING)
