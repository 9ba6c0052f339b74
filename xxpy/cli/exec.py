"""``xxpy exec``: run a command with one platform's environment."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from xxpy import processes
from xxpy.cli import common
from xxpy.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xxpy.cli.common import KitOptions


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="""\b
Examples:
  xxpy exec --platform linux/arm64 -- go test -c ./...
  xxpy exec -p windows/amd64 -- make release""",
)
@common.platform_option
@common.kit_options
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND [ARGUMENTS]...")
def command(platform: str | None, options: KitOptions, words: tuple[str, ...]) -> None:
    """Run COMMAND with the environment of a platform; its exit status is the command's.

    Nothing is put between: the command replaces xxpy, so signals reach it. `xxpy env` prints the variables.
    """
    become(words, options.environment(common.read_platform(platform), dict(os.environ)))


def become(words: Sequence[str], environment: dict[str, str]) -> None:
    """Replace xxpy by a command.

    :raises ToolError: it cannot be started
    """
    sys.stdout.flush()
    processes.finish()
    try:
        os.execvpe(words[0], list(words), environment)  # noqa: S606 - no shell is meant
    except OSError as error:
        raise ToolError(f"{words[0]} cannot be started: {error.strerror}", "the command is looked for on PATH") from error
