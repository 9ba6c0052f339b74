"""Write files whole or not at all, and only when their bytes change."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from xxpy.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator


def write(path: Path, text: str, *, executable: bool = False, keep_mode: bool = False) -> bool:
    """Write *text* to *path* through a file beside it and a rename; return whether anything changed.

    Folders are made as needed. A file that has these bytes and the right mode already is not touched. With *keep_mode* a file that is
    there keeps its mode, and where *path* is a link the file that it leads to is written.

    :raises OutputError: the path cannot be written; what was there before is as it was
    """
    data = text.encode()
    mode = 0o755 if executable else 0o644
    aside = None
    try:
        if keep_mode and path.exists():
            path = path.resolve()
            mode = path.stat().st_mode & 0o7777
        if path.is_file() and path.read_bytes() == data and path.stat().st_mode & 0o7777 == mode:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(aside).chmod(mode)
        Path(aside).replace(path)
    except OSError as error:
        if aside is not None:
            with suppress(OSError):
                Path(aside).unlink()
        raise OutputError(f"{path} cannot be written: {error.strerror}", "name a folder that can be written to") from error
    return True


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock *path* against other processes; wait for it as long as it takes.

    :raises OutputError: the file of the lock cannot be made
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(path)
        held.acquire()
    except OSError as error:
        raise OutputError(f"{path} cannot be locked: {error.strerror}", "name a folder that can be written to") from error
    try:
        yield
    finally:
        held.release()
