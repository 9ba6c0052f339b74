"""``xxpy inspect``: say what a file is."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from xxpy import binary
from xxpy.cli import common


@click.command(
    epilog="""\b
Examples:
  xxpy inspect dist/linux_arm64/server
  xxpy inspect --json libcrypto.a | jq -r '.[].name'"""
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@common.json_option
def command(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Describe binaries: format, machine, byte order, linkage, what they need.

    A fat file is described slice by slice, an archive member by member.
    """
    described = [description for path in files for description in binary.inspect(path)]
    if as_json:
        common.print_json([asdict(description) for description in described])
        return
    for number, description in enumerate(described):
        if number:
            click.echo()
        facts = {name.replace("_", " "): value for name, value in asdict(description).items() if value not in {None, "", ()}}
        for name, value in facts.items():
            click.echo(f"{name:<12}  {', '.join(value) if isinstance(value, tuple) else value}")
