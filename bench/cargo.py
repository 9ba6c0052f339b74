"""What ``xx-cargo`` costs: a build that has nothing to do, beside ``cargo build --target`` alone. It takes seconds."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.container.lab.commands import run
from xxpy import host, resources
from xxpy.render import wrappers
from xxpy.target import QUERIES, resolve

RUNS: Final = 30


def main() -> int:
    """Print both times and their difference."""
    table = resources.table()
    platform = host.platform(table.words)
    name = QUERIES["rust-target"].value(resolve(table, platform)) or ""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        script = folder / "xx-cargo"
        script.write_text(wrappers.render("xx-cargo", table, resources.texts("templates", "**/*.j2")))
        script.chmod(0o755)
        (folder / "src").mkdir()
        (folder / "src/main.rs").write_text("fn main() {}\n")
        (folder / "Cargo.toml").write_text('[package]\nname = "nothing"\nversion = "0.1.0"\nedition = "2021"\n')
        manifest = f"--manifest-path={folder / 'Cargo.toml'}"
        report = folder / "report.json"
        ways = {"cargo build --target": f"cargo build {manifest} --target={name}", "xx-cargo build": f"{script} build {manifest}"}
        environment = {**os.environ, "TARGETPLATFORM": str(platform)}
        run("hyperfine", "--shell=none", "--warmup=3", f"--runs={RUNS}", f"--export-json={report}", *ways.values(), environment=environment)
        seconds = [result["median"] for result in json.loads(report.read_text())["results"]]
    print(f"an up-to-date crate for {platform}, median of {RUNS} runs")
    for way, taken in zip(ways, seconds, strict=True):
        print(f"  {way:<22} {taken * 1000:7.1f} ms")
    print(f"  {'more':<22} {(seconds[1] - seconds[0]) * 1000:7.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
