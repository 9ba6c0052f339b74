"""The rows of ``toolchains/dockerfile/tools.toml``, one class for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.dockerfile.shell import Command


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
        """Whether a command knows the target: by an argument, its variables, or its stage's."""
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
    reads: tuple[str, ...] = ()
    """Files of the project that choose libraries."""
    choosing: tuple[str, ...] = ()
    """Lines there that choose by the machine, with ``*`` as in file names."""
    harmless: tuple[str, ...] = ()
    """Of them, those that choose only a tool of the build."""

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
    libc: str = ""
    """The C library of the distributions that have it."""
    rust: tuple[str, ...] = ()
    """Its packages of Rust that know no other machine."""


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
    :param downloaders: commands that fetch what a URL names
    """

    folders: tuple[str, ...]
    whole: tuple[str, ...]
    data: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    """Folders of packages, which may hold programs for one machine, with ``*`` and a last slash."""
    archives: tuple[str, ...] = ()
    """Files that hold others, in which nothing is verified."""
    downloaders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dotnet:
    """The SDK of .NET.

    :param images: those with the SDK, with ``*`` as in file names
    :param musl: images whose C library is musl
    :param since: the first version that takes BuildKit's names of architectures
    :param il: the machine field of code for every machine
    :param composite: what is XORed into the machine field of code compiled for Linux
    :param native: lines of a project, in small letters, of which a linker makes a program
    :param constant: lines that name one machine
    :param running: lines that run other programs
    """

    images: tuple[str, ...] = ()
    musl: tuple[str, ...] = ()
    since: int = 0
    il: int = 0
    composite: int = 0
    native: tuple[str, ...] = ()
    constant: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Crate:
    """A crate that links a library of the distribution.

    :param package: of apt
    :param unless: crates that bring the library themselves
    """

    crate: str
    package: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RustLibc:
    """Targets of Rust, with ``*`` as in file names, and the C library of their programs.

    :param bundled: Rust brings it, so that the system needs none
    """

    targets: tuple[str, ...]
    libc: str
    source: str
    bundled: bool = False


def verb_of(arguments: list[str], valued: Iterable[str] = ()) -> str:
    """Return the first argument that is not an option, its value, or a ``+toolchain``.

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
