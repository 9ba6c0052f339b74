"""Choose the reporter that suits the output."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from xxpy.cli import printing
from xxpy.cli.report.plain import Plain
from xxpy.cli.report.text import Events, Quiet, Reporter

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.runner.plan import Plan


def choose(plan: Plan, *, as_json: bool, quiet: bool, commands: Path | None) -> Reporter:
    """Return the reporter that suits the output.

    :param commands: the folder for the project's work folders if commands will be printed, or
        None
    """
    if as_json:
        return Events(plan)
    if quiet:
        return Quiet(plan)
    if (
        sys.stdout is not None
        and sys.stdout.isatty()
        and printing.MANNER.color
        and os.environ.get("TERM") != "dumb"
        and commands is None
    ):
        from xxpy.cli.report.live import Live  # noqa: PLC0415 - rich takes 100 ms to import

        return Live(plan)
    return Plain(plan, commands)
