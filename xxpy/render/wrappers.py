"""The ``xx-*`` commands: which there are, and the facts that their templates print.

Every decision is made here, in Python; a template only loops over what it is given. Platforms that agree in all that a
script needs of them share one branch of its ``case``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from xxpy.binary import elf
from xxpy.errors import UsageError, nearest
from xxpy.render.engine import environment
from xxpy.target import QUERIES, SPECIAL_QUERIES, Query, further_queries, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from xxpy.rows import Row
    from xxpy.table import Table

_Value = TypeVar("_Value")
Facts = tuple[tuple[str, str], ...]
"""Variables of a script and their values."""

FOLDER: Final = "usr/bin"
"""Where the commands lie in the image and in an exported tree."""

WRAPPERS: Final[Mapping[str, str]] = {
    "xx-info": "prints the names of the target",
    "xx-go": "runs go for the target",
    "xx-verify": "checks that files are binaries for the target",
}
"""Each command with its summary; NAME is rendered from ``templates/wrappers/NAME.j2``."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of a ``case``.

    :param patterns: the words that lead to it
    :param value: what it stands for: one word, or the facts that it sets
    """

    patterns: tuple[str, ...]
    value: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A branch that leads to an architecture and its variant ("" for none)."""

    patterns: tuple[str, ...]
    architecture: str
    variant: str


@dataclass(frozen=True, slots=True)
class Port:
    """A branch that leads to one of Go's ports; ``settings`` are the user's to change."""

    patterns: tuple[str, ...]
    port: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]


def _grouped(pairs: Iterable[tuple[str, _Value]]) -> list[tuple[_Value, tuple[str, ...]]]:
    """Group words by what they lead to; both keep their order, doubles are dropped."""
    groups: dict[_Value, dict[str, None]] = {}
    for word, value in pairs:
        groups.setdefault(value, {})[word] = None
    return [(value, tuple(words)) for value, words in groups.items()]


def _values(pairs: Iterable[tuple[str, str]]) -> list[Branch]:
    return [Branch(words, value=value) for value, words in _grouped(pairs)]


def _facts(pairs: Iterable[tuple[str, tuple[tuple[str, str], ...]]]) -> list[Branch]:
    return [Branch(words, facts=facts) for facts, words in _grouped(pairs)]


def _words(pairs: Iterable[tuple[str, tuple[str, str]]]) -> list[Words]:
    return [Words(words, *found) for found, words in _grouped(pairs)]


def _given(facts: Mapping[str, str | None]) -> Facts:
    """Return the facts that are not empty: a script starts with all its variables empty."""
    return tuple((name, value) for name, value in facts.items() if value)


def _target_block(table: Table) -> dict[str, object]:
    """Return what ``_target.j2`` needs: the vocabulary of the parser."""
    words = table.words
    machines: dict[str, tuple[str, str]] = {}
    for row in table.rows.values():
        for word in (row.uname.machine, *row.uname.also) if row.triple.libc else ():
            machines.setdefault(word, (row.platform.architecture, row.platform.variant))
    variants = [(f"{architecture}/", variant) for architecture, variant in words.default_variant.items()]
    variants += [(f"{name}/{spelled}", variant) for name, known in words.variants.items() for spelled, variant in known.items()]
    return {
        "system_words": tuple(words.systems),
        "system_aliases": _values((word, system) for word, system in words.systems.items() if word != system),
        "architecture_aliases": _words((word, found) for word, found in words.architectures.items() if word != found[0]),
        "variants": [
            Branch(patterns, value=variant)
            for (_, variant), patterns in _grouped((word, (word.split("/")[0], variant)) for word, variant in variants)
        ],
        "with_variants": [
            Branch((name,), value=", ".join(dict.fromkeys(filter(None, known.values())))) for name, known in words.variants.items() if known
        ],
        "pairs": _words(
            (f"{architecture}{variant}", (architecture, variant))
            for architecture in words.default_variant
            for variant in words.variants[architecture].values()
        ),
        "machines": _words(machines.items()),
    }


def _triple_facts(row: Row) -> Facts:
    parts = row.triple
    return _given({
        "xx_system": parts.system,
        "xx_word": parts.word,
        "xx_word_alpine": parts.word_alpine or parts.word,
        "xx_abi": parts.abi,
        "xx_abi_alpine": parts.abi if parts.abi_alpine is None else parts.abi_alpine,
        "xx_version": parts.version,
    })  # fmt: skip


def _name_facts(row: Row) -> Facts:
    return _given({
        "xx_march": row.uname.machine,
        "xx_alpine_arch": None if row.alpine is None else row.alpine.arch,
        "xx_debian_arch": None if row.debian is None else row.debian.arch,
        "xx_rpm_arch": None if row.rpm is None else row.rpm.arch,
    })  # fmt: skip


def _system_facts(row: Row) -> Facts:
    parts = row.triple
    return _given({
        "xx_system_vendor": parts.vendor,
        "xx_system_vendor_prevails": "1" if parts.vendor_prevails else "",
        "xx_with_libc": "1" if parts.libc else "",
        "xx_libc_name": parts.libc_name,
    })  # fmt: skip


def _triple_block(table: Table) -> dict[str, object]:
    """Return what ``_triple.j2`` needs: the words of each row's triple, and what distributions do with them."""
    rows = table.rows.items()
    distributions = table.distributions.items()
    return {
        "with_release": False,
        "row_branches": _facts((key, _triple_facts(row)) for key, row in rows),
        "row_systems": [branch for branch in _facts((row.platform.os, _system_facts(row)) for row in table.rows.values()) if branch.facts],
        "word_overrides": _values((key, row.triple.word_variable) for key, row in rows if row.triple.libc and row.triple.word_variable),
        "version_overrides": _values((key, row.triple.version_variable) for key, row in rows if row.triple.version_variable),
        "libcs": _values((name, found.libc) for name, found in distributions),
        "plain_vendors": tuple(name for name, found in distributions if not found.vendor_in_triple),
        "alpine_spelling": tuple(name for name, found in distributions if found.alpine_spelling),
    }


def _by_libc(table: Table, query: Query) -> list[Branch]:
    """Return the branches that answer *query* by ``os/architecture[/variant]:libc``; ``*`` where the libc makes no difference."""
    answers: list[tuple[str, str]] = []
    for key, row in table.rows.items():
        target = resolve(table, row.platform, build=row.platform)
        found = {libc: query.value(replace(target, libc=libc)) for libc in ("gnu", "musl")}
        kinds = {"*": found["gnu"]} if found["gnu"] == found["musl"] else found
        answers += [(f"{key}:{libc}", value) for libc, value in kinds.items() if value is not None]
    return _values(answers)


def _info_block(table: Table) -> dict[str, object]:
    """Return what ``xx-info.j2`` needs besides: the queries and their answers."""
    return {
        "with_release": True,
        "row_branches": _facts((key, _triple_facts(row) + _name_facts(row)) for key, row in table.rows.items()),
        "queries": [*((name, query.help) for name, query in QUERIES.items()), *SPECIAL_QUERIES.items()],
        "row_queries": [
            ("march", "xx_march"),
            ("alpine-arch", "xx_alpine_arch"),
            ("debian-arch", "xx_debian_arch"),
            ("rhel-arch", "xx_rpm_arch"),
        ],
        "package_names": _values(
            (name, f"xx_{found.names}_arch") for name, found in table.distributions.items() if found.names is not None
        ),
        "foreign_roots": tuple(name for name, found in table.distributions.items() if found.foreign_root),
        "sdks": [
            (systems, sdk.pattern, sdk.default)
            for sdk, systems in _grouped((row.platform.os, row.sdk) for row in table.rows.values() if row.sdk is not None)
        ],
        "lookups": [(name, _by_libc(table, query)) for name, query in further_queries()],
    }


def _go_block(table: Table) -> dict[str, object]:
    """Return what ``xx-go.j2`` needs besides: Go's ports and zig's targets."""
    ports = [
        (key, ((("GOOS", row.go.os), ("GOARCH", row.go.arch)), tuple((row.go.settings or {}).items())))
        for key, row in table.rows.items()
        if row.go is not None
    ]
    settings = dict.fromkeys(name for _, (_, given) in ports for name, _ in given)
    return {
        "go_branches": [Port(keys, *found) for found, keys in _grouped(ports)],
        "go_variables": ("GOOS", "GOARCH", *settings, "CC", "CXX", "AR", "PKG_CONFIG"),
        "zig_branches": _by_libc(table, QUERIES["zig-target"]),
    }


def _words_of(text: str) -> str:
    """Return the bytes of a text as ``od -t x1`` prints them, each behind a space."""
    return "".join(f" {byte:02x}" for byte in text.encode())


def _binary_facts(row: Row) -> Facts:
    own, loader = row.elf, row.loader
    machine = {
        "elf": own and own.machine,
        "macho": row.macho and row.macho.cputype,
        "pe": row.pe and row.pe.machine,
        "wasm": 0,
    }[row.file.format]
    facts = {
        "xx_format": row.file.format,
        "xx_machine": str(machine),
        "xx_bits": str(row.data.bits),
        "xx_byte_order": row.data.byte_order,
    }
    if own is not None and row.file.format == "elf":
        facts |= {
            "xx_osabi": str(own.osabi or ""),
            "xx_osabi_gnu": str(own.osabi_gnu or ""),
            "xx_note": own.note or "",
            "xx_stated": "1" if own.stated else "",
            "xx_level": str(own.level or ""),
            "xx_float": own.float_abi or "",
            "xx_loader_gnu": _words_of(loader.gnu) if loader is not None and loader.gnu else "",
            "xx_loader_musl": _words_of(loader.musl) if loader is not None and loader.musl else "",
        }
    return _given(facts)


def _verify_block(table: Table) -> dict[str, object]:
    """Return what ``xx-verify.j2`` needs besides: what a binary for each platform looks like."""
    facts = {key: dict(_binary_facts(row)) for key, row in table.rows.items()}
    machines = {
        f"{found['xx_format']}:{found['xx_machine']}:{found['xx_bits']}:{found['xx_byte_order']}": table.rows[key].platform.architecture
        for key, found in reversed(facts.items())
    }
    notes = dict.fromkeys(row.elf.note for row in table.rows.values() if row.elf is not None and row.elf.note is not None)
    return {
        "binary_branches": _facts((key, tuple(found.items())) for key, found in facts.items()),
        "machine_branches": _values(machines.items()),
        "known_systems": tuple(dict.fromkeys(row.platform.os for row in table.rows.values())),
        "note_words": [(_words_of(name), name) for name in notes],
        "gnu_note": _words_of("GNU"),
        "arm_machine": str(elf.ARM),
        "arm_levels": [
            (str(level), tuple(f"6:{tag}" for tag, found in elf.ARM_LEVELS.items() if found == level))
            for level in dict.fromkeys(elf.ARM_LEVELS.values())
        ],
    }


_BLOCKS: Final[Mapping[str, tuple[Callable[[Table], dict[str, object]], ...]]] = {
    "xx-info": (_target_block, _triple_block, _info_block),
    "xx-go": (_target_block, _triple_block, _go_block),
    "xx-verify": (_target_block, _verify_block),
}
"""The facts that each command's template needs."""


def render(name: str, table: Table, templates: Mapping[str, str]) -> str:
    """Return the text of one command.

    :param templates: the text of everything below ``templates/``, by its path there
    :raises UsageError: there is no such command
    """
    if name not in WRAPPERS:
        raise UsageError(f"there is no command {name}", nearest(name, WRAPPERS) or "xxpy wrappers list names them")
    facts: dict[str, object] = {
        "name": name,
        "summary": WRAPPERS[name],
        "debug_variable": "XX_DEBUG_" + name.removeprefix("xx-").upper(),
    }
    for block in _BLOCKS[name]:
        facts.update(block(table))
    return environment(templates).get_template(f"wrappers/{name}.j2").render(facts)


def render_all(table: Table, templates: Mapping[str, str]) -> dict[str, str]:
    """Return the text of every command, by its path in the exported tree (``usr/bin/xx-info``)."""
    return {f"{FOLDER}/{name}": render(name, table, templates) for name in WRAPPERS}
