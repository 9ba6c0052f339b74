"""Write files whole or not at all, and only when their bytes change."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xxpy import bounds, posix
from xxpy.errors import OutputError
from xxpy.machine import aside, shortage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write(
    path: Path, text: str, *, executable: bool = False, keep_mode: bool = False, settle: bool = True
) -> bool:
    """Write *text* to *path* by a file beside it and a rename; return whether anything changed.

    Folders are made as needed. A file that already has these bytes and the right mode is not
    touched.

    :param keep_mode: keep the mode of an existing file, and follow links
    :param settle: wait until the bytes are on the disk before the rename, so that a loss of power
        leaves the old file or the new one
    :raises OutputError: the path cannot be written; an existing file is unchanged
    """
    data = bounds.encoded(text)
    mode = 0o755 if executable else 0o644
    try:
        if keep_mode and path.exists():
            path = path.resolve()
            mode = path.stat().st_mode & 0o7777
        if path.is_file() and path.read_bytes() == data and path.stat().st_mode & 0o7777 == mode:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        if sys.platform == "win32":
            fresh_path = path.with_name(f".xxpy-{os.getpid()}-{path.name}")
            fresh_path.write_bytes(data)
            fresh_path.replace(path)  # not while a descriptor is open
            return True
        with aside.file(path.parent) as fresh:
            with os.fdopen(fresh.descriptor, "wb", closefd=False) as file:
                file.write(data)
            posix.fchmod(fresh.descriptor, mode)
            if settle:
                os.fsync(fresh.descriptor)
            fresh.path.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    return True


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    :raises OSError: the file cannot be read
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def link(source: Path, place: Path) -> None:
    """Make *place* the same file or link as *source*, or a copy if that is not possible."""
    if source.is_symlink():
        place.symlink_to(source.readlink())
        return
    try:
        os.link(source, place)
    except OSError:  # a file of another user, or a file system without hard links
        shutil.copy2(source, place)


def unwritable(
    path: Path, error: OSError, hint: str = "name a folder that can be written to"
) -> OutputError:
    """Return the error for a file or folder that cannot be written, for example on a full disk."""
    short = shortage.of_error(error)
    if short is not None:
        return shortage.error(short, f"for {path}", [path.parent])
    return OutputError(f"{path} cannot be written: {reason(error)}", hint)


def reason(error: OSError) -> str:
    """Return the message of an error in one line."""
    if (
        isinstance(error, shutil.Error)
        and error.args
        and isinstance(error.args[0], list)
        and error.args[0]
    ):
        source, _, why = error.args[0][0]
        return f"{source}: {why}"
    return error.strerror or str(error)


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock *path* against other processes, and wait for it as long as it takes.

    :raises OutputError: the lock's file cannot be made
    """
    from filelock import FileLock  # noqa: PLC0415 - 20 ms that most commands need not pay

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(path)
        held.acquire()
    except OSError as error:
        raise OutputError(
            f"{path} cannot be locked: {reason(error)}", "name a folder that can be written to"
        ) from error
    try:
        yield
    finally:
        held.release()
