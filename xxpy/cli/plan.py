"""``xxpy plan``: which platform is built which way, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xxpy.cli import common, fleet, printing

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.request.platforms import Asked


@click.command(
    epilog="""\b
Examples:
  xxpy plan --platform linux/amd64,linux/arm64,darwin/arm64
  xxpy plan --json | jq -r '.[] | select(.way == "emulation") | .platform'"""
)
@fleet.project_options
@common.json_option
def command(directory: Path, asked: Asked, config: Path | None, *, as_json: bool) -> None:
    """Say which way each platform of the project in DIRECTORY goes, and why.

    The ways are, in this order: here (this machine runs the platform itself), cross (a compiler
    here targets it), node (a machine of the platform has a BuildKit; [node.NAME] in xxpy.toml) and
    emulation (the compiler runs under QEMU). The key strategy in xxpy.toml chooses one for all
    platforms or for one. The exit status is 5 if a platform has no way.
    """
    decisions = fleet.read(directory, asked, config).decisions
    if as_json:
        printing.print_json(
            [
                {
                    "platform": str(decision.platform),
                    "way": None if decision.way is None else decision.way.value,
                    "node": decision.node or None,
                    "why": decision.why,
                }
                for decision in decisions
            ]
        )
    else:
        width = max(len(str(decision.platform)) for decision in decisions)
        for decision in decisions:
            name = "none" if decision.way is None else decision.way.value
            printing.show(f"{decision.platform!s:<{width}}  {name:<9}  {decision.why}")
    fleet.refuse((decision for decision in decisions if decision.way is None), shown=True)
