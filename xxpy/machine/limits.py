"""What a tool may take that looks at a project of somebody else: a manifest may lead to a file without an end.

While a project is only read (:mod:`xxpy.machine.trust`), its tools have limits of memory and time;
for what a tool prints there is one in any case, because it is kept.
"""

from __future__ import annotations

import resource
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy import bounds
from xxpy.machine import trust

if TYPE_CHECKING:
    import subprocess

_ABORTED: Final = frozenset({-signal.SIGABRT, 128 + signal.SIGABRT})
_WORDS: Final = (
    "memory allocation of",
    "out of memory",
    "cannot allocate memory",
    "memory exhausted",
    "std::bad_alloc",
)
"""How a tool ends, and what it says, that gets no more memory."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a tool may take.

    :param memory: bytes, or None
    :param seconds: how long it may run, or None
    :param output: bytes that it may print
    """

    memory: int | None
    seconds: float | None
    output: int

    def hold(self, child: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
        """Lay the limit of memory on a process, where the system can."""
        prlimit = getattr(resource, "prlimit", None)
        if self.memory is None or prlimit is None:
            return
        with suppress(OSError):  # it has ended already
            _, most = prlimit(child.pid, resource.RLIMIT_DATA)
            least = self.memory if most == resource.RLIM_INFINITY else min(self.memory, most)
            prlimit(child.pid, resource.RLIMIT_DATA, (least, least))

    def exceeded(self, status: int, said: str) -> str | None:
        """Return which limit made a tool fail, for a message, or None."""
        lower = said.lower()
        if self.memory is not None and (
            status in _ABORTED or any(words in lower for words in _WORDS)
        ):
            return f"needs more than {bounds.size(self.memory)} of memory"
        return None


_WORKING: Final = Limits(None, None, 512 << 20)
_READING: Final = Limits(2 << 30, 120, 32 << 20)


def current() -> Limits:
    """Return the limits of a tool that is started now."""
    return _READING if trust.is_reading() else _WORKING
