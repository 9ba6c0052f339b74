"""C and C++ projects that are really built, by the compilers that are installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kit.conftest import Xxpy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def xxpy(tmp_path: Path) -> Xxpy:
    """Return the program, standing in an empty folder beside its cache."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Xxpy(folder, variables={"XDG_CACHE_HOME": str(tmp_path / "cache")})
