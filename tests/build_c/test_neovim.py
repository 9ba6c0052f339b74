"""The example Neovim without Docker: what its page says is done, and the nvim of each platform edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import pages
from tests.build_c import neovim
from tests.kit.conftest import Xxpy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_the_page_without_docker(tmp_path: Path) -> None:
    commands = pages.command(tmp_path / "bin")
    xxpy = Xxpy(neovim.copy(tmp_path), variables={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    for word in (neovim.FETCHES, neovim.BUILDS):
        neovim.follow(xxpy, word, commands)
    neovim.examine(xxpy)
