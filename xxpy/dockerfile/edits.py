"""Changes to a Dockerfile, collected first and made at once, so that offsets stay valid."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xxpy.dockerfile.syntax import Document, Instruction

_ATTACHED = re.compile(r"(?:[ \t]*#[^\n]*\n)+\Z")


@dataclass(slots=True)
class Edits:
    """Changes by the place of an instruction among the parts of its document."""

    replacements: dict[int, set[tuple[int, int, str]]] = field(default_factory=dict)
    above: dict[int, list[str]] = field(default_factory=dict)
    below: dict[int, list[str]] = field(default_factory=dict)

    def replace(self, place: int, start: int, end: int, text: str) -> None:
        """Put *text* in the place of what stands from *start* to *end* in an instruction."""
        self.replacements.setdefault(place, set()).add((start, end, text))

    def insert_above(self, place: int, line: str) -> None:
        """Put one or more lines above an instruction and its comment; the same lines only once."""
        lines = self.above.setdefault(place, [])
        if line not in lines:
            lines.append(line)

    def insert_below(self, place: int, line: str) -> None:
        """Put a line right below an instruction; the same only once."""
        lines = self.below.setdefault(place, [])
        if line not in lines:
            lines.append(line)

    def apply(self, document: Document) -> str:
        """Return the changed text."""
        done: list[str] = []
        end = "\r\n" if "\r\n" in document.text else "\n"
        for place, part in enumerate(document.parts):
            if isinstance(part, str):
                done.append(part)
                continue
            added = "".join(f"{line}\n" for line in self.above.get(place, ())).replace("\n", end)
            comment = (
                _ATTACHED.search(done[-1])
                if added and done and isinstance(document.parts[place - 1], str)
                else None
            )
            if comment:
                done[-1] = done[-1][: comment.start()]
                added += comment[0]
            done += [added, self._changed(place, part)]
            under = "".join(f"{line}\n" for line in self.below.get(place, ())).replace("\n", end)
            if under and not done[-1].endswith("\n"):
                done.append(end)
            done.append(under)
        return "".join(done)

    def _changed(self, place: int, instruction: Instruction) -> str:
        text = instruction.source
        # From the end, so that earlier offsets stay right; of two at one place the one that
        # replaces nothing comes in front.
        for start, end, new in sorted(
            self.replacements.get(place, ()), key=lambda edit: (edit[0], edit[1]), reverse=True
        ):
            text = text[:start] + new + text[end:]
        return text
