"""What a build needs of a target: headers, libraries and modules, before their packages are known.

A need has one or more things that satisfy it, because ``FindZLIB.cmake`` wants a header and a
library, and ``AC_SEARCH_LIBS`` takes the first library that there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a build looks for, with the word that messages use."""

    HEADER = "header"
    MODULE = "pkg-config module"
    LIBRARY = "library"
    CMAKE = "CMake package"
    FUNCTION = "function"
    PACKAGE = "package"
    VARIABLE = "variable of CMake"


@dataclass(frozen=True, slots=True)
class Thing:
    """One file, as build systems name it.

    :param name: ``zlib.h``, ``libpng`` (a module), ``z`` (a library), ``ZLIB`` (a CMake package),
        ``zlib1g-dev``; what only the project's files explain: ``deflate`` (a function),
        ``Z_LIBRARY`` (a variable of CMake)
    """

    kind: Kind
    name: str

    def __str__(self) -> str:
        """Return it for people.

        >>> str(Thing(Kind.MODULE, "libpng")), str(Thing(Kind.LIBRARY, "z"))
        ('the pkg-config module libpng', '-lz')
        """
        match self.kind:
            case Kind.HEADER | Kind.PACKAGE:
                return self.name
            case Kind.LIBRARY:
                return f"-l{self.name}"
            case _:
                return f"the {self.kind.value} {self.name}"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a build needs.

    :param things: what satisfies it, best first
    :param where: the place that says so: ``configure.ac:12``, or a line of the log
    :param implied: whether no message names it, so that the build may need something else
    """

    things: tuple[Thing, ...]
    where: str = ""
    implied: bool = False

    def __str__(self) -> str:
        """Return it for people."""
        return str(self.things[0])


def need(kind: Kind, *names: str, where: str = "") -> Need:
    """Return the need for any of several things of one kind."""
    return Need(tuple(Thing(kind, name) for name in names), where)
