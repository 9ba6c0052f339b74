"""Two texts as the changes that make one of the other, by lines."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Change:
    """Whole lines, from *first* to before *last* (from 0), and the text in their place."""

    first: int
    last: int
    text: str


def lines_of(text: str) -> list[str]:
    r"""Return the lines of a text, with their ends, as BuildKit and editors count them.

    >>> lines_of("a\x0cb\r\nc")
    ['a\x0cb\r\n', 'c']
    """
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines if lines[-1] else lines[:-1]


def changes(old: str, new: str) -> Iterator[Change]:
    """Yield the changes, first to last."""
    before, after = lines_of(old), lines_of(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "equal":
            yield Change(first, last, "".join(after[start:end]))
