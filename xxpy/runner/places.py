"""The values of the words in a plan: the folders of a step, and its share of the processors."""

from __future__ import annotations

import os
from dataclasses import dataclass

from xxpy.runner.plan import JOBS, STAGE, WORK


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
