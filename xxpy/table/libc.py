"""C libraries: their names, and how a request names one.

A target's libc may carry an ABI (``gnueabihf``, ``musleabi``); :func:`of` drops it. Everything in
xxpy that depends on a libc asks this module.
"""

from __future__ import annotations

import re
from typing import Final

from xxpy.errors import UsageError

GNU: Final = "gnu"
"""glibc."""
MUSL: Final = "musl"
BIONIC: Final = "bionic"
"""Android's libc; nothing is built for it by name, because it is the only one of its system."""

CHOICES: Final = (GNU, MUSL)
"""The libcs that a build can ask for."""

_REQUEST: Final = re.compile(rf"({'|'.join(CHOICES)})(?:\.(\d+\.\d+))?")


def of(name: str) -> str:
    """Return the libc of a name that may carry an ABI.

    >>> of("gnueabihf"), of("musl")
    ('gnu', 'musl')
    """
    return MUSL if is_musl(name) else GNU


def is_musl(name: str) -> bool:
    """Return whether a libc's name, which may carry an ABI, is musl's."""
    return name.startswith(MUSL)


def read(text: str) -> tuple[str, str | None]:
    """Return the libc that a user asks for, and the oldest glibc that programs must run on.

    >>> read("gnu.2.28")
    ('gnu', '2.28')
    >>> read("musl")
    ('musl', None)

    :raises UsageError: it is neither ``gnu``, ``musl`` nor ``gnu.MAJOR.MINOR``
    """
    found = _REQUEST.fullmatch(text)
    if found is None or (found[1] == MUSL and found[2]):
        raise UsageError(
            f"unknown libc {text}",
            f"expected one of: {', '.join(CHOICES)}, {GNU}.2.28"
            " (the oldest glibc that programs run on)",
        )
    return found[1], found[2]
