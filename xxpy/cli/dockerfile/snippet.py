"""``xxpy dockerfile snippet``: print parts to copy into a Dockerfile."""

from __future__ import annotations

import click

from xxpy.cli import common, printing
from xxpy.cli.dockerfile import sources
from xxpy.dockerfile.write import parts


@click.command(epilog="Example: xxpy dockerfile snippet cmake")
@click.argument("name", required=False)
@common.json_option
def command(name: str | None, *, as_json: bool) -> None:
    """Print the snippet NAME; without a name list what there is."""
    if name is None and as_json:
        printing.print_json(dict(sources.sources().recipes.snippets))
        return
    if name is None:
        for known, summary in sources.sources().recipes.snippets.items():
            printing.show(f"{known:<12}{summary}")
        return
    text = parts.snippet(sources.sources(), name)
    if as_json:
        printing.print_json({"name": name, "text": text})
    else:
        printing.give(text, nl=False)
