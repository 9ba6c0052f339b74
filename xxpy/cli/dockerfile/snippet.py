"""``xxpy dockerfile snippet``: print parts to copy into a Dockerfile."""

from __future__ import annotations

import click

from xxpy.cli import printing
from xxpy.cli.dockerfile import sources
from xxpy.dockerfile.write import parts


@click.command(epilog="Example: xxpy dockerfile snippet cmake")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Print the snippet NAME; without a name list what there is."""
    if name is None:
        for known, summary in sources.sources().recipes.snippets.items():
            printing.show(f"{known:<12}{summary}")
        return
    printing.give(parts.snippet(sources.sources(), name), nl=False)
