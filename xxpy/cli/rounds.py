"""Build in rounds while ``--sysroot auto`` finds further packages, and build once otherwise."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from xxpy.cli import printing
from xxpy.cli.platform_options import say
from xxpy.cli.report.pulse import Planning
from xxpy.errors import BuildError
from xxpy.machine import resources
from xxpy.request.finding import ROUNDS, Packages
from xxpy.request.platforms import unheard
from xxpy.request.session import open_session
from xxpy.runner.results import Status
from xxpy.sysroot.description import Silent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from xxpy.cli.report.text import Reporter
    from xxpy.request.build import Flags
    from xxpy.request.platforms import Asked
    from xxpy.request.session import Session
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Result
    from xxpy.table.platform import Platform

_OPEN: Final = frozenset({Status.FAILED, Status.CANCELLED})


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the build of a command, of all platforms or of some.

    :param shown: whether the plan is only shown
    :param silent: whether to print nothing for people
    """

    directory: Path
    asked: Asked
    flags: Flags
    language: str | None
    config: Path | None
    _: KW_ONLY
    shown: bool
    silent: bool

    def __call__(self, only: frozenset[Platform] | None, first: str = "") -> Session:
        """Return the plan.

        :param first: the family of C compilers that has built other platforms, or ""
        :raises XxpyError: as :func:`open_session`
        """
        with Planning() as planning:
            return open_session(
                self.directory,
                self.asked,
                replace(self.flags, only=only, first=first),
                language=self.language,
                config=self.config,
                shown=self.shown,
                tell=None if self.silent else planning.tell,
                say=unheard if self.silent or only is not None else say,
            )


class _Told:
    """Reports the reading of package lists as notes."""

    def step(self, text: str) -> None:
        """Print a note."""
        printing.note(text)

    def bytes(self, done: int, total: int) -> None:
        """Print nothing: what comes is small."""

    def alive(self, done: int) -> None:
        """Print nothing."""

    def warning(self, text: str) -> None:
        """Print a note."""
        printing.note(text)


def finding(*, as_json: bool, shown: bool) -> Packages:
    """Return what finds out packages, and says which ones it takes.

    :param as_json: whether it says so by events
    """

    def tell(text: str) -> None:
        if as_json:
            printing.print_json({"event": "sysroot", "text": text}, indent=None)
        else:
            printing.note(text)

    progress = Silent() if as_json else _Told()
    return Packages(resources.table(), progress, tell, shown=shown)


def planned(
    plan_for: Planner,
    found: Packages,
    only: frozenset[Platform] | None,
    first: str = "",
) -> Session:
    """Return the plan of a build, without packages that are not available.

    :param first: the family of C compilers that has built other platforms, or ""
    """
    session = plan_for(only, first)
    for _ in range(ROUNDS):
        if not session.options.automatic or not found.adjust(session.plan):
            break
        session = plan_for(only, first)
    return session


class Rounds:
    """A build, again and again while further packages are found.

    :param plan_for: plans the build of some platforms
    :param reporter: returns what reports the build of a plan
    """

    def __init__(
        self,
        plan_for: Planner,
        found: Packages,
        reporter: Callable[[Plan], Reporter],
        *,
        jobs: int,
        keep_going: bool,
        reuse: bool | None = None,
        incremental: bool | None = None,
    ) -> None:
        self._plan_for = plan_for
        self._found = found
        self._reporter = reporter
        self._jobs = jobs
        self._keep_going = keep_going
        self._reuse = reuse
        self._incremental = incremental

    def build(self, session: Session) -> tuple[Result, ...]:
        """Build and verify all platforms, report that, and return the results.

        :raises OutputError: the output folder cannot be made
        """
        automatic = session.options.automatic
        first = self._reporter(session.plan)
        eager = bool(automatic)
        results = dict(self._round(session, first, eager=eager))
        begun = any(one.status is Status.BUILT for one in results.values())
        family = session.plan.family if begun else ""
        for _ in range(ROUNDS if automatic else 0):
            open_ = [platform for platform, one in results.items() if one.status in _OPEN]
            more = self._found.learn(results.values(), [one for one in open_ if one in automatic])
            cancelled = {one for one in open_ if results[one].status is Status.CANCELLED}
            if not more and not (eager and self._keep_going and cancelled):
                break
            eager = bool(more)
            again = planned(self._plan_for, self._found, frozenset(more | cancelled), family)
            results.update(self._round(again, self._reporter(again.plan), eager=eager))
            if any(one.status is Status.BUILT for one in results.values()):
                family = family or again.plan.family
        ended = tuple(self._explained(one) for one in results.values())
        built = {one.platform for one in ended if one.status is Status.BUILT}
        if built.issuperset(chain(*session.options.universal.values())):
            for name, outputs in session.joined().items():
                first.joined(name, outputs)
        first.end(ended)
        return ended

    def _round(
        self, session: Session, reporter: Reporter, *, eager: bool
    ) -> dict[Platform, Result]:
        """Build once.

        :param eager: whether to stop when one platform fails, because what it lacks the others
            lack too
        """
        going = self._keep_going and not eager
        with reporter:
            reporter.begin(min(self._jobs, len(session.plan.steps)))
            ended = session.run(
                reporter,
                jobs=self._jobs,
                keep_going=going,
                reuse=self._reuse,
                incremental=self._incremental,
            )
        return {result.platform: result for result in ended}

    def _explained(self, result: Result) -> Result:
        """Return a result whose hint says which packages could not be found out."""
        if result.status is not Status.FAILED or not isinstance(result.error, BuildError):
            return result
        lines = self._found.open_questions(result.platform)
        if not lines:
            return result
        error = BuildError(
            result.error.message,
            "\n".join(filter(None, (*lines, result.error.hint))),
            evidence=result.error.evidence,
        )
        return replace(result, error=error)


def save(session: Session, found: Packages, results: Sequence[Result]) -> None:
    """Write the packages of the platforms that were built to the configuration.

    :raises ConfigurationError: the file cannot be changed with certainty
    """
    built = {result.platform for result in results if result.status is Status.BUILT}
    specs = {
        platform: spec
        for platform, spec in found.specs().items()
        if platform in built & session.options.automatic
    }
    from xxpy.request import saving  # noqa: PLC0415 - only for --save

    if not specs:
        printing.note("no packages to save")
    elif saving.write(session.config, specs):
        printing.note(f"the packages are in {session.config.name}")
