"""Make files and folders beside their place, and rename them into it when they are complete.

Each has a unique name, ``.xxpy-`` and eight characters, and a lock (``flock``) on itself, which the
commands that write to it inherit. If nobody holds the lock, a kill left the file or folder behind,
and whoever makes the next one beside it removes it. A process number would not do: the owner may be
in a container, where numbers mean something else.

On a file system without locks, what a kill left behind stays, because it might be in use.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import posix
from xxpy.machine import interrupts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PREFIX: Final = ".xxpy-"
"""The prefix of the names; copies of a project leave such files out."""

_NAME: Final = re.compile(r"\.xxpy-(?:\d+-)?[a-z0-9_]{8}")
_CURRENT: Final = -100
"""AT_FDCWD: paths are relative to the current folder."""
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of renameat2(2)."""
_UNKNOWN: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})
"""The errors of kernels, file systems and filters of system calls that cannot exchange."""

_WRITERS: Final = 8
"""How many files are flushed at once, because a journal takes several in one commit."""

_READ: Final = os.O_RDONLY | posix.O_NOFOLLOW | posix.O_CLOEXEC
"""The flags to open what may have been exchanged for a link."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder that is being made.

    :param descriptor: holds the lock; while a command that inherited it runs, the place is in use
    """

    path: Path
    descriptor: int


@contextmanager
def folder(parent: Path) -> Iterator[Place]:
    """Yield an empty folder in *parent*, and remove it at the end unless it was renamed.

    :raises OSError: it cannot be made
    """
    sweep(parent)
    place = None
    try:
        with interrupts.shielded():
            place = _claimed(lambda: _new_folder(parent))
        yield place
    finally:
        if place is not None:
            with interrupts.shielded():
                shutil.rmtree(place.path, ignore_errors=True)
                release(place)


def make(place: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder completely or not at all, by filling it aside and renaming it to *place*.

    A damaged folder at *place* is replaced.

    :param fill: called with the empty folder
    :raises OSError: it cannot be made
    """
    with folder(place.parent) as fresh:
        whole = fresh.path / place.name
        whole.mkdir()
        fill(whole)
        settle(whole)
        if place.exists():
            remove(place)
        whole.rename(place)
        settle_entry(place)


@contextmanager
def file(parent: Path) -> Iterator[Place]:
    """Yield an empty file in *parent*, and remove it at the end unless it was renamed.

    Its descriptor can be written to.

    :raises OSError: it cannot be made
    """
    sweep(parent)
    place = None
    try:
        with interrupts.shielded():
            place = _claimed(lambda: _new_file(parent))
        yield place
    finally:
        if place is not None:
            with interrupts.shielded():
                with suppress(OSError):
                    place.path.unlink()
                release(place)


def sweep(parent: Path, rescue: Callable[[Path], None] | None = None) -> None:
    """Remove what a kill left behind in *parent*.

    :param rescue: called with each folder before it is removed
    """
    try:
        with os.scandir(parent) as entries:
            left = [Path(entry.path) for entry in entries if _NAME.fullmatch(entry.name)]
    except OSError:
        return
    for path in left:
        descriptor = hold(path)
        if descriptor is None:
            continue
        try:
            if os.fstat(descriptor).st_uid != posix.geteuid():
                continue
            if rescue is not None:
                rescue(path)
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()
        finally:
            os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a folder in one step, so that nobody mistakes a half-removed one for a complete one.

    :raises OSError: it cannot be removed
    """
    with folder(path.parent) as gone, suppress(FileNotFoundError):
        path.rename(gone.path / path.name)


def hold(path: Path) -> int | None:
    """Return a descriptor that holds the lock of a file or folder.

    None means that somebody else holds it, that it is gone, or that there are no locks.
    """
    try:
        descriptor = os.open(
            path, os.O_RDONLY | posix.O_NOFOLLOW | posix.O_NONBLOCK | posix.O_CLOEXEC
        )
    except OSError:
        return None
    try:
        posix.flock(descriptor, posix.LOCK_EX | posix.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(path: Path) -> bool:
    """Return whether somebody holds the lock of a file or folder."""
    try:
        descriptor = os.open(
            path, os.O_RDONLY | posix.O_NOFOLLOW | posix.O_NONBLOCK | posix.O_CLOEXEC
        )
    except OSError:
        return False
    try:
        posix.flock(descriptor, posix.LOCK_SH | posix.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def release(place: Place) -> None:
    """Release a place, even if a command that still runs has inherited the lock.

    A server for a compiler cache is such a command.
    """
    with suppress(OSError):
        posix.flock(place.descriptor, posix.LOCK_UN)
    os.close(place.descriptor)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two files or folders in one step, and return whether the system can do that.

    :raises OSError: the system can, but not with these two
    """
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_CURRENT, os.fsencode(one), _CURRENT, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(other))


def settle(path: Path) -> None:
    """Wait until a file, or a folder with its content, is on the disk and survives a power loss.

    :raises OSError: the disk is full, or broken
    """
    if not path.is_dir():
        _flush(path)
        return
    files: list[Path] = []
    folders: list[Path] = []
    for above, _, names in os.walk(path):
        folders.append(Path(above))
        files += [
            found for name in names if stat.S_ISREG((found := Path(above, name)).lstat().st_mode)
        ]
    with ThreadPoolExecutor(_WRITERS) as pool:
        for _ in pool.map(_flush, files):
            pass
    for found in reversed(folders):
        _flush(found)


def settle_entry(path: Path) -> None:
    """Wait until the name of a file or folder is on the disk, after a rename.

    :raises OSError: the disk is full, or broken
    """
    _flush(path.parent)


def _flush(path: Path) -> None:
    """Wait until the content of a file, or the entries of a folder, are on the disk."""
    try:
        descriptor = os.open(path, os.O_RDONLY | posix.O_CLOEXEC)
    except PermissionError:
        return  # even its owner cannot read it
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _claimed(make: Callable[[], Place]) -> Place:
    """Make a place and lock it; if somebody sweeps it first, make another one."""
    while True:
        place = make()
        try:
            posix.flock(place.descriptor, posix.LOCK_EX | posix.LOCK_NB)
        except BlockingIOError:
            os.close(place.descriptor)
            continue
        except OSError:
            return place  # the file system has no locks, so nobody sweeps
        with suppress(OSError):
            if os.path.samestat(os.fstat(place.descriptor), place.path.lstat()):
                return place
        os.close(place.descriptor)


def _new_folder(parent: Path) -> Place:
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        with suppress(FileNotFoundError):
            return Place(
                path,
                os.open(path, _READ | posix.O_DIRECTORY),
            )


def _new_file(parent: Path) -> Place:
    descriptor, name = tempfile.mkstemp(prefix=PREFIX, dir=parent)
    return Place(Path(name), descriptor)
