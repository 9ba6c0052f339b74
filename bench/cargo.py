"""What ``xx-cargo`` costs: a build that has nothing to do, beside ``cargo build --target`` alone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import Result, seconds, variables
from xxpy import host, resources
from xxpy.target import QUERIES, resolve


def results() -> list[Result]:
    """Build an empty crate for this machine both ways, in turns, and compare the times."""
    table = resources.table()
    platform = host.platform(table.words)
    name = QUERIES["rust-target"].value(resolve(table, platform)) or ""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        subprocess.run([sys.executable, "-m", "xxpy", "wrappers", "export", scratch], check=True, capture_output=True)
        (folder / "src").mkdir()
        (folder / "src/main.rs").write_text("fn main() {}\n")
        (folder / "Cargo.toml").write_text('[package]\nname = "nothing"\nversion = "0.1.0"\nedition = "2021"\n')
        manifest = f"--manifest-path={folder / 'Cargo.toml'}"
        ours, theirs = seconds(
            ([f"{folder}/usr/bin/xx-cargo", "build", manifest], ["cargo", "build", manifest, f"--target={name}"]),
            variables(TARGETPLATFORM=str(platform)),
            rounds=6,
            runs=15,
        )
    return [
        Result("cargo build --target, nothing to do", theirs * 1000, None, "ms"),
        Result("xx-cargo build, more than that", (ours - theirs) * 1000, None, "ms"),
    ]
