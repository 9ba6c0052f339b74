"""One live line per platform, on a terminal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.console import Console, Group
from rich.live import Live as RichLive
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from xxpy import bounds
from xxpy.cli import printing
from xxpy.cli.report import text as report
from xxpy.runner.results import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from rich.console import RenderableType

    from xxpy.runner.outputs import Output
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Result
    from xxpy.table.platform import Platform

_WIDTH = 60
_STYLES = {
    Status.BUILT: "green",
    Status.FAILED: "red",
    Status.CANCELLED: "yellow",
    Status.REFUSED: "red",
}


class Live(report.Quiet):
    """Shows the running builds, and the whole table at the end."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.console = Console(highlight=False, markup=False, emoji=False)
        self.running: dict[Platform, tuple[float, str, Spinner]] = {}
        self.results: dict[Platform, Result] = {}
        self.live = RichLive(
            console=self.console,
            get_renderable=self._render,
            refresh_per_second=8,
            vertical_overflow="visible",
        )

    def __enter__(self) -> Self:
        self.live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.running.clear()
        self.live.stop()

    def begin(self, jobs: int) -> None:
        """Print the heading above the live lines."""
        self.console.print(printing.plain(report.heading(self.plan, jobs)))
        missing = report.left_out(self.plan)
        if missing:
            self.console.print(printing.plain(missing), style="dim")

    def started(self, platform: Platform) -> None:
        """Add a live line."""
        self.running[platform] = (time.monotonic(), "starting", Spinner("dots"))

    def line(self, platform: Platform, text: str) -> None:
        """Show what is compiled: `go build -v` prints names of packages, others what they do."""
        if platform in self.running and text.strip():
            begin, _, spinner = self.running[platform]
            text = bounds.plain(text)
            shown = text.strip()[:_WIDTH] if " " in text else f"compiling {text}"
            self.running[platform] = (begin, shown, spinner)

    def finished(self, result: Result) -> None:
        """Turn the live line into the result."""
        self.running.pop(result.platform, None)
        self.results[result.platform] = result

    def joined(self, name: str, outputs: Sequence[Output]) -> None:
        """Print the universal binaries."""
        for line in report.joined(name, outputs):
            self.console.print(line)

    def end(self, results: Sequence[Result]) -> None:
        """Print the summary and what failed."""
        self.console.print(f"\n{report.summary(results, time.monotonic() - self.since)}")
        for line in report.removals(results):
            printing.note(line)
        super().end(results)

    def _render(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        for platform in (*self.plan.impossible, *(step.platform for step in self.plan.steps)):
            self._add(table, platform)
        return Group(Text(), table)

    def _add(self, table: Table, platform: Platform) -> None:
        """Add a line for a platform: a spinner while it runs, and then the result."""
        if platform in self.running:
            begin, what, spinner = self.running[platform]
            table.add_row(
                f"  {platform}",
                spinner,
                Text(what, style="dim"),
                "",
                "",
                f"{time.monotonic() - begin:.1f} s",
            )
        elif platform in self.results:
            result = self.results[platform]
            style = _STYLES[result.status]
            for name, mark, path, size, linkage, spent in report.rows(result):
                table.add_row(
                    f"  {name}",
                    Text(mark, style=style),
                    Text(bounds.plain(path)),
                    Text(size, justify="right"),
                    Text(linkage),
                    Text(spent, justify="right"),
                )
