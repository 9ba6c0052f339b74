"""Run the steps of a plan: the commands of a platform, its log, and its results."""

from __future__ import annotations

import shlex
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xxpy.errors import BuildError, XxpyError
from xxpy.machine import processes
from xxpy.machine.processes import Children
from xxpy.runner import incremental, objects, record, runtime, workspace
from xxpy.runner.follow import end_of, follow
from xxpy.runner.outputs import Judge, collect, move_up, take
from xxpy.runner.places import Places, make_prefix
from xxpy.runner.plan import EVERYTHING
from xxpy.runner.results import Result, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.binary.requirements import Requirements
    from xxpy.machine.aside import Place
    from xxpy.runner.follow import Write
    from xxpy.runner.incremental import Going
    from xxpy.runner.kept import Kept
    from xxpy.runner.outputs import Output
    from xxpy.runner.plan import Plan, Step
    from xxpy.runner.results import Observer
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform


class _Absent(Exception):  # noqa: N818 - the build goes on
    """The install step does not exist for the platform."""


@dataclass(frozen=True, slots=True)
class Work:
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
    kept: Kept
    going: Mapping[Platform, str]
    children: Children = field(default_factory=Children)
    told: threading.Lock = field(default_factory=threading.Lock)

    def build(self, step: Step) -> Result:
        """Build one platform; errors are in the result."""
        begin = time.monotonic()
        log = self.logs / f"{step.platform.folder}.log"
        outputs: tuple[Output, ...] = ()
        reused = False
        removed: tuple[Path, ...] = ()
        error: XxpyError | None = None
        if not self.children.cancelled:
            with self.told:
                self.observer.started(step.platform)
            try:
                outputs, removed, reused = self._outputs(step, log)
            except XxpyError as failure:
                error = failure
            except OSError as failure:
                from xxpy.runner import diagnose  # noqa: PLC0415 - only for failures

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
            reused,
            step.tests is not None and status is Status.BUILT,
            removed,
        )
        with self.told:
            self.observer.finished(result)
        return result

    def _outputs(self, step: Step, log: Path) -> tuple[tuple[Output, ...], tuple[Path, ...], bool]:
        """Make the results of a step, verify them, and move them into place.

        Return them, the files of earlier builds that were removed, and whether the results are
        those of the last build.
        """
        stage = self.stage.path / step.platform.folder
        stage.mkdir()
        if self.kept.take(step, stage):
            log.write_text("the results of the last build are used again\n", "utf-8")
            return *self._settled(step, stage, log), True
        key = self.going.get(step.platform) if step.noticed else None
        if key is not None:
            tree = incremental.Tree(self.plan.folder, workspace.outside(self.plan.output))
            with incremental.work(self.work, step, key, tree) as going:
                self._run(step, stage, log, going.place, going)
                return *self._settled(step, stage, log), False
        with (
            workspace.work(self.work, step.platform.folder)
            if step.uses_work
            else nullcontext() as work
        ):
            self._run(step, stage, log, work, None)
            return *self._settled(step, stage, log), False

    def _settled(
        self, step: Step, stage: Path, log: Path
    ) -> tuple[tuple[Output, ...], tuple[Path, ...]]:
        """Verify the results in a stage, and move them into place."""
        runtime.add(step, stage, {**self.environment, **step.environment})
        self.kept.note(step, stage)
        fresh = stage.with_name(f"{stage.name}.verified")
        final = self.plan.output / step.platform.folder
        judge = Judge(step, self.table, self.requirements[step.platform], log, self._own(step))
        outputs = judge.settle(stage, fresh, final)
        return outputs, record.put(self.plan, step.platform, fresh, self.stage.path)

    def _own(self, step: Step) -> tuple[Path, ...]:
        """Return the folders of the build, unless the project is in that of everything."""
        objects_folder = () if step.objects is None else (Path(step.objects.folder),)
        folders = (self.stage.path, self.work, self.plan.folder, *objects_folder)
        return tuple(folder for folder in folders if folder != Path(folder.anchor))

    def _run(
        self, step: Step, stage: Path, log: Path, work: Place | None, going: Going | None
    ) -> None:
        """Run the commands of a step in its work folder, so that the results are in the stage."""
        self.kept.seed(step, stage)
        if step.prefix:
            make_prefix(stage, step.prefix)
        if step.objects is not None:
            objects.prepare(step.objects)
        held = (self.stage.descriptor, *(() if work is None else (work.descriptor,)))
        places = Places(str(stage), "" if work is None else str(work.path), str(self.share))
        try:
            self._commands(step, log, places, held, going)
        except BuildError:
            from xxpy.runner import serial  # noqa: PLC0415 - only for failures

            if work is None or self.share == 1 or not serial.is_race(log, work.path):
                raise
            self._again(step, log, places, held)
        self.kept.weed(step, stage)

    def _again(self, step: Step, log: Path, places: Places, held: tuple[int, ...]) -> None:
        """Run the commands of a step again, from the start and with one job."""
        from xxpy.runner import serial  # noqa: PLC0415 - only for failures

        workspace.empty(Path(places.work))
        _clear(Path(places.stage), step)
        self._commands(step, log, replace(places, jobs="1"), held, None, note=serial.NOTE)

    def _commands(
        self,
        step: Step,
        log: Path,
        places: Places,
        held: tuple[int, ...],
        going: Going | None,
        *,
        note: str = "",
    ) -> None:
        """Run the commands of a step, and collect the results in the stage.

        :param held: descriptors of locks that the commands inherit
        :param going: the work folder, if it stays for the next build
        :param note: the first line of the log
        """
        if going is not None and not going.fresh:
            if step.copied:
                going.copy(Path(places.put(step.copied)))
        elif step.copied:
            workspace.copy(self.plan.folder, Path(places.put(step.copied)), self.plan.output)
        folder = Path(places.put(step.folder)) if step.folder else self.plan.folder
        folder.mkdir(parents=True, exist_ok=True)
        before = incremental.before(step, folder, going)
        environment = {name: places.put(value) for name, value in step.environment.items()}
        made: list[Path] = []
        # Buffered by line, so that one can follow the log of a long build.
        with log.open("w", buffering=1, encoding="utf-8", errors="surrogateescape") as file:
            file.write(note)
            for command in step.commands:
                argv = tuple(places.put(word) for word in command)
                file.write(f"$ {shlex.join(argv)}\n")
                begin = file.tell()
                try:
                    made += self._command(step, argv, environment, folder, held, file.write)
                except _Absent:
                    file.write("# no install step for this platform: the results are collected\n")
                    _clear(Path(places.stage), step)
                if step.tests is not None and command == step.tests.command:
                    from xxpy.runner import tested  # noqa: PLC0415 - most builds run no tests

                    tested.check(step.tests, argv, log, begin)
        self._gather(step, log, (folder, Path(places.stage)), made, before)

    def _gather(
        self,
        step: Step,
        log: Path,
        folders: tuple[Path, Path],
        made: Iterable[Path],
        before: frozenset[Path],
    ) -> None:
        """Take the results into the stage.

        :param folders: the folder in which the commands ran, and the stage
        :param made: the results that the commands reported
        """
        folder, stage = folders
        for path in made:
            take(path, stage)
        if step.prefix:
            move_up(stage / step.prefix.lstrip("/"), stage)
        if step.collected and not any(path.is_file() for path in stage.rglob("*")):
            collect(folder, stage, step.collected, before)
            if step.collected == EVERYTHING:
                required = self.requirements[step.platform]
                from xxpy.runner import helpers  # noqa: PLC0415 - only for what is collected

                helpers.leave_out(step, stage, folder, log, table=self.table, required=required)

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
        if ended.status and step.absent and any(step.absent in line for line in ended.said):
            raise _Absent
        if ended.status:
            from xxpy.runner import diagnose  # noqa: PLC0415 - only for failures

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


def _clear(stage: Path, step: Step) -> None:
    """Remove what the commands of a step have installed."""
    workspace.empty(stage)
    if step.prefix:
        make_prefix(stage, step.prefix)
