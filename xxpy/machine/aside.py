"""Files and folders that are made beside their place and renamed into it when they are whole.

Each has a name of its own, ``.xxpy-`` and eight characters, and a lock (``flock``) on itself, which
the commands that write into it inherit. So it tells for itself whether somebody still works on it:
what nobody holds was left by a kill, and whoever makes the next one in that folder removes it.
Process numbers would not tell: the owner may be in a container of its own, where it has another
number.

A file system that has no locks keeps what a kill left; nothing is removed there that may be in use.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
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

from xxpy.machine import interrupts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PREFIX: Final = ".xxpy-"
"""What the names begin with; copies of a project leave them out."""

_NAME: Final = re.compile(r"\.xxpy-(?:\d+-)?[a-z0-9_]{8}")
_HERE: Final = -100
"""AT_FDCWD: a path is seen from the current folder."""
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of renameat2(2)."""
_UNKNOWN: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})
"""What a kernel, a file system or a filter of system calls says that does not know the exchange."""

_WRITERS: Final = 8
"""How many files are written to the disk at once: a journal takes several in one go."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder that is in the making.

    :param descriptor: holds the lock; a command that inherits it keeps the place from being taken
        for abandoned
    """

    path: Path
    descriptor: int


@contextmanager
def folder(parent: Path) -> Iterator[Place]:
    """Yield an empty folder in *parent*, which is removed at the end unless it was renamed.

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
    """Make a folder whole or not at all: fill it aside, and rename it to *place*, over what something has damaged there.

    :param fill: is given the empty folder
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
    """Yield an empty file in *parent*, which is removed at the end unless it was renamed. Its descriptor can be written to.

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
    """Remove what a kill left in *parent*.

    :param rescue: is called with each folder before it is removed
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
            if os.fstat(descriptor).st_uid != os.geteuid():
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
    """Remove a folder: it is gone at once for whoever looks for it, and what a kill leaves of it is never taken for whole.

    :raises OSError: it cannot be removed
    """
    with folder(path.parent) as gone, suppress(FileNotFoundError):
        path.rename(gone.path / path.name)


def hold(path: Path) -> int | None:
    """Return a descriptor that holds the lock of a file or folder, or None where somebody holds it, it is gone, or there are no locks."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock of a file or folder."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def release(place: Place) -> None:
    """Give a place up in good order: also where a command that goes on, such as a server for caches, has inherited the lock."""
    with suppress(OSError):
        fcntl.flock(place.descriptor, fcntl.LOCK_UN)
    os.close(place.descriptor)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two files or folders in one step, and return whether the system can do that.

    :raises OSError: it can, and not these
    """
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(other))


def settle(path: Path) -> None:
    """Wait until a file, or a folder with all that is in it, is on the disk, so that it outlasts a loss of power.

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
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except PermissionError:
        return  # a file that its owner cannot read
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _claimed(make: Callable[[], Place]) -> Place:
    """Make something and lock it; somebody who sweeps may be faster, and then another is made."""
    while True:
        place = make()
        try:
            fcntl.flock(place.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(place.descriptor)
            continue
        except OSError:
            return place  # a file system without locks, on which nobody sweeps
        with suppress(OSError):
            if os.path.samestat(os.fstat(place.descriptor), place.path.lstat()):
                return place
        os.close(place.descriptor)


def _new_folder(parent: Path) -> Place:
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        with suppress(FileNotFoundError):
            return Place(
                path, os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            )


def _new_file(parent: Path) -> Place:
    descriptor, name = tempfile.mkstemp(prefix=PREFIX, dir=parent)
    return Place(Path(name), descriptor)
