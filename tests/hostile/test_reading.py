"""Commands that only read a project run nothing of it, and go to no network (docs/security.md)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile import projects

COMMANDS = (
    "plan",
    "plan --json",
    "build --dry-run",
    "build --explain --keep-going",
    "build --dry-run --cgo --run-tests",
    "matrix",
    "matrix --format github --workflow",
    "bake",
    "info triple -p linux/arm64",
    "dockerfile check",
    "dockerfile convert",
    "dockerfile new --language go",
    "platforms",
    "builder",
    "completion bash",
    "dockerfile snippet go",
    "verify -p linux/amd64 tools/go",
    "inspect tools/go",
    "image -o ../image.tar",
    "image inspect tools",
    "wrappers list",
    "sysroot list",
    "sysroot show",
    "sysroot verify",
    "sysroot export -p linux/arm64 ../sysroot.tar",
    "sysroot import -p linux/arm64 tools",
    "kit list",
)
"""Every command that docs/security.md lists as one that only reads, but doctor, which has a test of its own."""

_EXEC = re.compile(r'execve\("((?:[^"\\]|\\.)*)", .* = 0$', re.MULTILINE)
_CONNECT = re.compile(r"connect\(\d+, \{sa_family=AF_INET.*", re.MULTILINE)


def traced(command: str, folder: Path, aside: Path) -> tuple[list[str], list[str], str]:
    """Run a command in a project; return the programs that were started, the connections, and what was said on stderr."""
    log = aside / "strace"
    environment = {
        **os.environ,
        "PATH": os.pathsep.join(("tools", "", ".", str(folder / "tools"), os.environ["PATH"])),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONSAFEPATH": "1",
    }
    words = [
        "strace",
        "-f",
        "-qq",
        "-s",
        "4096",
        "-e",
        "trace=execve,connect",
        "-o",
        str(log),
        sys.executable,
        "-m",
        "xxpy",
        *command.split(),
    ]
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    text = log.read_text(errors="replace")
    return _EXEC.findall(text), _CONNECT.findall(text), done.stderr


def check(command: str, folder: Path, aside: Path) -> None:
    started, connections, said = traced(command, folder, aside)
    assert sys.executable in started
    inside = [
        path for path in started if Path(os.path.realpath(folder / path)).is_relative_to(folder)
    ]
    assert (inside, connections) == ([], []), said
    assert not (folder / "ran").exists(), (folder / "ran").read_text()
    assert "Traceback" not in said
    assert "internal error" not in said


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("go", "build --explain --keep-going"),
        ("rust", "plan"),
        ("rust-path", "plan"),
        ("c", "plan"),
    ],
)
def test_nothing_of_a_project_is_run(kind: str, command: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    projects.make(kind, folder)
    check(command, folder, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", projects.PROJECTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_runs_anything_of_a_project(kind: str, command: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    projects.make(kind, folder)
    check(command, folder, tmp_path)


@pytest.mark.slow
def test_doctor_runs_nothing_of_where_it_is_asked(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    projects.make("go", folder)
    check("doctor", folder, tmp_path)


def test_the_page_lists_the_commands() -> None:
    page = (Path(__file__).parents[2] / "docs/security.md").read_text()
    rows = page.partition("## Commands")[2].partition("\n## ")[0]
    for command in (*COMMANDS, "doctor"):
        words = " ".join(
            word
            for word in command.split()[:2]
            if not word.startswith("-") or word in {"--dry-run", "--explain"}
        )
        assert any(f"`{part}`" in rows for part in (words, words.split()[0])), words
