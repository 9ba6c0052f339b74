"""What ``xxpy doctor`` found: one check a thing that it has looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How a check ended."""

    GOOD = "good"
    POOR = "poor"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    :param name: what, for people and machines: ``docker``, ``image store``, ``kernel`` …
    :param found: what is there
    :param mend: what to type, or ""
    """

    name: str
    state: State
    found: str
    mend: str = ""

    def document(self) -> dict[str, str]:
        """Return the check as JSON has it."""
        return {
            "name": self.name,
            "state": self.state.value,
            "found": self.found,
            "mend": self.mend,
        }
