"""``xxpy plan``: which strategy each platform gets, and why."""

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
  xxpy plan --json | jq -r '.[] | select(.strategy == "emulation") | .platform'"""
)
@fleet.project_options
@common.json_option
def command(directory: Path, asked: Asked, config: Path | None, *, as_json: bool) -> None:
    """Show how each platform of the project in DIRECTORY is built, and why.

    The strategies, in order of preference: native (this machine runs the platform itself), cross (a
    compiler on this machine targets it), node (a machine of the platform runs BuildKit; see
    [node.NAME] in xxpy.toml) and emulation (the compiler runs under QEMU). To choose one, set
    strategy in xxpy.toml, for all platforms or for one. The exit status is 5 if no strategy works
    for a platform.
    """
    decisions = fleet.read(directory, asked, config).decisions
    if as_json:
        printing.print_json(
            [
                {
                    "platform": str(decision.platform),
                    "strategy": None if decision.strategy is None else decision.strategy.value,
                    "node": decision.node or None,
                    "why": decision.why,
                }
                for decision in decisions
            ]
        )
    else:
        width = max(len(str(decision.platform)) for decision in decisions)
        for decision in decisions:
            name = "none" if decision.strategy is None else decision.strategy.value
            printing.show(f"{decision.platform!s:<{width}}  {name:<9}  {decision.why}")
    fleet.refuse((decision for decision in decisions if decision.strategy is None), shown=True)
