"""What a process uses of the cache, it holds: nothing that is held is pruned.

A shared lock (``flock``) on the folder lasts as long as the process, and goes on in the command
that the process becomes. The time of the folder says when it was last used, so that pruning takes
what was not used for longest.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from xxpy import posix

if TYPE_CHECKING:
    from pathlib import Path

_HELD: Final[dict[Path, int]] = {}


def hold(path: Path) -> bool:
    """Hold a file or folder of the cache until this process ends; return whether it exists.

    One that is just being removed is waited for and is gone then. A file system without locks, or a
    cache that cannot be written to, is not an error: only the lock or the time is missing.
    """
    if path in _HELD and _is_same(_HELD[path], path):
        return True
    try:
        descriptor = os.open(path, os.O_RDONLY | posix.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    with suppress(OSError):
        posix.flock(descriptor, posix.LOCK_SH)
    if not _is_same(descriptor, path):
        os.close(descriptor)
        return False
    with suppress(OSError):
        os.utime(descriptor)
    os.set_inheritable(descriptor, True)  # noqa: FBT003 - the command that this process becomes
    earlier = _HELD.pop(path, None)
    if earlier is not None:
        os.close(earlier)
    _HELD[path] = descriptor
    return True


def _is_same(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
