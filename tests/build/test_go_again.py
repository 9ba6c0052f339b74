"""Go's second builds: it links only what it would make otherwise."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.build.conftest import Xxpy

PLATFORMS = "linux/amd64,linux/arm64"


def linked(xxpy: Xxpy, *options: str) -> int:
    """Build, and return how many programs Go has linked."""
    trace = xxpy.folder.parent / "trace"
    xxpy.wrapper = ("strace", "-f", "-qq", "-s", "300", "-e", "trace=execve", "-o", str(trace))
    done = xxpy("build", "--quiet", "--platform", PLATFORMS, *options)
    assert done.returncode == 0, done.stderr
    lines = [line for line in trace.read_text().splitlines() if "/link" in line]
    return sum("execve(" in line and "-V=full" not in line for line in lines)


def commands(folder: Path, *names: str) -> None:
    for name in names:
        (folder / "cmd" / name).mkdir(parents=True)
        (folder / "cmd" / name / "main.go").write_text(
            f'package main\n\nfunc main() {{ println("{name}") }}\n'
        )


def test_go_links_only_what_has_changed(xxpy: Xxpy) -> None:
    assert linked(xxpy) == 4
    program = xxpy.folder / "dist/linux_arm64/hello"
    first = program.read_bytes()
    assert linked(xxpy) == 0
    assert program.read_bytes() == first
    assert program.stat().st_mtime > 1
    assert linked(xxpy, "--", "-ldflags=-s") == 4
    assert program.read_bytes() != first
    assert linked(xxpy) == 4
    assert program.read_bytes() == first


def test_a_changed_program_in_the_output_is_replaced(xxpy: Xxpy) -> None:
    assert linked(xxpy) == 4
    program = xxpy.folder / "dist/linux_arm64/hello"
    first = program.read_bytes()
    with program.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"x")
    assert linked(xxpy) == 2
    assert program.read_bytes() == first


def test_a_program_that_is_gone_is_not_delivered_again(xxpy: Xxpy, module: Path) -> None:
    commands(module, "first", "second")
    assert linked(xxpy, "./cmd/...") > 0
    assert (xxpy.folder / "dist/linux_arm64/second").exists()
    (module / "cmd/second/main.go").unlink()
    (module / "cmd/tool/main.go").unlink()
    done = xxpy("build", "--json", "--platform", PLATFORMS, "--output", "again", "./cmd/...")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    made = [one["outputs"] for one in events if one["event"] == "finish"]
    assert [[Path(one["path"]).name for one in each] for each in made] == [["first"]] * 2
