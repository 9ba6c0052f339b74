"""The limits of tools that look at a project of somebody else."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from xxpy.errors import ProjectError
from xxpy.machine import limits, programs, trust

MANIFEST = (
    '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\nmembers = ["a"]\n'
)


@pytest.mark.parametrize(
    "command", [("plan",), ("build", "--dry-run", "-p", "linux/arm64"), ("bake",)]
)
def test_a_member_without_an_end(command: tuple[str, ...], tmp_path: Path) -> None:
    for name in ("src", "a"):
        (tmp_path / name).mkdir()
    (tmp_path / "Cargo.toml").write_text(MANIFEST)
    (tmp_path / "src/main.rs").write_text("fn main() {}\n")
    (tmp_path / "a/Cargo.toml").symlink_to("/dev/zero")
    script = (
        "from tests import memory\nfrom xxpy.cli.group import run\n"
        f"run({command!r})\nprint(*memory.most())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    own, children = map(int, done.stdout.split()[-2:])
    assert (
        "cargo metadata needs more than 1024 MiB of memory, the limit of a tool that only reads"
        in done.stderr
    )
    assert "Traceback" not in done.stderr
    assert own < 256 << 10
    assert children < 1100 << 10


@pytest.fixture
def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only read a project, with little time."""
    monkeypatch.setattr(limits, "READING", replace(limits.READING, seconds=1))
    monkeypatch.setattr(trust, "_lines", [])
    trust.only_read(tmp_path)


@pytest.mark.usefixtures("reading")
def test_a_tool_that_does_not_end() -> None:
    begin = time.monotonic()
    with pytest.raises(ProjectError, match="sleep 60 does not end within 1 seconds, the limit"):
        programs.output(["/bin/sleep", "60"])
    assert time.monotonic() - begin < 10


@pytest.mark.usefixtures("reading")
def test_a_tool_that_prints_without_an_end() -> None:
    with pytest.raises(ProjectError, match="prints more than 32 MiB, the limit"):
        programs.output(["/usr/bin/yes"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 512 << 10


@pytest.mark.usefixtures("reading")
def test_a_tool_knows_its_limit() -> None:
    assert "1048576" in programs.output(["/bin/sh", "-c", "sleep 0.1; ulimit -d"])


def test_a_tool_that_builds_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "_lines", [])  # whatever an earlier command of this process read
    unlimited = subprocess.run(
        ["/bin/sh", "-c", "ulimit -d"], capture_output=True, text=True, check=True
    ).stdout
    assert programs.output(["/bin/sh", "-c", "sleep 0.1; ulimit -d"]) == unlimited
