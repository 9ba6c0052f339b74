"""What the tests of pages share: the blocks of code in a page, and ``xxpy`` as a command for a shell that runs them."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""A block of code: its language and its text."""


def texts(page: str, language: str) -> list[str]:
    """Return the text of every block of one language, in order."""
    return [text for found, text in BLOCK.findall(page) if found == language]


def command(folder: Path) -> Path:
    """Make ``xxpy`` a command in a folder, which is made if it is missing, and return the folder for PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "xxpy"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m xxpy "$@"\n')
    program.chmod(0o755)
    return folder
