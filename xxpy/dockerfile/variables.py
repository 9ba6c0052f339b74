"""The variables in the text of a Dockerfile: fill them in, and find them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE: Final = re.compile(
    r"(?<!\\)\$(?:\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?::?[-+?][^}]*)?\}|(?P<plain>[A-Za-z_][A-Za-z0-9_]*))"
)

_DEFAULT: Final = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*:?-(?P<default>[^}]*)\}")

_LONGEST: Final = 1 << 16
"""Characters of a text with its variables filled in, at most."""


class TooLongError(Exception):
    """A text is too long once its variables are filled in."""


def expand(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the variables that have a value, or a default of their own, filled in.

    >>> expand("golang:${VERSION}-$SUITE", {"VERSION": "1.26"})
    'golang:1.26-$SUITE'
    """
    length = len(text)

    def value(found: re.Match[str]) -> str:
        nonlocal length
        known = values.get(found["braced"] or found["plain"])
        default = None if known else _DEFAULT.fullmatch(found[0])
        filled = known or (default["default"] if default else found[0])
        length += len(filled)
        if length > max(_LONGEST, 2 * len(text)):
            raise TooLongError(
                f"a text is longer than {_LONGEST >> 10} KiB with its variables filled in, the"
                " limit of a Dockerfile"
            )
        return filled

    return _VARIABLE.sub(value, text)


def used(text: str) -> list[tuple[str, int]]:
    """Return the names of the variables in a text, each with its offset."""
    return [
        (found["braced"] or found["plain"], found.start()) for found in _VARIABLE.finditer(text)
    ]
