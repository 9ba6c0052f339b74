"""``xxpy exec``: run a command in the environment of a platform."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import click

from xxpy import posix
from xxpy.cli import common
from xxpy.cli.request import request_options
from xxpy.errors import CommandNotFoundError, CommandNotRunnableError
from xxpy.machine import processes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xxpy.cli.request import Request


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="""\b
Examples:
  xxpy exec --platform linux/arm64 -- go test -c ./...
  xxpy exec -p windows/amd64 -- make release
  xxpy exec --target x86_64-unknown-linux-musl -- make""",
)
@request_options
@click.argument(
    "words", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND [ARGUMENTS]..."
)
@click.pass_context
def command(ctx: click.Context, request: Request, words: tuple[str, ...]) -> None:
    """Run COMMAND in the environment of a platform, with the command's exit status.

    The environment is the same as in `xxpy build`, including the settings in xxpy.toml. The command
    replaces xxpy, so signals reach it, and a signal that ends it is seen as such. As in a shell,
    the exit status is 127 if the command does not exist, and 126 if it cannot be run. `xxpy env`
    prints the variables.
    """
    common.check_command(ctx, words[0])
    become(words, request.environment())


def become(words: Sequence[str], environment: dict[str, str]) -> None:
    """Replace xxpy by a command.

    :raises CommandNotFoundError: it does not exist
    :raises CommandNotRunnableError: it cannot be started
    """
    posix.require(words[0])
    sys.stdout.flush()
    for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores these, which a command would inherit
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)
    processes.finish()
    try:
        os.execvpe(words[0], list(words), environment)  # noqa: S606 - no shell is meant
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CommandNotFoundError(
            f"{words[0]}: not found", "xxpy looks for the command on PATH"
        ) from error
    except OSError as error:
        raise CommandNotRunnableError(f"{words[0]} cannot be run: {error.strerror}") from error
