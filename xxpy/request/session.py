"""One build of one project: its options, its plan, and the requirements for its results."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xxpy import configuration
from xxpy.binary.requirements import unchecked
from xxpy.fleet import strategy
from xxpy.language import project
from xxpy.language.registry import LANGUAGES
from xxpy.machine import resources, trust
from xxpy.request import build as request
from xxpy.request import checks, following
from xxpy.runner import run
from xxpy.runner.kept import Kept
from xxpy.table import libc as c_library
from xxpy.versions import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from xxpy.binary.requirements import Requirements
    from xxpy.compiler.base.store import Tell
    from xxpy.configuration import Configuration
    from xxpy.language.language import Language
    from xxpy.language.options import Options
    from xxpy.language.place import Place
    from xxpy.request.build import Flags
    from xxpy.request.inputs import Inputs
    from xxpy.request.platforms import Asked
    from xxpy.runner.outputs import Output
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Observer, Result
    from xxpy.table.columns import Row
    from xxpy.table.platform import Platform


@dataclass(frozen=True, slots=True)
class Session:
    """A planned build.

    :param note: which other build systems the project has, for people, or ""
    :param config: the file with the configuration, which need not exist
    """

    settings: Configuration
    options: Options
    plan: Plan
    note: str = ""
    config: Path = Path(configuration.FILE)

    @property
    def work(self) -> Path:
        """The folder for the work folders of the project."""
        return resources.cache_folder(f"work/{self._name}")

    @property
    def _name(self) -> str:
        """The name of the project's folders in the cache, which needs no quotes in any tool."""
        return resources.name_of(self.plan.folder)

    def keep_going(self, flag: bool | None) -> bool:
        """Return whether to build the other platforms when one fails."""
        return bool(self.settings.keep_going) if flag is None else flag

    def jobs(self, flag: int | None) -> int:
        """Return how many platforms to build at once; by default the number of cores."""
        return flag or self.settings.jobs or os.cpu_count() or 1

    def run(
        self,
        observer: Observer,
        *,
        jobs: int,
        keep_going: bool,
        reuse: bool | None = None,
        incremental: bool | None = None,
    ) -> tuple[Result, ...]:
        """Build and verify all platforms, and return the results.

        :param reuse: whether results of an earlier build are used again if nothing has changed
        :param incremental: whether build tools compile only what has changed
        :raises OutputError: the output folder cannot be made
        """
        requirements = self.requirements()
        again = bool(self.settings.reuse) if reuse is None else reuse
        going = bool(self.settings.incremental) if incremental is None else incremental
        known = None if False in {reuse, self.settings.reuse} else self.plan.known
        kept = Kept(resources.cache_folder(f"results/{self._name}"))
        found = self._inputs(requirements) if again or going or known is not None else None
        if again and found is not None:
            kept = replace(kept, keys=found.keys(), unchanged=found.unchanged)
        elif found is not None and known is not None:
            keys = found.known(known.trees)
            kept = replace(kept, keys=keys, unchanged=known.unchanged)
        told = following.Advised(observer, self.plan, self.options, resources.table())
        results = run.run(
            self.plan,
            resources.table(),
            told,
            environment=self.options.environment,
            logs=resources.cache_folder(f"logs/{self._name}"),
            work=self.work,
            jobs=jobs,
            keep_going=keep_going,
            requirements=requirements,
            kept=kept,
            going=found.settings() if going and found is not None else {},
        )
        return told.results(results)

    def _inputs(self, requirements: Mapping[Platform, Requirements]) -> Inputs:
        """Return what tells what the steps read."""
        from xxpy.request import inputs  # noqa: PLC0415 - only where results are used again

        return inputs.Inputs(self.plan, self.options.environment, requirements)

    def joined(self) -> Mapping[str, tuple[Output, ...]]:
        """Join the results of platforms into universal binaries, and return them by triple.

        :raises XxpyError: they cannot be joined
        """
        if not self.options.universal:
            return {}
        from xxpy.runner import universal  # noqa: PLC0415 - only for universal binaries

        return {
            name: universal.join(
                f"{platforms[0].os}_{name.partition('-')[0]}",
                platforms,
                self.options.output,
                resources.table(),
            )
            for name, platforms in self.options.universal.items()
        }

    def inapplicable(self) -> tuple[str, ...]:
        """Return the requirements that say nothing about some platforms, a line each."""
        table = resources.table()
        asked = (
            (table.row(platform), replace(one, libc=self.options.libc or one.libc))
            for platform, one in self.requirements().items()
        )
        return tuple(unchecked(asked))

    def requirements(self) -> Mapping[Platform, Requirements]:
        """Return the requirements for the binaries of each platform, by settings and flags."""
        found = {}
        for step in self.plan.steps:
            own = self.options.per_platform.get(step.platform)
            configured = configuration.requirements(
                self.settings.verify, own.verify if own is not None else None
            )
            found[step.platform] = required(
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
    """Plan a build of the project that *directory* belongs to.

    :param directory: a folder, a C or C++ file, or ``folder/...``
    :param language: the kind of project, if its files do not tell
    :param config: the configuration file, if it is not the project's own
    :param shown: whether the plan is only shown, so that nothing in the project is run and none of
        the user's files change
    :param tell: called with one line when something slow begins
    :param say: called with notes on how single words were understood
    :raises ProjectError: there is nothing to build
    :raises XxpyError: a platform, a flag or the configuration is wrong, or a required tool is
        missing
    """
    place, settings = project.read(directory, language, config)
    checks.check(settings)
    if shown:
        trust.only_read(place.root)
    found = project.kind(place, language or settings.language)
    kind = LANGUAGES[found.language]
    typed = kind.arguments(place, flags.arguments)
    if flags.finding is not None:
        flags.finding.read(place.root, found.language)
    wanted = request.options(settings, place.root, asked, replace(flags, arguments=typed), say)
    strategy.configured(settings, wanted.per_platform, say)
    wanted = replace(wanted, packages=_packages(place, kind, typed, settings.packages), shown=shown)
    wanted = wanted if tell is None else replace(wanted, tell=tell)
    plan = kind.plan(place.root.resolve(), wanted, resources.table().with_rust(wanted.rust))
    plan = replace(plan, request=_request(place, wanted.output, flags.arguments))
    if flags.finding is not None and wanted.automatic:
        plan = replace(plan, explanation=(*plan.explanation, *flags.finding.explained()))
    opened = Session(settings, wanted, plan, found.note, config or place.root / configuration.FILE)
    warnings = (*plan.warnings, *opened.inapplicable())
    return replace(opened, plan=replace(plan, warnings=warnings))


def _request(place: Place, output: Path, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words for what is built: the part of the project, and the arguments.

    The project is relative to the output, so that both can be moved together.
    """
    start = os.path.relpath(place.start.resolve(), output.resolve())
    return (start, "..." if place.every else place.file, *arguments)


def _packages(
    place: Place, language: Language, arguments: tuple[str, ...], configured: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the parts of the project to build: the user's, or else those of the configuration.

    :param arguments: the arguments of the build tool, which may name parts too
    """
    if place.file:
        return (place.file,)
    if language.names_parts(arguments):
        return ()
    return tuple(language.parts(place)) or (() if place.every else configured)


def required(configured: Requirements, options: Options, row: Row) -> Requirements:
    """Return the requirements for the binaries of a platform, from the configuration and the flags.

    Of two versions of glibc the older one counts.
    """
    static = configured.static or options.static
    if options.libc is None or not row.triple.libc:
        return replace(configured, static=static)
    libc, floor = c_library.read(options.libc)
    versions = [found for found in (configured.glibc_max, floor) if found is not None]
    return replace(
        configured,
        static=static,
        libc=libc,
        linked=True,
        glibc_max=min(versions, key=dotted, default=None),
    )
