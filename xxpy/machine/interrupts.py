"""Requests to stop: Ctrl-C, a closed terminal and ``kill`` mean the same to every command.

Each raises KeyboardInterrupt in the main thread, so that commands clean up on the way out. Where
that would leave something behind, such as a process that xxpy has not recorded yet, the request
waits (:func:`shielded`). Signals that were ignored when xxpy was started, as ``nohup`` does, stay
ignored.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUESTS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that ask to stop."""


@dataclass(slots=True)
class _State:
    """How many shields are active, and whether a request waits for them to end."""

    depth: int = 0
    waiting: bool = False


_STATE: Final = _State()


def listen() -> None:
    """Raise KeyboardInterrupt for each request from now on; does nothing in other threads."""
    if not _is_main():
        return
    for number in REQUESTS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _requested)


def ignore() -> None:
    """Ignore further requests, because the program is about to end."""
    if _is_main():
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
    if _STATE.depth:
        _STATE.waiting = True
        return
    raise KeyboardInterrupt


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()
