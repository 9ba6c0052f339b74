"""What is wrong with a Dockerfile that is built for several platforms.

A rule is a function with a code, a severity and a docstring; ``docs/dockerfile-rules.md`` is made
of them. :mod:`xxpy.dockerfile.check.ignore` says how comments take findings back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.check import (
    downloads,
    emulation,
    ignore,
    names,
    packages,
    parts,
    programs,
    variables,
)
from xxpy.dockerfile.check.facts import Facts
from xxpy.dockerfile.check.finding import RULES, Finding, Rule, Severity, merged
from xxpy.dockerfile.check.subject import Subject

if TYPE_CHECKING:
    from xxpy.dockerfile.stages import Recipe
    from xxpy.dockerfile.tools import Tools

__all__ = ["RULES", "Facts", "Finding", "Rule", "Severity", "check", "parts"]

RULE_MODULES: Final = (emulation, programs, variables, downloads, packages, names, parts)
"""The modules that register rules when they are imported."""
for _code in sorted(RULES):
    RULES[_code] = RULES.pop(_code)
_NONE: Final = Facts()


def check(
    recipe: Recipe,
    tools: Tools,
    platforms: str = "a foreign platform",
    facts: Facts = _NONE,
    name: str = "",
) -> list[Finding]:
    """Return what is wrong with a Dockerfile, by line.

    :param platforms: how to call the platforms that it is built for and this machine is not, or ""
    :param facts: what is known of downloads and questions; without them no rule reports these
    :param name: of the file; one such as ``Dockerfile.arm64`` is meant for that architecture
    """
    subject = Subject(recipe, tools, facts, platforms, name.lower())
    found = {finding for rule in RULES.values() for finding in rule.search(subject)}
    ignored = ignore.read(recipe)
    return merged(finding for finding in found if not ignored.takes_back(finding))
