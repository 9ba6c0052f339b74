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
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from xxpy import files
from xxpy.binary import is_binary
from xxpy.binary.verify import Requirements, check
from xxpy.errors import BuildError, OutputError, XxpyError
from xxpy.language import lacking
from xxpy.language.messages import READERS
from xxpy.outputs import Judge, collect, listing, move_up, take
from xxpy.plan import JOBS, SHELL, STAGE, WORK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.outputs import Output
    from xxpy.plan import Plan, Step
    from xxpy.platform import Platform
    from xxpy.table import Table

STAGE_PREFIX: Final = ".xxpy-"
"""What the names of stage folders begin with; they are gone when the build ends."""

GRACE: Final = 5.0
"""Seconds between asking a cancelled command to stop and killing it."""

_CANNOT_RUN: Final = re.compile(r"(?:^|\s)'?([^\s:']+)'?: ")
"""How sh, make and emulators begin to say that a program does not run."""

LOG_END: Final = 15
"""Lines of a log that are shown when a build fails."""


class Status(Enum):
    """How the build of one platform ended."""

    BUILT = "built"
    FAILED = "failed"
    CANCELLED = "cancelled"


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
        cores = share(min(jobs, len(plan.steps)))
        shared = _Work(plan, table, observer, dict(environment), logs, stage, work, cores, requirements, children, told)
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
    work: Path
    share: int
    requirements: Mapping[Platform, Requirements]
    children: _Children
    told: threading.Lock

    def build(self, step: Step) -> Result:
        """Build one platform; whatever goes wrong is in the result."""
        begin = time.monotonic()
        log = self.logs / f"{step.platform.folder}.log"
        outputs: tuple[Output, ...] = ()
        error: XxpyError | None = None
        if not self.children.cancelled:
            with self.told:
                self.observer.started(step.platform)
            try:
                outputs = self._outputs(step, log)
            except XxpyError as failure:
                error = failure
            except OSError as failure:
                error = _output_error(failure, self.plan.output)
        status = Status.BUILT if outputs else Status.CANCELLED
        if error is not None and not self.children.cancelled:
            status = Status.FAILED
        result = Result(
            step.platform,
            status,
            time.monotonic() - begin,
            log,
            outputs,
            error if status is Status.FAILED else None,
            _end_of(log) if status is Status.FAILED else (),
        )
        with self.told:
            self.observer.finished(result)
        return result

    def _outputs(self, step: Step, log: Path) -> tuple[Output, ...]:
        stage = self.stage / step.platform.folder
        stage.mkdir()
        work = self.work / step.platform.folder
        needs_work = WORK in "".join(
            (step.folder, step.copied, *step.environment.values(), *(word for words in step.commands for word in words))
        )
        with files.lock(self.work / f".{work.name}.lock") if needs_work else nullcontext():
            if needs_work:
                shutil.rmtree(work, ignore_errors=True)
                work.mkdir(parents=True)
            self._commands(step, log, Places(str(stage), str(work), str(self.share)))
            judge = Judge(step, self.table, self.requirements[step.platform], log)
            outputs = judge.settle(stage, self.plan.output / step.platform.folder)
            if needs_work:
                shutil.rmtree(work, ignore_errors=True)
        return outputs

    def _commands(self, step: Step, log: Path, places: Places) -> None:
        """Run the commands of a step, and leave in the stage what they made."""
        if step.copied:
            _copy(self.plan.folder, Path(places.put(step.copied)), self.plan.output)
        folder = Path(places.put(step.folder)) if step.folder else self.plan.folder
        folder.mkdir(parents=True, exist_ok=True)
        before = listing(folder) if step.collected else frozenset()
        environment = {name: places.put(value) for name, value in step.environment.items()}
        made: list[Path] = []
        # Line by line, so that the log of a long build can be followed.
        with log.open("w", buffering=1, encoding="utf-8", errors="surrogateescape") as file:
            for command in step.commands:
                argv = tuple(places.put(word) for word in command)
                file.write(f"$ {shlex.join(argv)}\n")
                made += self._command(step, argv, environment, folder, file.write)
        stage = Path(places.stage)
        for path in made:
            take(path, stage)
        if step.prefix:
            move_up(stage / step.prefix.lstrip("/"), stage)
        if step.collected and not any(path.is_file() for path in stage.rglob("*")):
            collect(folder, stage, step.collected, before)

    def _command(self, step: Step, argv: tuple[str, ...], environment: Mapping[str, str], folder: Path, write: _Write) -> list[Path]:
        """Run one command, every line for people into the log and to the observer, and return the files that it says it has made."""
        child = self.children.start(argv, {**self.environment, **environment}, folder)
        if child is None:
            raise BuildError(f"the build for {step.platform} was cancelled")
        full = False
        said: deque[str] = deque(maxlen=LOG_END)
        made: list[Path] = []
        try:
            for line in child.stdout or ():
                said.append(line)
                message = READERS[step.messages](line)
                made += message.made
                full = full or os.strerror(errno.ENOSPC).lower() in line.lower()
                if message.text is not None:
                    write(message.text)
                    with self.told:
                        self.observer.line(step.platform, message.text.rstrip("\n"))
            status = child.wait()
        finally:
            self.children.ended(child)
        name = Path(argv[1] if argv[0] == SHELL else argv[0]).name
        if full:
            raise OutputError(
                f"no space is left on the disk for {step.platform}",
                f"make room for {self.plan.output}, the cache of {name} or its temporary files",
            )
        if status < 0:
            raise BuildError(
                f"{name} was killed by {signal.Signals(-status).name} while building for {step.platform}",
                "build fewer platforms at once: --jobs 1",
            )
        if status:
            program = self._foreign(step, said, folder)
            if program is not None:
                raise BuildError(
                    f"the build for {step.platform} runs {program}, which it has built for that platform",
                    "let the project build it with CC_FOR_BUILD, which xxpy sets, or install an emulator (qemu-user-static, wine)",
                )
            raise BuildError(f"{name} failed for {step.platform} with exit status {status}", _advice(step, said))
        return made

    def _foreign(self, step: Step, said: Iterable[str], folder: Path) -> str | None:
        """Return the file that the last lines of a command say could not be run, if it is a program for the platform."""
        for line in said:
            for word in _CANNOT_RUN.findall(line):
                path = folder / word
                if path.is_file() and is_binary(path) and not check(path, self.table.row(step.platform), self.table, Requirements()):
                    return str(word)
        return None


def share(jobs: int) -> int:
    """Return how many of this machine's cores each of so many builds may use."""
    return max(1, (os.cpu_count() or 1) // max(1, jobs))


@dataclass(frozen=True, slots=True)
class Places:
    """What the words of a plan stand for."""

    stage: str
    work: str
    jobs: str

    def put(self, word: str) -> str:
        """Return *word* with the places in it."""
        return word.replace(STAGE, self.stage).replace(WORK, self.work).replace(JOBS, self.jobs)


def _advice(step: Step, said: Iterable[str]) -> str:
    """Return what to do about what the last lines of a command say is wrong, or about the header, library or package that is missing."""
    lines = tuple(said)
    known = next((remedy for words, remedy in step.remedies if any(words in line for line in lines)), None)
    if known is not None:
        return known
    what = lacking.first(lines)
    return f"{what} is missing; {step.advice}" if what and step.advice else ""


def _copy(source: Path, place: Path, output: Path) -> None:
    """Copy a project without its history, earlier results and the stages of builds."""

    def ignored(folder: str, names: list[str]) -> set[str]:
        kept = {name for name in names if name == ".git" or name.startswith(STAGE_PREFIX)}
        return kept | {name for name in names if Path(folder, name).resolve() == output.resolve()}

    shutil.copytree(source, place, symlinks=True, ignore=ignored, dirs_exist_ok=True)


class _Write(Protocol):
    def __call__(self, text: str, /) -> object: ...


def _output_error(error: OSError, folder: Path) -> OutputError:
    if error.errno == errno.ENOSPC:
        return OutputError("no space is left on the disk", f"make room for {folder}")
    return OutputError(f"{error.filename or folder}: {error.strerror}", "look at the output folder and its permissions")


def _end_of(log: Path) -> tuple[str, ...]:
    """Return the last lines of a log, without the names of packages that went well."""
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(lines[-LOG_END:])
