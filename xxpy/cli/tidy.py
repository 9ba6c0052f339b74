"""Prune the cache at the end of a build, at most once a day."""

from __future__ import annotations

import time
from typing import Final

from xxpy.cli import printing
from xxpy.errors import OutputError
from xxpy.machine import files, resources

_DAY: Final = 86400
_STAMP: Final = ".pruned"
"""The file in the cache whose time says when it was last looked through."""


def tidy(*, silent: bool) -> None:
    """Prune a cache over its bound, at most once a day; a failure does not affect the build."""
    stamp = resources.cache_path(_STAMP)
    try:
        if time.time() - stamp.stat().st_mtime < _DAY:
            return
    except OSError:
        pass  # the first time
    try:
        files.write(stamp, f"{time.time():.0f}\n")
    except OutputError as error:
        printing.note(f"the cache was not pruned: {error}")
        return
    from xxpy.cli import cache  # noqa: PLC0415 - it knows all parts of the cache

    cache.prune_quietly(silent=silent)
