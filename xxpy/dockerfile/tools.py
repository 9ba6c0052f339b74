"""The rows of ``toolchains/dockerfile/tools.toml``: what commands, packages and images mean in a Dockerfile."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from xxpy.errors import TableError, nearest
from xxpy.table.decode import Getter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.dockerfile.shell import Command

FILE: Final = "dockerfile/tools.toml"
"""Where the rows stand, below ``toolchains/``."""

KINDS: Final = ("compile", "configure", "test")
DOES: Final = ("neutral", "asks", "portable", "packages", "tools", "refused")
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Tool:
    """What a command does.

    :param commands: its names, with ``*`` as in file names
    :param verbs: the first arguments that are meant; none means any
    :param without: arguments that say that something else is meant
    :param kind: ``compile``, ``configure`` or ``test``
    :param how: the conversion that knows it, or ""
    :param why: without a conversion: what people must look at
    :param aware: arguments and variables that show that the command is told the target
    :param valued: options whose value is the next argument
    :param anywhere: the verbs may be any argument, as the targets of make
    """

    commands: tuple[str, ...]
    kind: str
    source: str
    verbs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    how: str = ""
    why: str = ""
    aware: tuple[str, ...] = ()
    valued: tuple[str, ...] = ()
    anywhere: bool = False

    def fits(self, command: Command) -> bool:
        """Whether a command is meant by this row."""
        words = [word.text for word in command.arguments]
        if not matches(command.name, self.commands):
            return False
        given = words if self.anywhere else [verb_of(words, self.valued)]
        if self.verbs and not any(word in self.verbs for word in given):
            return False
        return not any(word in self.without for word in words)

    def is_aware(self, command: Command, variables: Mapping[str, str]) -> bool:
        """Whether a command is told the target, by an argument, a variable before it, or one of its stage."""
        own = [word.text for word in (*command.arguments, *command.assignments)]
        around = [name for name, value in variables.items() if "TARGET" in value]
        return any(matches(text, self.aware) for text in (*own, *around))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a command does that neither compiles nor installs packages.

    :param verbs: the first arguments that are meant; none means any
    :param valued: options whose value is the next argument
    :param has: the row fits only with one of these arguments, with ``*`` as in file names
    :param without: the row does not fit with one of these
    :param does: one of :data:`DOES`
    :param why: what is not understood
    :param fix: what a person could change
    """

    commands: tuple[str, ...]
    does: str
    source: str
    verbs: tuple[str, ...] = ()
    valued: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    why: str = ""
    fix: str = ""

    def fits(self, name: str, arguments: list[str]) -> bool:
        """Whether a command is meant by this row."""
        if not matches(name, self.commands):
            return False
        if self.verbs and verb_of(arguments, self.valued) not in self.verbs:
            return False
        if self.has and not any(matches(word, self.has) for word in arguments):
            return False
        return not any(matches(word, self.without) for word in arguments)


@dataclass(frozen=True, slots=True)
class Package:
    """What a package becomes when one cross-compiles.

    :param build: packages of the build machine; ``=`` is the package itself, which then stays
    :param target: packages of the target; ``=`` is the package itself
    """

    names: tuple[str, ...]
    target: tuple[str, ...]
    source: str
    build: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manager:
    """A manager of packages: its commands and how a step that installs begins."""

    commands: tuple[str, ...]
    verb: str
    build: str
    target: str
    wrappers: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Image:
    """Images and the manager of packages in them."""

    names: tuple[str, ...]
    manager: str


@dataclass(frozen=True, slots=True)
class Language:
    """The images that hold a language's tools."""

    name: str
    images: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class System:
    """Folders of a stage.

    :param folders: those of the distribution
    :param whole: folders that hold some of them
    :param data: those without programs
    :param shared: caches that every platform may share, with ``*`` as in file names
    """

    folders: tuple[str, ...]
    whole: tuple[str, ...]
    data: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crate:
    """A crate that links a library of the distribution.

    :param package: of apt
    :param unless: crates that bring the library themselves
    """

    crate: str
    package: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tools:
    """All rows."""

    tools: tuple[Tool, ...]
    packages: tuple[Package, ...]
    managers: Mapping[str, Manager]
    images: tuple[Image, ...]
    languages: tuple[Language, ...]
    system: System
    platforms: tuple[str, ...]
    meanings: tuple[Meaning, ...] = ()
    installers: tuple[str, ...] = ()
    sourced: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
    crates: tuple[Crate, ...] = ()
    c_modules: tuple[str, ...] = ()

    def meaning(self, name: str, arguments: list[str]) -> Meaning | None:
        """Return the first row of ``[[command]]`` that fits."""
        return next((row for row in self.meanings if row.fits(name, arguments)), None)

    def of(self, command: Command) -> Tool | None:
        """Return the first row that fits a command."""
        return next((tool for tool in self.tools if tool.fits(command)), None)

    def package(self, name: str) -> Package | None:
        """Return what stands in for a package; None for a tool, which stays."""
        return next(
            (
                package
                for package in self.packages
                if matches(name.partition("=")[0], package.names)
            ),
            None,
        )

    def manager_of(self, command: Command) -> Manager | None:
        """Return the manager that installs packages by this command."""
        found = (manager for manager in self.managers.values() if command.name in manager.commands)
        return next(
            (
                manager
                for manager in found
                if any(word.text == manager.verb for word in command.arguments)
            ),
            None,
        )

    def manager_in(self, image: str) -> Manager | None:
        """Return the manager of packages in an image."""
        found = next((row.manager for row in self.images if matches(image, row.names)), None)
        return self.managers[found] if found else None

    def language_in(self, image: str) -> str:
        """Return the language whose tools an image holds, or ""."""
        return next((row.name for row in self.languages if matches(image, row.images)), "")

    @cached_property
    def wrappers(self) -> frozenset[str]:
        """The names of the commands that install packages of the target."""
        return frozenset(name for manager in self.managers.values() for name in manager.wrappers)


def verb_of(arguments: list[str], valued: Iterable[str] = ()) -> str:
    """Return the first argument that is no option, no value of one, and no ``+toolchain``.

    >>> verb_of(["-C", "src", "build", "./..."], ["-C"])
    'build'
    """
    skip = False
    for word in arguments:
        if skip:
            skip = False
        elif word in valued:
            skip = True
        elif word[:1] not in {"-", "+"}:
            return word
    return ""


def matches(text: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns, with ``*`` as in file names, fits a text."""
    return any(fnmatchcase(text, pattern) for pattern in patterns)


def load(text: str) -> Tools:
    """Return the rows in the text of the file.

    :raises TableError: with all faults
    """
    faults: list[str] = []
    getter = Getter(faults)
    raw = tomllib.loads(text)
    known = (
        "tool",
        "package",
        "manager",
        "image",
        "language",
        "system",
        "inline",
        "command",
        "installers",
        "sourced",
        "native",
        "crate",
        "cgo",
    )
    faults += [
        f"{FILE}: {key}: unknown section; {nearest(key, known)}" for key in raw if key not in known
    ]

    def rows(kind: type[_Row], section: str) -> tuple[_Row, ...]:
        entries: list[Any] = raw.get(section, [])
        made = (
            getter.build(kind, entry, f"{FILE}: {section}[{number}]")
            for number, entry in enumerate(entries)
        )
        return tuple(row for row in made if row is not None)

    tools = rows(Tool, "tool")
    for entry in raw.get("command", ()):
        entry["has"] = entry.pop("with", [])
    meanings = rows(Meaning, "command")
    faults += [
        f"{FILE}: command {row.commands[0]}.does: {row.does!r} is not one of {', '.join(DOES)}"
        for row in meanings
        if row.does not in DOES
    ]
    faults += [
        f"{FILE}: tool {tool.commands[0]}.kind: {tool.kind!r} is not one of {', '.join(KINDS)}"
        for tool in tools
        if tool.kind not in KINDS
    ]
    managers = {
        name: getter.build(Manager, entry, f"{FILE}: manager.{name}")
        for name, entry in raw.get("manager", {}).items()
    }
    system = getter.build(System, raw.get("system", {}), f"{FILE}: system")
    images = rows(Image, "image")
    faults += [
        f"{FILE}: image {row.names[0]}.manager: {row.manager!r} is no manager"
        for row in images
        if row.manager not in managers
    ]
    made = Tools(
        tools,
        rows(Package, "package"),
        {name: manager for name, manager in managers.items() if manager is not None},
        images,
        rows(Language, "language"),
        system or System((), ()),
        tuple(raw.get("inline", {}).get("platforms", ())),
        meanings,
        tuple(raw.get("installers", {}).get("urls", ())),
        tuple(raw.get("sourced", {}).get("files", ())),
        tuple(raw.get("native", {}).get("options", ())),
        rows(Crate, "crate"),
        tuple(raw.get("cgo", {}).get("modules", ())),
    )
    if faults:
        raise TableError(faults)
    return made
