"""C, C++ and cgo in Debian images: compiled on this machine for others, and run under QEMU."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests import pages
from tests.container.lab import images
from xxpy.machine import resources
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

SOURCES: Final = Path(__file__).resolve().parent / "c"
RELEASES: Final = {"12": ("bookworm", "12"), "13": ("trixie", "14")}
"""Each release of Debian: its name, and the version of its GCC."""
FOREIGN: Final = (
    "linux/arm64",
    "linux/arm/v7",
    "linux/arm/v6",
    "linux/386",
    "linux/ppc64le",
    "linux/s390x",
)
SAID: Final = {
    "c": "C",
    "c-static": "C",
    "c++": "C++",
    "c++-static": "C++",
    "user": "42",
    "user-static": "42",
    "cgo": "cgo 3",
}
TABLE: Final = resources.table()


def build(
    docker: Docker,
    recipe: str,
    release: str,
    platforms: tuple[str, ...],
    xx: Path,
    out: Path,
    *arguments: str,
) -> dict[str, Path]:
    """Build a recipe for platforms of a release, and return the folder of each."""
    base = images.whole_debian(docker, release, RELEASES[release][0], with_apt=True)
    options = (
        "--file",
        SOURCES / f"{recipe}.Dockerfile",
        "--platform",
        ",".join(platforms),
        "--output",
        out,
    )
    given = (f"BASE={base}", f"GO={images.go(docker)}", f"GCC={RELEASES[release][1]}", *arguments)
    words = [word for argument in given for word in ("--build-arg", argument)]
    docker.build(SOURCES, *options, *words, contexts={"xx": xx}, timeout=3000)
    if len(platforms) == 1:
        return {platforms[0]: out}
    return {platform: out / parse(platform, TABLE.words).folder for platform in platforms}


def said(folder: Path) -> dict[str, str]:
    """Return what each program said when it ran."""
    return dict(line.split(": ") for line in (folder / "said").read_text().splitlines())


@pytest.mark.slow
@pytest.mark.parametrize(("release", "platforms"), [("12", FOREIGN), ("13", ("linux/arm64",))])
@pytest.mark.usefixtures("qemu", "go_image")
def test_clang(
    release: str, platforms: tuple[str, ...], docker: Docker, xx: Path, tmp_path: Path
) -> None:
    for platform, folder in build(docker, "clang", release, platforms, xx, tmp_path).items():
        assert said(folder) == SAID, platform
        target = resolve(TABLE, parse(platform, TABLE.words), "debian")
        linker = (
            f"/usr/bin/{target.triple}-ld"
            if target.row.linker and target.row.linker.lld_since
            else "lld"
        )
        assert (folder / "config").read_text() == f"--target={target.triple} -fuse-ld={linker}\n"


@pytest.mark.slow
@pytest.mark.usefixtures("go_image")
def test_windows(docker: Docker, xx: Path, tmp_path: Path) -> None:
    for folder in build(
        docker, "windows", "12", ("windows/amd64", "windows/386"), xx, tmp_path
    ).values():
        assert "Type: VERSIONINFO" in (folder / "resources").read_text()
        assert {path.name for path in folder.iterdir()} == {
            "c.exe",
            "c++.exe",
            "twice.dll",
            "user.exe",
            "cgo.exe",
            "resources",
        }


PAGE: Final = Path(__file__).resolve().parents[2] / "docs/docker-c.md"


@pytest.mark.slow
def test_the_page(docker: Docker, go_image: str, xx: Path, tmp_path: Path) -> None:
    """What the page builds, built with the lab's images and the exported commands."""
    base = images.whole_debian(docker, "12", RELEASES["12"][0], with_apt=True)
    stand_ins = {"golang:1.26": go_image, "debian:bookworm": base}
    contexts = [
        word
        for name, image in stand_ins.items()
        for word in ("--build-context", f"{name}=docker-image://{image}")
    ]
    context = shutil.copytree(SOURCES, tmp_path / "context")
    shown = []
    for language, text in pages.BLOCK.findall(PAGE.read_text("utf-8")):
        if language == "dockerfile":
            (context / "Dockerfile").write_text(text)
        if language == "sh" and text.startswith("docker buildx build "):
            shutil.rmtree(tmp_path / "bin", ignore_errors=True)
            options = text.split()[3:-3]
            assert options[:2] == ["--build-context", "xx=xx"]
            docker.build(
                context,
                *options[2:],
                "--output",
                tmp_path / "bin",
                *contexts,
                contexts={"xx": xx},
                timeout=1800,
            )
            shown.append(
                {
                    path.relative_to(tmp_path).as_posix()
                    for path in (tmp_path / "bin").rglob("*")
                    if path.is_file()
                }
            )
        if language == "text":
            assert shown[-1] == set(text.split())
    assert len(shown) == 2
