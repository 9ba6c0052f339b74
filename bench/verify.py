"""What verifying costs: ``xx-verify`` against ``file`` and ``grep``, and ``xxpy verify`` on a thousand files against ``readelf`` in a loop.

``python -m bench.verify`` takes a minute and needs strace, file and binutils.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import resources
from xxpy.render import wrappers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROUNDS: Final = 30
FILES: Final = 1000
GREP: Final = (
    'file -b -L "$1" | grep -q "ELF 64-bit LSB" && file -b -L "$1" | grep -q "x86-64" && file -b -L "$1" | grep -q "statically linked"'
)
"""What people write: ask file, and look for words; the name of the file is the first argument."""

LOOP: Final = 'for file in "$@"; do readelf -h "$file" | grep -q "Machine:.*X86-64" || exit 1; done'


def _seconds(command: Sequence[str], environment: Mapping[str, str], rounds: int) -> float:
    """Return the median of the wall times of a command."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _processes(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> int:
    """Return how many programs a command starts, itself not counted."""
    trace = folder / "trace"
    subprocess.run(["strace", "-f", "-e", "trace=execve", "-o", str(trace), *command], env=environment, check=True, capture_output=True)
    return sum("execve(" in line and line.endswith("= 0") for line in trace.read_text().splitlines()) - 1


def _build(folder: Path) -> dict[str, Path]:
    """Build a small program with Go and with gcc, both static."""
    (folder / "main.go").write_text('package main\n\nfunc main() { println("hello") }\n')
    (folder / "main.c").write_text("int main(void) { return 0; }\n")
    found = {"Go": folder / "go", "gcc -static": folder / "gcc"}
    go = {**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": "amd64"}
    subprocess.run(["go", "build", "-o", str(found["Go"]), "main.go"], cwd=folder, env=go, check=True)
    subprocess.run(["gcc", "-static", "-o", str(found["gcc -static"]), "main.c"], cwd=folder, check=True)
    return found


def main() -> int:
    """Print the times, the processes and the ratios."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        script = folder / "xx-verify"
        script.write_text(wrappers.render("xx-verify", resources.table(), resources.texts("templates", "**/*.j2")))
        environment = {**os.environ, "TARGETPLATFORM": "linux/amd64"}
        for name, path in _build(folder).items():
            print(f"one static program of {name}")
            first = 0.0
            for title, command in (
                ("file and grep", ["dash", "-c", GREP, "sh", str(path)]),
                ("xx-verify --static", ["dash", str(script), "--static", str(path)]),
            ):
                taken = _seconds(command, environment, ROUNDS)
                first = first or taken
                count = _processes(command, environment, folder)
                print(f"  {title:<20} {taken * 1000:6.1f} ms  {count:2} processes  {taken / first:5.2f} ×")
        many = folder / "many"
        many.mkdir()
        for number in range(FILES):
            os.link(folder / "gcc", many / f"program{number}")
        print(f"{FILES} programs")
        loop = ["dash", "-c", LOOP, "sh", *map(str, sorted(many.iterdir()))]
        verify = [sys.executable, "-m", "xxpy", "verify", "--platform", "linux/amd64", "--static", "--tree", str(many)]
        first = 0.0
        for title, command in (("readelf -h in a loop", loop), ("xxpy verify --tree", verify)):
            taken = _seconds(command, environment, 3)
            first = first or taken
            print(f"  {title:<20} {taken:6.2f} s  {FILES / taken:6.0f} files a second  {taken / first:5.2f} ×")
    return 0


if __name__ == "__main__":
    sys.exit(main())
