"""``xxpy dockerfile snippet``: print parts to copy into a Dockerfile."""

from __future__ import annotations

import click

from xxpy.cli.dockerfile import sources
from xxpy.dockerfile.write import parts


@click.command(epilog="Example: xxpy dockerfile snippet cmake")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Print the snippet NAME; without a name list what there is."""
    if name is None:
        for known, summary in sources.sources().recipes.snippets.items():
            click.echo(f"{known:<12}{summary}")
        return
    click.echo(parts.snippet(sources.sources(), name), nl=False)
