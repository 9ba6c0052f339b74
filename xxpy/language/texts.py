"""Read and search the text files of a project, within bounds and without running anything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import bounds
from xxpy.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 1 << 22
"""How many bytes of a project's file are read; a manifest has no more."""
_LOOKED_AT: Final = 5000
"""How many files are searched; a project with more is not searched completely."""
_LEFT_OUT: Final = frozenset({"vendor", "testdata", "node_modules", "target", "contrib"})
"""Folders with files that are not the project's own, or not built by default."""


def text_of(path: Path) -> str:
    """Return the text of a project's file, or the beginning of a very long one.

    :raises ProjectError: it cannot be read
    """
    try:
        with bounds.opened(path) as file:
            return file.read(MOST).decode("utf-8", "replace")
    except (OSError, bounds.Refused) as error:
        raise ProjectError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from error


def below(folder: Path, *endings: str) -> Iterator[Path]:
    """Yield the files of a project whose names have one of these endings."""
    seen = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in _LEFT_OUT and not name.startswith((".", "_"))
        )
        for name in sorted(names):
            seen += 1
            if name.endswith(endings) and Path(place, name).is_file():
                yield Path(place, name)
        if seen > _LOOKED_AT:
            return
