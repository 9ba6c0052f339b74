"""Programs that nobody here wrote, from Debian's source packages: docs/recipes/ tells the same."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.kit.conftest import Xxpy

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

RUN = ("linux_arm64", "linux_arm_v7")
"""The folders of the platforms that it is built for."""
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def source(name: str, folder: Path) -> Path:
    """Return the unpacked source package of Debian 12; nothing of this machine's apt is changed."""
    state = folder / "apt"
    for below in ("lists/partial", "cache/archives/partial"):
        (state / below).mkdir(parents=True)
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"], capture_output=True, text=True, check=True
    )
    mirror = next((uri for uri in listed.stdout.split() if uri.rstrip("/").endswith("debian")), "http://deb.debian.org/debian")
    (state / "sources.list").write_text(f"deb-src [signed-by={KEYRING}] {mirror} bookworm main\n")
    options = [
        *("-o", f"Dir::Etc::SourceList={state / 'sources.list'}", "-o", "Dir::Etc::SourceParts=/dev/null"),
        *("-o", f"Dir::State::Lists={state / 'lists'}", "-o", f"Dir::Cache={state / 'cache'}"),
    ]
    subprocess.run(["apt-get", *options, "update"], check=True, capture_output=True)
    subprocess.run(["apt-get", *options, "source", "--download-only", name], cwd=folder, check=True, capture_output=True)
    (description,) = folder.glob("*.dsc")
    subprocess.run(["dpkg-source", "--skip-patches", "-x", description.name, "source"], cwd=folder, check=True, capture_output=True)
    return folder / "source"


def built(xxpy: Xxpy, *arguments: str) -> None:
    done = xxpy("build", "--keep-going", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zlib(tmp_path: Path) -> None:
    xxpy = Xxpy(source("zlib", tmp_path), {"XDG_CACHE_HOME": str(tmp_path / "cache")})
    built(xxpy, "--platform", "linux/arm64,linux/arm/v7", "--language", "autotools")
    for folder in RUN:
        assert (xxpy.folder / "dist" / folder / "lib/libz.so.1").exists()
        assert (xxpy.folder / "dist" / folder / "lib/libz.a").is_file()
