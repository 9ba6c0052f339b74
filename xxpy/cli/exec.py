"""``xxpy exec``: run a command with one platform's environment."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import click

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
def command(request: Request, words: tuple[str, ...]) -> None:
    """Run COMMAND with the environment of a platform; its exit status is the command's.

    The environment is the one that `xxpy build` gives to the project's own build: what xxpy.toml
    says counts here, too. The command replaces xxpy, so signals reach it, and one that ends it is
    seen as such. As in a shell, the exit status is 127 if there is no such command, and 126 if it
    cannot be run. `xxpy env` prints the variables.
    """
    become(words, request.environment())


def become(words: Sequence[str], environment: dict[str, str]) -> None:
    """Replace xxpy by a command.

    :raises CommandNotFoundError: there is none
    :raises CommandNotRunnableError: it cannot be started
    """
    sys.stdout.flush()
    for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores these, and a command would inherit that
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)
    processes.finish()
    try:
        os.execvpe(words[0], list(words), environment)  # noqa: S606 - no shell is meant
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CommandNotFoundError(
            f"{words[0]}: not found", "the command is looked for on PATH"
        ) from error
    except OSError as error:
        raise CommandNotRunnableError(f"{words[0]} cannot be run: {error.strerror}") from error
