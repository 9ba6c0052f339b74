"""The interface of languages and build systems: one :class:`Language`, made by its package.

:mod:`xxpy.language.registry` lists them. A new language is one package with a ``LANGUAGE``, and one
row there: detection, ``--language``, ``xxpy plan``, ``xxpy doctor``, the JSON schema and the help
texts read the registry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.language.place import Place
    from xxpy.machine.checks import Check
    from xxpy.runner.plan import Plan
    from xxpy.sysroot.needs import Need
    from xxpy.table.columns import Row
    from xxpy.table.model import Table


class Planner(Protocol):
    """Makes the plan of a build."""

    def __call__(self, folder: Path, options: Options, table: Table) -> Plan:
        """Return the plan of a build.

        A platform that cannot be built is refused in the plan, and the others can still be built.

        :raises ToolError: a tool that every build needs is missing
        :raises ProjectError: there is nothing to build
        """


class Programs(Protocol):
    """Tells from the files of a project whether it builds programs."""

    def __call__(self, folder: Path, /) -> bool | None:
        """Return whether the project in *folder* builds programs, or None if it is unknown."""


class Root(Protocol):
    """Tells whether a project builds what is in a folder below it."""

    def __call__(self, marker: Path, start: Path, *, inside: bool) -> Path | None:
        """Return the folder of the whole project, or None if it does not build *start*.

        :param marker: the file that marks the project, in *start* or above it
        :param inside: whether *marker* is in the same repository as *start*
        """


class Parts(Protocol):
    """Finds the parts of a project in the folder that the user has named."""

    def __call__(self, place: Place, /) -> Iterable[str]:
        """Return the parts by the build tool's names; none means all."""


class Arguments(Protocol):
    """Translates arguments of the build tool that name folders."""

    def __call__(self, place: Place, arguments: tuple[str, ...], /) -> tuple[str, ...]:
        """Return the arguments relative to the folder of the project."""


class NamesParts(Protocol):
    """Tells whether arguments of the build tool name parts of the project."""

    def __call__(self, arguments: tuple[str, ...], /) -> bool:
        """Return whether one of the arguments names a part."""


class Variables(Protocol):
    """Returns the variables that make a language's own tools build for a platform."""

    def __call__(
        self, row: Row, made: Kit | None, options: Options, user: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Return the variables for a command that the user runs (``xxpy exec``).

        :param made: the kit for the platform, or None if no C compiler builds for it
        :param user: the user's environment
        :raises UsageError: the request contradicts a variable of the user's
        """


class Doctor(Protocol):
    """Checks for a language what ``xxpy doctor`` shows."""

    def __call__(self, table: Table, /) -> Iterable[Check]:
        """Return the checks."""


class Needs(Protocol):
    """Reads from the files of a project what it needs of the target in any case."""

    def __call__(self, folder: Path, /) -> Iterable[Need]:
        """Yield the needs; nothing of the project is run."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program of the build machine that a project uses.

    :param name: its key in ``toolchains/machine/tools.toml``
    :param program: its name on PATH
    :param where: the place that says so: ``configure.ac:12``
    :param sure: whether no build does without it
    """

    name: str
    program: str
    where: str
    sure: bool = False


class Tools(Protocol):
    """Reads from the files of a project which programs of the build machine it uses."""

    def __call__(self, folder: Path, /) -> Iterable[Tool]:
        """Yield the tools of the table; nothing of the project is run."""


def _below_the_marker(marker: Path, start: Path, *, inside: bool) -> Path | None:  # noqa: ARG001 - a Root
    """Return the marker's folder, for build systems that build everything below in a repository."""
    return marker.parent if inside else None


def _no_parts(_place: Place, /) -> Iterable[str]:
    return ()


def _as_they_are(_place: Place, arguments: tuple[str, ...], /) -> tuple[str, ...]:
    return arguments


def _never(_arguments: tuple[str, ...], /) -> bool:
    return False


def _no_variables(
    row: Row,  # noqa: ARG001 - likewise
    made: Kit | None,  # noqa: ARG001 - likewise
    options: Options,  # noqa: ARG001 - likewise
    user: Mapping[str, str],  # noqa: ARG001 - Variables
) -> Mapping[str, str]:
    return {}


def _no_needs(_folder: Path, /) -> Iterable[Need]:
    return ()


def _no_tools(_folder: Path, /) -> Iterable[Tool]:
    return ()


def _no_checks(_table: Table, /) -> Iterable[Check]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One kind of project.

    :param name: its name in ``--language`` and ``xxpy.toml``
    :param title: the name of such a project, for people
    :param markers: the files that mark such a project, best first; none if its sources do
    :param suffixes: the endings of its sources
    :param single: whether a single source is a project
    :param build_system: whether it builds sources of other languages, whose own manifests take
        precedence
    :param calls_others: whether its files may only call other build systems
    :param calls: matches calls of the language's tool in a Makefile
    :param patterns: whether ``folder/...`` means every part below a folder
    :param examples: keys of ``xxpy.toml`` that such projects set most, each with a usual value
    """

    name: str
    title: str
    plan: Planner
    programs: Programs
    markers: tuple[str, ...] = ()
    suffixes: frozenset[str] = frozenset()
    single: bool = False
    build_system: bool = False
    calls_others: bool = False
    calls: re.Pattern[str] | None = None
    patterns: bool = False
    examples: Mapping[str, tuple[str, ...] | bool] = field(default_factory=dict)
    root: Root = _below_the_marker
    parts: Parts = _no_parts
    arguments: Arguments = _as_they_are
    names_parts: NamesParts = _never
    variables: Variables = _no_variables
    doctor: Doctor = _no_checks
    needs: Needs = _no_needs
    tools: Tools = _no_tools

    def marker(self, folder: Path) -> str | None:
        """Return the name of the file in *folder* that marks such a project, or None."""
        return next((name for name in self.markers if (folder / name).is_file()), None)
