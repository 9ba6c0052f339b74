"""What a language or build system is to xxpy: one :class:`Language`, which its package makes.

:mod:`xxpy.language.registry` lists them. A new language is one package with a ``LANGUAGE`` and one
row there: detection, ``--language``, ``xxpy plan``, ``xxpy doctor``, the JSON schema and the help
texts read the registry.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    from xxpy.table.columns import Row
    from xxpy.table.load import Table


class Planner(Protocol):
    """How the plan of a build is made."""

    def __call__(self, folder: Path, options: Options, table: Table) -> Plan:
        """Return the plan of a build.

        A platform that cannot be built is refused in the plan and keeps no other from being built.

        :raises ToolError: a tool without which nothing is built is missing
        :raises ProjectError: there is nothing to build
        """


class Programs(Protocol):
    """Whether the files of a project say that it builds programs."""

    def __call__(self, folder: Path, /) -> bool | None:
        """Return whether the project in *folder* builds programs; None where its files do not tell."""


class Root(Protocol):
    """Whether a project builds what is in a folder below it."""

    def __call__(self, marker: Path, start: Path, *, inside: bool) -> Path | None:
        """Return the folder of the whole project, or None where it does not build what is in *start*.

        :param marker: the file that tells of the project, in *start* or above it
        :param inside: whether *marker* is in the same repository as *start*
        """


class Parts(Protocol):
    """The parts of a project that a user has named by a folder."""

    def __call__(self, place: Place, /) -> Iterable[str]:
        """Return the parts, as the build tool calls them; none means all."""


class Arguments(Protocol):
    """Arguments of the build tool that name folders."""

    def __call__(self, place: Place, arguments: tuple[str, ...], /) -> tuple[str, ...]:
        """Return the arguments as seen from the folder of the project."""


class NamesParts(Protocol):
    """Whether arguments of the build tool name parts of the project."""

    def __call__(self, arguments: tuple[str, ...], /) -> bool:
        """Return whether one of the arguments does."""


class Variables(Protocol):
    """The variables by which a language's own tools build for a platform."""

    def __call__(
        self, row: Row, made: Kit | None, options: Options, user: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Return the variables, for a command that the user runs (``xxpy exec``).

        :param made: the kit for the platform, or None where no C compiler builds for it
        :param user: the user's environment
        :raises UsageError: what is asked for contradicts a variable of the user's
        """


class Doctor(Protocol):
    """What ``xxpy doctor`` says of a language."""

    def __call__(self, table: Table, /) -> Iterable[Check]:
        """Return the checks."""


def _below_the_marker(marker: Path, start: Path, *, inside: bool) -> Path | None:  # noqa: ARG001 - a Root
    """Return the folder of the marker, for build systems that build whatever is below it in the same repository."""
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


def _no_checks(_table: Table, /) -> Iterable[Check]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One kind of project.

    :param name: what ``--language`` and ``xxpy.toml`` call it
    :param title: what people call such a project
    :param markers: the files that tell of one, best first; none where its sources do
    :param suffixes: how the names of its sources end
    :param single: whether one source is a project
    :param build_system: whether it builds sources of other languages, so that a language's own
        manifest goes before it
    :param calls_others: whether its files may only call other build systems
    :param calls: how a Makefile calls the language's tool
    :param patterns: whether ``folder/...`` means every part below
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
    root: Root = _below_the_marker
    parts: Parts = _no_parts
    arguments: Arguments = _as_they_are
    names_parts: NamesParts = _never
    variables: Variables = _no_variables
    doctor: Doctor = _no_checks

    def marker(self, folder: Path) -> str | None:
        """Return the name of the file in *folder* that tells of such a project, or None."""
        return next((name for name in self.markers if (folder / name).is_file()), None)
