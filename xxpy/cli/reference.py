"""Describe commands as data, for ``xxpy help --json``, the pages of the reference and of man."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from xxpy import errors
from xxpy.cli import finish, variables
from xxpy.cli.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLUMNS = 3
"""The columns of the table of exit codes."""

_EXAMPLES = re.compile(r"\A\s*Examples?:\s*")


@dataclass(frozen=True, slots=True)
class Option:
    """An option.

    :param names: as it is written, short forms first
    :param value: what stands for its value, or "" for a flag
    :param variable: the environment variable
    """

    names: tuple[str, ...]
    value: str
    help: str
    variable: str
    repeated: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """A command.

    :param words: the words that call it, with ``xxpy``
    :param usage: the words after them
    :param paragraphs: of its help, the summary first
    :param commands: the commands below it, each with its summary
    """

    words: tuple[str, ...]
    usage: str
    paragraphs: tuple[str, ...]
    options: tuple[Option, ...]
    commands: tuple[tuple[str, str], ...]
    examples: tuple[str, ...]


def describe(ctx: click.Context) -> Description:
    """Describe the command of a context."""
    command = ctx.command
    texts = (command.help or "").split("\n\n")
    words = tuple(ctx.command_path.split())
    return Description(
        words=words,
        usage=" ".join(command.collect_usage_pieces(ctx)),
        paragraphs=tuple(" ".join(text.split()) for text in texts if text.strip()),
        options=tuple(
            _option(one, ctx, words[1:]) for one in command.params if isinstance(one, click.Option)
        ),
        commands=tuple(
            (child.info_name or "", _summary(command, child)) for child in children(ctx)
        ),
        examples=_examples(command.epilog or ""),
    )


def _summary(group: click.Command, child: click.Context) -> str:
    known = group.summaries if isinstance(group, Lazy) else {}
    return known.get(child.info_name or "") or finish.summary(child.command)


def _option(option: click.Option, ctx: click.Context, words: tuple[str, ...]) -> Option:
    names = sorted(option.opts, key=lambda name: name.startswith("--"))
    flag = option.is_flag or option.count
    kind = option.type
    record = option.get_help_record(ctx)
    return Option(
        names=(*names, *option.secondary_opts),
        value="" if flag else option.make_metavar(ctx),
        help="" if record is None else " ".join(record[1].split()),
        variable=variables.name_of(words, option),
        repeated=option.multiple,
        choices=tuple(map(str, kind.choices)) if isinstance(kind, click.Choice) else (),
    )


def _examples(epilog: str) -> tuple[str, ...]:
    text = _EXAMPLES.sub("", epilog.replace("\b", ""))
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def children(ctx: click.Context) -> Iterator[click.Context]:
    """Yield the contexts of the commands below that of *ctx*, in the order of the help."""
    group = ctx.command
    if isinstance(group, click.Group):
        for name in group.list_commands(ctx):
            child = group.get_command(ctx, name)
            if child is not None:
                yield click.Context(child, info_name=name, parent=ctx)


def every(ctx: click.Context | None = None) -> Iterator[click.Context]:
    """Yield the context of a command, by default ``xxpy``, and those of all commands below it."""
    if ctx is None:
        from xxpy.cli.group import group  # noqa: PLC0415 - the group imports the commands

        ctx = group.make_context("xxpy", [], resilient_parsing=True)
    yield ctx
    for child in children(ctx):
        yield from every(child)


def document(found: Description) -> dict[str, Any]:
    """Return a description for JSON."""
    facts = asdict(found)
    commands = [{"name": name, "summary": summary} for name, summary in found.commands]
    return {"command": " ".join(facts.pop("words")), **facts, "commands": commands}


def exit_codes() -> list[tuple[str, str, str]]:
    """Return each exit code with its meaning and its class, from a docstring that a test checks."""
    rows = [line.split(maxsplit=2) for line in (errors.__doc__ or "").splitlines()]
    codes = [row for row in rows if len(row) == _COLUMNS and row[0].isdigit()]
    return [(code, meaning.replace("``", "`"), kind) for code, kind, meaning in codes]
