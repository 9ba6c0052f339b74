"""What kits cost and save, as ratios.

``TRIPLE-clang`` against clang; the set-up of a kit; clang against the same clang under QEMU; six
platforms against a loop by hand. It takes a few minutes, and needs clang, the cross packages of
linux/arm64 and qemu-user-static (tests/packages.txt).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench import measure
from bench.measure import Result
from tests.build_c import projects
from tests.kit.conftest import ZIG_CACHE

if TYPE_CHECKING:
    from collections.abc import Callable

PLATFORM: Final = "linux/arm64"
SIX: Final = (
    "linux/amd64",
    "linux/arm64",
    "linux/arm/v7",
    "linux/riscv64",
    "linux/s390x",
    "linux/ppc64le",
)
FUNCTIONS: Final = 400
"""Size of the medium program: so many small functions in one file."""
FEW: Final = 40
"""Size of the one that is built for six platforms, a dozen times."""


def run(*words: str, cwd: Path | None = None, **variables: str) -> str:
    """Run a command that must succeed and return what it prints."""
    environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": ZIG_CACHE, **variables}
    return subprocess.run(
        words, cwd=cwd, env=environment, capture_output=True, text=True, check=True
    ).stdout


def seconds(action: Callable[[], object]) -> float:
    """Return the wall time of an action."""
    began = time.monotonic()
    action()
    return time.monotonic() - began


def overhead(folder: Path) -> Result:
    """Return the ratio of ``TRIPLE-clang -c`` to ``clang --config FILE -c``."""
    kit = Path(
        run(sys.executable, "-m", "xxpy", "kit", "path", "-p", PLATFORM, "--cc", "clang").strip()
    )
    triple = json.loads((kit / "kit.json").read_text())["triple"]
    source = folder / "word.c"
    source.write_text(projects.LIBRARY_C.replace('#include "word.h"\n', "#include <stdio.h>\n"))
    words = ("-c", str(source), "-o", str(folder / "word.o"))
    ours = (str(kit / "bin" / f"{triple}-clang"), *words)
    theirs = ("clang", "--config", str(kit / f"{triple}.cfg"), *words)
    return measure.ratio(
        "TRIPLE-clang -c of a kit, against clang --config", ours, theirs, None, measure.variables()
    )


def setup(folder: Path) -> tuple[float, float]:
    """Return the seconds that a kit takes the first and the second time."""
    command = (sys.executable, "-m", "xxpy", "kit", "path", "-p", PLATFORM)
    first = seconds(lambda: run(*command, XDG_CACHE_HOME=str(folder / "cache")))
    return first, seconds(lambda: run(*command, XDG_CACHE_HOME=str(folder / "cache")))


def write(path: Path, functions: int) -> None:
    """Write a program of so many small functions."""
    lines = [
        f"int f{number}(int x) {{ int s = 0;"
        f" for (int i = 0; i < x; i++) s += i % ({number} + 3); return s; }}"
        for number in range(functions)
    ]
    path.write_text(
        "\n".join(
            [*lines, "int main(int count, char **words) { return f1(count) + words[0][0] == 0; }"]
        )
        + "\n"
    )


def emulated(folder: Path) -> float:
    """Return how much longer clang takes for a program if the same clang runs under QEMU."""
    write(folder / "medium.c", FUNCTIONS)
    words = ("clang", "--target=aarch64-linux-gnu", "-fintegrated-cc1", "-O2", "-c", "medium.c")
    native = seconds(lambda: run(*words, cwd=folder))
    return seconds(lambda: run(*under_qemu(*words), cwd=folder)) / native


def under_qemu(program: str, *arguments: str) -> tuple[str, ...]:
    """Return the command that runs a program of this machine, but not its children, under QEMU."""
    qemu = shutil.which("qemu-x86_64-static") or "qemu-x86_64"
    return (qemu, str(Path(shutil.which(program) or "").resolve()), *arguments)


def loop(folder: Path) -> Result:
    """Return the ratio of ``xxpy build`` to a loop over six of zig's targets, both from scratch."""
    source = folder / "small.c"
    write(source, FEW)
    words = (
        "-m",
        "xxpy",
        "build",
        str(source),
        "--cc",
        "zig",
        "-p",
        ",".join(SIX),
        "--output",
        str(folder / "dist"),
    )
    targets = [
        run(sys.executable, "-m", "xxpy", "info", "zig-target", "-p", platform).strip()
        for platform in SIX
    ]
    change = 'date +//%s.%N >>"$SOURCE"; '
    by_hand = (
        change
        + 'for target; do "$PYTHON" -m ziglang cc -target "$target.2.28" -O2 "$SOURCE"'
        + ' -o "$OUTPUT/$target"; done'
    )
    environment = measure.variables(
        ZIG_GLOBAL_CACHE_DIR=ZIG_CACHE,
        PYTHON=sys.executable,
        SOURCE=str(source),
        OUTPUT=str(folder),
    )
    ours, theirs = (
        ("sh", "-ec", change + 'exec "$PYTHON" "$@"', "sh", *words),
        ("sh", "-ec", by_hand, "sh", *targets),
    )
    return measure.ratio(
        f"xxpy build for {len(SIX)} platforms, against a loop over zig",
        ours,
        theirs,
        2.2,
        environment,
        rounds=1,
        runs=3,
    )


def results() -> list[Result]:
    """Measure all four."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        first, second = setup(folder)
        return [
            overhead(folder),
            Result("a kit, the first time", first, None, "s"),
            Result("a kit, again", second, None, "s"),
            Result("the same clang under QEMU, against cross", emulated(folder), None, "×"),
            loop(folder),
        ]
