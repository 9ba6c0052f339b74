"""``xxpy dockerfile``: check, convert and write Dockerfiles, with one module per command."""

from __future__ import annotations

from typing import Final

import click

from xxpy.cli.lazy import Lazy

COMMANDS: Final = {
    "check": "Say what makes a build for several platforms slow or wrong.",
    "rule": "Explain a code of check.",
    "convert": "Turn a Dockerfile from emulation into cross-compiling.",
    "new": "Write a Dockerfile that cross-compiles.",
    "lsp": "Check and convert in an editor, as a language server.",
    "snippet": "Print a part to copy into a Dockerfile.",
}
"""Each command with its summary; command NAME is ``command`` of ``xxpy/cli/dockerfile/NAME.py``."""


class Commands(Lazy):
    """The commands of ``xxpy dockerfile``."""

    words = ("dockerfile",)
    package = __name__
    summaries = COMMANDS


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
