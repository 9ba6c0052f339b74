"""The example Neovim in Docker: libraries of each target, nothing foreign runs during the build, and the nvim of each platform edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.build_c import neovim
from tests.container.lab import bases, debian
from tests.kit.conftest import Xxpy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.container.lab.daemon import Docker


@pytest.mark.slow
def test_its_dockerfile(docker: Docker, qemu: None, xx: Path, tmp_path: Path) -> None:  # noqa: ARG001 - what would run would be seen
    folder = neovim.copy(tmp_path)
    given: dict[str, Path | str] = {"debian:bookworm": bases.stage(docker, "debian"), "xx": xx}
    options = ("--platform", ",".join(neovim.PLATFORMS), "--build-arg", f"DEBIAN={debian.mirror()}")
    log = docker.build(folder, *options, "--output", folder / "bin", contexts=given, timeout=3600)
    assert not bases.SYSTEM_CALL.search(log), "a foreign program ran"
    neovim.examine(Xxpy(folder, variables={"XDG_CACHE_HOME": str(tmp_path / "cache")}))
