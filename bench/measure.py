"""What all measurements share: times of commands as ratios, counted processes, and results.

No machine is ever quiet. So the two sides of a ratio alternate, round by round. Each round counts
with its median, which a single lucky or unlucky run does not move, and of these the smallest
counts: that of the round with the fewest disturbances.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
FORKED: Final = re.compile(r"\b(?:clone3?|v?fork)\b.* = \d+$", re.MULTILINE)
"""A line of strace where a process has been started."""


@dataclass(frozen=True, slots=True)
class Result:
    """One measurement.

    :param what: what was measured, for people
    :param value: the number
    :param goal: what it may be at most; None where it is only recorded
    :param unit: what stands behind the number, such as ``×`` or ``s``
    """

    what: str
    value: float
    goal: float | None
    unit: str

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.goal is None or self.value <= self.goal

    def __str__(self) -> str:
        number = str(self.value) if isinstance(self.value, int) else f"{self.value:.2f}"
        goal = (
            "" if self.goal is None else f"at most {self.goal:g}{'' if self.met else '   missed'}"
        )
        return f"{self.what:<64} {number:>7} {self.unit:<10} {goal}".rstrip()


def seconds(
    commands: Sequence[Sequence[str]], environment: Mapping[str, str], *, rounds: int, runs: int
) -> list[float]:
    """Return each command's wall time in seconds by hyperfine: the smallest of the medians."""
    best = [float("inf")] * len(commands)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        for _ in range(rounds):
            measured = [
                "hyperfine",
                "--shell=none",
                "--warmup",
                "2",
                "--runs",
                str(runs),
                "--style=none",
                "--export-json",
                str(report),
            ]
            subprocess.run(
                [*measured, *map(shlex.join, commands)],
                env=environment,
                check=True,
                capture_output=True,
            )
            found = json.loads(report.read_text())["results"]
            best = [min(least, result["median"]) for least, result in zip(best, found, strict=True)]
    return best


def ratio(
    what: str,
    command: Sequence[str],
    against: Sequence[str],
    goal: float | None,
    environment: Mapping[str, str],
    *,
    rounds: int = 12,
    runs: int = 25,
) -> Result:
    """Return how many times as long *command* takes as *against*."""
    ours, theirs = seconds((command, against), environment, rounds=rounds, runs=runs)
    return Result(what, ours / theirs, goal, "×")


def processes(
    what: str,
    command: Sequence[str],
    goal: int | None,
    environment: Mapping[str, str],
    tool: str = "",
) -> Result:
    """Return how many processes a script starts besides itself, until it becomes *tool*."""
    traced = [
        "strace",
        "-f",
        "-e",
        "trace=execve,clone,clone3,fork,vfork",
        "-e",
        "signal=none",
        "-o",
        "/dev/stderr",
        *command,
    ]
    done = subprocess.run(traced, env=environment, check=False, capture_output=True, text=True)
    own = re.split(rf'execve\("[^"]*/{re.escape(tool)}"', done.stderr)[0] if tool else done.stderr
    return Result(what, len(FORKED.findall(own)), goal, "processes")


def variables(**further: str) -> dict[str, str]:
    """Return this environment without a target, and with what is given."""
    return {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TARGET", "XX_"))
        },
        **further,
    }
