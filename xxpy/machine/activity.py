"""What xxpy is doing, for those who wait: the step that was announced and the commands that run."""

from __future__ import annotations

import os
import shlex
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Trace = Callable[[Sequence[str], Mapping[str, str]], object]

_WIDTH: Final = 100
"""How much of a command is shown."""


@dataclass(slots=True)
class _Now:
    """The state of this process.

    :param step: what was announced last, and since when
    :param running: the commands, by their process, each with its beginning
    :param trace: called with each command that starts
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    step: tuple[float, str] | None = None
    running: dict[int, tuple[float, str]] = field(default_factory=dict)
    trace: Trace | None = None


_NOW: Final = _Now()


def trace(listener: Trace | None) -> None:
    """Call *listener* with each command that starts, and the variables that are changed for it."""
    _NOW.trace = listener


def step(text: str | None) -> None:
    """Announce what is done from now on; None ends it."""
    _NOW.step = None if text is None else (time.monotonic(), text)


def begins(command: Sequence[str], environment: Mapping[str, str] | None) -> None:
    """Show a command that is about to start."""
    if _NOW.trace is not None:
        given = {} if environment is None else environment
        changed = {name: text for name, text in given.items() if os.environ.get(name) != text}
        _NOW.trace(command, changed)


def started(process: int, command: Sequence[str]) -> None:
    """Record a command that runs."""
    with _NOW.lock:
        _NOW.running[process] = (time.monotonic(), shlex.join(command)[:_WIDTH])


def ended(process: int) -> None:
    """Forget a command."""
    with _NOW.lock:
        _NOW.running.pop(process, None)


def current() -> list[str]:
    """Return a line for each thing that is going on, with how long it has taken."""
    with _NOW.lock:
        found = [*([_NOW.step] if _NOW.step else []), *_NOW.running.values()]
    now = time.monotonic()
    return [f"({now - since:.0f} s): {text}" for since, text in found]
