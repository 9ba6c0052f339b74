"""What ``config.log`` says about the test after which a configure script gave up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAME: Final = "config.log"
_MOST: Final = 1 << 23
"""The most bytes that are read."""
_TEST: Final = re.compile(r"^configure:\d+: checking ")
_GIVEN_UP: Final = re.compile(r"^configure:\d+: error: |^## -+ ##$")
_PROGRAM: Final = "| "
"""What the lines of a program begin with that did not compile."""


def last_test(folder: Path) -> list[str]:
    """Return what the last test printed before configure gave up, without its program, or []."""
    try:
        with (folder / NAME).open("rb") as file:
            lines = file.read(_MOST).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return _last(lines)


def _last(lines: Sequence[str]) -> list[str]:
    """Return the lines of the last test.

    >>> lines = ["configure:1: checking a", "a.c:1: error: x", "| int", "configure:2: error: no a"]
    >>> _last([*lines, "ac_cv_a=no"])
    ['configure:1: checking a', 'a.c:1: error: x']
    """
    tests = [place for place, line in enumerate(lines) if _TEST.search(line)]
    if not tests:
        return []
    after = lines[tests[-1] :]
    end = next((place for place, line in enumerate(after) if _GIVEN_UP.search(line)), len(after))
    return [line for line in after[:end] if not line.startswith(_PROGRAM)]
