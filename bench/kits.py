"""What kits cost and save, as ratios.

``TRIPLE-clang`` against clang; the set-up of a kit; clang against the same clang under QEMU; six
platforms of a one-line program against two loops by hand. It takes a few minutes, and needs clang,
the cross packages of linux/arm64 and qemu-user-static (tests/packages.txt).
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


def loops(folder: Path) -> list[Result]:
    """Return the ratios of ``xxpy build`` to two loops over six platforms, all from scratch.

    One calls zig's own wrapper, the other the clang of kits that exist.
    """
    source = folder / "small.c"
    source.write_text('#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n')
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
    environment = measure.variables(
        ZIG_GLOBAL_CACHE_DIR=ZIG_CACHE,
        PYTHON=sys.executable,
        SOURCE=str(source),
        OUTPUT=str(folder),
    )
    change = 'date +//%s.%N >>"$SOURCE"; '
    ours = ("sh", "-ec", change + 'exec "$PYTHON" "$@"', "sh", *words)
    by_zig = (
        change
        + 'for target; do "$PYTHON" -m ziglang cc -target "$target.2.28" -O2 "$SOURCE"'
        + ' -o "$OUTPUT/$target"; done'
    )
    by_kits = change + 'for clang; do "$clang" -O2 "$SOURCE" -o "$OUTPUT/${clang##*/}.out"; done'
    what = f"xxpy build for {len(SIX)} platforms, against a loop over"
    return [
        measure.ratio(
            f"{what} {name}",
            ours,
            ("sh", "-ec", loop, "sh", *arguments),
            goal,
            environment,
            rounds=3,
            runs=5,
        )
        for name, loop, arguments, goal in (
            ("zig", by_zig, [_target(platform) for platform in SIX], 1.3),
            ("the clang of kits", by_kits, [_clang(platform) for platform in SIX], 1.6),
        )
    ]


def _target(platform: str) -> str:
    """Return zig's name for a platform."""
    return run(sys.executable, "-m", "xxpy", "info", "zig-target", "-p", platform).strip()


def _clang(platform: str) -> str:
    """Return the clang of the kit that ``xxpy build --cc zig`` uses."""
    words = (sys.executable, "-m", "xxpy", "kit", "path", "-p", platform, "--cc", "zig")
    kit = Path(run(*words).strip())
    triple = json.loads((kit / "kit.json").read_text())["triple"]
    return str(kit / "bin" / f"{triple}-clang")


def results() -> list[Result]:
    """Measure all of them."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        first, second = setup(folder)
        return [
            overhead(folder),
            Result("a kit, the first time", first, None, "s"),
            Result("a kit, again", second, None, "s"),
            Result("the same clang under QEMU, against cross", emulated(folder), None, "×"),
            *loops(folder),
        ]
