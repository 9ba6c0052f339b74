"""Temporary folders; the next one in the same place removes what a kill left behind."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xxpy.errors import OutputError
from xxpy.machine import aside, files

if TYPE_CHECKING:
    from collections.abc import Iterator


def parent() -> Path:
    """Return the folder for temporary files.

    :raises OutputError: no such folder can be written to
    """
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise OutputError(
            f"temporary files cannot be written: {error.strerror}",
            "make room in one of them, or set TMPDIR",
        ) from error


@contextmanager
def folder() -> Iterator[Path]:
    """Yield an empty folder, which is removed at the end.

    :raises OutputError: it cannot be made
    """
    above = parent()
    try:
        made = aside.folder(above)
        place = made.__enter__()
    except OSError as error:
        raise files.unwritable(above, error, "set TMPDIR") from error
    try:
        yield place.path
    finally:
        made.__exit__(None, None, None)
