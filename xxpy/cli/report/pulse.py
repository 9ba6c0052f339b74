"""A line a minute while nothing else is printed, so that a log shows what is going on."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Final, Self

from xxpy.cli import printing
from xxpy.machine import activity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

EVERY: Final = 50.0
"""Seconds of silence before a line: CI services kill jobs that print nothing for long."""

_MINUTE: Final = 60.0
"""Seconds before a line of a command that has no report of its own."""


class Pulse:
    """Calls *say* with the lines of *current* after some silence, in a thread of its own.

    :param current: returns what is going on, one line each; no line means no report
    :param say: prints one line
    :param every: seconds of silence
    """

    def __init__(
        self,
        current: Callable[[], Sequence[str]],
        say: Callable[[str], object],
        every: float = EVERY,
    ) -> None:
        self._current = current
        self._say = say
        self._every = every
        self._last = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def printed(self) -> None:
        """Note that something was printed just now."""
        self._last = time.monotonic()

    def silence(self) -> float:
        """Return how long nothing was printed."""
        return time.monotonic() - self._last

    def _beat(self) -> None:
        while not self._over.wait(max(0.0, self._every - self.silence())):
            if self.silence() >= self._every:
                self.printed()
                try:
                    for line in self._current():
                        self._say(line)
                except (OSError, ValueError):
                    return  # nobody reads any more, which the next event reports


class Command(Pulse):
    """Reports what a command does while it prints nothing, if there is no terminal to see it.

    That is the step that was announced, and the programs that run.
    """

    def __init__(self, every: float = _MINUTE) -> None:
        super().__init__(self._going_on, printing.note, every)

    def printed(self) -> None:
        """Note that something was printed."""
        printing.MANNER.last = time.monotonic()
        super().printed()

    def silence(self) -> float:
        """Return how long nothing was printed."""
        return time.monotonic() - max(self._last, printing.MANNER.last)

    @staticmethod
    def _going_on() -> list[str]:
        return [] if sys.stderr.isatty() else [f"still running {one}" for one in activity.current()]


class Planning(Pulse):
    """Reports what is slow before a build begins, such as a platform's libc, once a minute."""

    def __init__(self, every: float = EVERY) -> None:
        self._told: tuple[float, str] | None = None
        super().__init__(self._going_on, printing.note, every)

    def tell(self, text: str) -> None:
        """Say on stderr that something slow has begun."""
        self._told = (time.monotonic(), text)
        self.printed()
        printing.note(text)

    def _going_on(self) -> list[str]:
        if self._told is None:
            return []
        since, text = self._told
        return [f"still running ({time.monotonic() - since:.0f} s): {text}"]
