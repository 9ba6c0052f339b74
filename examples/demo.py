"""The README's demo: a small program in each language that builds here, for four platforms.

``./dev demo`` runs it. Every line that begins with ``$`` is a command that can be pasted. The demo
fails when one of its builds fails; a language whose tools are missing is left out and named.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from xxpy import Table

ROOT: Final = Path(__file__).resolve().parents[1]
OUTPUT: Final = "dist/demo"
GO: Final = ("linux/arm64", "linux/riscv64", "windows/amd64", "darwin/arm64")
NATIVE: Final = ("linux/amd64", "linux/arm64", "linux/arm/v7", "linux/riscv64")
"""For C and Rust: the headers and libraries of these are made in seconds."""
RUN: Final = ("linux_arm64", "linux_riscv64")
"""The folders whose Go programs are run: they are static, so QEMU needs no libraries."""

BUILT_NOT: Final = 5
"""The exit code of a missing tool, docs/exit-codes.md."""

NEXT: Final = """
Try next:
  xxpy build YOUR_PROJECT --platform linux/amd64,linux/arm64
  xxpy info --platform linux/arm/v7              every name of a platform
  xxpy dockerfile check YOUR_PROJECT/Dockerfile  what runs under emulation, and where
  ./dev demo --all                               an HTTP server for 24 platforms, some minutes
xxpy is in .venv/bin: . .venv/bin/activate"""


def main() -> int:
    """Build, verify and run; return the exit code."""
    begin = time.monotonic()
    results = [
        _build("go", GO) if shutil.which("go") else _without("Go", "go is not installed"),
        _build("c", NATIVE, "examples/hello-c/hello.c")
        if find_spec("ziglang")
        else _without("C", "ziglang is not installed"),
        _rust(),
    ]
    ran = _run_go() if results[0] == 0 else 0
    _say(f"\nThe demo took {time.monotonic() - begin:.0f} s; the programs are in {OUTPUT}.{NEXT}")
    return max([*results, ran])


def _build(language: str, platforms: tuple[str, ...], path: str = "") -> int:
    """Build an example.

    :param path: what is built if not the example's folder; a C file alone in its folder would be
        part of the Makefile above it
    """
    return _command(
        "build", path or f"examples/hello-{language}", "--platform", ",".join(platforms),
        "--output", f"{OUTPUT}/{language}", "--keep-going",
    )  # fmt: skip


def _rust() -> int:
    """Build the Rust program for the platforms whose standard library is here or in rustup."""
    if not shutil.which("cargo") or not shutil.which("rustc"):
        return _without("Rust", "cargo and rustc are not installed")
    if subprocess.run(["rustc", "--version"], capture_output=True, check=False).returncode:
        return _without("Rust", "rustc does not run; rustup default stable installs a toolchain")
    platforms = NATIVE if shutil.which("rustup") else tuple(filter(_has_library, NATIVE))
    if not platforms:
        return _without("Rust", "rustc has no standard library")
    return _build("rust", platforms)


def _has_library(platform: str) -> bool:
    """Whether rustc has a platform's standard library already."""
    target = Table.load().target(platform, libc="gnu").name("rust-target")
    found = subprocess.run(
        ["rustc", "--print", "target-libdir", "--target", target],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.returncode == 0 and Path(found.stdout.strip()).is_dir()


def _run_go() -> int:
    for folder in RUN:
        status = _command("run", f"{OUTPUT}/go/{folder}/hello-go")
        if status == BUILT_NOT:
            break  # the hint has said which package brings an emulator
        if status:
            return status
    return 0


def _command(*words: str) -> int:
    """Show a command and run it."""
    _say(f"\n$ xxpy {shlex.join(words)}")
    return subprocess.run([sys.executable, "-m", "xxpy", *words], cwd=ROOT, check=False).returncode


def _without(language: str, reason: str) -> int:
    _say(f"\n{language} is left out: {reason}")
    return 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - what the demo is for


if __name__ == "__main__":
    sys.exit(main())
