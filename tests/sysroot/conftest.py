"""The program with a cache of its own, and sysroots that are made once for all tests."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.container.lab.debian import mirror
from tests.program import Program
from tests.sysroot.archive import Archive

if TYPE_CHECKING:
    from pathlib import Path

RELEASE = "debian:bookworm"
LIBRARIES = ("zlib1g-dev", "libssl-dev", "libsqlite3-dev")


@dataclass
class Xxpy(Program):
    """The program with a cache of its own.

    :param apt: whether it sees apt; without it, it sees no program but gpgv
    """

    apt: bool = True

    @property
    def environment(self) -> dict[str, str]:
        alone = self.folder / "bin"
        if not self.apt and not alone.is_dir():
            alone.mkdir()
            (alone / "gpgv").symlink_to(str(shutil.which("gpgv")))
        path = {} if self.apt else {"PATH": str(alone)}
        return {**super().environment, **path, **self.variables}

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
