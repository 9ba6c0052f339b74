"""A run: chosen pairs are built project by project, and each result is kept at once."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from world import proof, sources
from world.build import Job, Stopped, build, first_line
from world.records import BUILT, FAILED, RAN, Record, content, named
from xxpy.errors import XxpyError
from xxpy.machine import resources

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from world.build import Outcome
    from world.entries import Entry
    from world.pairs import Goal, Pair
    from world.records import Records


@dataclass(slots=True)
class Tally:
    """How far a run is.

    :param planned: how many pairs there are
    """

    planned: int
    ran: int = 0
    built: int = 0
    failed: int = 0

    def add(self, record: Record) -> None:
        """Count a result and print it with the summary."""
        mark = {RAN: "▶", BUILT: "✓"}.get(record.verdict, "✗")
        setattr(self, record.verdict, getattr(self, record.verdict) + 1)
        done = self.ran + self.built + self.failed
        counts = f"{done}/{self.planned}: {self.ran} ran, {self.built} built, {self.failed} failed"
        line = f"{mark} {record.project} {record.goal} ({record.seconds:.0f} s)"
        print(f"{line:<46} {counts}", flush=True)
        if record.cause:
            print(f"    {record.cause}", flush=True)


class Run:
    """One run.

    :param options: those of the command line
    :param state: the folder with archives and work
    """

    def __init__(self, options: argparse.Namespace, records: Records, state: Path) -> None:
        self._options = options
        self._records = records
        self._state = state
        self._tally = Tally(0)
        self._stop = threading.Event()

    def all(self, chosen: Sequence[Pair]) -> None:
        """Build what has no result yet; Ctrl-C stops after the results so far are kept."""
        due = [pair for pair in chosen if self._due(pair)]
        self._tally.planned = len(due)
        groups = [list(group) for _, group in groupby(due, lambda pair: pair.entry.name)]
        print(f"{len(due)} pairs of {len(groups)} projects, {len(chosen) - len(due)} up to date")
        with ThreadPoolExecutor(max(1, self._options.jobs)) as pool:
            started = [pool.submit(self._project, group) for group in groups]
            try:
                for future in started:
                    future.result()
            except BaseException:
                self._stop.set()
                for future in started:
                    future.cancel()
                raise

    def _due(self, pair: Pair) -> bool:
        if pair.lacking:
            return False
        found = self._records.find(pair)
        if self._options.failed:
            return found is not None and found.verdict == FAILED
        if found is None or self._options.again:
            return True
        return found.content != content() and not (self._options.stale and found.good)

    def _project(self, group: Sequence[Pair]) -> None:
        entry = group[0].entry
        work = self._state / "work" / entry.name
        project: Path | None = None
        try:
            project = sources.prepare(entry, self._state, work / "source")
            for libc, part in groupby(group, lambda pair: pair.goal.libc):
                goals = {pair.goal: pair for pair in part}
                output = work / f"dist{libc and '-'}{libc}"
                limit = entry.limit or self._options.limit
                job = Job(entry, project, output, limit, self._stop)
                for outcome in build(job, tuple(goals)):
                    self._keep(goals[outcome.goal], outcome, output)
        except Stopped:
            return
        except XxpyError as error:
            print(f"✗ {entry.name}: {error.message}", file=sys.stderr, flush=True)
        finally:
            if not self._options.keep:
                _forget(work, project)

    def _keep(self, pair: Pair, outcome: Outcome, output: Path) -> None:
        verdict, cause = _judged(pair.entry, pair.goal, outcome, output)
        record = Record(
            project=pair.entry.name,
            goal=str(pair.goal),
            verdict=verdict,
            entry=pair.entry.digest,
            xxpy=named(),
            cause=cause,
            evidence=outcome.evidence,
            content=content(),
            seconds=outcome.seconds,
            log=outcome.log,
        )
        self._records.keep(pair, record)
        self._tally.add(record)


def _forget(work: Path, project: Path | None) -> None:
    """Remove a project and what xxpy keeps for its next build; logs stay."""
    shutil.rmtree(work, ignore_errors=True)
    if project is not None:
        name = resources.name_of(project.resolve())
        for kept in ("cargo", "results", "work"):
            shutil.rmtree(resources.cache_path(kept) / name, ignore_errors=True)


def _judged(entry: Entry, goal: Goal, outcome: Outcome, output: Path) -> tuple[str, str]:
    """Return the verdict of a pair, and why it failed."""
    if not outcome.built:
        return FAILED, outcome.cause or "no reason was given"
    if not proof.runs(entry, goal):
        return BUILT, ""
    folder = output / goal.platform.replace("/", "_")
    with tempfile.TemporaryDirectory() as place:
        settings = proof.configuration(goal, entry.packages)
        if settings:
            (Path(place) / "xxpy.toml").write_text(settings)
        reason = proof.prove(entry, goal, folder, outcome.outputs, Path(place))
    return (FAILED, first_line(reason)) if reason else (RAN, "")
