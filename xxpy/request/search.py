"""Find out the packages of sysroots: from the project's files, and from what failed builds say.

A need that one platform's build reports is looked up for every platform, each in the contents of
its own release.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from xxpy.errors import IntegrityError, PackageError, UnsupportedPlatformError
from xxpy.kit import model
from xxpy.language import wants
from xxpy.machine import advice, facts
from xxpy.runner import missing
from xxpy.runner.results import Status
from xxpy.sysroot import Spec, contents, provide, release
from xxpy.sysroot.provide import Answer
from xxpy.table import availability
from xxpy.table import libc as c_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Result
    from xxpy.sysroot.contents import Index
    from xxpy.sysroot.description import Progress
    from xxpy.sysroot.needs import Need
    from xxpy.sysroot.provide import Taken
    from xxpy.sysroot.release import Source
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform

_LINES: Final = 4000
"""The last lines of a log that are searched for what is missing."""
_LINE: Final = 4096


@dataclass(slots=True)
class _Found:
    """What is known about one platform.

    :param spec: its packages so far; its distribution does not change
    :param answer: what the last answer left open
    """

    spec: Spec
    source: Source
    answer: Answer = field(default_factory=Answer)
    without: set[str] = field(default_factory=set)
    """Packages that the release does not have for the platform."""


class Search:
    """Finds out the packages of a build on the way.

    :param say: called with a line for each package that is taken, and why
    :param folder: the folder of the project
    """

    def __init__(
        self,
        table: Table,
        progress: Progress,
        say: Callable[[str], object],
        folder: Path,
        language: str,
    ) -> None:
        self._table = table
        self._progress = progress
        self._say = say
        self._folder = folder
        self._libc: str | None = None
        self._needs = list(wants.needs(folder, language))
        self._found: dict[Platform, _Found | None] = {}
        self._indices: dict[str, Index] = {}

    def spec(self, platform: Platform, start: Spec | None, libc: str | None) -> Spec | None:
        """Return the packages that a platform is known to need, or None if it needs none.

        :param start: those that the configuration has
        :raises XxpyError: there is no such release, or its contents cannot be read
        """
        self._libc = libc
        if platform not in self._found:
            self._found[platform] = self._begin(platform, start, libc)
            self._look_up(self._needs, [platform])
        found = self._found[platform]
        if found is not None:
            found.answer = Answer()  # what the files name and no package has may be optional
        return found.spec if found is not None and found.spec.packages else start

    def explained(self) -> tuple[str, ...]:
        """Return what the files of the project need, a line each."""
        return tuple(f"needs {need} ({need.where})" for need in self._needs)

    def _begin(self, platform: Platform, start: Spec | None, libc: str | None) -> _Found | None:
        """Return the release for a platform, or None if none has packages for it and its libc."""
        name = None if libc is None else c_library.read(libc)[0]
        target = model.target(self._table, platform, name, {})
        if start is None:
            machine = facts.release()
            own = (machine.id, machine.version)
            best = availability.best(target.row, target.libc, self._table, own)
            if best is None:
                return None
            start = Spec(best[0])
        try:
            source = release.source(start.distribution, target.row, self._table)
        except UnsupportedPlatformError:
            return None  # the plan refuses this platform alone
        return _Found(start, source)

    def adjust(self, plan: Plan) -> bool:
        """Change the packages that a plan refuses; return whether any have changed.

        Updates that a mirror has late are left out, and so are packages that a release lacks.
        """
        changed = False
        for platform, error in plan.refused.items():
            found = self._found.get(platform)
            if found is None:
                continue
            if isinstance(error, PackageError) and error.unknown in found.spec.packages:
                found.without.add(error.unknown)
                self._say(f"{platform}: {error.message}")
                rest = tuple(name for name in found.spec.packages if name != error.unknown)
                found.spec = replace(found.spec, packages=rest)
                changed = True
            elif isinstance(error, IntegrityError) and found.spec.updates:
                self._say(
                    f"{platform}: {error.message}; taking {found.source.name} without its updates"
                )
                found.spec = replace(found.spec, updates=False)
                changed = True
        return changed

    def learn(self, results: Iterable[Result], left: Iterable[Platform]) -> frozenset[Platform]:
        """Add the packages that failed builds lack; return the platforms that get any.

        :param left: the platforms that are not built yet
        """
        needs: dict[Need, None] = {}
        for result in results:
            if result.status is Status.FAILED and result.log is not None:
                needs.update(dict.fromkeys(lacking(last(result.log), self._folder)))
        return self._look_up(needs, left)

    def _look_up(self, needs: Iterable[Need], platforms: Iterable[Platform]) -> frozenset[Platform]:
        """Add the packages for needs to some platforms; return those that get any."""
        listed = tuple(needs)
        news: dict[tuple[str, str, str], list[Platform]] = {}
        for platform in platforms:
            found = self._found.get(platform)
            if found is None or not listed:
                continue
            index = self._index(found.source)
            preferred = found.source.archive.preferred
            have = (*found.spec.packages, *found.source.essentials)
            found.answer = provide.answer(listed, index, have, preferred)
            taken = [one for one in found.answer.taken if one.package not in found.without]
            for one in taken:
                key = (one.package, found.source.name, _reason(one))
                news.setdefault(key, []).append(platform)
            names = {*found.spec.packages, *(one.package for one in taken)}
            found.spec = replace(found.spec, packages=release.packages(names))
        for (package, name, reason), for_ in news.items():
            listed_platforms = ", ".join(map(str, for_))
            self._say(f"taking {package} of {name} for {listed_platforms}: {reason}")
        return frozenset(platform for listed in news.values() for platform in listed)

    def _index(self, source: Source) -> Index:
        key = f"{source.name} {source.architecture}"
        if key not in self._indices:
            self._indices[key] = contents.nearest(source, self._table, self._progress)
        return self._indices[key]

    def open_questions(self, platform: Platform) -> tuple[str, ...]:
        """Return what could not be found out for a platform, a line each."""
        if platform not in self._found:
            return ()
        found = self._found[platform]
        if found is None:
            of = f"{platform} with {self._libc}" if self._libc else str(platform)
            return (f"no distribution has packages for {of}",)
        lines = [
            f"{one.need} is in {', '.join(one.packages)}: add one to packages of sysroot in"
            " xxpy.toml"
            for one in found.answer.unclear
        ]
        lines += [
            f"no package of {found.source.name} has {need}"
            for need in found.answer.unknown
            if not need.implied and advice.tool(need.things[0].name) is None  # of this machine
        ]
        return tuple(lines)

    def specs(self) -> Mapping[Platform, Spec]:
        """Return the packages of each platform that needs any."""
        return {
            platform: found.spec
            for platform, found in self._found.items()
            if found is not None and found.spec.packages
        }


def lacking(said: Iterable[str], folder: Path) -> tuple[Need, ...]:
    """Return what a failed build lacked of the target.

    :param said: the last lines of its log
    :param folder: the folder of the project
    """
    return tuple(wants.expanded(missing.needs(said), folder))


def _reason(taken: Taken) -> str:
    """Return why a package is taken: what needs which file."""
    has = f"it has {taken.path}" if taken.path else "the message names it"
    return f"{has}, for {taken.need.where}" if taken.need.where else has


def last(log: Path) -> list[str]:
    """Return the last lines of a log, each of bounded length."""
    try:
        with log.open(encoding="utf-8", errors="replace") as file:
            return [line[:_LINE] for line in deque(file, _LINES)]
    except OSError:
        return []
