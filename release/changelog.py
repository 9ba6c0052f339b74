"""The sections of ``CHANGELOG.md``: ``python -m release.changelog 0.1.0`` prints one of them.

The file follows Keep a Changelog: one section for each version, newest first, with groups of
one-line entries. ``faults`` is what a test checks.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from packaging.version import InvalidVersion, Version

FILE: Final = Path(__file__).resolve().parents[1] / "CHANGELOG.md"
UNRELEASED: Final = "Unreleased"
_SECTION: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_RELEASED: Final = re.compile(r"(\S+) - (\d{4}-\d{2}-\d{2})")


def sections(text: str) -> dict[str, str]:
    r"""Return the text of each section by its title.

    >>> sections("# Changelog\n\n## Unreleased\n\n## 0.1.0 - 2026-12-01\n\n- Add x.\n")
    {'Unreleased': '', '0.1.0 - 2026-12-01': '- Add x.'}
    """
    _, *parts = _SECTION.split(text)
    return {title: body.strip() for title, body in zip(parts[::2], parts[1::2], strict=True)}


def notes(text: str, version: str) -> str | None:
    r"""Return the section of a version, or None if there is none.

    >>> notes("## 0.1.0 - 2026-12-01\n\n- Add x.\n", "0.1.0")
    '- Add x.'
    """
    for title, body in sections(text).items():
        if title.partition(" - ")[0] == version:
            return body
    return None


def faults(text: str) -> list[str]:
    r"""Return what is wrong with the format of a changelog.

    >>> faults("## Unreleased\n\n## 0.2 (May)\n\n- Add x.\n")
    ['## 0.2 (May): write "## VERSION - YYYY-MM-DD"']
    >>> faults("## Unreleased\n\nNew things.\n")
    ['## Unreleased: "New things." is not in a list']
    """
    first, *released = list(sections(text)) or [""]
    found = [] if first == UNRELEASED else [f"the first section must be ## {UNRELEASED}"]
    found += [
        f'## {title}: write "## VERSION - YYYY-MM-DD"'
        for title in released
        if not _RELEASED.fullmatch(title) or not _valid(title.partition(" - ")[0])
    ]
    versions = [title.partition(" - ")[0] for title in released]
    known = [Version(version) for version in versions if _valid(version)]
    if known != sorted(set(known), reverse=True):
        found.append("the versions must be listed once each, newest first")
    for title, body in sections(text).items():
        found += [f'## {title}: "{line}" is not in a list' for line in _stray(body)]
    return found


def _valid(version: str) -> bool:
    try:
        Version(version)
    except InvalidVersion:
        return False
    return True


def _stray(body: str) -> list[str]:
    """Return the lines that are neither an entry, its continuation, nor the title of a group."""
    return [
        line for line in body.splitlines() if line and not line.startswith(("- ", "  ", "### "))
    ]


if __name__ == "__main__":
    section = notes(FILE.read_text("utf-8"), sys.argv[1])
    if section is None:
        sys.exit(f"error: CHANGELOG.md has no section for {sys.argv[1]}")
    print(section)
