"""One build of one project: what was asked for, its plan, and what its results must be."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xxpy import configuration
from xxpy.compiler.compiler import read_libc
from xxpy.language import project
from xxpy.language.registry import LANGUAGES
from xxpy.machine import resources, trust
from xxpy.request import build as request
from xxpy.runner import run
from xxpy.versions import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from xxpy.binary.verify import Requirements
    from xxpy.compiler.base.store import Tell
    from xxpy.configuration import Configuration
    from xxpy.language.language import Language
    from xxpy.language.options import Options
    from xxpy.language.place import Place
    from xxpy.request.build import Flags
    from xxpy.request.platforms import Asked
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Observer, Result
    from xxpy.table.columns import Row
    from xxpy.table.platform import Platform


@dataclass(frozen=True, slots=True)
class Session:
    """A build that has been asked for and planned.

    :param note: what else would have built programs, for people, or ""
    """

    settings: Configuration
    options: Options
    plan: Plan
    note: str = ""

    @property
    def work(self) -> Path:
        """The folder for the work folders of the project."""
        return resources.cache_folder(f"work/{self._name}")

    @property
    def _name(self) -> str:
        """The name of the project's folders in the cache, which build tools can take in whatever way they quote."""
        return resources.name_of(self.plan.folder)

    def keep_going(self, flag: bool | None) -> bool:
        """Return whether the other platforms are built when one fails: by the flag, else by the configuration."""
        return bool(self.settings.keep_going) if flag is None else flag

    def jobs(self, flag: int | None) -> int:
        """Return how many platforms are built at once: by the flag, the configuration, or the number of cores."""
        return flag or self.settings.jobs or os.cpu_count() or 1

    def run(self, observer: Observer, *, jobs: int, keep_going: bool) -> tuple[Result, ...]:
        """Build, verify and put in place; return how each platform ended.

        :raises OutputError: the output folder cannot be made
        """
        return run.run(
            self.plan,
            resources.table(),
            observer,
            environment=self.options.environment,
            logs=resources.cache_folder(f"logs/{self._name}"),
            work=self.work,
            jobs=jobs,
            keep_going=keep_going,
            requirements=self.requirements(),
        )

    def requirements(self) -> Mapping[Platform, Requirements]:
        """Return what is asked of the binaries of each platform: by the configuration, by its part for the platform, by the flags."""
        found = {}
        for step in self.plan.steps:
            own = self.options.per_platform.get(step.platform)
            configured = configuration.requirements(
                self.settings.verify, own.verify if own is not None else None
            )
            found[step.platform] = demanded(
                configured, self.options, resources.table().row(step.platform)
            )
        return found


def open_session(
    directory: Path,
    asked: Asked,
    flags: Flags,
    *,
    language: str | None = None,
    config: Path | None = None,
    shown: bool = False,
    tell: Tell | None = None,
    say: Callable[[Iterable[str]], object],
) -> Session:
    """Return the build of the project that *directory* belongs to, planned.

    :param directory: a folder, a C or C++ file, or ``folder/...``
    :param language: the kind of project, where its files do not tell
    :param config: the configuration, where it is not the project's own
    :param shown: whether the plan is only shown, so that nothing of the project is run and nothing
        of the user's changes for it
    :param tell: is told, in one line, that something slow has begun
    :param say: is given what half a platform was taken for
    :raises ProjectError: there is nothing to build
    :raises XxpyError: a platform, a flag or the configuration is wrong, or a tool is missing
        without which nothing is built
    """
    place, settings = project.read(directory, language, config)
    if shown:
        trust.only_read(place.root)
    found = project.kind(place, language or settings.language)
    kind = LANGUAGES[found.language]
    typed = kind.arguments(place, flags.arguments)
    wanted = request.options(settings, place.root, asked, replace(flags, arguments=typed), say)
    wanted = replace(wanted, packages=_packages(place, kind, typed, settings.packages), shown=shown)
    wanted = wanted if tell is None else replace(wanted, tell=tell)
    return Session(
        settings, wanted, kind.plan(place.root.resolve(), wanted, resources.table()), found.note
    )


def _packages(
    place: Place, language: Language, arguments: tuple[str, ...], configured: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the parts of the project to build: those that were named, else those of the configuration.

    :param arguments: those of the build tool, which may name parts, too
    """
    if place.file:
        return (place.file,)
    if language.names_parts(arguments):
        return ()
    return tuple(language.parts(place)) or (() if place.every else configured)


def demanded(configured: Requirements, options: Options, row: Row) -> Requirements:
    """Return what is asked of the binaries of a platform: what the configuration asks, and all that the build was asked for.

    Of two versions of glibc the older one counts.
    """
    static = configured.static or options.static
    if options.libc is None or not row.triple.libc:
        return replace(configured, static=static)
    libc, floor = read_libc(options.libc)
    versions = [found for found in (configured.glibc_max, floor) if found is not None]
    return replace(
        configured,
        static=static,
        libc=libc,
        linked=True,
        glibc_max=min(versions, key=dotted, default=None),
    )
