"""What only POSIX systems have, so that reading commands run on Windows too.

On Windows locks and owners mean nothing here: nothing is built there, and the cache is not used.
Flags of ``open`` that Windows lacks are 0. :func:`require` refuses what needs a POSIX system.
"""

from __future__ import annotations

import os
import signal
import sys

from xxpy.errors import ToolError

if sys.platform == "win32":
    O_CLOEXEC = os.O_NOINHERIT | os.O_BINARY
    O_NONBLOCK = O_NOFOLLOW = O_DIRECTORY = 0
    LOCK_SH = LOCK_EX = LOCK_NB = LOCK_UN = 0
    SIGKILL = signal.SIGTERM
    REQUESTS = (signal.SIGINT, signal.SIGTERM)
    FILE_TOO_LARGE: int | None = None

    def flock(descriptor: int, operation: int) -> None:
        """Lock nothing."""

    def fchmod(descriptor: int, mode: int) -> None:
        """Change nothing: Windows has no such modes."""

    def geteuid() -> int:
        """Return the owner that ``stat`` has for every file."""
        return 0

    def killpg(group: int, number: int) -> None:
        """Stop a process."""
        os.kill(group, number)

    def allocated(status: os.stat_result) -> int:
        """Return how many bytes a file takes on the disk."""
        return status.st_size

else:
    from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
    from os import O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, fchmod, geteuid, killpg

    SIGKILL = signal.SIGKILL
    REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    FILE_TOO_LARGE: int | None = signal.SIGXFSZ

    def allocated(status: os.stat_result) -> int:
        """Return how many bytes a file takes on the disk."""
        return status.st_blocks * 512


__all__ = [
    "FILE_TOO_LARGE",
    "LOCK_EX",
    "LOCK_NB",
    "LOCK_SH",
    "LOCK_UN",
    "O_CLOEXEC",
    "O_DIRECTORY",
    "O_NOFOLLOW",
    "O_NONBLOCK",
    "REQUESTS",
    "SIGKILL",
    "allocated",
    "fchmod",
    "flock",
    "geteuid",
    "killpg",
    "require",
]


def require(what: str) -> None:
    """Refuse what needs a POSIX system.

    :param what: such as ``xxpy build``
    :raises ToolError: this machine is one with Windows
    """
    if sys.platform == "win32":
        raise ToolError(
            f"{what} does not run on Windows",
            "use WSL 2, or a Linux container\n"
            "on Windows itself: xxpy info, platforms, verify, inspect, init, dockerfile, wrappers",
        )
