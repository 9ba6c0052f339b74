"""The files of a project as text: read within bounds, searched quickly, without running anything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import bounds
from xxpy.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST: Final = 1 << 22
"""Bytes of a file of the project that are looked at."""


def text_of(path: Path) -> str:
    """Return the text of a file of the project, or the beginning of a very long one.

    :raises ProjectError: it cannot be read
    """
    try:
        with bounds.opened(path) as file:
            return file.read(_MOST).decode("utf-8", "replace")
    except (OSError, bounds.Refused) as error:
        raise ProjectError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from error


MOST: Final = 1 << 22
"""Bytes of a manifest at most."""
_LOOKED_AT: Final = 5000
"""Files that are looked at; a project with more is not searched to its end."""
_LEFT_OUT: Final = frozenset({"vendor", "testdata", "node_modules", "target", "contrib"})
"""Folders that hold what is not the project's own, or not built by default."""


def below(folder: Path, *endings: str) -> Iterator[Path]:
    """Yield the files of a project whose names end so."""
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
