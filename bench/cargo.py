"""What ``xx-cargo`` costs: a build that has nothing to do, beside ``cargo build --target`` alone.

clang of this machine is set up in a view of the machine that is thrown away afterwards; cargo is the one that lies in ``/usr/bin``.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.measure import Result
from tests.differential import machine

if TYPE_CHECKING:
    from tests.differential.machine import Machine

GOAL: Final = 6
"""How many milliseconds more xx-cargo may take."""
ROUNDS: Final = 6
RUNS: Final = 15
MANIFEST: Final = '[package]\nname = "nothing"\nversion = "0.1.0"\nedition = "2021"\n'


def results() -> list[Result]:
    """Build an empty crate for this machine both ways, in turns, and compare the times."""
    folder = Path(tempfile.mkdtemp(dir=machine.MEMORY, prefix="xxpy-bench-"))
    try:
        ours, theirs = _fastest(machine.make(folder))
    finally:
        shutil.rmtree(folder)
    return [
        Result("cargo build --target, nothing to do", theirs * 1000, None, "ms"),
        Result("xx-cargo build, more than that", (ours - theirs) * 1000, GOAL, "ms"),
    ]


def _fastest(made: Machine) -> list[float]:
    """Return the seconds of xx-cargo and of cargo, the least of the medians of all rounds (:mod:`bench.measure`)."""
    (made.work / "src").mkdir()
    (made.work / "src/main.rs").write_text("fn main() {}\n")
    (made.work / "Cargo.toml").write_text(MANIFEST)
    target = made.sh("xx-cargo --print-target-triple").strip()
    commands = ("xx-cargo build", f"cargo build --target={target}")
    best = [float("inf")] * len(commands)
    for _ in range(ROUNDS):
        made.run("hyperfine", "--shell=none", "--warmup=2", f"--runs={RUNS}", "--style=none", "--export-json=/room/times.json", *commands)
        found = json.loads((made.work / "times.json").read_text())["results"]
        best = [min(least, result["median"]) for least, result in zip(best, found, strict=True)]
    return best
