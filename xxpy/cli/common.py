"""What several commands share: options, and how platforms are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from click.core import ParameterSource

from xxpy.cli import printing
from xxpy.cli.platform_options import say
from xxpy.errors import UsageError
from xxpy.machine import files
from xxpy.request.platforms import Asked, read_one_platform
from xxpy.table.columns import GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xxpy.table.columns import Row
    from xxpy.table.platform import Platform

_JSON: Final = "json"
_REST: Final = "xxpy.rest"
_Command = TypeVar("_Command", bound="Callable[..., Any]")


def platform_option(command: _Command) -> _Command:
    """Add ``--platform P``; the parameter is ``platform``, which is None by default."""
    return click.option(
        "--platform",
        "-p",
        metavar="P",
        help="Platform, such as linux/arm/v7.  [default: this machine's]",
    )(command)


def json_option(command: _Command) -> _Command:
    """Add ``--json``; the parameter is ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def format_of(name: str, *, as_json: bool) -> str:
    """Return the format that ``--format`` names, or ``json`` for ``--json``.

    :param name: the value of ``--format``, whose parameter is ``format_``
    :raises UsageError: the two contradict each other
    """
    if not as_json:
        return name
    source = click.get_current_context().get_parameter_source("format_")
    if source is ParameterSource.COMMANDLINE and name != _JSON:
        raise UsageError(f"--json and --format {name} cannot be used together", "leave one out")
    return _JSON


def read_platform(text: str | None) -> Platform:
    """Return the platform that *text* names in any spelling; None and ``local`` are this machine.

    :raises UnsupportedPlatformError: it is malformed or unknown
    """
    return read_one_platform(text, say)


def read_platforms(texts: Iterable[str]) -> tuple[Platform, ...]:
    """Return the platforms that the lists in *texts* name, in order and without duplicates.

    :raises UnsupportedPlatformError: one is malformed, unknown, or a glob that matches nothing
    """
    listed = tuple(texts)
    return Asked(listed).read(()).platforms if listed else ()


class WithRest(click.Command):
    """A command that keeps the words after ``--`` apart; :func:`rest` returns them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remove the words after ``--`` before click mixes them with the arguments."""
        if "--" in args:
            place = args.index("--")
            ctx.meta[_REST] = tuple(args[place + 1 :])
            args = args[:place]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Show them in the usage line."""
        return [*super().collect_usage_pieces(ctx), "[-- ARGUMENTS...]"]


def check_command(ctx: click.Context, word: str) -> None:
    """Refuse a misspelled option in the place of a command, whose own options come after it.

    :raises click.NoSuchOption: the word begins like an option
    """
    if word.startswith("-"):
        raise click.NoSuchOption(word.partition("=")[0], ctx=ctx)


def rest(ctx: click.Context) -> tuple[str, ...]:
    """Return the words after ``--``."""
    found: tuple[str, ...] = ctx.meta.get(_REST, ())
    return found


def output_option(command: _Command) -> _Command:
    """Add ``--output FILE`` for :func:`write_or_print`; the parameter is ``output``."""
    return click.option(
        "--output",
        "-o",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="File to write.  [default: standard output]",
    )(command)


def write_or_print(output: Path | None, text: str) -> None:
    """Write *text* to the file that the user named, whole or not at all, or print it.

    :raises OutputError: the file cannot be written
    """
    if output is None:
        printing.give(text, nl=False)
    else:
        files.write(output, text)


def groups(row: Row) -> dict[str, dict[str, object]]:
    """Return a row for JSON: group by group, key by key, without absent values."""
    found: dict[str, dict[str, object]] = {}
    for name in GROUPS:
        group = getattr(row, name)
        if group is not None:
            values = {field.name: getattr(group, field.name) for field in fields(group)}
            found[name] = {
                key: dict(value) if isinstance(value, Mapping) else value
                for key, value in values.items()
                if value is not None
            }
    return found
