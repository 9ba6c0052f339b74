"""The checks of ``xxpy doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """The result of a check."""

    GOOD = "good"
    POOR = "poor"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    :param name: what was checked, for people and machines: ``docker``, ``image store``, ``kernel``
    :param found: what was found
    :param fix: what to do about it, or ""
    """

    name: str
    state: State
    found: str
    fix: str = ""

    def document(self) -> dict[str, str]:
        """Return the check as a JSON object."""
        return {
            "name": self.name,
            "state": self.state.value,
            "found": self.found,
            "fix": self.fix,
        }
