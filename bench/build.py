"""What ``xxpy build`` adds to the compiler: twenty platforms beside the best loop in a shell.

The loop runs one ``go build`` per core at once and checks nothing. Both start with everything
compiled, and link every program again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.measure import ROOT, Result, variables
from xxpy.machine import resources

if TYPE_CHECKING:
    from collections.abc import Callable

PLATFORMS: Final = 20
ROUNDS: Final = 3
LOOP: Final = (
    "xargs -P {jobs} -L 1 sh -c "
    """'GOOS=$0 GOARCH=$1 CGO_ENABLED=0 exec go build -trimpath -o "$2/$0_$1/" .'"""
)  # fmt: skip


def results() -> list[Result]:
    """Build the example in both ways, alternately, and compare the shortest times."""
    rows = [
        row
        for row in resources.table().rows.values()
        if row.go is not None and row.go.executable and not row.go.settings
    ]
    rows = rows[:PLATFORMS]
    ports = [(row.go.os, row.go.arch) for row in rows if row.go is not None]
    platforms = ",".join(str(row.platform) for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "go-server", Path(folder) / "output"
        shutil.copytree(ROOT / "examples/go-server", source)
        lines = "".join(f"{system} {architecture} {output}\n" for system, architecture in ports)

        def loop() -> None:
            command = ["sh", "-c", LOOP.format(jobs=os.cpu_count())]
            subprocess.run(command, cwd=source, env=variables(), input=lines, text=True, check=True)

        def xxpy() -> None:
            command = [
                sys.executable,
                "-m",
                "xxpy",
                "build",
                "--quiet",
                "--no-reuse",
                "--platform",
                platforms,
                "--output",
                str(output),
            ]
            subprocess.run(command, cwd=source, env=variables(), check=True)

        loop()
        theirs, ours = float("inf"), float("inf")
        for _ in range(ROUNDS):
            theirs, ours = min(theirs, seconds(loop, output)), min(ours, seconds(xxpy, output))
    return [
        Result(
            f"xxpy build for {len(ports)} platforms, against xargs and go build",
            ours / theirs,
            1.05,
            "×",
        )
    ]


def seconds(build: Callable[[], None], output: Path) -> float:
    """Return the wall time of one build into an empty folder."""
    shutil.rmtree(output, ignore_errors=True)
    began = time.perf_counter()
    build()
    return time.perf_counter() - began
