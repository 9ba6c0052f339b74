"""The extra ``xxpy[go]`` builds where no Go is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_go_from_the_extra(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv/bin/python"
    subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", f"{ROOT}[go]"],
        check=True,
        capture_output=True,
    )
    program = (
        tmp_path / "venv/bin/xxpy"
    )  # by its path: the extra puts its go beside it, where PATH must not find it
    folder = tmp_path / "hello"
    folder.mkdir()
    (folder / "go.mod").write_text("module hello\n\ngo 1.21\n")
    (folder / "main.go").write_text('package main\n\nfunc main() { println("hello") }\n')
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GO")}
    environment = {**kept, "PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(
        [str(program), "build", "-p", "linux/amd64,linux/arm64"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "2 of 2 built and verified" in done.stdout
    explained = subprocess.run(
        [str(program), "build", "--explain"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "from xxpy[go]" in explained.stdout
