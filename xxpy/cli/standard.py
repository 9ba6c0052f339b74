"""The options that every command has: ``--quiet``, ``--verbose`` and ``--no-color``."""

from __future__ import annotations

from typing import Final

import click
from click.core import ParameterSource

from xxpy.cli import printing
from xxpy.errors import UsageError
from xxpy.machine import activity

_TYPED: Final = "xxpy.typed"
"""The key in the context's ``meta`` of whether --quiet or --verbose was typed."""


def options() -> list[click.Option]:
    """Return the options, for one command."""
    common = {"is_flag": True, "expose_value": False, "is_eager": True}
    return [
        click.Option(
            ["--quiet", "-q"], help="Print only results and errors.", callback=_quiet, **common
        ),
        click.Option(
            ["--verbose", "-v"],
            help="Print every command that is run, in a form that can be pasted.",
            callback=_verbose,
            **common,
        ),
        click.Option(["--no-color"], help="Print without colour.", callback=_no_color, **common),
    ]


def _quiet(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and _takes(ctx, parameter, other=printing.MANNER.verbose):
        printing.MANNER.quiet, printing.MANNER.verbose = True, False
        activity.trace(None)


def _verbose(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and _takes(ctx, parameter, other=printing.MANNER.quiet):
        printing.MANNER.quiet, printing.MANNER.verbose = False, True
        activity.trace(printing.trace)


def _takes(ctx: click.Context, parameter: click.Parameter, *, other: bool) -> bool:
    """Whether an option counts; of a variable and an option that was typed, the latter does.

    :param other: whether the opposite was asked for before
    :raises UsageError: both were typed
    """
    typed = ctx.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
    before = ctx.meta.get(_TYPED, False)
    if other and typed and before:
        raise UsageError("--quiet and --verbose cannot be used together", "leave one out")
    ctx.meta[_TYPED] = typed or before
    return typed or not (other and before)


def _no_color(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        printing.MANNER.color = False
        ctx.color = False
