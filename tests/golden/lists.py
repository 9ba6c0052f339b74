"""The lists in pages of the documentation that come from the code."""

from __future__ import annotations

from xxpy.cli import reference
from xxpy.runner import causes as known


def exit_codes() -> list[str]:
    """Return the table of all exit codes, from the docstring that a test holds to the classes."""
    lines = [f"| {code} | {meaning} | `{kind}` |" for code, meaning, kind in reference.exit_codes()]
    return [
        "| code | meaning | class in `xxpy.errors` |",
        "| --- | --- | --- |",
        "| 0 | success | |",
        *lines,
    ]


def causes() -> list[str]:
    """Return the table of the known causes; words in braces come from the log."""
    lines = [
        f"| `{cause.name}` | {_plain(cause.cause)} | {_plain(cause.fix.replace('{each}', cause.each))} |"
        for cause in known.known()
    ]
    return ["| name | cause | fix |", "| --- | --- | --- |", *lines]


def _plain(text: str) -> str:
    """Return a text for a cell: words in braces are italic."""
    words = text.replace("|", "\\|").replace("_", "\\_").replace("*", "\\*")
    return words.replace("{", "*").replace("}", "*")
