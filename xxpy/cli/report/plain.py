"""One plain line per event, for logs and pipes."""

from __future__ import annotations

import shlex
import threading
import time
from typing import TYPE_CHECKING, Self

from xxpy.cli import printing
from xxpy.cli.report.pulse import EVERY, Pulse
from xxpy.cli.report.text import Quiet, heading, joined, left_out, removals, rows, summary
from xxpy.runner.places import Places, share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from xxpy.runner.outputs import Output
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Result
    from xxpy.table.platform import Platform

_WIDTH = 60
"""How much of a line of a command is shown."""


class Plain(Quiet):
    """Prints a line when a platform begins, one when it ends, and one a minute in between.

    :param commands: the folder for the work folders of the project, where the commands will be
        printed; else None
    :param every: seconds of silence after which a line says what goes on
    """

    def __init__(self, plan: Plan, commands: Path | None, every: float = EVERY) -> None:
        super().__init__(plan)
        self.commands = commands
        self.running: dict[Platform, tuple[float, str]] = {}
        self.told = threading.Lock()
        self.pulse = Pulse(self._going_on, printing.show, every)
        self.width = max(
            len(str(platform))
            for platform in (*plan.impossible, *(step.platform for step in plan.steps))
        )

    def __enter__(self) -> Self:
        self.pulse.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.pulse.__exit__(kind, error, trace)

    def begin(self, jobs: int) -> None:
        """Print the heading and what is left out; with --verbose the commands."""
        printing.show(heading(self.plan, jobs))
        missing = left_out(self.plan)
        if missing:
            printing.show(missing)
        if self.commands is not None:
            self._print(self.commands, jobs)
        printing.show()

    def _print(self, work: Path, jobs: int) -> None:
        """Print every command in a form that can be pasted, with the final paths of its results."""
        for step in self.plan.steps:
            folder = step.platform.folder
            places = Places(str(self.plan.output / folder), str(work / folder), str(share(jobs)))
            variables = [
                f"{name}={shlex.quote(places.put(value))}"
                for name, value in step.environment.items()
            ]
            for words in step.commands:
                printing.show(
                    f"+ {' '.join((*variables, shlex.join(places.put(word) for word in words)))}"
                )

    def started(self, platform: Platform) -> None:
        """Print that a platform has begun."""
        with self.told:
            self.running[platform] = (time.monotonic(), "")
        self._print_line(platform, "…", "started")

    def line(self, platform: Platform, text: str) -> None:
        """Keep what a command printed last, for the line a minute."""
        if text.strip():
            with self.told:
                since, _ = self.running.get(platform, (time.monotonic(), ""))
                self.running[platform] = (since, text.strip()[:_WIDTH])

    def finished(self, result: Result) -> None:
        """Print the lines of one platform."""
        with self.told:
            self.running.pop(result.platform, None)
        self.pulse.printed()
        for platform, mark, path, size, linkage, spent in rows(result):
            printing.show(
                (
                    f"  {platform:<{self.width}}  {mark}  {path:<44}  {size:>8}  {linkage:<10}"
                    f"  {spent:>7}"
                ).rstrip()
            )

    def joined(self, name: str, outputs: Sequence[Output]) -> None:
        """Print the universal binaries."""
        for line in joined(name, outputs):
            printing.show(line)

    def end(self, results: Sequence[Result]) -> None:
        """Print the summary and what failed."""
        printing.show(f"\n{summary(results, time.monotonic() - self.since)}")
        for line in removals(results):
            printing.note(line)
        super().end(results)

    def _print_line(self, platform: Platform, mark: str, text: str) -> None:
        self.pulse.printed()
        printing.show(f"  {platform!s:<{self.width}}  {mark}  {text}")

    def _going_on(self) -> list[str]:
        """Return a line for each running platform: its time, and the last line of its command."""
        now = time.monotonic()
        with self.told:
            running = list(self.running.items())
        return [
            f"  {platform!s:<{self.width}}  …  {now - since:.0f} s  {text}".rstrip()
            for platform, (since, text) in running
        ]
