"""What kits cost and save, as ratios.

``TRIPLE-clang`` against clang; the set-up of a kit; clang against the same clang under QEMU; six platforms against a loop by hand.
It takes a few minutes, and needs clang, the cross packages of linux/arm64 and qemu-user-static (tests/packages.txt).
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.measure import Result
from tests.build_c import projects
from tests.kit.conftest import ZIG_CACHE

if TYPE_CHECKING:
    from collections.abc import Callable

PLATFORM: Final = "linux/arm64"
SIX: Final = ("linux/amd64", "linux/arm64", "linux/arm/v7", "linux/riscv64", "linux/s390x", "linux/ppc64le")
ROUNDS: Final = 40
LOOPS: Final = 5
FUNCTIONS: Final = 400
"""Size of the medium program: so many small functions in one file."""


def run(*words: str, cwd: Path | None = None, **variables: str) -> str:
    """Run a command that must succeed and return what it prints."""
    environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": ZIG_CACHE, **variables}
    return subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=True).stdout


def seconds(action: Callable[[], object]) -> float:
    """Return the wall time of an action."""
    began = time.monotonic()
    action()
    return time.monotonic() - began


def overhead(folder: Path) -> float:
    """Return the ratio of ``TRIPLE-clang -c`` to ``clang --config FILE -c``, the median of many rounds of each, taken in turns."""
    kit = Path(run(sys.executable, "-m", "xxpy", "kit", "path", "-p", PLATFORM, "--cc", "clang").strip())
    triple = json.loads((kit / "kit.json").read_text())["triple"]
    (folder / "hello.c").write_text(projects.LIBRARY_C.replace('#include "word.h"\n', "#include <stdio.h>\n"))
    ours = (str(kit / "bin" / f"{triple}-clang"), "-c", "hello.c")
    theirs = ("clang", "--config", str(kit / f"{triple}.cfg"), "-c", "hello.c")
    taken = [(seconds(lambda: run(*ours, cwd=folder)), seconds(lambda: run(*theirs, cwd=folder))) for _round in range(ROUNDS)]
    return statistics.median(mine for mine, _other in taken) / statistics.median(other for _mine, other in taken)


def setup(folder: Path) -> tuple[float, float]:
    """Return the seconds that a kit takes the first and the second time."""
    command = (sys.executable, "-m", "xxpy", "kit", "path", "-p", PLATFORM)
    first = seconds(lambda: run(*command, XDG_CACHE_HOME=str(folder / "cache")))
    return first, seconds(lambda: run(*command, XDG_CACHE_HOME=str(folder / "cache")))


def emulated(folder: Path) -> float:
    """Return how much longer clang takes for a program when clang itself runs under QEMU; the same clang, the same file."""
    lines = [
        f"int f{number}(int x) {{ int s = 0; for (int i = 0; i < x; i++) s += i % ({number} + 3); return s; }}"
        for number in range(FUNCTIONS)
    ]
    (folder / "medium.c").write_text("\n".join(lines) + "\n")
    words = ("clang", "--target=aarch64-linux-gnu", "-fintegrated-cc1", "-O2", "-c", "medium.c")
    native = seconds(lambda: run(*words, cwd=folder))
    return seconds(lambda: run(*under_qemu(*words), cwd=folder)) / native


def under_qemu(program: str, *arguments: str) -> tuple[str, ...]:
    """Return the command that runs a program of this machine, and nothing that it starts, under QEMU."""
    qemu = shutil.which("qemu-x86_64-static") or "qemu-x86_64"
    return (qemu, str(Path(shutil.which(program) or "").resolve()), *arguments)


def loop(folder: Path) -> tuple[float, float]:
    """Return the seconds of six platforms by ``xxpy build`` and by a loop over zig's targets, both with warm caches."""
    (folder / "hello.c").write_text('#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n')
    build = (sys.executable, "-m", "xxpy", "build", "hello.c", "--cc", "zig", "-p", ",".join(SIX))
    targets = [run(sys.executable, "-m", "xxpy", "info", "zig-target", "-p", platform).strip() for platform in SIX]

    def by_hand() -> None:
        for target in targets:
            run(sys.executable, "-m", "ziglang", "cc", "-target", f"{target}.2.28", "-O2", "hello.c", "-o", target, cwd=folder)

    run(*build, cwd=folder)
    by_hand()
    taken = [(seconds(lambda: run(*build, cwd=folder)), seconds(by_hand)) for _round in range(LOOPS)]
    return statistics.median(ours for ours, _ in taken), statistics.median(theirs for _, theirs in taken)


def results() -> list[Result]:
    """Measure all four."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        first, second = setup(folder)
        ours, theirs = loop(folder)
        return [
            Result("TRIPLE-clang -c of a kit, against clang --config", overhead(folder), None, "×"),
            Result("a kit, the first time", first, None, "s"),
            Result("a kit, again", second, None, "s"),
            Result("the same clang under QEMU, against cross", emulated(folder), None, "×"),
            Result(f"xxpy build for {len(SIX)} platforms, against a loop over zig", ours / theirs, None, "×"),
        ]
