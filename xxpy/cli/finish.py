"""What every command gets when it is loaded: non-empty paths and whole summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import os


class GivenPath(click.Path):
    """A path that is not empty: an unset variable in a script must not mean the current folder."""

    def __init__(self, like: click.Path) -> None:
        super().__init__()
        vars(self).update(vars(like))

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 - click's signature
        """Refuse the empty path."""
        if value == "":
            self.fail("the path is empty", param, ctx)
        return super().convert(value, param, ctx)


def finish(command: click.Command) -> click.Command:
    """Prepare a command, and those below it."""
    for parameter in command.params:
        if type(parameter.type) is click.Path:
            parameter.type = GivenPath(parameter.type)
    if isinstance(command, click.Group):
        for child in command.commands.values():
            if child.short_help is None:
                child.short_help = summary(child)
            finish(child)
    return command


def summary(command: click.Command) -> str:
    """Return the first sentence of a command's help, which click would cut to one line."""
    first = " ".join((command.help or "").split("\n\n")[0].split())
    end = first.find(". ")
    return first if end < 0 else first[: end + 1]
