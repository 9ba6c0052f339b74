"""``xxpy dockerfile``: check, convert and write Dockerfiles, with one module per command."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from xxpy.cli.finish import finish

COMMANDS: Final = {
    "check": "Say what makes a build for several platforms slow or wrong.",
    "rule": "Explain a code of check.",
    "convert": "Turn a Dockerfile from emulation into cross-compiling.",
    "new": "Write a Dockerfile that cross-compiles.",
    "lsp": "Check and convert in an editor, as a language server.",
    "snippet": "Print a part to copy into a Dockerfile.",
}
"""Each command with its summary; command NAME is ``command`` of ``xxpy/cli/dockerfile/NAME.py``."""


class Commands(click.Group):
    """The group, whose commands are imported only when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command, or return None for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        return finish(import_module(f"{__name__}.{cmd_name}").command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the summaries without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    epilog="""\b
Examples:
  xxpy dockerfile check Dockerfile --platform linux/amd64,linux/arm64
  xxpy dockerfile convert --diff Dockerfile
  xxpy dockerfile convert --write --mode xx Dockerfile
  xxpy dockerfile new --language go --name server >Dockerfile""",
)
def command() -> None:
    """Check, convert and write Dockerfiles for multi-platform builds.

    A check finds what makes such a build slow or wrong.

    Needs the extra dockerfile, which has BuildKit's parser: pip install '.[dockerfile]' in a
    checkout.
    """
