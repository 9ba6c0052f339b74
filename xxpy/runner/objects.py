"""Object files that a build tool keeps between builds: those that other tools made are removed.

A crate that runs CMake or configure keeps what these have found out, such as the compiler, below
its object files, and cargo does not know of it.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import posix
from xxpy.machine import files

if TYPE_CHECKING:
    from xxpy.runner.plan import Objects

_RECORD: Final = ".xxpy-made-by"


def prepare(objects: Objects) -> None:
    """Empty the folder if its object files were made by other tools.

    A build tool that is using the folder ends first.
    """
    folder = Path(objects.folder)
    record = folder / _RECORD
    if record.is_file() and record.read_text("utf-8") == objects.key:
        return
    with ExitStack() as held:
        locks = set(folder.glob(objects.lock))
        for lock in locks:
            descriptor = os.open(lock, os.O_RDWR | posix.O_CLOEXEC)
            held.callback(os.close, descriptor)
            posix.flock(descriptor, posix.LOCK_EX)
        _empty(folder, locks)
        files.write(record, objects.key)


def _empty(folder: Path, kept: set[Path]) -> None:
    """Remove all in a folder but some files and the folders that hold them."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path in kept:
            continue
        if any(one.is_relative_to(path) for one in kept):
            _empty(path, kept)
        elif path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
