"""Build constraints of Go files: which files are part of a build.

``//go:build linux && !cgo`` above the package clause, and names such as ``db_windows.go``
(https://pkg.go.dev/cmd/go#hdr-Build_constraints).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_LINE: Final = re.compile(r"^//go:build[ \t]+(?P<expression>[^\n]+)", re.MULTILINE)
_PACKAGE: Final = re.compile(r"^package\s", re.MULTILINE)
_TOKEN: Final = re.compile(r"\s*(&&|\|\||!|\(|\)|[\w.]+)")
_RELEASE: Final = re.compile(r"go1\.\d+")


def fits(name: str, text: str, tags: AbstractSet[str], others: AbstractSet[str]) -> bool:
    """Whether a file is part of a build with these tags.

    :param tags: systems, architectures and others that hold
    :param others: systems and architectures that do not, which end names as ``_windows`` does
    """
    words = name.removesuffix(".go").split("_")[1:][-2:]
    if any(word in others and word not in tags for word in words):
        return False
    clause = _PACKAGE.search(text)
    found = _LINE.search(text, 0, clause.start() if clause else len(text))
    return found is None or holds(found["expression"], tags)


def holds(expression: str, tags: AbstractSet[str]) -> bool:
    """Whether an expression is true; one that cannot be read is.

    >>> holds("linux && !cgo", {"linux"}), holds("(darwin || windows) && cgo", {"linux", "cgo"})
    (True, False)
    """
    tokens = _TOKEN.findall(expression.partition("//")[0])
    try:
        value, rest = _either(tokens, tags)
    except (IndexError, RecursionError):
        return True
    return value or bool(rest)


def _either(tokens: list[str], tags: AbstractSet[str]) -> tuple[bool, list[str]]:
    value, tokens = _both(tokens, tags)
    while tokens[:1] == ["||"]:
        other, tokens = _both(tokens[1:], tags)
        value = value or other
    return value, tokens


def _both(tokens: list[str], tags: AbstractSet[str]) -> tuple[bool, list[str]]:
    value, tokens = _one(tokens, tags)
    while tokens[:1] == ["&&"]:
        other, tokens = _one(tokens[1:], tags)
        value = value and other
    return value, tokens


def _one(tokens: list[str], tags: AbstractSet[str]) -> tuple[bool, list[str]]:
    first, rest = tokens[0], tokens[1:]
    if first == "!":
        value, rest = _one(rest, tags)
        return not value, rest
    if first == "(":
        value, rest = _either(rest, tags)
        return value, rest[1:]
    return first in tags or bool(_RELEASE.fullmatch(first)), rest
