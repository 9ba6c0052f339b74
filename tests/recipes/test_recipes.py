"""Every recipe is built as its page says, and what it builds runs."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests import pages
from tests.build_c.machine import free_port
from tests.kit.conftest import Xxpy
from tests.recipes import recipes
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.recipes.recipes import Check, Recipe, Source

pytestmark = pytest.mark.slow
ALL = recipes.load()
TABLE = resources.table()
QUICKLY = {"CFLAGS": "-O1", "CXXFLAGS": "-O1", "CGO_CFLAGS": "-O0"}
"""It is the build that is tried, not the compiler. Without any optimisation jq does not link for Windows: a function that nobody calls stays."""
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one cache for all recipes, so that a sysroot is unpacked once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def apt(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Return an apt-get that knows Debian 12's source packages; nothing of this machine's own is changed."""
    state = tmp_path_factory.mktemp("apt")
    for below in ("lists/partial", "cache/archives/partial"):
        (state / below).mkdir(parents=True)
    listed = run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    mirror = next(
        (uri for uri in listed.split() if uri.rstrip("/").endswith("debian")),
        "http://deb.debian.org/debian",
    )
    (state / "sources.list").write_text(f"deb-src [signed-by={KEYRING}] {mirror} bookworm main\n")
    command = (
        *(
            "apt-get",
            "-o",
            f"Dir::Etc::SourceList={state / 'sources.list'}",
            "-o",
            "Dir::Etc::SourceParts=/dev/null",
        ),
        *("-o", f"Dir::State::Lists={state / 'lists'}", "-o", f"Dir::Cache={state / 'cache'}"),
    )
    run(*command, "update")
    return command


def run(*words: str, folder: Path | None = None) -> str:
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout


def unpack(source: Source, apt: tuple[str, ...], downloads: Path, folder: Path) -> None:
    """Download a source, compare it with its hash, and unpack it without the folder that it is in."""
    run(*apt, "source", "--download-only", source.debian, folder=downloads)
    archive = downloads / source.archive
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == source.sha256
    run("tar", "xf", str(archive), "--strip-components=1", folder=folder)


@contextmanager
def beside(check: Check, port: int, xxpy: Xxpy) -> Iterator[None]:
    """Run what a check needs meanwhile, and wait until it listens."""
    if not check.beside:
        yield
        return
    with subprocess.Popen(
        check.beside, cwd=xxpy.folder, env=xxpy.environment, stdout=subprocess.DEVNULL
    ) as running:
        try:
            while not listens(port):
                assert running.poll() is None, check.beside
                time.sleep(0.1)
            yield
        finally:
            running.terminate()


def listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("recipe", ALL.values(), ids=ALL)
def test_a_recipe(recipe: Recipe, apt: tuple[str, ...], cache: Path, tmp_path: Path) -> None:
    folder, downloads = tmp_path / recipe.name, tmp_path / "downloads"
    folder.mkdir()
    downloads.mkdir()
    if recipe.source is not None:
        unpack(recipe.source, apt, downloads, folder)
    folder /= recipe.folder
    for name, text in {**recipe.files, "xxpy.toml": recipe.configuration}.items():
        (folder / name).write_text(text)
    path = f"{pages.command(tmp_path / 'bin')}:{os.environ['PATH']}"
    xxpy = Xxpy(folder, variables={"XDG_CACHE_HOME": str(cache), "PATH": path, **QUICKLY})
    done = xxpy("build", *recipe.options)
    assert done.returncode == 0, done.stdout + done.stderr
    for platform, names in recipe.produced.items():
        assert {
            name
            for name in names
            if not (folder / "dist" / platform.replace("/", "_") / name).exists()
        } == set()
    for platform in recipe.platforms:
        row = TABLE.row(parse(platform, TABLE.words))
        for check in (
            check for check in recipe.checks if platform in (check.platforms or recipe.platforms)
        ):
            port = free_port()
            filled = check.fill(f"dist/{row.platform.folder}", port, row.file.program_suffix)
            with beside(filled, port, xxpy):
                ran = xxpy("run", "--platform", platform, filled.program, *filled.arguments)
            assert ran.returncode == 0, (platform, filled.program, ran.stderr[-2000:])
            assert check.says in ran.stdout + ran.stderr, (
                platform,
                ran.stdout[-2000:],
                ran.stderr[-2000:],
            )
