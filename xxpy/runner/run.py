"""Run a plan: several platforms at once, each with a log, and verify the results.

A step writes to a stage beside the output. When all its commands have succeeded and every file has
been verified, the platform's folder is exchanged for the new one. So a build that fails, is
cancelled or is killed leaves earlier output unchanged. Object files and copies of sources are in a
work folder in the user's cache. :mod:`xxpy.runner.workspace` makes these folders, and
:mod:`xxpy.machine.processes` starts and stops the commands.
"""

from __future__ import annotations

import os
import shlex
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xxpy.errors import BuildError, XxpyError
from xxpy.machine import processes
from xxpy.machine.processes import Children
from xxpy.runner import diagnose, helpers, record, workspace
from xxpy.runner.follow import end_of, follow
from xxpy.runner.outputs import Judge, collect, listing, move_up, take
from xxpy.runner.plan import EVERYTHING, JOBS, STAGE, WORK
from xxpy.runner.results import Result, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.binary.requirements import Requirements
    from xxpy.machine.aside import Place
    from xxpy.runner.follow import Write
    from xxpy.runner.outputs import Output
    from xxpy.runner.plan import Plan, Step
    from xxpy.runner.results import Observer
    from xxpy.table.load import Table
    from xxpy.table.platform import Platform


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
    """Run all steps of a plan and return the results in the order of the plan.

    The platforms that cannot be built come first.

    :param environment: the variables of the commands, to which a step adds its own
    :param logs: the folder for the logs
    :param work: the folder for the work folders of this project
    :param jobs: how many platforms are built at once
    :param keep_going: whether to build the others when one fails; otherwise they are cancelled
    :param requirements: the requirements for the files of each platform
    :raises OutputError: the output folder cannot be made
    :raises KeyboardInterrupt: after all commands have been stopped
    """
    refused = tuple(
        Result(platform, Status.REFUSED, 0.0, None, error=error)
        for platform, error in plan.impossible.items()
    )
    for result in refused:
        observer.finished(result)
    if not plan.steps:
        return refused
    cores = share(min(jobs, len(plan.steps)))
    with workspace.stage(plan.output) as stage:
        shared = _Work(
            plan, table, observer, dict(environment), logs, stage, work, cores, requirements
        )
        built = _run_all(shared, jobs, keep_going=keep_going)
    results = (*refused, *(built[step.platform] for step in plan.steps))
    record.fail(plan.output, results)
    return results


def _run_all(shared: _Work, jobs: int, *, keep_going: bool) -> dict[Platform, Result]:
    """Run all steps of a plan, several at once, and return the results by platform."""
    results: dict[Platform, Result] = {}
    pool = ThreadPoolExecutor(max_workers=jobs)
    try:
        waiting: set[Future[Result]] = {
            pool.submit(shared.build, step) for step in shared.plan.steps
        }
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                result = future.result()
                results[result.platform] = result
                if result.status is Status.FAILED and not keep_going:
                    shared.children.cancel()
    except BaseException:
        shared.children.cancel()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return results


@dataclass(frozen=True, slots=True)
class _Work:
    """What the builds of all platforms share.

    :param share: how many cores each build may use
    :param told: held while the observer is called
    """

    plan: Plan
    table: Table
    observer: Observer
    environment: dict[str, str]
    logs: Path
    stage: Place
    work: Path
    share: int
    requirements: Mapping[Platform, Requirements]
    children: Children = field(default_factory=Children)
    told: threading.Lock = field(default_factory=threading.Lock)

    def build(self, step: Step) -> Result:
        """Build one platform; errors are in the result."""
        begin = time.monotonic()
        log = self.logs / f"{step.platform.folder}.log"
        outputs: tuple[Output, ...] = ()
        removed: tuple[Path, ...] = ()
        error: XxpyError | None = None
        if not self.children.cancelled:
            with self.told:
                self.observer.started(step.platform)
            try:
                outputs, removed = self._outputs(step, log)
            except XxpyError as failure:
                error = failure
            except OSError as failure:
                error = diagnose.output_error(failure, self.plan.output, self.logs)
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
            end_of(log) if status is Status.FAILED else (),
            removed,
        )
        with self.told:
            self.observer.finished(result)
        return result

    def _outputs(self, step: Step, log: Path) -> tuple[tuple[Output, ...], tuple[Path, ...]]:
        """Run the commands of a step, verify the results, and move them into place.

        Return the results, and the files of earlier builds that were removed.
        """
        stage = self.stage.path / step.platform.folder
        stage.mkdir()
        needs_work = WORK in "".join(
            (
                step.folder,
                step.copied,
                *step.environment.values(),
                *(word for words in step.commands for word in words),
            )
        )
        with (
            workspace.work(self.work, step.platform.folder) if needs_work else nullcontext() as work
        ):
            held = (self.stage.descriptor, *(() if work is None else (work.descriptor,)))
            self._commands(
                step,
                log,
                Places(str(stage), "" if work is None else str(work.path), str(self.share)),
                held,
            )
            fresh, final = (
                stage.with_name(f"{stage.name}.verified"),
                self.plan.output / step.platform.folder,
            )
            outputs = Judge(step, self.table, self.requirements[step.platform], log).settle(
                stage, fresh, final
            )
            return outputs, record.put(self.plan, step.platform, fresh, self.stage.path)

    def _commands(self, step: Step, log: Path, places: Places, held: tuple[int, ...]) -> None:
        """Run the commands of a step, and collect the results in the stage.

        :param held: descriptors of locks that the commands inherit
        """
        if step.copied:
            workspace.copy(self.plan.folder, Path(places.put(step.copied)), self.plan.output)
        folder = Path(places.put(step.folder)) if step.folder else self.plan.folder
        folder.mkdir(parents=True, exist_ok=True)
        before = listing(folder) if step.collected else frozenset()
        environment = {name: places.put(value) for name, value in step.environment.items()}
        made: list[Path] = []
        # Buffered by line, so that one can follow the log of a long build.
        with log.open("w", buffering=1, encoding="utf-8", errors="surrogateescape") as file:
            for command in step.commands:
                argv = tuple(places.put(word) for word in command)
                file.write(f"$ {shlex.join(argv)}\n")
                made += self._command(step, argv, environment, folder, held, file.write)
        stage = Path(places.stage)
        for path in made:
            take(path, stage)
        if step.prefix:
            move_up(stage / step.prefix.lstrip("/"), stage)
        if step.collected and not any(path.is_file() for path in stage.rglob("*")):
            collect(folder, stage, step.collected, before)
            if step.collected == EVERYTHING:
                self._leave_out_helpers(step, stage, folder, log)

    def _leave_out_helpers(self, step: Step, stage: Path, folder: Path, log: Path) -> None:
        """Remove the build's helpers from the collected files, and note that in the log."""
        found = helpers.leave_out(
            stage,
            folder,
            log,
            platform=step.platform,
            table=self.table,
            required=self.requirements[step.platform],
            named=step.names_helpers,
        )
        for name in found:
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{name}: left out, because it is a helper that runs on this machine\n")

    def _command(  # noqa: PLR0917 - what a command needs
        self,
        step: Step,
        argv: tuple[str, ...],
        environment: Mapping[str, str],
        folder: Path,
        held: tuple[int, ...],
        write: Write,
    ) -> tuple[Path, ...]:
        """Run one command and return the results that it reports.

        Its output goes to the log and to the observer.
        """
        child = self.children.start(argv, {**self.environment, **environment}, folder, held)
        if child is None:
            raise BuildError(f"the build for {step.platform} was cancelled")

        def tell(text: str) -> None:
            with self.told:
                self.observer.line(step.platform, text)

        try:
            ended = follow(child, step.messages, write, tell)
        except BaseException:
            processes.stop([child])
            raise
        finally:
            self.children.ended(child)
        if ended.status:
            raise diagnose.failure(
                step,
                argv,
                ended,
                folder=folder,
                output=self.plan.output,
                work=self.work,
                table=self.table,
                log=Path(self.logs, f"{step.platform.folder}.log"),
            )
        return ended.made


def share(jobs: int) -> int:
    """Return how many of this machine's cores each of several builds may use."""
    return max(1, (os.cpu_count() or 1) // max(1, jobs))


@dataclass(frozen=True, slots=True)
class Places:
    """The values of the words in a plan."""

    stage: str
    work: str
    jobs: str

    def put(self, word: str) -> str:
        """Return *word* with the values in it."""
        return word.replace(STAGE, self.stage).replace(WORK, self.work).replace(JOBS, self.jobs)
