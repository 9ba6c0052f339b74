"""``xxpy info``: the names of one platform."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import click

from xxpy.cli import answer_cache, common, printing
from xxpy.cli.platform_options import one_platform_option, say
from xxpy.errors import UsageError
from xxpy.machine import facts, resources
from xxpy.table import libc as c_library
from xxpy.table.platform_list import LOCAL
from xxpy.table.resolve import resolve, variables
from xxpy.table.target import LIBC_VARIABLE, NO_DISTRIBUTION

if TYPE_CHECKING:
    from xxpy.request.platforms import Asked
    from xxpy.table.target import Target

_TYPO: Final = 0.8
"""How similar a name must be to that of a distribution to be a misspelling of it."""


@click.command(
    epilog="""\b
Examples:
  xxpy info --platform linux/arm/v7
  xxpy info triple --platform linux/arm64 --distribution alpine
  xxpy info go-env -p windows/amd64
  xxpy info platform -p linux/aarch64"""
)
@click.argument("query", required=False)
@one_platform_option
@click.option(
    "--distribution",
    "-d",
    metavar="ID",
    help="Distribution whose names to print, as in /etc/os-release.  [default: this machine's]",
)
@click.option(
    "--libc",
    type=click.Choice(c_library.CHOICES),
    help="C library in the triple.  [default: the distribution's]",
)
@common.json_option
@click.pass_obj
def command(
    arguments: list[str],
    query: str | None,
    asked: Asked,
    distribution: str | None,
    libc: str | None,
    *,
    as_json: bool,
) -> None:
    """Print the names of a platform: all of them, or the one that QUERY asks for.

    QUERY is one of the names that the full list shows on its left, or `platform` for the canonical
    spelling, `is-cross` (exit status 0 if the platform is not this machine) or `env`.
    """
    words = resources.table().words
    release = facts.release()
    names_of = variables(resources.table())
    given = {name: os.environ.get(name, "") for name in names_of}
    name = asked.libc(libc)
    if name is not None:
        given[LIBC_VARIABLE] = c_library.read(name)[0]
    note = None if distribution is None else _unknown(distribution)
    target = resolve(
        resources.table(),
        asked.one(say),
        release.id if distribution is None else distribution,
        os_version=release.version if distribution in {None, release.id} else "",
        build=facts.platform(words),
        variables=given,
    )
    if query == "is-cross" and not as_json:
        sys.exit(0 if target.is_cross else 1)
    if as_json:
        names = {"platform": str(target.platform), **target.names()}
        if query is None:
            printing.print_json({**names, "groups": common.groups(target.row)})
            return
        printing.print_json({query: _answer(target, query)})
        return
    text = _table(target) if query is None else _answer(target, query) + "\n"
    printing.give(text, nl=False)
    if note:
        printing.note(note)
    elif not any(
        "/" not in word and word != LOCAL for word in asked.lists
    ):  # the note on how it was read is printed each time
        answer_cache.remember(arguments, text, names_of)


def _unknown(distribution: str) -> str:
    """Return a note on a distribution that the table does not have, or "".

    :raises UsageError: it is nearly the name of one that the table has
    """
    known = resources.table().distributions
    if distribution in known or distribution == NO_DISTRIBUTION:
        return ""
    near = next(iter(get_close_matches(distribution.lower(), known, 1, _TYPO)), None)
    if near is not None:
        raise UsageError(f"unknown distribution {distribution!r}", f"did you mean {near}?")
    return (
        f"the table does not have {distribution}, which counts as a system with glibc and its own"
        f" name in triples; it has {', '.join(known)}"
    )


def _answer(target: Target, query: str) -> str:
    """Return the answer to a query.

    :raises UsageError: the answer is an exit status, or the query is unknown
    """
    if query == "platform":
        return str(target.platform)
    if query == "env":
        return "\n".join(f"{name}={value}" for name, value in target.environment().items())
    if query == "is-cross":
        raise UsageError("is-cross answers with its exit status", "leave out --json")
    return target.name(query)


def _table(target: Target) -> str:
    """Return all names and their values, one per line."""
    names = {"platform": str(target.platform), **target.names()}
    width = max(map(len, names))
    return "".join(f"{name:<{width}}  {value}".rstrip() + "\n" for name, value in names.items())
