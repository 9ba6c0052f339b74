"""A line a minute while nothing else is printed, so that a log shows what is going on."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, Self

from xxpy.cli import common, printing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

EVERY: Final = 60.0
"""Seconds of silence before a line: CI services kill jobs that print nothing for long."""


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

    def _beat(self) -> None:
        while not self._over.wait(max(0.0, self._last + self._every - time.monotonic())):
            if time.monotonic() - self._last >= self._every:
                self.printed()
                try:
                    for line in self._current():
                        self._say(line)
                except OSError:
                    return  # nobody reads any more, which the next event reports


class Planning(Pulse):
    """Reports what is slow before a build begins, such as a platform's libc, once a minute."""

    def __init__(self, every: float = EVERY) -> None:
        self._told: tuple[float, str] | None = None
        super().__init__(self._going_on, lambda line: printing.show(line, err=True), every)

    def tell(self, text: str) -> None:
        """Say on stderr that something slow has begun."""
        self._told = (time.monotonic(), text)
        self.printed()
        common.tell(text)

    def _going_on(self) -> list[str]:
        if self._told is None:
            return []
        since, text = self._told
        return [f"note: still at it after {time.monotonic() - since:.0f} s: {text}"]
