"""Recognize that there is no room to write: a full disk, a reached quota, a limit on file size.

xxpy itself sees the number of an error. From tools that it runs it has only their messages: those
of the C library (Go's differ in capitals only), and zig's names of errors.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
from enum import Enum
from typing import TYPE_CHECKING, Final

from xxpy import posix
from xxpy.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Shortage(Enum):
    """What there is too little of; the value is the message."""

    DISK = "no space is left on the disk"
    QUOTA = "the disk quota is reached"
    LIMIT = "a file would be larger than this process may write"


_NUMBERS: Final = {
    errno.ENOSPC: Shortage.DISK,
    errno.EDQUOT: Shortage.QUOTA,
    errno.EFBIG: Shortage.LIMIT,
}
_NAMES: Final = {
    "nospaceleft": Shortage.DISK,
    "enough free space in": Shortage.DISK,
    "diskquota": Shortage.QUOTA,
    "filetoobig": Shortage.LIMIT,
    posix.FILE_TOO_LARGE and signal.strsignal(posix.FILE_TOO_LARGE): Shortage.LIMIT,
}
"""Messages of zig, apt and shells."""

_WORDS: Final = {
    **{os.strerror(number).lower(): what for number, what in _NUMBERS.items()},
    **{word.lower(): what for word, what in _NAMES.items() if word},
}
_LIMITED: Final = frozenset(
    {-posix.FILE_TOO_LARGE, 128 + posix.FILE_TOO_LARGE} if posix.FILE_TOO_LARGE else ()
)
"""The exit status of a command that reaches the limit, run directly or by a shell."""


def of_error(error: OSError) -> Shortage | None:
    """Return which shortage an error means, if any; it may be the list of `shutil.copytree`."""
    if isinstance(error, shutil.Error):
        return of_text(str(error))
    return _NUMBERS.get(error.errno or 0)


def of_text(text: str) -> Shortage | None:
    """Return which shortage the message of a tool means, if any.

    >>> of_text("/usr/bin/ld: final link failed: No space left on device")
    <Shortage.DISK: 'no space is left on the disk'>
    >>> of_text("collect2: fatal error: ld terminated with signal 25 [File size limit exceeded]")
    <Shortage.LIMIT: 'a file would be larger than this process may write'>
    >>> of_text("undefined reference to `x'")
    """
    lower = text.lower()
    return next((what for words, what in _WORDS.items() if words in lower), None)


def of_status(status: int) -> Shortage | None:
    """Return which shortage an exit status means, if any; signals are negative."""
    return Shortage.LIMIT if status in _LIMITED else None


def line(said: Iterable[str]) -> str:
    """Return the first line that reports a shortage, or "".

    >>> line(["linking", "ld: No space left on device "])
    'ld: No space left on device'
    """
    return next((text.strip() for text in said if of_text(text) is not None), "")


def error(
    what: Shortage, purpose: str, places: Iterable[object], *, evidence: str = ""
) -> OutputError:
    """Return the error for a shortage.

    :param purpose: what there is no room for, such as ``for dist/x``; may be empty
    :param places: where the user can make room
    :param evidence: the line of a tool that reports it
    """
    room = " and ".join(dict.fromkeys(str(place) for place in places))
    match what:
        case Shortage.DISK:
            hint = f"make room for {room}"
        case Shortage.QUOTA:
            hint = f"make room for {room}, or ask for a larger quota"
        case Shortage.LIMIT:
            hint = "let it write larger files: ulimit -f unlimited, or LimitFSIZE= of the service"
    return OutputError(f"{what.value} {purpose}".rstrip(), hint, evidence=evidence)
