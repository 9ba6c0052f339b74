"""Building pairs as a user would: ``xxpy build --platform … --keep-going --output … --json``."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from world.entries import Entry
    from world.pairs import Goal

XXPY: Final = (sys.executable, "-m", "xxpy")
_SETUP: Final = 300
"""Seconds for what comes before the first platform: sysroots, kits, the trial of compilers."""
_LONGEST: Final = 240
"""How many letters of a reason a table shows."""
_UNOPTIMIZED: Final = {
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CARGO_PROFILE_RELEASE_OPT_LEVEL": "1",
    "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
}
"""cargo's variables for a release with little optimization, which takes most of the time and has
nothing to do with other platforms (https://doc.rust-lang.org/cargo/reference/profiles.html)."""
_POLL: Final = 0.5
"""Seconds between two looks at whether the run has been stopped."""


class Stopped(Exception):  # noqa: N818 - somebody asked for it
    """The run has been stopped."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one platform.

    :param built: whether it was built and verified
    :param cause: why not
    :param evidence: the line of a log that shows it
    :param outputs: the programs and libraries
    """

    goal: Goal
    built: bool
    cause: str = ""
    evidence: str = ""
    seconds: float = 0.0
    log: str = ""
    outputs: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One project, and how it is built.

    :param project: its folder
    :param output: the folder for the results
    :param limit: seconds for one platform
    :param stop: is set when the run is to stop
    """

    entry: Entry
    project: Path
    output: Path
    limit: float
    stop: threading.Event


def build(job: Job, goals: Sequence[Goal]) -> Iterator[Outcome]:
    """Build a project for platforms with one libc, and yield each as it is done.

    A platform that takes longer than the limit is stopped, and the rest goes on without it.

    :raises Stopped: the run is to stop
    """
    left = list(goals)
    while left:
        before = len(left)
        for outcome in _once(job, left):
            left = [goal for goal in left if goal != outcome.goal]
            yield outcome
        if len(left) == before:  # no event at all would be for ever
            break
    for goal in left:
        yield Outcome(goal, built=False, cause="xxpy said nothing about this platform")


def _once(job: Job, goals: Sequence[Goal]) -> Iterator[Outcome]:
    libc = ("--libc", goals[0].libc) if goals[0].libc else ()
    tests = ("--run-tests",) if job.entry.proof == ("tests",) else ()
    platforms = ",".join(goal.platform for goal in goals)
    options = ("--platform", platforms, "--keep-going", "--json", "--jobs", "1")
    words = (*XXPY, "build", str(job.project), *options, "--output", str(job.output))
    with _started((*words, *libc, *tests, *job.entry.arguments), job.project) as process:
        try:
            yield from _followed(process, {goal.platform: goal for goal in goals}, job)
        finally:
            _stop(process)


def _started(words: Sequence[str], project: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words,
        cwd=project,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        env={**os.environ, **_UNOPTIMIZED, "NO_COLOR": "1"},
    )


def _followed(
    process: subprocess.Popen[str], goals: Mapping[str, Goal], job: Job
) -> Iterator[Outcome]:
    lines: queue.Queue[str | None] = queue.Queue()
    said: list[str] = []
    _read(process, lines, said)
    running = ""
    until = time.monotonic() + job.limit + _SETUP
    done: set[str] = set()
    while True:
        try:
            line = _next(lines, until, job.stop)
        except queue.Empty:
            slow = running or next(name for name in goals if name not in done)
            yield Outcome(goals[slow], built=False, cause=f"took longer than {job.limit:.0f} s")
            return
        if line is None:
            break
        event = json.loads(line)
        until = time.monotonic() + job.limit
        if event["event"] == "start":
            running = event["platform"]
        elif event["event"] == "finish" and event["platform"] in goals:
            running = ""
            done.add(event["platform"])
            yield outcome(goals[event["platform"]], event)
    process.wait()
    message = "; ".join(text.strip() for text in said if text.strip())
    cause = first_line(message) or f"xxpy exited with {process.returncode}"
    for name, goal in goals.items():
        if name not in done:
            yield Outcome(goal, built=False, cause=cause)


def _next(lines: queue.Queue[str | None], until: float, stop: threading.Event) -> str | None:
    """Return the next line, or None after the last one.

    :raises queue.Empty: it is too late
    :raises Stopped: the run is to stop
    """
    while True:
        try:
            return lines.get(timeout=_POLL)
        except queue.Empty:
            if stop.is_set():
                raise Stopped from None
            if time.monotonic() > until:
                raise


def _read(process: subprocess.Popen[str], lines: queue.Queue[str | None], said: list[str]) -> None:
    def output() -> None:
        for line in process.stdout or ():
            lines.put(line)
        lines.put(None)

    def errors() -> None:
        said.extend(process.stderr or ())

    for target in (output, errors):
        threading.Thread(target=target, daemon=True).start()


def _stop(process: subprocess.Popen[str]) -> None:
    """Let xxpy stop its children; kill its group if it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def outcome(goal: Goal, event: Mapping[str, Any]) -> Outcome:
    """Return what a ``finish`` event says."""
    diagnosis = event.get("diagnosis") or {}
    return Outcome(
        goal,
        built=event["status"] == "built",
        cause=first_line(diagnosis.get("cause") or event.get("error") or ""),
        evidence=first_line(diagnosis.get("evidence") or ""),
        seconds=event["seconds"],
        log=event.get("log") or "",
        outputs=tuple(Path(each["path"]) for each in event["outputs"]),
    )


def first_line(text: str) -> str:
    """Return the first line of a text, shortened to what a table can show."""
    line = (text.strip().splitlines() or [""])[0]
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
