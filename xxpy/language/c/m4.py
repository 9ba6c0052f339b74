"""Read the macros of ``configure.ac``, without expanding any.

Only macros outside conditions count as what a project needs in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_COMMENT: Final = re.compile(r"(?:\bdnl\b|(?:^|(?<=\s))#).*")
_MOST: Final = 8192
"""The longest call that is read, in characters."""
_CONDITION: Final = re.compile(
    r"(?P<begin>^\s*(?:if|case|for|while)\b)|(?P<end>(?:^|;)\s*(?:fi|esac|done)\b)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a macro.

    :param arguments: as they are written, without the outer quotes
    :param line: its line, from 1
    :param always: whether it is outside all conditions
    """

    name: str
    arguments: tuple[str, ...]
    line: int
    always: bool

    def argument(self, place: int) -> str:
        """Return an argument, or "" if it is left out."""
        return self.arguments[place] if place < len(self.arguments) else ""


def calls(text: str, *names: str) -> Iterator[Call]:
    r"""Yield the calls of some macros.

    >>> [call.arguments for call in calls("AC_CHECK_LIB([z], [deflate],,\n [AC_MSG_ERROR(no)])",
    ...     "AC_CHECK_LIB")]
    [('z', 'deflate', '', 'AC_MSG_ERROR(no)')]
    """
    plain = "\n".join(_COMMENT.sub("", line) for line in text.split("\n"))
    steps = [(one.start(), 1 if one["begin"] else -1) for one in _CONDITION.finditer(plain)]
    for found in re.finditer(rf"\b({'|'.join(names)})\b(\(?)", plain):
        before = plain[: found.start()]
        nested = before.count("[") - before.count("]") > 0
        yield Call(
            found[1],
            tuple(_arguments(plain[found.end() : found.end() + _MOST])) if found[2] else (),
            before.count("\n") + 1,
            not nested and not depth(steps, found.start()),
        )


def depth(steps: Iterable[tuple[int, int]], place: int) -> int:
    """Return how many conditions are open at a place.

    :param steps: where conditions begin (1) and end (-1), in order
    """
    open_ = 0
    for at, step in steps:
        if at >= place:
            break
        open_ = max(0, open_ + step)
    return open_


def _arguments(text: str) -> Iterator[str]:
    """Yield the arguments at the beginning of a text, up to the parenthesis that ends them."""
    depth, begin = 0, 0
    for place, sign in enumerate(text):
        if sign in "([":
            depth += 1
        elif sign in ")]" and depth:
            depth -= 1
        elif sign in ",)" and not depth:
            yield _unquoted(text[begin:place])
            begin = place + 1
            if sign == ")":
                return


def _unquoted(argument: str) -> str:
    """Return an argument without spaces and quotes around it."""
    bare = argument.strip()
    while bare.startswith("[") and bare.endswith("]"):
        bare = bare[1:-1].strip()
    return bare
