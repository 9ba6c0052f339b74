"""The packages of sysroots that a build finds out; the search for them is imported if it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from xxpy.request.search import Search
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Result
    from xxpy.sysroot import Spec
    from xxpy.sysroot.description import Progress
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform

ROUNDS: Final = 16
"""How often a build is tried again with more packages; each time at least one is new."""


class Packages:
    """The packages of a build, found out on the way.

    :param say: called with a line for each package that is taken, and why
    :param shown: whether a plan is only shown, so that nothing is fetched
    """

    def __init__(
        self,
        table: Table,
        progress: Progress,
        say: Callable[[str], object],
        *,
        shown: bool = False,
    ) -> None:
        self._shown = shown
        self._table = table
        self._progress = progress
        self._say = say
        self._project: tuple[Path, str] | None = None
        self._begun: Search | None = None

    def read(self, folder: Path, language: str) -> None:
        """Remember the project whose files say what it needs; nothing of it is run.

        :param folder: the folder of the project
        """
        self._project = self._project or (folder, language)

    def _search(self) -> Search:
        """Return the search, which begins with what the files of the project need."""
        if self._begun is None:
            from xxpy.request.search import Search  # noqa: PLC0415 - 30 ms, only for --sysroot auto

            assert self._project is not None  # noqa: S101 - for the type checker: read comes first
            self._begun = Search(self._table, self._progress, self._say, *self._project)
        return self._begun

    def spec(self, platform: Platform, start: Spec | None, libc: str | None) -> Spec | None:
        """Return the packages that a platform is known to need, or None if it needs none.

        :param start: those that the configuration has
        :raises XxpyError: there is no such release, or its contents cannot be read
        """
        return start if self._shown else self._search().spec(platform, start, libc)

    def explained(self) -> tuple[str, ...]:
        """Return what the files of the project need, a line each."""
        return self._search().explained()

    def adjust(self, plan: Plan) -> bool:
        """Change the packages that a plan refuses; return whether any have changed."""
        return self._search().adjust(plan)

    def learn(self, results: Iterable[Result], left: Iterable[Platform]) -> frozenset[Platform]:
        """Add the packages that failed builds lack; return the platforms that get any.

        :param left: the platforms that are not built yet
        """
        return self._search().learn(results, left)

    def open_questions(self, platform: Platform) -> tuple[str, ...]:
        """Return what could not be found out for a platform, a line each."""
        return () if self._begun is None else self._begun.open_questions(platform)

    def specs(self) -> Mapping[Platform, Spec]:
        """Return the packages of each platform that needs any."""
        return {} if self._begun is None else self._begun.specs()
