"""What ``xxpy doctor`` finds: one check for each thing that it looks at."""

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
    """The result of one check.

    :param name: what, for people and machines: ``docker``, ``image store``, ``kernel`` …
    :param found: what is there
    :param fix: what to do about it, or ""
    """

    name: str
    state: State
    found: str
    fix: str = ""

    def document(self) -> dict[str, str]:
        """Return the check as JSON has it."""
        return {
            "name": self.name,
            "state": self.state.value,
            "found": self.found,
            "fix": self.fix,
        }
