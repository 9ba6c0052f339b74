"""Kits that are really made, and compilers that really compile."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.program import Program, go_cache
from xxpy.machine import resources

ZIG_CACHE = (
    os.environ.get("XXPY_TEST_ZIG_CACHE")
    or os.environ.get("ZIG_GLOBAL_CACHE_DIR")
    or str(Path.home() / ".cache/zig")
)
"""zig's cache, shared by all tests: a libc takes up to a minute to build, once."""


BASES = resources.cache_path("bases")
"""The user's base sysroots, which all tests share: the one for Windows has a thousand libraries."""


@dataclass
class Xxpy(Program):
    """The program with a cache of its own for kits, and shared ones for zig, Go and base sysroots."""

    @property
    def environment(self) -> dict[str, str]:
        shared = {"GOCACHE": go_cache(), "ZIG_GLOBAL_CACHE_DIR": ZIG_CACHE}
        found = {**super().environment, **shared, **self.variables}
        place = Path(found["XDG_CACHE_HOME"], "xxpy/bases")
        if not place.exists():
            BASES.mkdir(parents=True, exist_ok=True)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(BASES)
        return found

    def kit(self, platform: str, *options: str) -> Path:
        """Return the folder of a kit."""
        return Path(self.good("kit", "path", "--platform", platform, *options))


@pytest.fixture
def xxpy(tmp_path: Path) -> Xxpy:
    return Xxpy(tmp_path)
