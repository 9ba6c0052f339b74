"""What plans of all platforms cost, and builds for ten platforms with nothing changed.

The numbers are seconds of processor time, user and system, which other programs on the machine
change little. Each command has run before, so that trials of compilers are remembered.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench.measure import ROOT, Result, variables
from tests.kit.conftest import ZIG_CACHE

TEN: Final = (
    "linux/amd64",
    "linux/386",
    "linux/arm64",
    "linux/arm/v7",
    "linux/riscv64",
    "linux/ppc64le",
    "linux/s390x",
    "linux/mips64le",
    "windows/amd64",
    "freebsd/amd64",
)
ROUNDS: Final = 3
MAKEFILE: Final = """\
hello: hello.o
\t$(CC) -o $@ hello.o
install: hello
\tinstall -D hello $(DESTDIR)$(PREFIX)/bin/hello
"""


def results() -> list[Result]:
    """Measure plans of all platforms, and second builds of a Go and a C project."""
    with tempfile.TemporaryDirectory() as scratch:
        go, c = Path(scratch) / "go-server", Path(scratch) / "hello"
        shutil.copytree(ROOT / "examples/go-server", go)
        c.mkdir()
        (c / "hello.c").write_text("int main(void) { return 0; }\n")
        (c / "Makefile").write_text(MAKEFILE)
        everything = ("--platform", "all")
        ten = ("build", "--quiet", "--platform", ",".join(TEN))
        return [
            measured("xxpy build --platform all --dry-run, of C", c, "build", *everything, goal=2),
            measured(
                "xxpy build --platform all --dry-run, of Go", go, "build", *everything, goal=2
            ),
            measured("xxpy plan --platform all", c, "plan", *everything, goal=2),
            measured("a second xxpy build for ten platforms, of Go", go, *ten, goal=None),
            measured(
                "xxpy build --reuse for ten platforms, of make",
                c,
                *(*ten, "--cc", "zig", "--reuse"),
                goal=None,
            ),
        ]


def measured(what: str, folder: Path, *words: str, goal: float | None) -> Result:
    """Return the least processor time of a command that has run before."""
    dry = ("--dry-run",) if words[0] == "build" and goal is not None else ()
    command = [sys.executable, "-m", "xxpy", *words, *dry]
    environment = variables(ZIG_GLOBAL_CACHE_DIR=ZIG_CACHE)
    times = []
    for _ in range(1 + ROUNDS):
        before = spent()
        subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)
        times.append(spent() - before)
    return Result(f"{what}, processor time", min(times[1:]), goal, "s")


def spent() -> float:
    """Return the processor time of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
