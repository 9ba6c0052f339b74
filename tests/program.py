"""The program as tests run it: in a folder, with an environment, as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "xxpy")


@cache
def go_cache() -> str:
    """Return Go's cache of builds, which all tests share."""
    return subprocess.run(
        ["go", "env", "GOCACHE"], capture_output=True, text=True, check=True
    ).stdout.strip()


@dataclass
class Program:
    """Runs the program in a folder, with a cache of its own.

    :param cache: the folder of the user's caches; ``cache`` in *folder* without one
    :param variables: what its environment has besides this process's
    :param wrapper: the command that runs the program, such as ``("strace", "-f")``
    """

    folder: Path
    cache: Path = Path()
    variables: dict[str, str] = field(default_factory=dict)
    wrapper: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.cache == Path():
            self.cache = self.folder / "cache"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "XDG_CACHE_HOME": str(self.cache),
            **self.variables,
        }

    def __call__(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.run(*self.wrapper, *COMMAND, *arguments, **variables)

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run any command in the same environment."""
        return subprocess.run(
            words,
            cwd=self.folder,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the program and return it running; it hears of Ctrl-C even where the tests run in the background."""
        return subprocess.Popen(
            ["/usr/bin/env", "--default-signal=INT,HUP", *self.wrapper, *COMMAND, *arguments],
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

    def log(self, platform: str) -> str:
        """Return what the last build of this folder's project has said for a platform."""
        logs = self.cache.glob(f"xxpy/logs/*/{platform.replace('/', '_')}.log")
        return max(logs, key=lambda path: path.stat().st_mtime).read_text()
