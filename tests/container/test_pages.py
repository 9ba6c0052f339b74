"""The pages about Docker: every command in them runs as it is written."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests import pages
from tests.container import reader
from tests.container.example import EXAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.container.lab.daemon import Docker

TASKS = EXAMPLE.parents[1] / "docs/docker.md"
EXAMPLES = EXAMPLE / "README.md"
README = EXAMPLE.parents[1] / "README.md"


@pytest.fixture
def folder(tmp_path: Path, docker: Docker, go_image: str) -> Path:
    """A copy of the example, and a docker that has the lab's image instead of golang and no network of its own."""
    source = tmp_path / "go-server"
    shutil.copytree(EXAMPLE, source)
    reader.commands(tmp_path / "commands", docker, {"golang:1.26": go_image})
    return source


def follow(page: Path, folder: Path, docker: Docker, only: str = "") -> list[set[str]]:
    """Do what a page says, block by block, where *only* occurs; return the files in ``bin`` after each command block."""
    found = []
    for language, text in pages.BLOCK.findall(page.read_text("utf-8")):
        if language == "dockerfile":
            (folder / "Dockerfile").write_text(text)
        if language == "sh" and only in text:
            shutil.rmtree(folder / "bin", ignore_errors=True)
            reader.follow(text, folder, docker, folder.parent / "commands")
            found.append(
                {
                    path.relative_to(folder).as_posix()
                    for path in (folder / "bin").rglob("*")
                    if path.is_file() and ".xxpy" not in path.parts
                }
            )
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
    assert found[0] == {
        "bin/linux_amd64/go-server",
        "bin/linux_arm64/go-server",
        "bin/windows_amd64/go-server.exe",
    }
    assert found[3] == {"bin/go-server"}
    docker.run("image", "rm", "go-server")


def test_the_readme(folder: Path, docker: Docker) -> None:
    assert follow(README, folder, docker, "docker ")[-1] == {
        "bin/linux_amd64/go-server",
        "bin/linux_arm64/go-server",
    }
