"""Read ``toolchains/*.toml`` into frozen rows.

The facts about a platform stand once, in the layer that they belong to, and are laid over each other::

    [os.linux]                    what is true of the system everywhere
    [architecture.arm]            what is true of the architecture under every system
    [architecture."arm/v7"]       … and of one of its variants
    [platform."linux/arm"]        a platform: its row; `variants` lists those that it has
    [platform."linux/arm/v7"]     what only this variant of it has

Later layers win, key by key; an empty string takes back what a lower layer gave. ``like = "arm/v7"`` in a variant puts that
variant's layers under it. A group is there when it is complete; it may be incomplete only where no platform layer gives any key
of it, and is then absent: the ecosystem does not know the platform.

Every fault is reported at once, each with its file and its dotted key. Files come in as text, so this module reads none.
"""

from __future__ import annotations

import re
import tomllib
import types
import typing
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from xxpy import rows
from xxpy.errors import TableError, UnsupportedPlatformError, nearest
from xxpy.platform import Platform, Vocabulary
from xxpy.rows import GROUPS, Column, Distribution, Release, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SECTIONS: Final = {
    "os": {"title", "aliases", "typed"},
    "architecture": {"title", "aliases", "typed", "plain", "default", "like", "runs", "spellings"},
    "platform": {"title", "variants"},
    "distribution": set(),
    "column": set(),
}
"""The kinds of sections, and the keys of each that are not groups."""

_KEY: Final = re.compile(r"[a-z0-9_.-]+(/[a-z0-9_.-]+){0,2}")


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the annotations of one of the classes of :mod:`xxpy.rows`, resolved."""
    return typing.get_type_hints(kind, vars(rows))


Raw = dict[str, Any]
_T = typing.TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table.

    :param rows: ``os/architecture[/variant]`` to its row, in the order of the files
    :param words: the vocabulary for :mod:`xxpy.platform`
    :param distributions: the ``ID`` of os-release to the distribution
    :param releases: the ``ID`` of os-release to its releases, oldest first
    :param columns: the name of a group to what it means
    """

    rows: Mapping[str, Row]
    words: Vocabulary
    distributions: Mapping[str, Distribution]
    releases: Mapping[str, tuple[Release, ...]]
    columns: Mapping[str, Column]

    def row(self, platform: Platform) -> Row:
        """Return the row of *platform*; its version and features do not matter.

        :raises UnsupportedPlatformError: no row has this combination
        """
        try:
            return self.rows[platform.key]
        except KeyError:
            hint = nearest(platform.key, self.rows) or "xxpy platforms lists them all"
            raise UnsupportedPlatformError(f"no row of the table is {platform.key}", hint) from None

    def distribution(self, identity: str) -> Distribution:
        """Return the distribution with this ``ID``; one that no row knows is a glibc system with its name in triples."""
        return self.distributions.get(identity) or Distribution(identity)


def load(files: Mapping[str, str]) -> Table:
    """Read the table from the text of its files.

    :param files: the name of each file to its text
    :raises TableError: with every fault of every file
    """
    faults: list[str] = []
    sections: dict[str, dict[str, Raw]] = {kind: {} for kind in _SECTIONS}
    places: dict[tuple[str, str], str] = {}
    for file, text in files.items():
        _read(file, text, sections, places, faults)
    columns = _columns(sections["column"], places, faults)
    distributions, releases = _distributions(sections["distribution"], places, faults)
    loaded = dict(_rows(sections, places, faults))
    words = _vocabulary(sections, places, tuple(loaded), faults)
    if faults:
        raise TableError(faults)
    return Table(loaded, words, distributions, releases, columns)


def _read(file: str, text: str, sections: dict[str, dict[str, Raw]], places: dict[tuple[str, str], str], faults: list[str]) -> None:
    """Sort the sections of one file into *sections* and note in *places* where each stands."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{file}: {error}")
        return
    for kind, entries in document.items():
        if kind not in _SECTIONS:
            faults.append(f"{file}: {kind}: unknown section; {nearest(kind, _SECTIONS) or 'known are ' + ', '.join(_SECTIONS)}")
            continue
        for key, entry in entries.items() if isinstance(entries, dict) else ():
            if (kind, key) in places:
                faults.append(f"{file}: {kind}.{key!r}: stands in {places[kind, key]} already")
            elif not isinstance(entry, dict) or not _KEY.fullmatch(key):
                faults.append(f"{file}: {kind}.{key!r}: not a table with a lower-case key")
            else:
                places[kind, key] = file
                sections[kind][key] = entry


class _Getter:
    """Builds a frozen class from a TOML table and collects what is wrong, each with its dotted path."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults

    def build(self, kind: type[_T], raw: Raw, where: str, **given: object) -> _T | None:
        """Return the object, or None when a key is missing, unknown or of the wrong type (all are noted)."""
        before = len(self.faults)
        hints = _hints(typing.cast("type", kind))
        known = {field.name: field for field in fields(kind) if field.name not in given}  # type: ignore[arg-type]
        for key in raw.keys() - known.keys():
            self.faults.append(f"{where}.{key}: unknown key; {nearest(key, known) or 'known are ' + ', '.join(known)}")
        values = dict(given)
        for name, field in known.items():
            if name in raw:
                values[name] = self._value(raw[name], hints[name], f"{where}.{name}")
            elif field.default is MISSING:
                self.faults.append(f"{where}.{name}: missing")
        return kind(**values) if len(self.faults) == before else None

    def _value(self, value: object, hint: Any, where: str) -> object:  # noqa: ANN401 - a type, as typing gives it
        """Return *value* as the annotation wants it: str, int, bool, a tuple of str, or a mapping of str to str."""
        options = [part for part in typing.get_args(hint) if part is not types.NoneType] if _optional(hint) else [hint]
        wanted = options[0]
        if wanted in {str, int, bool} and type(value) is wanted:
            return value
        if typing.get_origin(wanted) is tuple and isinstance(value, list) and all(isinstance(part, str) for part in value):
            return tuple(value)
        if (
            typing.get_origin(wanted) not in {None, tuple}
            and isinstance(value, dict)
            and all(isinstance(part, str) for part in value.values())
        ):
            return types.MappingProxyType(dict(value))
        name = getattr(wanted, "__name__", str(wanted))
        self.faults.append(f"{where}: {value!r} is not {'an' if name == 'int' else 'a'} {name}")
        return None


def _optional(hint: object) -> bool:
    return types.NoneType in typing.get_args(hint)


def _columns(entries: dict[str, Raw], places: Mapping[tuple[str, str], str], faults: list[str]) -> dict[str, Column]:
    getter = _Getter(faults)
    found: dict[str, Column] = {}
    for name, raw in entries.items():
        where = f"{places['column', name]}: column.{name}"
        column = getter.build(Column, raw, where)
        if name not in GROUPS:
            faults.append(f"{where}: no such group; {nearest(name, GROUPS) or 'known are ' + ', '.join(GROUPS)}")
        elif column is not None:
            found[name] = column
            group = _class(name)
            expected = {field.name for field in fields(group)}
            faults.extend(f"{where}.keys.{key}: missing" for key in sorted(expected - column.keys.keys()))
            faults.extend(f"{where}.keys.{key}: no such key" for key in sorted(column.keys.keys() - expected))
    faults.extend(f"column.{name}: missing, each group says where its values come from" for name in GROUPS if name not in entries)
    return found


@cache
def _class(group: str) -> Any:  # noqa: ANN401 - one of the group classes of xxpy.rows
    """Return the class of a group of :class:`Row`."""
    hint = _hints(Row)[group]
    return next((part for part in typing.get_args(hint) if part is not types.NoneType), hint)


def _distributions(
    entries: dict[str, Raw], places: Mapping[tuple[str, str], str], faults: list[str]
) -> tuple[dict[str, Distribution], dict[str, tuple[Release, ...]]]:
    getter = _Getter(faults)
    distributions: dict[str, Distribution] = {}
    releases: dict[str, tuple[Release, ...]] = {}
    for identity, entry in entries.items():
        where = f"{places['distribution', identity]}: distribution.{identity}"
        raw = dict(entry)
        listed = raw.pop("release", {})
        found = getter.build(Distribution, raw, where, id=identity)
        if found is not None:
            distributions[identity] = found
            if found.names is not None and found.names not in GROUPS:
                faults.append(f"{where}.names: {found.names!r} is no group")
        built = [getter.build(Release, value, f"{where}.release.{number}", number=number) for number, value in listed.items()]
        releases[identity] = tuple(release for release in built if release is not None)
    return distributions, releases


def _keys(sections: Mapping[str, dict[str, Raw]], places: Mapping[tuple[str, str], str], faults: list[str]) -> Iterator[str]:
    """Yield the key of every row: each platform section and its variants; only these where one variant is the default."""
    platforms = sections["platform"]
    for key, entry in platforms.items():
        where = f"{places['platform', key]}: platform.{key!r}"
        system, _, rest = key.partition("/")
        architecture, _, variant = rest.partition("/")
        if system not in sections["os"]:
            faults.append(f"{where}: there is no section os.{system}")
        elif not architecture:
            faults.append(f"{where}: the key of a platform is os/architecture[/variant]")
        elif variant:
            if variant not in platforms.get(f"{system}/{architecture}", {}).get("variants", ()):
                faults.append(f"{where}: {variant} is not among the variants of platform.'{system}/{architecture}'")
        else:
            if "default" not in sections["architecture"].get(architecture, {}):
                yield key
            yield from (f"{key}/{name}" for name in entry.get("variants", ()))


def _layers(key: str, sections: Mapping[str, dict[str, Raw]]) -> Iterator[tuple[str, str, Raw]]:
    """Yield ``(kind, key, entry)`` for all layers of a row, lowest first."""
    system, architecture, *variant = key.split("/")
    yield "os", system, sections["os"].get(system, {})
    like = sections["architecture"].get("/".join((architecture, *variant)), {}).get("like") if variant else None
    stems = [architecture, *([like] if like else []), *([f"{architecture}/{variant[0]}"] if variant else [])]
    for kind, prefix in (("architecture", ""), ("platform", f"{system}/")):
        for stem in stems:
            if f"{prefix}{stem}" in sections[kind]:
                yield kind, f"{prefix}{stem}", sections[kind][f"{prefix}{stem}"]


def _unknown_keys(sections: Mapping[str, dict[str, Raw]], places: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """Yield a fault for each key of a layer that is neither a group nor a word of the layer itself."""
    for kind in ("os", "architecture", "platform"):
        known = {*_SECTIONS[kind], *GROUPS}
        for key, entry in sections[kind].items():
            for name in entry.keys() - known:
                hint = nearest(name, known) or "known are " + ", ".join(sorted(known))
                yield f"{places[kind, key]}: {kind}.{key}.{name}: unknown key; {hint}"


def _merge(key: str, sections: Mapping[str, dict[str, Raw]]) -> tuple[dict[str, Raw], set[str]]:
    """Return the groups of a row, laid together, and those that a platform layer has a say in."""
    merged: dict[str, Raw] = {}
    own: set[str] = set()
    for kind, _, entry in _layers(key, sections):
        for group, values in entry.items():
            if group in GROUPS and isinstance(values, dict):
                laid = {**merged.get(group, {}), **values}
                merged[group] = {name: value for name, value in laid.items() if value != ""}
                if kind == "platform":
                    own.add(group)
    return merged, own


def _platform(key: str) -> Platform:
    system, _, rest = key.partition("/")
    architecture, _, variant = rest.partition("/")
    return Platform(system, architecture, variant)


def _title(key: str, sections: Mapping[str, dict[str, Raw]]) -> str:
    titles = {kind: entry["title"] for kind, _, entry in _layers(key, sections) if "title" in entry}
    system, architecture, *_ = key.split("/")
    return titles.get("platform") or f"{titles.get('os', system)} on {titles.get('architecture', architecture)}"


def _rows(sections: Mapping[str, dict[str, Raw]], places: Mapping[tuple[str, str], str], faults: list[str]) -> Iterator[tuple[str, Row]]:
    getter = _Getter(faults)
    faults.extend(_unknown_keys(sections, places))
    required = {name for name, hint in _hints(Row).items() if name in GROUPS and not _optional(hint)}
    systems = list(sections["os"])
    for key in sorted(_keys(sections, places, faults), key=lambda key: systems.index(key.split("/")[0])):
        merged, own = _merge(key, sections)
        home = [places[kind, layer] for kind, layer, _ in _layers(key, sections) if kind == "platform"][-1]
        where = f"{home}: platform.{key!r}"
        faults.extend(f"{where}.{group}: missing" for group in sorted(required - {name for name, raw in merged.items() if raw}))
        present = {name: raw for name, raw in merged.items() if raw and (name in required or name in own or _complete(name, raw))}
        groups: dict[str, Any] = {name: getter.build(_class(name), raw, f"{where}.{name}") for name, raw in present.items()}
        if required <= groups.keys() and None not in groups.values():
            yield key, Row(_platform(key), _title(key, sections), **groups)


def _complete(group: str, raw: Raw) -> bool:
    return all(field.name in raw for field in fields(_class(group)) if field.default is MISSING)


def _vocabulary(
    sections: Mapping[str, dict[str, Raw]],
    places: Mapping[tuple[str, str], str],
    keys: tuple[str, ...],
    faults: list[str],
) -> Vocabulary:
    systems: dict[str, str] = {}
    typed_systems: dict[str, str] = {}
    used = [key.split("/") for key in keys]
    for name in dict.fromkeys(parts[0] for parts in used):
        entry = sections["os"].get(name, {})
        _spell(systems, [name, *entry.get("aliases", ())], name, f"os.{name}", faults)
        _spell(typed_systems, entry.get("typed", ()), name, f"os.{name}", faults)
    architectures: dict[str, tuple[str, str]] = {}
    typed: dict[str, tuple[str, str]] = {}
    variants: dict[str, dict[str, str]] = {}
    default: dict[str, str] = {}
    runs: dict[str, tuple[str, ...]] = {}
    for key in dict.fromkeys(key for parts in used for key in (parts[1], "/".join(parts[1:]))):
        entry = sections["architecture"].get(key, {})
        architecture, _, variant = key.partition("/")
        where = f"{places.get(('architecture', key), '')}: architecture.{key}"
        names = entry.get("aliases", ())
        _spell(architectures, names if variant else [key, *names], (architecture, variant), where, faults)
        _spell(typed, entry.get("typed", ()), (architecture, variant), where, faults)
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


def _spell(spellings: dict[str, _T], names: typing.Iterable[str], value: _T, where: str, faults: list[str]) -> None:
    faults.extend(f"{where}: {name!r} means {spellings[name]!r} already" for name in names if spellings.setdefault(name, value) != value)
