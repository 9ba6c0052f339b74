"""What a rule is, and what it finds."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from xxpy.dockerfile.check.subject import Subject
    from xxpy.dockerfile.stages import Stage, Step

    Search = Callable[[Subject], Iterator["Finding"]]


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    """The image is wrong, or does not build, for some platform."""
    WARNING = "warning"
    """The build is slow or fragile for foreign platforms."""
    REMARK = "remark"
    """It could be better, and is often meant so."""

    def reaches(self, least: Severity) -> bool:
        """Whether it is as bad as *least*, or worse."""
        order = list(Severity)
        return order.index(self) <= order.index(least)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    :param title: what it finds, in a few words
    :param search: the function that finds it; its docstring is the rule's documentation
    :param docker: the name of BuildKit's own check of the same meaning, or ""
    """

    code: str
    title: str
    severity: Severity
    search: Search
    docker: str = ""

    @property
    def documentation(self) -> str:
        """The text for the page of rules: what the rule finds, why, an example, what to write."""
        return inspect.getdoc(self.search) or ""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that is wrong.

    :param line: of the file, from 1
    :param column: from 1
    :param message: what is wrong, in one line
    :param why: where that comes from
    :param fix: what to do
    :param many: the message for several of the same group, with ``{count}``
    :param group: findings of one code and group are one; "" for those that stand alone
    :param stage: the name of the stage, or ""
    :param place: of its instruction among the parts of the document, or -1
    :param lines: every line that is concerned
    :param variable: the variable that ARG should declare, or ""
    """

    line: int
    column: int
    code: str
    message: str
    why: str
    fix: str
    many: str = ""
    group: str = ""
    stage: str = ""
    place: int = -1
    lines: tuple[int, ...] = field(default=())
    variable: str = ""

    @property
    def severity(self) -> Severity:
        """How bad it is, which its rule says."""
        return RULES[self.code].severity


RULES: Final[dict[str, Rule]] = {}
"""Every rule by its code, in the order of the codes."""


def rule(code: str, title: str, severity: Severity, docker: str = "") -> Callable[[Search], Search]:
    """Register a function as the rule of a code."""

    def register(search: Search) -> Search:
        RULES[code] = Rule(code, title, severity, search, docker)
        return search

    return register


def at(
    stage: Stage, step: Step, offset: int, code: str, *texts: str, many: str = "", group: str = ""
) -> Finding:
    """Return a finding at an offset of a step; the texts are the message, why, and the fix."""
    message, why, fix = texts
    instruction = step.instruction
    before = instruction.source[:offset]
    column = offset - (before.rfind("\n") + 1) + 1
    line = instruction.line_of(offset)
    return Finding(
        line, column, code, message, why, fix, many, group, stage.name, step.place, (line,)
    )


def at_stage(stage: Stage, code: str, *texts: str) -> Finding:
    """Return a finding at the FROM of a stage."""
    message, why, fix = texts
    line = stage.source.line
    return Finding(
        line, 1, code, message, why, fix, stage=stage.name, place=stage.place, lines=(line,)
    )


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with those of one code and group as one, at the first of them."""
    done: list[Finding] = []
    groups: dict[tuple[str, str], int] = {}
    for finding in sorted(findings):
        key = (finding.code, finding.group)
        if not finding.group or key not in groups:
            groups[key] = len(done)
            done.append(finding)
            continue
        first = done[groups[key]]
        lines = tuple(dict.fromkeys((*first.lines, *finding.lines)))
        done[groups[key]] = replace(first, lines=lines, many=finding.many or first.many)
    return [_counted(finding) for finding in done]


def _counted(finding: Finding) -> Finding:
    if len(finding.lines) <= 1 or not finding.many:
        return replace(finding, many="", group="")
    message = finding.many.replace("{count}", str(len(finding.lines)))
    return replace(finding, message=message, many="", group="")
