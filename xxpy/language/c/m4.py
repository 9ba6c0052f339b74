"""Read the macros of ``configure.ac``, without expanding any.

Only macros outside conditions count as what a project needs in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT: Final = re.compile(r"(?:\bdnl\b|(?:^|(?<=\s))#).*")
_MOST: Final = 8192
"""The longest call that is read, in characters."""
_BEGIN: Final = re.compile(r"^\s*(?:if\b|case\b)", re.MULTILINE)
_END: Final = re.compile(r"(?:^|;)\s*(?:fi|esac)\b", re.MULTILINE)


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
    for found in re.finditer(rf"\b({'|'.join(names)})\(", plain):
        before = plain[: found.start()]
        nested = before.count("[") - before.count("]") > 0
        open_ = len(_BEGIN.findall(before)) - len(_END.findall(before)) > 0
        yield Call(
            found[1],
            tuple(_arguments(plain[found.end() : found.end() + _MOST])),
            before.count("\n") + 1,
            not nested and not open_,
        )


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
