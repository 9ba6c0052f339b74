"""The pages about Docker: every command in them runs as it is written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.container.example import EXAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.container.lab.daemon import Docker

TASKS = EXAMPLE.parents[1] / "docs/docker.md"
EXAMPLES = EXAMPLE / "README.md"
README = EXAMPLE.parents[1] / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, docker: Docker, go_image: str) -> Path:
    """A copy of the example, and a docker that has the lab's image instead of golang and no network of its own."""
    source = tmp_path / "go-server"
    shutil.copytree(EXAMPLE, source)
    commands = tmp_path / "commands"
    commands.mkdir()
    real = shutil.which("docker", path=docker.variables["PATH"])
    (commands / "docker").write_text(
        '#!/bin/sh\ncase "$1 $2" in\n  "buildx build")\n    shift 2\n'
        f'    set -- buildx build --network host --build-context golang:1.26=docker-image://{go_image} "$@"\n    ;;\nesac\nexec {real} "$@"\n'
    )
    (commands / "xxpy").write_text(f'#!/bin/sh\nexec {sys.executable} -m xxpy "$@"\n')
    for command in commands.iterdir():
        command.chmod(0o755)
    return source


def follow(page: Path, folder: Path, docker: Docker, only: str = "") -> list[set[str]]:
    """Do what a page says, block by block, where *only* occurs; return the files in ``bin`` after each command block."""
    path = os.pathsep.join((str(folder.parent / "commands"), docker.variables["PATH"]))
    found = []
    for language, text in BLOCK.findall(page.read_text("utf-8")):
        if language == "dockerfile":
            (folder / "Dockerfile").write_text(text)
        if language == "sh" and only in text:
            shutil.rmtree(folder / "bin", ignore_errors=True)
            script = ["sh", "-e", "-c", text]
            done = subprocess.run(script, cwd=folder, env={**docker.variables, "PATH": path}, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{text}\n{done.stderr[-3000:]}"
            found.append({path.relative_to(folder).as_posix() for path in (folder / "bin").rglob("*") if path.is_file()})
        if language == "text" and not only:
            assert found[-1] == set(text.split()), "the page shows what there is"
    return found


def test_the_page_of_the_commands(folder: Path, docker: Docker) -> None:
    found = follow(TASKS, folder, docker)
    assert found[-3:] == [{"bin/go-server"}, {"bin/go-server"}, {"bin/names"}]
    names = (folder / "bin/names").read_text().splitlines()
    assert "rust-target: aarch64-unknown-linux-gnu" in names
    docker.run("image", "rm", "go-server")


def test_the_readme_of_the_example(folder: Path, docker: Docker) -> None:
    found = follow(EXAMPLES, folder, docker)
    assert found[0] == {"bin/linux_amd64/go-server", "bin/linux_arm64/go-server", "bin/windows_amd64/go-server.exe"}
    assert found[3] == {"bin/go-server"}
    docker.run("image", "rm", "go-server")


def test_the_readme(folder: Path, docker: Docker) -> None:
    assert follow(README, folder, docker, "docker ")[-1] == {"bin/linux_amd64/go-server", "bin/linux_arm64/go-server"}
