"""``xxpy completion``: the completion script of a shell."""

from __future__ import annotations

import click

from xxpy.cli import common, printing
from xxpy.machine import resources

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    epilog="""\b
Examples:
  eval "$(xxpy completion bash)"
  xxpy completion fish > ~/.config/fish/completions/xxpy.fish"""
)
@click.argument("shell", type=click.Choice(_SHELLS))
@common.json_option
def command(shell: str, *, as_json: bool) -> None:
    """Print the completion script for SHELL (bash, zsh or fish).

    It completes commands, options, and their values: platforms, triples, compilers, languages,
    distributions and queries.
    """
    script = resources.texts("templates", "completion/*")[f"completion/xxpy.{shell}"]
    if as_json:
        printing.print_json({"shell": shell, "script": script})
    else:
        printing.give(script, nl=False)
