"""Requests to stop: Ctrl-C, a closed terminal and ``kill`` mean the same to every command.

Each raises KeyboardInterrupt in the main thread, so that commands clean up on the way out. Where
that would leave something behind, such as a process that xxpy has not recorded yet, the request
waits (:func:`shielded`). Code of C that calls Python may turn the KeyboardInterrupt into another
error, so it is recorded too (:func:`was_requested`); where Python drops exceptions, as in callbacks
of weak references, the request is repeated a moment later. Signals that were ignored when xxpy was
started, as ``nohup`` does, stay ignored.
"""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy import posix

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUESTS: Final = posix.REQUESTS
"""The signals that ask to stop."""

_MOMENT: Final = 0.005
"""Seconds after which a request that was dropped is repeated."""


@dataclass(slots=True)
class _State:
    """How many shields are active, and whether a request waits for them to end.

    :param requested: whether there was a request
    """

    depth: int = 0
    waiting: bool = False
    requested: bool = False


_STATE: Final = _State()


def listen() -> None:
    """Raise KeyboardInterrupt for each request from now on; does nothing in other threads."""
    if not _is_main():
        return
    _STATE.requested = False
    sys.unraisablehook = _dropped
    for number in REQUESTS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _requested)


def was_requested() -> bool:
    """Return whether the program was asked to stop, whatever error came of it."""
    return _STATE.requested


def ignore() -> None:
    """Ignore further requests, because the program is about to end."""
    if _is_main():
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number in REQUESTS:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def shielded() -> Iterator[None]:
    """Let requests wait until the end of the block."""
    if not _is_main():
        yield  # only the main thread is interrupted
        return
    _STATE.depth += 1
    try:
        yield
    finally:
        _STATE.depth -= 1
        if _STATE.depth == 0 and _STATE.waiting:
            _STATE.waiting = False
            raise KeyboardInterrupt


def _requested(_number: int, _frame: object) -> None:
    _STATE.requested = True
    if _STATE.depth:
        _STATE.waiting = True
        return
    raise KeyboardInterrupt


def _dropped(dropped: sys.UnraisableHookArgs) -> None:
    """Repeat a request whose exception Python has dropped; report any other exception."""
    if sys.platform == "win32":
        sys.__unraisablehook__(dropped)  # there is no timer that could repeat it
    elif dropped.exc_type is KeyboardInterrupt and _is_main():
        signal.signal(signal.SIGALRM, _requested)
        signal.setitimer(signal.ITIMER_REAL, _MOMENT)
    else:
        sys.__unraisablehook__(dropped)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()
