"""The checks of ``xxpy doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEW: Final = 6
"""How many names are not counted but listed."""


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
    :param brief: *found* with long lists counted, or "" if it has none
    """

    name: str
    state: State
    found: str
    fix: str = ""
    brief: str = ""

    def document(self) -> dict[str, str]:
        """Return the check as a JSON object."""
        return {
            "name": self.name,
            "state": self.state.value,
            "found": self.found,
            "fix": self.fix,
        }


def counted(names: Sequence[str], what: str = "platforms") -> str:
    """Return a list as people want to read it first: the names, or their number if they are many.

    >>> counted(["linux/amd64", "linux/arm64"])
    'linux/amd64, linux/arm64'
    >>> counted(["linux/amd64"] * 46)
    '46 platforms'
    """
    return ", ".join(names) if len(names) <= _FEW else f"{len(names)} {what}"
