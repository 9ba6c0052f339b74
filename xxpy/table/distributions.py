"""The parts of the table about distributions, archives, SDKs and configure scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - the loader reads the annotations at run time
from dataclasses import dataclass
from typing import Final

from xxpy.table import libc as c_library

_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?")
_FUNCTION: Final = "ac_cv_func_"
"""What the variables of Autoconf for functions begin with."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A Linux distribution.

    :param id: its ``ID`` in ``/etc/os-release``: ``debian``, ``alpine`` …
    :param libc: the name of its C library in triples, ``gnu`` or ``musl``
    :param names: the group with the architectures of its packages (``debian``, ``alpine``,
        ``rpm``), or None
    :param vendor_in_triple: whether its triples have the vendor
    :param alpine_spelling: whether its triples have Alpine's first words and ABIs
    :param foreign_root: whether the files of other platforms are below ``/TRIPLE/``
    """

    id: str
    title: str = ""
    libc: str = c_library.GNU
    names: str | None = None
    vendor_in_triple: bool = True
    alpine_spelling: bool = False
    foreign_root: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """One release of a distribution.

    :param number: such as ``12`` or ``24.04``
    :param codename: such as ``bookworm``
    :param glibc: its version of glibc, which is the newest that its programs need
    :param gcc: its version of GCC; None if xxpy cannot use its packages
    """

    number: str
    codename: str | None = None
    glibc: str | None = None
    gcc: int | None = None

    @property
    def usable(self) -> bool:
        """Whether xxpy can use its packages."""
        return self.gcc is not None and self.codename is not None


@dataclass(frozen=True, slots=True)
class Span:
    """The releases of one distribution that have packages for a platform.

    :param since: the first one, as a number that can be compared
    :param until: the last one, or None if the newest has them
    """

    since: int
    until: int | None

    def __contains__(self, release: str) -> bool:
        """Return whether the release with a number (``12``, ``24.04``) has packages."""
        return self.since <= number(release) <= (self.until or number(release))

    @classmethod
    def parse(cls, text: str) -> Span | None:
        """Read the value of an architecture, or return None if it is malformed.

        >>> Span.parse("5-13"), Span.parse("6.06"), Span.parse("sid")
        (Span(since=5, until=13), Span(since=606, until=None), None)
        """
        found = _SPAN.fullmatch(text)
        if found is None:
            return None
        return cls(number(found[1]), None if found[2] is None else number(found[2]))


def number(release: str) -> int:
    """Return a release as a number that can be compared.

    >>> number("12") < number("13"), number("6.06") < number("24.04")
    (True, True)
    """
    return int(release.replace(".", ""))


@dataclass(frozen=True, slots=True)
class Archive:
    """Where a distribution's packages are, and which of their files a compiler needs.

    ``{codename}`` and ``{gcc}`` stand for those of a release.

    :param mirror: the public archive
    :param suites: the suites to read, the release's own first
    :param keyring: the path at which the distribution's package installs the archive's keys
    :param essentials: the packages without which no C or C++ program links
    :param merged: the folders of ``/`` that are links into ``/usr``
    :param left_out: patterns of paths that no compiler reads
    :param security: a further archive with newer packages
    :param security_suites: the suites to read from it
    :param architectures: the first release with each architecture, by its name in packages, or the
        first and the last: ``8``, ``5-13``
    :param contents: the path of an index of the files in packages, below the folder of a suite;
        ``{component}`` and ``{name}`` (of an architecture) stand for their names
    :param preferred: patterns of the packages to take where several have a file
    :param ports: the archive of all architectures but the *main_architectures*, if it is a separate
        one
    """

    mirror: str
    suites: tuple[str, ...]
    keyring: str
    components: tuple[str, ...]
    essentials: tuple[str, ...]
    merged: tuple[str, ...]
    left_out: tuple[str, ...]
    architectures: Mapping[str, str]
    security: str | None = None
    security_suites: tuple[str, ...] = ()
    contents: str = "{component}/Contents-{name}"
    preferred: tuple[str, ...] = ()
    ports: str | None = None
    main_architectures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a sysroot is in an SDK.

    :param pattern: a pattern for its path in the SDK's folder; ``.`` means the folder itself
    :param marker: a path in the sysroot by which it is recognized
    """

    title: str
    pattern: str
    marker: str
    source: str


@dataclass(frozen=True, slots=True)
class Site:
    """The results of ``configure``'s run tests on a system, or with one of its libcs.

    :param answers: the results by their variables in Autoconf's cache
    """

    title: str
    source: str
    answers: Mapping[str, str]

    @property
    def absent(self) -> tuple[str, ...]:
        """The functions that the system lacks; a few are names of other tests, and no functions."""
        return tuple(
            name.removeprefix(_FUNCTION)
            for name, found in self.answers.items()
            if name.startswith(_FUNCTION) and found == "no"
        )


@dataclass(frozen=True, slots=True)
class Column:
    """The meaning of one group, and how to check its values.

    :param source: the page that the values come from
    :param check: the command or library that owns the names, or None if there is only the page
    :param keys: the meaning of each key of the group
    """

    title: str
    source: str
    keys: Mapping[str, str]
    check: str | None = None
