"""What ``xx-clang`` costs over the same clang: compiling a file, the set-up, the processes.

This machine's clang is set up in a temporary view of the machine.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.measure import Result
from tests.differential import machine

if TYPE_CHECKING:
    from tests.differential.machine import Machine

PLATFORM: Final = "linux/arm64"
LIMIT: Final = 1.03
"""How many times the processor time of clang xx-clang may take."""
FUNCTIONS: Final = 100
ROUNDS: Final = 20
RUNS: Final = 3
SET_UP: Final = 6
"""How many processes a set-up may start."""


def source() -> str:
    """Return a C file of middle size, some seven hundred lines, that needs no header."""
    body = (
        "  int sum = 0;\n  for (int i = 0; i < n; i++) {\n    sum += i * %d;\n  }\n  return sum;\n"
    )
    return "".join(
        f"int function{number}(int n) {{\n{body % number}}}\n" for number in range(FUNCTIONS)
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command takes, in seconds: medians of many runs.

    :param wall: as a clock has it, waiting included
    :param processor: of the processor alone, which other work of the machine hardly changes
    """

    wall: float
    processor: float


def measure(
    made: Machine, commands: dict[str, str], *, prepare: str = "true", rounds: int = ROUNDS
) -> dict[str, Cost]:
    """Return the cost of each command, measured alternately because disturbances come and go."""
    words = [
        word for name, command in commands.items() for word in ("--command-name", name, command)
    ]
    hyperfine = (
        "hyperfine",
        "--warmup",
        "1",
        "--runs",
        str(RUNS),
        "--prepare",
        prepare,
        "--export-json",
        "/room/times.json",
        *words,
    )
    wall: dict[str, list[float]] = {name: [] for name in commands}
    processor: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        made.run(*hyperfine, TARGETPLATFORM=PLATFORM)
        for result in json.loads((made.work / "times.json").read_text())["results"]:
            wall[result["command"]] += result["times"]
            processor[result["command"]].append(result["user"] + result["system"])
    return {
        name: Cost(statistics.median(wall[name]), statistics.median(processor[name]))
        for name in commands
    }


def results() -> list[Result]:
    """Compile a file in both ways, alternately; compare median costs and count processes."""
    folder = Path(tempfile.mkdtemp(dir=machine.MEMORY, prefix="xxpy-bench-"))
    try:
        made = machine.make(folder)
        (made.work / "a.c").write_text(source())
        triple = made.sh("xx-info triple", TARGETPLATFORM=PLATFORM).strip()
        set_up = "xx-clang --setup-target-triple"
        set_up_time = measure(
            made, {set_up: set_up}, prepare=f"rm -f /usr/bin/{triple}.cfg", rounds=3
        )[set_up]
        made.sh(set_up, TARGETPLATFORM=PLATFORM)
        words = "-O2 -c a.c"
        real = made.sh("readlink -f /usr/bin/clang").strip()
        commands = {
            "clang": f"{real} --target={triple} {words}",
            "TRIPLE-clang": f"{triple}-clang {words}",
            "xx-clang": f"xx-clang {words}",
        }
        times = measure(made, commands)
        processes = {
            name: made.started(*command.split(), TARGETPLATFORM=PLATFORM)
            for name, command in commands.items()
        }
        made.sh(f"rm /usr/bin/{triple}*")
        set_up_processes = made.started(*set_up.split(), TARGETPLATFORM=PLATFORM)
        made.sh(f"rm /usr/bin/{triple}* /usr/bin/tar")
        without_tar = made.started(*set_up.split(), TARGETPLATFORM=PLATFORM)
    finally:
        shutil.rmtree(folder)
    bare, ours, linked = times["clang"], times["xx-clang"], times["TRIPLE-clang"]
    return [
        Result(
            "xx-clang -c, against clang -c, processor time",
            ours.processor / bare.processor,
            LIMIT,
            "×",
        ),
        Result("xx-clang -c, against clang -c, wall time", ours.wall / bare.wall, None, "×"),
        Result(
            "xx-clang -c, besides clang's own",
            processes["xx-clang"] - processes["clang"],
            0,
            "processes",
        ),
        Result(
            "TRIPLE-clang -c, against clang -c, processor time",
            linked.processor / bare.processor,
            None,
            "×",
        ),
        Result(
            "TRIPLE-clang -c, besides clang's own",
            processes["TRIPLE-clang"] - processes["clang"],
            0,
            "processes",
        ),
        Result(set_up, set_up_processes, SET_UP, "processes"),
        Result(f"{set_up}, where there is no tar", without_tar, None, "processes"),
        Result(set_up, set_up_time.wall * 1000, None, "ms"),
    ]
