"""The lists in pages of the documentation that come from the code."""

from __future__ import annotations

from typing import Final

from xxpy import errors
from xxpy.runner import causes as known

COLUMNS: Final = 3
"""The columns of the table of exit codes in the docstring of xxpy.errors."""


def exit_codes() -> list[str]:
    """Return the table of all exit codes, from the docstring that a test holds to the classes."""
    rows = [line.split(maxsplit=2) for line in (errors.__doc__ or "").splitlines()]
    codes = [row for row in rows if len(row) == COLUMNS and row[0].isdigit()]
    lines = [
        f"| {code} | {meaning.replace('``', '`')} | `{kind}` |" for code, kind, meaning in codes
    ]
    return ["| code | meaning | class in `xxpy.errors` |", "| --- | --- | --- |", *lines]


def causes() -> list[str]:
    """Return the table of the known causes; words in braces come from the log."""
    lines = [
        f"| `{cause.name}` | {_plain(cause.cause)} | {_plain(cause.fix)} |"
        for cause in known.known()
    ]
    return ["| name | cause | fix |", "| --- | --- | --- |", *lines]


def _plain(text: str) -> str:
    """Return a text for a cell: words in braces are italic."""
    words = text.replace("|", "\\|").replace("_", "\\_").replace("*", "\\*")
    return words.replace("{", "*").replace("}", "*")
