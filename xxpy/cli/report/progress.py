"""Show the progress of downloads on stderr."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from xxpy.cli import printing
from xxpy.cli.report.pulse import Pulse

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


_MB: Final = 1_000_000
_EVERY: Final = 10.0
"""How often a line shows that the work goes on if there is no terminal, in seconds."""


class Shown:
    """Shows progress on stderr: a bar on a terminal, or else one line per step."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
        )
        self.console = Console(
            stderr=True,
            highlight=False,
            markup=False,
            emoji=False,
            quiet=printing.MANNER.quiet,
            no_color=not printing.MANNER.color,
        )
        self.bars = Bars(
            *columns, console=self.console, transient=True, disable=not self.console.is_terminal
        )
        self.task = self.bars.add_task("downloading", total=None, visible=False)
        self.since = self.told = time.monotonic()
        self.what = self.arrived = ""
        self.pulse = Pulse(self._going_on, printing.note)

    def __enter__(self) -> Self:
        self.bars.start()
        if not self.console.is_terminal:
            self.pulse.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.console.is_terminal:
            self.pulse.__exit__(kind, error, trace)
        self.bars.stop()

    def step(self, text: str) -> None:
        """Print a line for the new step."""
        self.since = self.told = time.monotonic()
        self.what, self.arrived = text, ""
        self.pulse.printed()
        self.bars.update(self.task, visible=False)
        self.console.print(printing.plain(text), style="dim")

    def bytes(self, done: int, total: int) -> None:
        """Move the bar."""
        self.arrived = f", {done / _MB:.1f} of {total / _MB:.1f} MB"
        self.bars.update(self.task, completed=done, total=total, visible=done < total)

    def alive(self, done: int) -> None:
        """Move the bar, or print a line now and then, to show that the work goes on."""
        self.bars.update(self.task, completed=done, total=None, visible=True)
        now = time.monotonic()
        if not self.console.is_terminal and now - self.told >= _EVERY:
            self.told = now
            self.pulse.printed()
            self.console.print(f"… {now - self.since:.0f} s, {done / 1e6:.1f} MB", style="dim")

    def _going_on(self) -> list[str]:
        seconds = time.monotonic() - self.since
        return [f"still running ({seconds:.0f} s): {self.what}{self.arrived}"]

    def warning(self, text: str) -> None:
        """Print a warning."""
        self.console.print(printing.plain(f"warning: {text}"), style="yellow")
