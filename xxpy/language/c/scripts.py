"""Read the calls of CMake's and Meson's files, without running any.

Calls below ``if`` may not happen, so they do not count as what a project needs in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.language.c.m4 import depth

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST: Final = 8192
"""The longest call that is read, in characters."""
_CMAKE_COMMENT: Final = re.compile(r"#\[\[.*?\]\]|#[^\n]*", re.DOTALL)
_CMAKE_DEPTH: Final = re.compile(r"\b(end)?(if|foreach|while|function|macro)\s*\(", re.IGNORECASE)
_CMAKE_IF: Final = re.compile(r"\b(if|elseif|else|endif)\s*\(", re.IGNORECASE)
_CMAKE_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s()"]+)')
_MESON_COMMENT: Final = re.compile(r"(?m)(?:^|\s)#[^\n]*")
_MESON_DEPTH: Final = re.compile(r"(?m)^\s*(?:(if|foreach)\b|(endif|endforeach)\b)")
_STRING: Final = re.compile(r"'((?:[^'\\\n]|\\.)*)'")


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    :param words: the arguments of CMake; the strings before the first keyword of Meson
    :param text: all that is between the parentheses
    :param line: its line, from 1
    :param always: whether it is outside all conditions
    """

    name: str
    words: tuple[str, ...]
    text: str
    line: int
    always: bool

    def after(self, *keywords: str) -> tuple[str, ...]:
        """Return the words of CMake after a keyword, up to the next word in capitals."""
        found: list[str] = []
        inside = False
        for word in self.words:
            if word in keywords:
                inside = True
            elif inside and word.isupper() and len(word) > 2 and "_" not in word[:1]:  # noqa: PLR2004
                inside = False
            elif inside:
                found.append(word)
        return tuple(found)


def cmake(text: str, *names: str) -> Iterator[Call]:
    """Yield the calls of some commands of CMake.

    >>> [call.words for call in cmake("find_package(ZLIB 1.2 REQUIRED)", "find_package")]
    [('ZLIB', '1.2', 'REQUIRED')]
    """
    plain = _without_comments(text)
    depths = [(one.start(), -1 if one[1] else 1) for one in _CMAKE_DEPTH.finditer(plain)]
    for found in re.finditer(rf"(?i)\b({'|'.join(names)})\s*\(", plain):
        inner = _inner(plain, found.end())
        words = tuple(one[1] or one[2] or "" for one in _CMAKE_WORD.finditer(inner))
        line = plain.count("\n", 0, found.start()) + 1
        yield Call(found[1].lower(), words, inner, line, not depth(depths, found.start()))


def cmake_conditions(text: str, line: int) -> tuple[str, ...]:
    r"""Return the conditions that hold at a line of CMake's, outermost first.

    >>> cmake_conditions("if(A)\nif(B)\nelse()\nx()", 4)
    ('A',)
    """
    plain = _without_comments(text)
    end = sum(len(one) for one in plain.splitlines(keepends=True)[: line - 1])
    held: list[str] = []
    for found in _CMAKE_IF.finditer(plain, 0, end):
        word = found[1].lower()
        if word != "if":
            held = held[:-1]
        if word == "else":
            held.append("")
        elif word != "endif":
            held.append(_inner(plain, found.end()).strip())
    return tuple(filter(None, held))


def meson(text: str, *names: str) -> Iterator[Call]:
    """Yield the calls of some functions and methods of Meson.

    >>> [call.words for call in meson("z = dependency('zlib', required : true)", "dependency")]
    [('zlib',)]
    """
    plain = _MESON_COMMENT.sub("", text)
    depths = [(one.start(), 1 if one[1] else -1) for one in _MESON_DEPTH.finditer(plain)]
    for found in re.finditer(rf"(?<![\w])({'|'.join(names)})\s*\(", plain):
        inner = _inner(plain, found.end())
        positional = re.split(r"\b\w+\s*:", inner, maxsplit=1)[0]
        words = tuple(_STRING.findall(positional))
        line = plain.count("\n", 0, found.start()) + 1
        yield Call(found[1], words, inner, line, not depth(depths, found.start()))


def _without_comments(text: str) -> str:
    """Return a file of CMake without its comments, with the same lines."""
    return _CMAKE_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def _inner(text: str, begin: int) -> str:
    """Return the text up to the parenthesis that closes a call."""
    depth = 0
    for place in range(begin, min(len(text), begin + _MOST)):
        if text[place] == "(":
            depth += 1
        elif text[place] == ")":
            if not depth:
                return text[begin:place]
            depth -= 1
    return ""
