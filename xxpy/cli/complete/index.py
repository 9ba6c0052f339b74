"""Make ``index.txt``: all commands, their options, and the values that the table has for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from xxpy import wrappers
from xxpy.cli import reference
from xxpy.cli.dockerfile import sources
from xxpy.compiler.registry import AUTO, FAMILIES
from xxpy.dockerfile.check import RULES
from xxpy.language.registry import LANGUAGES
from xxpy.machine import resources
from xxpy.table import libc, triple
from xxpy.table.platform_list import ALL, LOCAL
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xxpy.table.target import Target

_BY_VALUE: Final = {"ID": "distributions", "NAME[:RELEASE]": "releases", "LIST": "platforms"}
"""The kinds of options that go by what stands for their value."""

_BY_NAME: Final = {
    "--platform": "platform",
    "--target": "triples",
    "--cc": "compilers",
    "--libc": "libcs",
    "--language": "languages",
    "--sysroot": "sysroots",
    "--ignore": "rules",
    "query": "queries",
    "code": "rules",
    "words": "commands",
}
"""The kinds of other options and arguments."""

_QUERIES: Final = ("platform", "env", "is-cross")
"""The queries of xxpy info that are no names."""

_BY_COMMAND: Final = {
    "dockerfile new": {
        "--language": "recipe-languages",
        "--base": "bases",
        "--runtime": "runtimes",
        "--build-system": "systems",
    },
    "dockerfile snippet": {"name": "snippets"},
    "wrappers show": {"name": "wrappers"},
    "sysroot": {"name": "sysroots"},
    "exec": {"words": "files"},
    "run": {"words": "files"},
}
"""The kinds in single commands, or in those of a group, where a name means something else."""


def text() -> str:
    """Return the text of the index."""
    lines = [line for ctx in reference.every() for line in _command(ctx)]
    for kind, values in _values().items():
        lines += [f"value\t{kind}\t{value}\t{meaning}" for value, meaning in values.items()]
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))


def _command(ctx: click.Context) -> Iterator[str]:
    found = reference.describe(ctx)
    name = " ".join(found.words[1:])
    for child, summary in found.commands:
        yield f"command\t{name}\t{child}\t{summary}"
    for parameter in ctx.command.params:
        if isinstance(parameter, click.Argument):
            more = "..." if parameter.nargs != 1 else ""
            yield f"argument\t{name}\t{_kind(parameter, ctx, name)}{more}"
    for option in ctx.command.get_params(ctx):
        if isinstance(option, click.Option) and not option.hidden:
            summary = (option.help or "").replace("\t", " ").partition(".  [")[0].split(". ")[0]
            kind = "" if option.is_flag else _kind(option, ctx, name)
            names = " ".join((*option.opts, *option.secondary_opts))
            yield f"option\t{name}\t{names}\t{kind}\t{summary}"


def _kind(parameter: click.Parameter, ctx: click.Context, command: str) -> str:
    """Return the kind of the value of an option or argument."""
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return f"one of {' '.join(kind.choices)}"
    if isinstance(kind, click.Path):
        return "files" if kind.file_okay else "folders"
    names = [parameter.name or "", *parameter.opts]
    for key in (command, command.partition(" ")[0]):
        for name in names:
            if name in _BY_COMMAND.get(key, {}):
                return _BY_COMMAND[key][name]
    value = parameter.make_metavar(ctx)
    by_name = next((_BY_NAME[name] for name in names if name in _BY_NAME), "text")
    return _BY_VALUE.get(value, by_name) if isinstance(parameter, click.Option) else by_name


def _triples(targets: Iterable[Target]) -> Iterator[str]:
    for target in targets:
        for query, name in target.names().items():
            if query in triple.OWNERS:
                yield name


def _values() -> dict[str, Mapping[str, str]]:
    """Return the values of each kind, each with what it means."""
    choices = {
        kind
        for ctx in reference.every()
        for parameter in ctx.command.params
        if (kind := _kind(parameter, ctx, "")).startswith("one of ")
    }
    return {
        **_of_the_table(),
        **_of_recipes(),
        "compilers": dict.fromkeys((AUTO, *FAMILIES), ""),
        "libcs": dict.fromkeys(libc.CHOICES, ""),
        "languages": {name: language.title for name, language in LANGUAGES.items()},
        "rules": {rule.code: rule.title for rule in RULES.values()},
        "wrappers": {name: command.summary for name, command in wrappers.COMMANDS.items()},
        **{kind: dict.fromkeys(kind.split()[2:], "") for kind in sorted(choices)},
    }


def _of_recipes() -> dict[str, Mapping[str, str]]:
    """Return what the commands for Dockerfiles take."""
    recipes = sources.sources().recipes
    return {
        "recipe-languages": dict.fromkeys(recipes.languages, ""),
        "bases": dict.fromkeys(recipes.bases, ""),
        "runtimes": dict.fromkeys(recipes.runtimes, ""),
        "systems": dict.fromkeys(recipes.systems, ""),
        "snippets": recipes.snippets,
    }


def _of_the_table() -> dict[str, Mapping[str, str]]:
    """Return platforms, their names, and distributions."""
    table = resources.table()
    systems = dict.fromkeys(row.platform.os for row in table.rows.values())
    globs = {f"{system}/*": "" for system in systems}
    one = {LOCAL: "this machine's", **dict.fromkeys(table.rows, "")}
    releases = {
        f"{name}:{release.codename or release.number}": table.distribution(name).title
        for name, listed in table.releases.items()
        if name in table.archives
        for release in listed
        if release.usable
    }
    targets = [
        resolve(table, row.platform, distribution)
        for row in table.rows.values()
        for distribution in table.distributions
    ]
    return {
        "platforms": {ALL: "every platform", **globs, **one},
        "platform": one,
        "triples": dict.fromkeys(_triples(targets), ""),
        "queries": dict.fromkeys(
            (*_QUERIES, *(name for one in targets for name in one.names())), ""
        ),
        "distributions": {name: one.title for name, one in table.distributions.items()},
        "releases": releases,
    }
