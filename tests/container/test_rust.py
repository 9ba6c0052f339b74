"""examples/rust under a real BuildKit: cross-compiled and under emulation, for two foreign platforms, run under QEMU."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests import pages
from tests.container import reader
from tests.container.lab import images, rust

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

EXAMPLE: Final = Path(__file__).resolve().parents[2] / "examples/rust"
PAGE: Final = EXAMPLE / "README.md"
SAID: Final = "squeeze for {}: 10000 -> 19 bytes, and back\n"
FOREIGN: Final = ("arm64", "s390x")
"""The architectures that the page builds for."""
DOCUMENT: Final = EXAMPLE.parents[1] / "docs/rust.md"
HELLO: Final = {
    "Cargo.toml": '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/main.rs": 'fn main() {\n    println!("hello from {}", std::env::consts::ARCH);\n}\n',
}


@pytest.fixture
def folder(tmp_path: Path, docker: Docker, qemu: None) -> Path:  # noqa: ARG001 - what is built runs
    """A copy of the example, and a docker that has the lab's images instead of those of a registry."""
    source = shutil.copytree(
        EXAMPLE, tmp_path / "squeeze", ignore=shutil.ignore_patterns("target", "bin", "xx")
    )
    stand_ins = {
        "rust:1-bookworm": rust.image(docker),
        "debian:bookworm-slim": rust.libc(docker, FOREIGN),
    }
    reader.commands(tmp_path / "commands", docker, stand_ins)
    return source


def context(image: str) -> str:
    return f"docker-image://{image}"


def follow(folder: Path, docker: Docker, only: str) -> None:
    """Do what the page says, where *only* occurs."""
    blocks = [text for text in pages.texts(PAGE.read_text("utf-8"), "sh") if only in text]
    assert blocks
    for text in blocks:
        reader.follow(text, folder, docker, folder.parent / "commands")


def said(docker: Docker, platform: str) -> str:
    """Return what the program of an image says when it runs."""
    command = [
        "docker",
        "run",
        "--rm",
        "--interactive",
        "--platform",
        platform,
        "--network",
        "none",
        "squeeze",
    ]
    return subprocess.run(
        command,
        env=docker.variables,
        input="y\n" * 5000,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_page_of_the_example(folder: Path, docker: Docker) -> None:
    follow(folder, docker, "docker buildx build")
    try:
        for platform in (f"linux/{architecture}" for architecture in FOREIGN):
            assert said(docker, platform) == SAID.format(platform)
    finally:
        docker.run("image", "rm", "--force", "squeeze")


@pytest.mark.usefixtures("qemu")
def test_the_dockerfile_of_the_document(docker: Docker, xx: Path, tmp_path: Path) -> None:
    (recipe,) = pages.texts(DOCUMENT.read_text("utf-8"), "dockerfile")
    (tmp_path / "src").mkdir()
    for name, text in {
        **HELLO,
        "Dockerfile": f"{recipe}\nFROM scratch\nCOPY --from=build /out/ /\n",
    }.items():
        (tmp_path / name).write_text(text)
    contexts: dict[str, Path | str] = {"xx": xx, "rust:1-bookworm": context(rust.image(docker))}
    docker.build(
        tmp_path, "--platform", "linux/arm64", "--output", tmp_path / "bin", contexts=contexts
    )
    command = ["qemu-aarch64-static", "-L", str(rust.root("arm64")), str(tmp_path / "bin/hello")]
    assert (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
        == "hello from aarch64\n"
    )


@pytest.mark.slow
@pytest.mark.usefixtures("qemu")
def test_the_emulated_way_says_the_same(docker: Docker) -> None:
    platform = f"linux/{images.foreign()}"
    contexts = {
        "rust:1-bookworm": context(rust.foreign_image(docker)),
        "debian:bookworm-slim": context(rust.libc(docker, FOREIGN)),
    }
    options = (
        "--file",
        EXAMPLE / "Dockerfile.emulated",
        "--platform",
        platform,
        "--tag",
        "squeeze",
    )
    docker.build(EXAMPLE, *options, contexts=contexts, timeout=7200)
    try:
        assert said(docker, platform) == SAID.format(platform)
    finally:
        docker.run("image", "rm", "--force", "squeeze")
