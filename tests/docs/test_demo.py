"""The README's demo runs to its end in a checkout, whose Makefile is above the examples."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def demo(folder: Path, **variables: str) -> str:
    """Run the demo in a copy of what it needs, and return what it prints."""
    shutil.copytree(
        ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("dist", "target")
    )
    shutil.copy(ROOT / "Makefile", folder)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    done = subprocess.run(
        [sys.executable, "examples/demo.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_demo_in_a_checkout(tmp_path: Path) -> None:
    said = demo(tmp_path)
    assert re.findall(r"(\d) of \1 built and verified", said)[:2] == ["4", "4"]
    assert (tmp_path / "dist/demo/c/linux_riscv64/hello").is_file()
    assert "hello from Go on linux/arm64" in said


def test_the_demo_with_a_rustc_that_does_not_run(tmp_path: Path) -> None:
    """Which is what rustup has before it has a toolchain."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("cargo", "rustc"):
        (programs / name).symlink_to("/bin/false")
    said = demo(tmp_path, PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")
    assert re.findall(r"(\d) of \1 built and verified", said) == ["4", "4"]
    assert "Rust is left out: rustc does not run; rustup default stable" in said
