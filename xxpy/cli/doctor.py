"""``xxpy doctor``: what this machine can do for multi-platform builds."""

from __future__ import annotations

from itertools import chain, repeat
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
    handlers, compilers and sysroots. Long lists of platforms are counted; --verbose lists them.
    Nothing is changed. No build needs all of these, so the exit status is always 0.
    """
    trust.only_read(Path())
    checks = doctor.examine(resources.table())
    if as_json:
        printing.print_json([check.document() for check in checks])
        return
    width = max(len(check.name) for check in checks)
    cut = False
    for check in checks:
        found = check.found if printing.MANNER.verbose else check.brief or check.found
        cut = cut or found != check.found
        printing.show(f"{_MARKS[check.state]}  {check.name:<{width}}  {found}")
        for mark, line in zip(chain("→", repeat(" ")), check.fix.splitlines(), strict=False):
            printing.show(f"   {'':<{width}}  {mark} {line}")
    if cut:
        printing.note("xxpy doctor --verbose lists the platforms and sysroots")
