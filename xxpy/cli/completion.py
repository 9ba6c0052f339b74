"""``xxpy completion``: the completion script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from xxpy.cli import printing

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    epilog="""\b
Examples:
  eval "$(xxpy completion bash)"
  xxpy completion fish > ~/.config/fish/completions/xxpy.fish"""
)
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print the completion script for SHELL (bash, zsh or fish)."""
    from xxpy.cli.group import group  # noqa: PLC0415 - the group imports this module

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"click has no completion for {shell}")
    printing.give(found(group, {}, "xxpy", "_XXPY_COMPLETE").source())
