"""The values of the words in a plan: the folders of a step, and its share of the processors."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.runner.plan import JOBS, STAGE, WORK

if TYPE_CHECKING:
    from pathlib import Path

_OF_EVERY_SYSTEM: Final = ("bin", "etc", "include", "lib", "sbin", "share/man")
"""The folders that a prefix such as ``/usr/local`` has on every system, which an install step may
expect (https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch04s09.html)."""


def make_prefix(stage: Path, prefix: str) -> None:
    """Make the folders that every system has below a prefix; empty ones are no results.

    Without them, ``cp program $(DESTDIR)$(PREFIX)/bin`` makes a file with the name ``bin``.
    """
    for name in _OF_EVERY_SYSTEM:
        (stage / prefix.lstrip("/") / name).mkdir(parents=True, exist_ok=True)


def share(jobs: int) -> int:
    """Return how many of this machine's cores each of several builds may use."""
    return max(1, (os.cpu_count() or 1) // max(1, jobs))


@dataclass(frozen=True, slots=True)
class Places:
    """The values of the words in a plan."""

    stage: str
    work: str
    jobs: str

    def put(self, word: str) -> str:
        """Return *word* with the values in it."""
        return word.replace(STAGE, self.stage).replace(WORK, self.work).replace(JOBS, self.jobs)
