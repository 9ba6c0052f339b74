"""What comments take back: a line, a stage or a whole file.

::

    # xxpy: ignore-file=XX102      anywhere: in the whole file
    # xxpy: ignore=XX103           above FROM: in the whole stage
    # xxpy: ignore=XX102, XX101    above any other instruction: in that instruction
    # check=skip=RedundantTargetPlatform;error=true
                                   at the top, BuildKit's own: in the whole file

Codes and the names of BuildKit's checks both count.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.check.finding import RULES, Finding

if TYPE_CHECKING:
    from xxpy.dockerfile.stages import Recipe
    from xxpy.dockerfile.syntax import Instruction

_COMMENT: Final = re.compile(
    r"^[ \t]*#[ \t]*xxpy:[ \t]*(?P<verb>ignore|ignore-file)[ \t]*=[ \t]*(?P<codes>[^\n]*)$",
    re.MULTILINE,
)
_DIRECTIVE: Final = re.compile(r"^[ \t]*#[ \t]*(?P<name>\w+)[ \t]*=[ \t]*(?P<value>[^\s]*)[ \t]*$")
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
ALL: Final = "all"
"""What BuildKit takes for all of its checks."""


@dataclass(slots=True)
class Ignored:
    """What is taken back, by the codes.

    :param places: by the place of an instruction among the parts of the document
    :param stages: by the place of the FROM of a stage
    :param unknown: words of comments that are no codes, with their lines
    """

    file: set[str] = field(default_factory=set)
    places: dict[int, set[str]] = field(default_factory=dict)
    stages: dict[int, set[str]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    """The places of the stages, in order."""
    unknown: list[tuple[int, str]] = field(default_factory=list)

    def takes_back(self, finding: Finding) -> bool:
        """Whether a comment takes a finding back."""
        if finding.code in self.file or finding.code in self.places.get(finding.place, ()):
            return True
        place = bisect_right(self.order, finding.place) - 1
        return place >= 0 and finding.code in self.stages[self.order[place]]


def code_of(word: str) -> str | None:
    """Return the code for a word: a code or the name of a BuildKit check; None for others."""
    if word.upper() in RULES:
        return word.upper()
    return next(
        (
            code
            for code, rule in RULES.items()
            if rule.docker and rule.docker.lower() == word.lower()
        ),
        None,
    )


def read(recipe: Recipe) -> Ignored:
    """Return what the comments of a Dockerfile take back."""
    found = Ignored()
    parts = recipe.document.parts
    line = 1
    for place, part in enumerate(parts):
        text = part if isinstance(part, str) else part.source
        following = parts[place + 1] if place + 1 < len(parts) else None
        if isinstance(part, str):
            _comments(
                found, text, line, place + 1, following if not isinstance(following, str) else None
            )
        elif part.keyword == "FROM":
            found.stages.setdefault(place, set())
        line += text.count("\n")
    found.order = sorted(found.stages)
    first = parts[0] if parts and isinstance(parts[0], str) else ""
    found.file |= {code for word in _skipped(first) if (code := code_of(word))}
    if ALL in _skipped(first):
        found.file |= {code for code, rule in RULES.items() if rule.docker}
    return found


def _comments(
    found: Ignored, text: str, line: int, place: int, following: Instruction | None
) -> None:
    for comment in _COMMENT.finditer(text):
        words = _WORD.findall(comment["codes"].partition("#")[0])
        at = line + text.count("\n", 0, comment.start())
        codes = {code for word in words if (code := code_of(word))}
        found.unknown += [(at, word) for word in words if code_of(word) is None]
        if comment["verb"] == "ignore-file":
            found.file |= codes
        elif following is not None:
            stage = following.keyword == "FROM"
            (found.stages if stage else found.places).setdefault(place, set()).update(codes)


def _skipped(comments: str) -> set[str]:
    """Return the checks that BuildKit's directive at the top of a file skips."""
    for line in comments.splitlines():
        directive = _DIRECTIVE.match(line)
        if directive is None:
            return set()
        if directive["name"].lower() == "check":
            options = dict(option.partition("=")[::2] for option in directive["value"].split(";"))
            return {word.strip() for word in options.get("skip", "").split(",")}
    return set()
