"""What fixes a finding, as the whole text of the file after it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xxpy.dockerfile.edits import Edits
from xxpy.dockerfile.syntax import Instruction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.check.finding import Finding
    from xxpy.dockerfile.syntax import Document


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that takes a finding away.

    :param title: what it does, in the imperative
    :param text: the file after it
    :param ignores: whether it only says that the finding is meant
    """

    title: str
    text: str
    ignores: bool = False


def fixes(finding: Finding, document: Document) -> Iterator[Fix]:
    """Yield what fixes a finding in its own lines, and then what ignores it."""
    part = document.parts[finding.place] if finding.place >= 0 else ""
    if not isinstance(part, Instruction):
        return
    yield from _repairs(finding, document, part)
    ignore = f"# xxpy: ignore={finding.code}"
    if part.keyword != "FROM":
        title = f"Ignore {finding.code} in this step"
        yield Fix(title, _above(document, finding.place, ignore), ignores=True)
    yield Fix(
        f"Ignore {finding.code} in this stage",
        _above(document, _stage_of(document, finding.place), ignore),
        ignores=True,
    )


def _repairs(finding: Finding, document: Document, part: Instruction) -> Iterator[Fix]:
    if finding.code == "XX104":
        flag = part.flag_place("platform")
        if flag:
            start, end = flag
            gap = len(part.source[:start]) - len(part.source[:start].rstrip(" \t"))
            yield Fix("Remove --platform", _without(document, finding.place, start - gap, end))
    elif finding.code == "XX204":
        value = re.search(rf"\b{re.escape(finding.variable)}(=\S*)", part.source)
        if value:
            title = f"Take {finding.variable} from BuildKit"
            yield Fix(title, _without(document, finding.place, *value.span(1)))
    elif finding.variable:
        line = f"ARG {finding.variable}"
        yield Fix(f"Declare {line}", _above(document, finding.place, line))


def _above(document: Document, place: int, line: str) -> str:
    edits = Edits()
    edits.insert_above(place, line)
    return edits.apply(document)


def _without(document: Document, place: int, start: int, end: int) -> str:
    edits = Edits()
    edits.replace(place, start, end, "")
    return edits.apply(document)


def _stage_of(document: Document, place: int) -> int:
    """Return the place of the FROM above an instruction."""
    for earlier in range(place, -1, -1):
        part = document.parts[earlier]
        if isinstance(part, Instruction) and part.keyword == "FROM":
            return earlier
    return place
