"""Where the user stands: ``-C DIR`` changes the folder in which a command works, not the one from which its paths are read."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path


@cache
def remember() -> Path:
    """Return the folder that the first call was made in."""
    return Path.cwd()


def seen(path: Path) -> str:
    """Return a path as the user sees it: relative where that is shorter, and it is no odyssey through the parents."""
    relative = os.path.relpath(path, remember())
    return relative if len(relative) < len(str(path)) else str(path)
