"""A run of make, or of a script, that can be judged again with other variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert.inner import of_make, of_script
from xxpy.dockerfile.values import PARAMETERS, Value, expand, mentions_target, names, parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Family, Verdict
    from xxpy.dockerfile.convert.inner import Inner
    from xxpy.dockerfile.stages import Stage, Step
    from xxpy.dockerfile.values import State


SOURCING: Final = frozenset({".", "source"})
"""The commands that read a script in the same shell."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of make, or of a script where *path* names it."""

    family: Family
    stage: Stage
    step: Step
    call: Call
    path: str = ""

    @property
    def make(self) -> bool:
        """Whether make runs."""
        return not self.path

    def again(self, state: State, given: dict[str, str]) -> Verdict | list[tuple[Inner, Verdict]]:
        """Return what its commands are with other variables."""
        if self.path:
            words = tuple(self._arguments(state))
            # What `.` reads keeps the arguments of its reader, and its $0.
            found = {} if self.call.name in SOURCING and not words else parameters(words)
            return of_script(self.family, self.stage, self.step, state, self.path, given=found)
        return of_make(self.family, self.stage, self.step, self.call, state, given=given)

    def _arguments(self, state: State) -> Iterator[Value]:
        """Yield the arguments of the script.

        One of a variable may differ when the image is built.
        """
        words = [word.text for word in self.call.command.arguments]
        after = words[words.index(self.path) + 1 :] if self.path in words else words
        for word in after:
            known = expand(word, state.values)
            text = known.text if names(word) <= set(PARAMETERS) else None
            yield Value(text, told=known.told or mentions_target(word, state))
