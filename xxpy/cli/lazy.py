"""Groups whose commands are imported only when they run, so that each pays for itself alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

import click

from xxpy.cli.finish import finish

if TYPE_CHECKING:
    from collections.abc import Mapping


class Lazy(click.Group):
    """A group of commands, each ``command`` of a module of its own.

    :cvar words: the words of the group, without ``xxpy``
    :cvar package: the package with the modules
    :cvar summaries: each command, which is the name of its module, with its summary; in the order
        of the help
    """

    words: ClassVar[tuple[str, ...]] = ()
    package: ClassVar[str]
    summaries: ClassVar[Mapping[str, str]]

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the help."""
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command, or return None for an unknown name."""
        if cmd_name not in self.summaries:
            return None
        command = import_module(f"{self.package}.{cmd_name}").command
        return finish(command, (*self.words, cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the summaries without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))
