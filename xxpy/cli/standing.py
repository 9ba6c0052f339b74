"""Remember the folder in which the user called xxpy, from which ``-C DIR`` changes to another."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path


@cache
def remember() -> Path:
    """Return the current folder of the first call."""
    return Path.cwd()


def seen(path: Path) -> str:
    """Return a path relative to that folder if this is shorter."""
    relative = os.path.relpath(path, remember())
    return relative if len(relative) < len(str(path)) else str(path)
