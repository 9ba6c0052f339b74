"""The wheel and the sdist, installed into empty environments: the table and the templates are inside."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("built")
    subprocess.run(
        [sys.executable, "-m", "build", "--quiet", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return folder


def test_the_archives_hold_what_is_needed_and_nothing_private(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    (sdist,) = built.glob("*.tar.gz")
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("toolchains", "templates"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert f"xxpy/_data/{path.relative_to(ROOT).as_posix()}" in inside
    assert not [name for name in inside if name.startswith("tests/")]
    pages = {name.rpartition("/")[2] for name in inside if "/data/share/man/man1/" in name}
    assert pages == {path.name for path in (ROOT / "docs/man").iterdir()}
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "toolchains/linux.toml",
        "templates/commands/xx-info.sh",
        "examples/go-server/main.go",
    } <= names


@pytest.mark.parametrize("kind", ["*.whl", pytest.param("*.tar.gz", marks=pytest.mark.slow)])
def test_it_works_in_an_empty_environment(kind: str, built: Path, tmp_path: Path) -> None:
    (archive,) = built.glob(kind)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    program = tmp_path / "venv/bin"
    subprocess.run(
        [str(program / "python"), "-m", "pip", "install", "--quiet", str(archive)],
        check=True,
        capture_output=True,
    )
    environment = {"PATH": f"{program}:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    for name in ("PIP_INDEX_URL", "PIP_CERT"):
        if name in os.environ:
            environment[name] = os.environ[name]

    def run(*arguments: str) -> str:
        return subprocess.run(
            ["xxpy", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert (
        run("info", "triple", "-p", "linux/arm/v7", "-d", "alpine")
        == "armv7-alpine-linux-musleabihf\n"
    )
    run("wrappers", "export", str(tmp_path / "xx"))
    asked = {**environment, "TARGETPLATFORM": "linux/s390x", "XX_VENDOR": "debian"}
    got = subprocess.run(
        ["sh", str(tmp_path / "xx/usr/bin/xx-info")],
        env=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    assert got.stdout == "s390x-linux-gnu\n"
    if kind == "*.whl":
        (tmp_path / "Dockerfile").write_text("FROM golang AS build\nRUN go build -o /out/ .\n")
        lacking = subprocess.run(
            ["xxpy", "dockerfile", "convert"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        message, hint = lacking.stderr.splitlines()
        assert (lacking.returncode, message) == (
            5,
            "error: the parser of Dockerfiles is not installed",
        )
        assert f"'{archive}[dockerfile]'" in hint
        subprocess.run(
            shlex.split(hint.removeprefix("hint: ")),
            env=environment,
            check=True,
            capture_output=True,
        )
        assert run("dockerfile", "convert").startswith("FROM ")
