"""Compare versions: the one place that knows how version numbers are read and ordered.

``packaging`` is imported when it is first needed: commands that compare nothing, such as
``xxpy info``, start faster without it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.version import Version

_DOTTED: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def dotted(text: str) -> Version:
    """Return a version that consists of numbers and dots, ready to be compared.

    >>> dotted("2.4") < dotted("2.28"), dotted("11") == dotted("11.0")
    (True, True)

    :raises ValueError: the text has another form
    """
    found = parse(text) if _DOTTED.fullmatch(text) else None
    if found is None:
        raise ValueError(f"{text!r} is not a version such as 2.28")
    return found


def parse(text: str) -> Version | None:
    """Return a version as Python's packages, Go and Rust write it, or None if it has no number.

    >>> parse("1.22rc1") < parse("1.22"), parse("nightly")
    (True, None)
    """
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - costs 10 ms

    try:
        return Version(text)
    except (InvalidVersion, ValueError):
        return None


def newest(texts: Iterable[str]) -> str | None:
    """Return the newest of the texts that consist of numbers and dots, or None if there is none.

    >>> newest(["2.4", "2.28", "PRIVATE"])
    '2.28'
    """
    found = [
        (version, text)
        for text in texts
        if _DOTTED.fullmatch(text) and (version := parse(text)) is not None
    ]
    return max(found, default=(None, None))[1]


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of a text, for names and versions of any form.

    >>> numbers("6.1.0-13-amd64"), numbers("gcc-9") < numbers("gcc-12")
    ((6, 1, 0, 13, 64), True)
    """
    return tuple(int(part) for part in re.findall(r"[0-9]+", text))


def at_least(text: str, wanted: str) -> bool:
    """Whether a version is *wanted* or later; a text without numbers counts as a new version.

    >>> at_least("v0.12.1", "0.13"), at_least("6.1.0-13-amd64", "4.8"), at_least("devel", "1")
    (False, True, True)
    """
    found = numbers(text)[:3]
    return not found or found >= numbers(wanted)
