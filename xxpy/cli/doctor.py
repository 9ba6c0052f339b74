"""``xxpy doctor``: what this machine can do for multi-platform builds."""

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
  xxpy doctor --json | jq -r '.[] | select(.state != "good") | .fix'"""
)
@common.json_option
def command(*, as_json: bool) -> None:
    """Check what this machine can do for multi-platform builds, and suggest fixes.

    The checks cover Docker and buildx, the image store, each builder, the kernel and its QEMU
    handlers, compilers and sysroots. Nothing is changed. No build needs all of these, so the exit
    status is always 0.
    """
    trust.only_read(Path())
    checks = doctor.examine(resources.table())
    if as_json:
        printing.print_json([check.document() for check in checks])
        return
    width = max(len(check.name) for check in checks)
    for check in checks:
        printing.show(f"{_MARKS[check.state]}  {check.name:<{width}}  {check.found}")
        if check.fix:
            printing.show(f"   {'':<{width}}  → {check.fix}")
