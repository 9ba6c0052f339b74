"""Follow a command of a build: log its output, pass it on, and note its results."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from xxpy.machine import shortage
from xxpy.runner.messages import READERS

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from xxpy.machine.shortage import Shortage

LOG_END: Final = 15
"""Lines of a log that are shown when a build fails."""

_TOLD: Final = 1000
"""Lines that are searched for the cause of a failure if messages are long, as those of crates."""

_LINE: Final = 1 << 20
"""Characters of a line that are read at once, because a command may print endlessly."""

_TAIL: Final = 1 << 16
"""Bytes at the end of a log that are read for its last lines."""


class Write(Protocol):
    """A function that gets text."""

    def __call__(self, text: str, /) -> object:
        """Handle a piece of text."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    :param status: its exit status, negative for a signal
    :param said: its last lines for people
    :param made: the files that it reported to have made
    :param short: the shortage that it reported, or None
    """

    status: int
    said: tuple[str, ...]
    made: tuple[Path, ...]
    short: Shortage | None


def follow(child: subprocess.Popen[str], reader: str, log: Write, tell: Write) -> Ended:
    """Read the output of a command until it ends.

    :param reader: the name of the reader of its output
    :param log: called with every piece of text for people, unchanged
    :param tell: called with every line for people, without line ends
    :raises OSError: the log cannot be written
    """
    said: deque[str] = deque(maxlen=_TOLD if reader else LOG_END)
    made: list[Path] = []
    short: Shortage | None = None
    for line in _lines(child):
        message = READERS[reader](line)
        made += message.made
        short = short or shortage.of_text(line)
        if message.text is not None:
            said.extend(message.text.splitlines())
            log(message.text)
            tell(message.text.rstrip("\r\n"))
    status = child.wait()
    return Ended(status, tuple(said), tuple(made), short or shortage.of_status(status))


def end_of(log: Path) -> tuple[str, ...]:
    """Return the last lines of a log."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return ()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    return tuple(lines[-LOG_END:]) if text else ()


def last_output(log: Path, most: int) -> list[str]:
    """Return what the last command of a log has printed, of at most so many bytes; [] without one.

    A line of the log that begins with ``$`` names a command.
    """
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - most))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    begin = next((n for n in range(len(lines), 0, -1) if lines[n - 1].startswith("$ ")), 0)
    return lines[begin:]


def _lines(child: subprocess.Popen[str]) -> Iterator[str]:
    while child.stdout is not None and (line := child.stdout.readline(_LINE)):
        yield line
