"""What every command gets when it is loaded.

That is: the options that all commands have, a variable for each option, non-empty paths, and a
whole summary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from xxpy.cli import standard, variables

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence


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
        if variables.whole(value, param, ctx) == "":
            self.fail("the path is empty", param, ctx)
        return super().convert(value, param, ctx)

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Split the value of a variable into words, as for every option."""
        return variables.split(rv)


def finish(command: click.Command, words: Sequence[str]) -> click.Command:
    """Prepare a command, and those below it; once is enough.

    :param words: the words of the command, without ``xxpy``
    """
    if "--no-color" in {name for one in command.params for name in one.opts}:
        return command
    command.params += standard.options()
    for parameter in command.params:
        if type(parameter.type) is click.Path:
            parameter.type = GivenPath(parameter.type)
    variables.assign(command, words)
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            if child.short_help is None:
                child.short_help = summary(child)
            finish(child, (*words, name))
    return command


def summary(command: click.Command) -> str:
    """Return the first sentence of a command's help, which click would cut to one line."""
    first = " ".join((command.help or "").split("\n\n")[0].split())
    end = first.find(". ")
    return first if end < 0 else first[: end + 1]
