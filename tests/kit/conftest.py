"""Kits that are really made, and compilers that really compile."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ZIG_CACHE = (
    os.environ.get("XXPY_TEST_ZIG_CACHE")
    or os.environ.get("ZIG_GLOBAL_CACHE_DIR")
    or str(Path.home() / ".cache/zig")
)
"""zig's cache, shared by all tests: a libc takes up to a minute to build, once."""


@cache
def _go_cache() -> str:
    return subprocess.run(
        ["go", "env", "GOCACHE"], capture_output=True, text=True, check=True
    ).stdout.strip()


@dataclass
class Xxpy:
    """Runs the program with a cache of its own for kits, and the shared one for zig."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        own = {"GOCACHE": _go_cache()}
        return {
            **os.environ,
            **own,
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "ZIG_GLOBAL_CACHE_DIR": ZIG_CACHE,
            **self.variables,
        }

    def __call__(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xxpy", *arguments]
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run another command in the same environment."""
        return subprocess.run(
            words,
            cwd=self.folder,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def kit(self, platform: str, *options: str) -> Path:
        """Return the folder of a kit."""
        done = self("kit", "path", "--platform", platform, *options)
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.strip())


@pytest.fixture
def xxpy(tmp_path: Path) -> Xxpy:
    return Xxpy(tmp_path)
