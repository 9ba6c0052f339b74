"""Run a plan: several platforms at once, each with a log, each result verified before it is put into place.

A step writes into a stage folder beside the output, on the same file system. Only when all its commands have succeeded and every
file has been verified are the files renamed into the platform's folder; so a build that fails, is cancelled or is killed leaves
earlier output as it was. Object files and copies of sources lie in a work folder in the user's cache, whose path is the same each
time, so that two builds give the same bytes; a lock keeps a second build of the same project away from it. Every command runs in
a process group of its own, so that cancelling reaches all its children.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from xxpy import files
from xxpy.binary import inspect, is_binary
from xxpy.binary.verify import check
from xxpy.errors import BuildError, OutputError, VerificationError, XxpyError
from xxpy.plan import JOBS, STAGE, WORK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.binary.verify import Requirements
    from xxpy.plan import Plan, Step
    from xxpy.platform import Platform
    from xxpy.table import Table

STAGE_PREFIX: Final = ".xxpy-"
"""What the names of stage folders begin with; they are gone when the build ends."""

GRACE: Final = 5.0
"""Seconds between asking a cancelled command to stop and killing it."""

_TRIALS: Final = frozenset({"CMakeFiles", "meson-private"})
"""Folders in which build tools try the compiler."""

LOG_END: Final = 15
"""Lines of a log that are shown when a build fails."""


class Status(Enum):
    """How the build of one platform ended."""

    BUILT = "built"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Output:
    """One file that was built.

    :param path: where it lies now
    :param size: bytes
    :param linkage: ``static``, ``static-pie``, ``dynamic``, or "" where that says nothing
    :param verified: whether it is a binary that was verified; headers and manuals are not
    """

    path: Path
    size: int
    linkage: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one platform.

    :param seconds: wall time
    :param log: the file with all that the commands printed
    :param error: why it failed, else None
    :param log_end: the last lines of the log of a failure
    """

    platform: Platform
    status: Status
    seconds: float
    log: Path
    outputs: tuple[Output, ...] = ()
    error: XxpyError | None = None
    log_end: tuple[str, ...] = ()


class Observer(Protocol):
    """Who is told how a build goes on; called from several threads, one call at a time."""

    def started(self, platform: Platform) -> None:
        """The build of a platform has begun."""

    def line(self, platform: Platform, text: str) -> None:
        """A command has printed a line."""

    def finished(self, result: Result) -> None:
        """The build of a platform has ended."""


@dataclass(slots=True)
class _Children:
    """The running commands of a build, so that they can be stopped together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    running: set[subprocess.Popen[str]] = field(default_factory=set)
    cancelled: bool = False

    def start(self, command: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> subprocess.Popen[str] | None:
        """Start a command in a process group of its own, or return None when the build is cancelled."""
        with self.lock:
            if self.cancelled:
                return None
            child = subprocess.Popen(  # the caller waits for it
                command,
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            self.running.add(child)
            return child

    def ended(self, child: subprocess.Popen[str]) -> None:
        with self.lock:
            self.running.discard(child)

    def cancel(self) -> None:
        """Stop all running commands: ask, wait, kill."""
        with self.lock:
            self.cancelled = True
            children = list(self.running)
        for child in children:
            _signal(child, signal.SIGTERM)
        end = time.monotonic() + GRACE
        while time.monotonic() < end and any(child.poll() is None for child in children):
            time.sleep(0.02)
        for child in children:
            _signal(child, signal.SIGKILL)


def _signal(child: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def run(
    plan: Plan,
    table: Table,
    observer: Observer,
    *,
    environment: Mapping[str, str],
    logs: Path,
    work: Path,
    jobs: int,
    keep_going: bool,
    requirements: Mapping[Platform, Requirements],
) -> tuple[Result, ...]:
    """Run all steps of a plan and return their results, in the order of the plan.

    :param environment: what the commands see below what a step adds
    :param logs: the folder for the logs
    :param work: the folder for the work folders of this project
    :param jobs: how many platforms are built at once
    :param keep_going: whether the others go on when one fails; otherwise they are cancelled
    :param requirements: what the files of each platform must be besides binaries for it
    :raises OutputError: the output folder cannot be made
    :raises KeyboardInterrupt: after all commands have been stopped
    """
    _make_output(plan.output)
    _sweep(plan.output)
    children = _Children()
    told = threading.Lock()
    stage = Path(tempfile.mkdtemp(prefix=f"{STAGE_PREFIX}{os.getpid()}-", dir=plan.output))
    results: dict[Platform, Result] = {}
    pool = ThreadPoolExecutor(max_workers=jobs)
    try:
        share = max(1, (os.cpu_count() or 1) // max(1, min(jobs, len(plan.steps))))
        shared = _Work(plan, table, observer, dict(environment), logs, stage, work, share, requirements, children, told)
        waiting: set[Future[Result]] = {pool.submit(shared.build, step) for step in plan.steps}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                result = future.result()
                results[result.platform] = result
                if result.status is Status.FAILED and not keep_going:
                    children.cancel()
    except BaseException:
        children.cancel()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(stage, ignore_errors=True)
        with suppress(OSError):
            plan.output.rmdir()  # only an output folder that nothing was put into
    return tuple(results[step.platform] for step in plan.steps)


def _make_output(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputError(f"the output {folder} is a file, not a folder", "name another one with --output") from error
    except OSError as error:
        raise OutputError(f"the output folder {folder} cannot be made: {error.strerror}", "name another one with --output") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"the output folder {folder} cannot be written to", "name another one with --output")


def _sweep(folder: Path) -> None:
    """Remove the stage folders of builds that were killed."""
    for old in folder.glob(f"{STAGE_PREFIX}*-*"):
        owner = old.name.removeprefix(STAGE_PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists():
            shutil.rmtree(old, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Work:
    """What the build of every platform shares."""

    plan: Plan
    table: Table
    observer: Observer
    environment: dict[str, str]
    logs: Path
    stage: Path

    def _verified(self, step: Step, path: Path, log: Path) -> Output:
        """Return what a file is, with its size; one that nothing runs, such as a header, is left alone."""
        size = path.stat().st_size if path.exists() else 0
        runs = not step.installed and os.access(path, os.X_OK)
        if path.is_symlink() or (not is_binary(path) and not runs):
            return Output(path, size, "", verified=False)
        reasons = check(path, self.table.row(step.platform), self.table, self.requirements[step.platform])
