"""Prose is wrapped at 100 columns, so that a diff shows the sentences that changed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COLUMNS = 100
GENERATED = ("docs/platforms.md", "docs/commands.md", "docs/world.md", "docs/api-reference.md")
"""Pages that a program writes, for readers in a browser."""
PAGES = sorted(
    name
    for name in subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    if name not in GENERATED and "tests/" not in name
)
_NOT_PROSE = re.compile(r"\s*(?:\||<|!?\[!?\[?[^\]]*\]\(\S+\)\]?\S*(?: \[!\[|$)|https?://\S+$)")


def too_long(text: str) -> list[str]:
    """Return the lines of prose over the limit; code, tables, pictures and generated parts are none.

    >>> too_long("a" * 99 + " b\\n| " + "a" * 100 + " |\\n```sh\\n" + "a" * 101 + "\\n```\\n")
    ['1: aaaaaaaaaaaaaaaaaaaa']
    """
    found, code, made = [], False, False
    for number, line in enumerate(text.splitlines(), 1):
        code ^= line.lstrip().startswith("```")
        made = "made by make update -->" in line or (made and line != "<!-- end -->")
        if len(line) > COLUMNS and not (code or made or _NOT_PROSE.match(line)):
            found.append(f"{number}: {line[:20]}")
    return found


@pytest.mark.parametrize("page", PAGES)
def test_prose_is_wrapped(page: str) -> None:
    assert too_long((ROOT / page).read_text("utf-8")) == []


def test_a_long_line_is_found() -> None:
    assert too_long("word " * 21) == ["1: word word word word "]
    assert too_long(f"```\n{'word ' * 21}\n```\n| {'word ' * 21}|\n") == []
