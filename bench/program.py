"""What starting xxpy costs: one name beside a bare Python, and all commands rendered."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bench.measure import Result, ratio, variables
from xxpy import wrappers
from xxpy.machine import resources


def results() -> list[Result]:
    """Measure ``xxpy info`` and the rendering of the wrappers."""
    xxpy = str(Path(sys.executable).with_name("xxpy"))
    asked = [xxpy, "info", "triple", "--platform", "linux/arm64"]
    return [
        ratio(
            "xxpy info triple, against python3 -c pass",
            asked,
            [sys.executable, "-c", "pass"],
            3,
            variables(),
        ),
        Result("all xx-* commands rendered", rendering(), 0.3, "s"),
    ]


def rendering() -> float:
    """Return the seconds of processor time that rendering every wrapper takes, at best."""
    best = float("inf")
    for _ in range(5):
        table, templates = resources.table(), resources.texts("templates", "commands/*.sh")
        began = time.process_time()
        wrappers.render_all(table, templates)
        best = min(best, time.process_time() - began)
    return best
