"""The words of a makefile: arguments of functions, names in references, the head of a rule."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def filtered(text: str, *, kept: bool) -> Iterator[str]:
    """Yield the words that fit one of the patterns in front of the comma, or those that do not."""
    patterns, _, words = text.partition(",")
    for word in words.split():
        fits = any(fnmatchcase(word, pattern.replace("%", "*", 1)) for pattern in patterns.split())
        if fits == kept:
            yield word


def split(text: str) -> list[str]:
    """Return the arguments of a function: commas in brackets part nothing."""
    found, depth = [""], 0
    for letter in text:
        depth += (letter in "({") - (letter in ")}")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found


def named(text: str, place: int) -> tuple[str, int]:
    """Return what a reference at a place names, and where it ends: brackets are matched."""
    closing = {"(": ")", "{": "}"}.get(text[place])
    if closing is None:
        return text[place], place + 1
    depth = 0
    for end in range(place, len(text)):
        depth += (text[end] == text[place]) - (text[end] == closing)
        if not depth:
            return text[place + 1 : end], end + 1
    return text[place + 1 :], len(text)


def parted(line: str) -> tuple[str, str]:
    """Return what is in front of the colon of a rule and what is behind it; "" for no rule.

    >>> parted("$(BIN:.c=): a.c")
    ('$(BIN:.c=)', ' a.c')
    """
    depth = 0
    for place, letter in enumerate(line):
        depth += (letter in "({") - (letter in ")}")
        if letter == ":" and not depth:
            return line[:place], line[place + 1 :]
    return "", ""
