"""What ``xx-clang`` costs over the same clang: one file compiled by both, the set-up of a target, and the processes of each.

``python -m bench.clang`` takes a minute. clang of this machine is set up in a view of the machine that is thrown away afterwards.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.differential import machine

if TYPE_CHECKING:
    from tests.differential.machine import Machine

PLATFORM: Final = "linux/arm64"
LIMIT: Final = 1.03
"""How many times as long as clang xx-clang may take."""
FUNCTIONS: Final = 100
ROUNDS: Final = 5
RUNS: Final = 10


def source() -> str:
    """Return a C file of middle size, some seven hundred lines, that needs no header."""
    body = "  int sum = 0;\n  for (int i = 0; i < n; i++) {\n    sum += i * %d;\n  }\n  return sum;\n"
    return "".join(f"int function{number}(int n) {{\n{body % number}}}\n" for number in range(FUNCTIONS))


def measure(made: Machine, commands: dict[str, str], *, prepare: str = "true", rounds: int = ROUNDS) -> dict[str, float]:
    """Return the shortest seconds of each command; they take turns, because what else the machine does comes and goes."""
    words = [word for name, command in commands.items() for word in ("--command-name", name, command)]
    hyperfine = ("hyperfine", "--warmup", "1", "--runs", str(RUNS), "--prepare", prepare, "--export-json", "/room/times.json", *words)
    seconds = dict.fromkeys(commands, float("inf"))
    for _ in range(rounds):
        made.run(*hyperfine, TARGETPLATFORM=PLATFORM)
        for result in json.loads((made.work / "times.json").read_text())["results"]:
            seconds[result["command"]] = min(seconds[result["command"]], result["min"])
    return seconds


def main() -> int:
    """Print the times, the ratios and the processes; fail if xx-clang is slower than the limit allows."""
    folder = Path(tempfile.mkdtemp(dir=machine.MEMORY, prefix="xxpy-bench-"))
    try:
        made = machine.make(folder)
        (made.work / "a.c").write_text(source())
        triple = made.sh("xx-info triple", TARGETPLATFORM=PLATFORM).strip()
        set_up = measure(
            made, {"xx-clang --setup-target-triple": "xx-clang --setup-target-triple"}, prepare=f"rm -f /usr/bin/{triple}.cfg", rounds=1
        )
        made.sh("xx-clang --setup-target-triple", TARGETPLATFORM=PLATFORM)
        words = "-O2 -c a.c"
        real = made.sh("readlink -f /usr/bin/clang").strip()
        commands = {
            "clang": f"{real} --target={triple} {words}",
            f"{triple}-clang": f"{triple}-clang {words}",
            "xx-clang": f"xx-clang {words}",
        }
        times = measure(made, commands)
        processes = {name: made.started(*command.split(), TARGETPLATFORM=PLATFORM) for name, command in commands.items()}
        made.sh(f"rm /usr/bin/{triple}*")
        set_up_processes = made.started("xx-clang", "--setup-target-triple", TARGETPLATFORM=PLATFORM)
    finally:
        shutil.rmtree(folder)
    print(f"{words} for {PLATFORM}: best of {ROUNDS * RUNS} runs, and processes started besides")
    for name, seconds in times.items():
        print(f"  {name:<28} {seconds * 1000:8.1f} ms  {seconds / times['clang']:6.3f} ×  {processes[name]}")
    for name, seconds in set_up.items():
        print(f"  {name:<28} {seconds * 1000:8.1f} ms             {set_up_processes}")
    return 0 if times["xx-clang"] <= LIMIT * times["clang"] else 1


if __name__ == "__main__":
    sys.exit(main())
