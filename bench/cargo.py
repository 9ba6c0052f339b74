"""What ``xx-cargo`` costs in a Dockerfile: a build with nothing to do, beside plain cargo's.

The target is given, as in ``cargo build --target``. This machine's clang is set up in a temporary
view of the machine; cargo is the one in ``/usr/bin``.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.measure import Result
from tests.differential import machine
from xxpy.machine import facts, resources

if TYPE_CHECKING:
    from tests.differential.machine import Machine

GOAL: Final = 6
"""How many milliseconds more xx-cargo may take."""
ROUNDS: Final = 15
RUNS: Final = 10
MANIFEST: Final = '[package]\nname = "nothing"\nversion = "0.1.0"\nedition = "2021"\n'


def results() -> list[Result]:
    """Build an empty crate for this machine in both ways, alternately, and compare the times."""
    folder = Path(tempfile.mkdtemp(dir=machine.MEMORY, prefix="xxpy-bench-"))
    try:
        rounds = _rounds(machine.make(folder))
    finally:
        shutil.rmtree(folder)
    more = statistics.median(ours - theirs for ours, theirs in rounds)
    return [
        Result(
            "cargo build --target, nothing to do",
            statistics.median(theirs for _ours, theirs in rounds) * 1000,
            None,
            "ms",
        ),
        Result("xx-cargo build, more than that", more * 1000, GOAL, "ms"),
    ]


def _rounds(made: Machine) -> list[list[float]]:
    """Return the median seconds of xx-cargo and cargo in each round, which share disturbances."""
    (made.work / "src").mkdir()
    (made.work / "src/main.rs").write_text("fn main() {}\n")
    (made.work / "Cargo.toml").write_text(MANIFEST)
    platform = str(facts.platform(resources.table().words))
    target = made.sh("xx-cargo --print-target-triple").strip()
    measured = ["hyperfine", "--shell=none", "--warmup=2", f"--runs={RUNS}", "--style=none"]
    measured.append("--export-json=/room/times.json")
    found = []
    for _ in range(ROUNDS):
        made.run(
            *measured,
            "xx-cargo build",
            f"cargo build --target={target}",
            TARGETPLATFORM=platform,
            BUILDPLATFORM=platform,
        )
        found.append(
            [
                result["median"]
                for result in json.loads((made.work / "times.json").read_text())["results"]
            ]
        )
    return found
