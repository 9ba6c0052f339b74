"""What verifying costs: ``xx-verify`` beside ``file`` and grep, ``xxpy verify`` beside readelf.

It needs strace, hyperfine, file and binutils.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench.measure import Result, processes, ratio, seconds, variables
from xxpy import wrappers
from xxpy.machine import resources

FILES: Final = 1000
ASK: Final = 'file -b -L "$1" | grep -q '
GREP: Final = f"""{ASK}"ELF 64-bit LSB" && {ASK}"x86-64" && {ASK}"statically linked\""""
"""What people write: ask file, and look for words; the name of the file is the first argument."""

LOOP: Final = (
    """for file in "$1"/*; do readelf -h "$file" | grep -q "Machine:.*X86-64" || exit 1; done"""
)


def results() -> list[Result]:
    """Measure programs of Go, whose section headers come first, and of GNU ld, and a thousand."""
    given = variables(TARGETPLATFORM="linux/amd64")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        script = folder / "xx-verify"
        script.write_text(
            wrappers.render(
                "xx-verify", resources.table(), resources.texts("templates", "commands/*.sh")
            )
        )
        found = []
        for name, path, most, goal in built(folder):
            ours, theirs = (
                ["dash", str(script), "--static", str(path)],
                ["dash", "-c", GREP, "sh", str(path)],
            )
            found += [
                processes(f"file and grep, a program of {name}", theirs, None, given),
                processes(f"xx-verify --static, a program of {name}", ours, most, given),
                ratio(
                    f"xx-verify --static, a program of {name}, against file and grep",
                    ours,
                    theirs,
                    goal,
                    given,
                ),
            ]
        many = folder / "many"
        many.mkdir()
        for number in range(FILES):
            os.link(folder / "gcc", many / f"program{number}")
        loop = ["dash", "-c", LOOP, "sh", str(many)]
        verify = [
            sys.executable,
            "-m",
            "xxpy",
            "verify",
            "--platform",
            "linux/amd64",
            "--static",
            "--tree",
            str(many),
        ]
        theirs_seconds, ours_seconds = seconds((loop, verify), given, rounds=1, runs=2)
    return [
        *found,
        Result("readelf -h and grep in a loop", FILES / theirs_seconds, None, "files/s"),
        Result("xxpy verify --tree", FILES / ours_seconds, None, "files/s"),
        Result(
            "xxpy verify --tree, against readelf -h and grep in a loop",
            ours_seconds / theirs_seconds,
            1,
            "×",
        ),
    ]


def built(folder: Path) -> list[tuple[str, Path, int, float]]:
    """Build a static program with Go and gcc; return names, paths and the limits for xx-verify."""
    (folder / "main.go").write_text('package main\n\nfunc main() { println("hello") }\n')
    (folder / "main.c").write_text("int main(void) { return 0; }\n")
    go = {**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": "amd64"}
    subprocess.run(["go", "build", "-o", "go", "main.go"], cwd=folder, env=go, check=True)
    subprocess.run(["gcc", "-static", "-o", "gcc", "main.c"], cwd=folder, check=True)
    return [("Go", folder / "go", 1, 0.5), ("GNU ld", folder / "gcc", 2, 0.8)]
