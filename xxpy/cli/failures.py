"""Print errors, all in one form: ``error:`` with what is wrong, and ``hint:`` with what to do."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

import click

from xxpy import bounds
from xxpy.cli import printing, variables
from xxpy.errors import InternalError, Interrupted, UsageError, XxpyError, nearest
from xxpy.machine import interrupts

if TYPE_CHECKING:
    from collections.abc import Sequence

_ABSENT: Final = re.compile(r"(?P<kind>Directory|File|Path) '(?P<path>.*)' does not exist")
"""What click says about paths."""
_NO_THREAD: Final = "can't start new thread"
"""What Python says where the system refuses one."""


def show(error: XxpyError) -> None:
    """Print an error and its hint to stderr."""
    label = printing.styled("error:", fg="red", bold=True)
    click.echo(f"{label} {bounds.plain(error.message)}", err=True)
    for line in error.hint.splitlines():
        click.echo(f"{printing.styled('hint:', fg='cyan')} {bounds.plain(line)}", err=True)


def of_usage(error: click.ClickException) -> XxpyError:
    """Return click's error about a command line, in the words of xxpy's own errors."""
    ctx = getattr(error, "ctx", None)
    name = "xxpy" if ctx is None else ctx.command_path
    hint = f"{name} --help"
    message = error.format_message()
    if isinstance(error, click.NoSuchOption):
        message = f"no such option: {error.option_name}"
        known = [] if ctx is None else [word for one in ctx.command.params for word in one.opts]
        hint = nearest(error.option_name, known) or hint
    elif isinstance(error, click.BadParameter) and (gone := _ABSENT.match(error.message)):
        what = "folder" if gone["kind"] == "Directory" else gone["kind"].lower()
        message = f"no such {what}: {gone['path']}"
        hint = f"{_option(error)} takes a {what} that exists"
    elif isinstance(error, click.BadParameter) and ctx is not None and error.param is not None:
        given = variables.given_by(ctx, error.param)
        message = f"{given}: {error.message}" if given else message
    found = UsageError(_plain(message), hint)
    found.__cause__ = error
    return found


def _option(error: click.BadParameter) -> str:
    """Return the option that a value is for, as users write it."""
    param = error.param
    return "it" if param is None else max(param.opts, key=len)


def _plain(message: str) -> str:
    """Return a message of click as a clause: small first letter, no full stop.

    >>> _plain("Invalid value for '--jobs': 0 is not in the range x>=1.")
    "invalid value for '--jobs': 0 is not in the range x>=1"
    """
    line = " ".join(message.split()).removesuffix(".")
    first, _, rest = line.partition(" ")
    return f"{first.lower()} {rest}" if first.istitle() else line


def internal(error: Exception, arguments: Sequence[str]) -> XxpyError:
    """Return the error for an unexpected exception."""
    found: XxpyError
    if interrupts.was_requested():
        # KeyboardInterrupt was raised in code of C that made another error of it.
        found = Interrupted("interrupted")
    elif isinstance(error, MemoryError) or str(error) == _NO_THREAD:
        found = InternalError(
            "there is not enough memory, or no room for another thread",
            "is it limited (ulimit -v, ulimit -u), or is a file of the project very large?",
        )
    else:
        words = [word for word in arguments if word != "--debug"]
        hint = f"this is a fault of xxpy: report what xxpy --debug {shlex.join(words)} prints"
        found = InternalError(f"internal error: {type(error).__name__}: {error}", hint)
    found.__cause__ = error
    return found
