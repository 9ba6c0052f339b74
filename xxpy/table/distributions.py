"""What the table says of distributions, archives, SDKs and configure scripts."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the loader reads the annotations at run time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Distribution:
    """A Linux distribution, as the ``ID`` of ``/etc/os-release`` names it.

    :param id: ``debian``, ``alpine`` …
    :param libc: the word of its C library in a triple, ``gnu`` or ``musl``
    :param names: the group whose ``arch`` its packages use (``debian``, ``alpine``, ``rpm``), or
        None
    :param vendor_in_triple: whether a triple of this system names the vendor
    :param alpine_spelling: whether first words and ABIs of triples are Alpine's
    :param foreign_root: whether another platform's files lie below ``/TRIPLE/``
    """

    id: str
    title: str = ""
    libc: str = "gnu"
    names: str | None = None
    vendor_in_triple: bool = True
    alpine_spelling: bool = False
    foreign_root: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """One release of a distribution: its number, its code name and the glibc that its programs need at most.

    :param gcc: the version of GCC whose libraries go with the release's C compiler; None where its
        packages cannot be taken
    """

    number: str
    codename: str | None = None
    glibc: str | None = None
    gcc: int | None = None

    @property
    def usable(self) -> bool:
        """Whether its packages can be taken."""
        return self.gcc is not None and self.codename is not None


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the packages of a distribution lie, and what of them a compiler needs. ``{codename}`` and ``{gcc}`` stand for a release's own.

    :param mirror: the archive that everybody can reach
    :param suites: the suites that it is read for, the release's own first
    :param keyring: the file with the keys that sign it, where the distribution's own package puts
        it
    :param essentials: the packages without which no C or C++ program links
    :param merged: the folders of ``/`` that are links into ``/usr``
    :param left_out: patterns of paths that no compiler reads
    :param security: a further archive with newer packages of its own, and its suites
    :param ports: the archive of all architectures but the *main_architectures*, where they have one
        of their own
    """

    mirror: str
    suites: tuple[str, ...]
    keyring: str
    components: tuple[str, ...]
    essentials: tuple[str, ...]
    merged: tuple[str, ...]
    left_out: tuple[str, ...]
    security: str | None = None
    security_suites: tuple[str, ...] = ()
    ports: str | None = None
    main_architectures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a sysroot lies in an SDK.

    :param pattern: of its path in the SDK's folder; ``.`` for the folder itself
    :param marker: a path in the sysroot that tells that it is one
    """

    title: str
    pattern: str
    marker: str
    source: str


@dataclass(frozen=True, slots=True)
class Site:
    """What the run tests of ``configure`` scripts find on a system, or with one libc of it, where they cannot run.

    :param answers: the variable of Autoconf's cache to what the test finds
    """

    title: str
    source: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """What one group means and where it can be checked.

    :param source: the page that the values come from
    :param check: the command or library that owns the names, or None where there is only the page
    :param keys: each key of the group, explained
    """

    title: str
    source: str
    keys: Mapping[str, str]
    check: str | None = None
