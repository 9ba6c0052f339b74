"""``xxpy doctor``: what this machine can do for builds for many platforms."""

from __future__ import annotations

from pathlib import Path

import click

from xxpy.cli import common, printing
from xxpy.fleet import doctor
from xxpy.machine import resources, trust
from xxpy.machine.checks import State

_MARKS = {State.GOOD: "✓", State.POOR: "!", State.MISSING: "✗"}


@click.command(
    epilog="""\b
Examples:
  xxpy doctor
  xxpy doctor --json | jq -r '.[] | select(.state != "good") | .mend'"""
)
@common.json_option
def command(*, as_json: bool) -> None:
    """Say what this machine can do for builds for many platforms, and what to type where it cannot.

    Looked at are Docker and buildx, the image store, each builder, the kernel and QEMU's handlers,
    compilers and sysroots. Nothing is changed, and nothing of it is needed for all builds: the exit
    status is 0.
    """
    trust.only_read(Path())
    checks = doctor.examine(resources.table())
    if as_json:
        printing.print_json([check.document() for check in checks])
        return
    width = max(len(check.name) for check in checks)
    for check in checks:
        printing.show(f"{_MARKS[check.state]}  {check.name:<{width}}  {check.found}")
        if check.mend:
            printing.show(f"   {'':<{width}}  → {check.mend}")
