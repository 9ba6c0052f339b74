"""Limits for tools that read an untrusted project, whose manifest may name an endless file.

While a project is only read (:mod:`xxpy.machine.trust`), tools have limits of memory and time. What
a tool prints is limited in any case, because it is kept in memory.
"""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import ProjectError, ToolError
from xxpy.machine import trust

if TYPE_CHECKING:
    import subprocess

    from xxpy.errors import XxpyError

_ABORTED: Final = frozenset({-signal.SIGABRT, 128 + signal.SIGABRT})
_WORDS: Final = (
    "memory allocation of",
    "out of memory",
    "cannot allocate memory",
    "memory exhausted",
    "std::bad_alloc",
)
"""The exit status and the messages of tools that run out of memory."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one tool.

    :param memory: bytes of memory, or None
    :param seconds: seconds that it may run, or None
    :param output: bytes that it may print
    """

    memory: int | None
    seconds: float | None
    output: int

    def hold(self, child: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
        """Set the limit of memory on a process, if the system can."""
        if self.memory is None or sys.platform != "linux":
            return
        import resource  # noqa: PLC0415 - Windows has none

        with suppress(OSError):  # it has ended already
            _, most = resource.prlimit(child.pid, resource.RLIMIT_DATA)
            least = self.memory if most == resource.RLIM_INFINITY else min(self.memory, most)
            resource.prlimit(child.pid, resource.RLIMIT_DATA, (least, least))

    def out_of_memory(self, status: int, said: str) -> bool:
        """Return whether a tool failed because it got no more memory."""
        lower = said.lower()
        return self.memory is not None and (
            status in _ABORTED or any(words in lower for words in _WORDS)
        )

    def refusal(self, name: str, what: str) -> XxpyError:
        """Return the error for a tool that exceeds a limit, for which a read project is to blame.

        :param what: what it does, such as "prints more than 32 MiB"
        """
        if self.memory is None:
            return ToolError(f"{name} {what}")
        return ProjectError(
            f"{name} {what}, the limit of a tool that only reads a project",
            "is there a file in the project that has no end, such as a link to a device?",
        )


WORKING: Final = Limits(None, None, 512 << 20)
READING: Final = Limits(1 << 30, 60, 32 << 20)


def current() -> Limits:
    """Return the limits of a tool that is started now."""
    return READING if trust.is_reading() else WORKING
