"""The program with a cache of its own, and sysroots that are made once for all tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.container.lab.debian import mirror
from tests.sysroot.archive import Archive

if TYPE_CHECKING:
    from pathlib import Path

RELEASE = "debian:bookworm"
LIBRARIES = ("zlib1g-dev", "libssl-dev", "libsqlite3-dev")


@dataclass
class Xxpy:
    """Runs the program in a folder, with a cache of its own.

    :param apt: whether it sees apt; without it, it sees no program but gpgv
    """

    folder: Path
    apt: bool = True
    variables: dict[str, str] = field(default_factory=dict)
    wrapper: tuple[str, ...] = ()

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def environment(self) -> dict[str, str]:
        alone = self.folder / "bin"
        if not self.apt and not alone.is_dir():
            alone.mkdir()
            (alone / "gpgv").symlink_to(str(shutil.which("gpgv")))
        path = {} if self.apt else {"PATH": str(alone)}
        return {**os.environ, "XDG_CACHE_HOME": str(self.cache), **path, **self.variables}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.wrapper, sys.executable, "-m", "xxpy", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the program and return it running; it hears of Ctrl-C even where the tests themselves run in the background."""
        return subprocess.Popen(
            ["/usr/bin/env", "--default-signal=INT", sys.executable, "-m", "xxpy", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def good(self, *arguments: str) -> str:
        """Run the program, which must succeed, and return what it prints."""
        done = self(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def shown(self, *arguments: str) -> dict[str, Any]:
        """Return the description of a sysroot."""
        found: dict[str, Any] = json.loads(self.good("sysroot", "show", "--json", *arguments))
        return found

    def trees(self) -> list[str]:
        """Return the names of all trees, whole and half ones."""
        return sorted(path.name for path in (self.cache / "xxpy/sysroots/trees").glob("*"))


@pytest.fixture
def xxpy(tmp_path: Path) -> Xxpy:
    return Xxpy(tmp_path)


@pytest.fixture(params=["apt", "lists"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Xxpy:
    """Return the program, once with apt and once without."""
    return Xxpy(tmp_path, apt=request.param == "apt")


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return a signed archive of packages; a test that changes it makes a copy of its own."""
    return Archive.make(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="session")
def main() -> tuple[str, ...]:
    """Return the options for bookworm from the machine's mirror without its security archive, which mirrors have late for some architectures."""
    return ("--distribution", RELEASE, "--mirror", mirror())


@pytest.fixture(scope="module")
def bookworm(tmp_path_factory: pytest.TempPathFactory, main: tuple[str, ...]) -> Xxpy:
    """Return the program with a real sysroot: bookworm's for linux/arm64, with some libraries."""
    made = Xxpy(tmp_path_factory.mktemp("bookworm"))
    made.good("sysroot", "add", "--platform", "linux/arm64", *main, *LIBRARIES)
    return made
