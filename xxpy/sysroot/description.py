"""Describe sysroots that exist and that are wanted: plain data, and its form in JSON."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Protocol

from xxpy import bounds
from xxpy.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spec:
    """A sysroot that is wanted.

    :param distribution: ``debian:bookworm``, ``debian:12``, or ``debian`` for its newest release
    :param packages: packages besides what every C and C++ program needs, by the distribution's
        names; one may be ``NAME=VERSION``
    :param updates: whether to include updates of the release, such as security updates
    """

    distribution: str
    packages: tuple[str, ...] = ()
    updates: bool = True


@dataclass(frozen=True, slots=True)
class Added:
    """A sysroot that already exists.

    :param name: what ``xxpy sysroot list`` calls it (``debian-bookworm``), the release
        (``debian:bookworm``, ``debian:12``), the distribution alone for the last one that was added
        of it, or the path of a folder
    """

    name: str


AUTO: Final = "auto"
"""The name of the sysroot whose packages a build finds out."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """A sysroot whose packages the build finds out.

    :param start: the packages that it has in any case, or None
    """

    start: Spec | None = None


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """One version of a package: all that is needed to get it again.

    :param version: with its epoch, ``1:1.2.13.dfsg-1``
    :param architecture: ``arm64``, or ``all``
    :param archive: which archive of the distribution has it: ``main`` or ``security``
    :param path: its path in that archive, ``pool/main/z/zlib/zlib1g_1.2.13.dfsg-1_arm64.deb``
    :param size: in bytes
    :param sha256: in hexadecimal
    """

    name: str
    version: str
    architecture: str
    archive: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sysroot:
    """A folder that stands for the target's ``/``: headers and libraries for a compiler.

    :param path: the folder
    :param name: what ``xxpy sysroot`` calls it: ``debian-bookworm``
    :param distribution: where its files come from, ``debian:bookworm``; "" if it was imported
    :param debian_triple: the multi-arch tuple whose folders below ``usr/lib`` and ``usr/include``
        it has, ``aarch64-linux-gnu``; "" without
    :param glibc: the version of its glibc, ``2.36``: what programs linked against it need at most;
        None where that is not known
    :param libc: ``gnu`` or ``musl``; None where it is not known
    :param requested: the packages that were asked for
    :param packages: all that it holds
    """

    path: Path
    name: str
    distribution: str
    debian_triple: str
    glibc: str | None
    libc: str | None = None
    requested: tuple[str, ...] = ()
    packages: tuple[Package, ...] = ()

    @property
    def imported(self) -> bool:
        """Whether it is somebody else's folder, taken as it is."""
        return not self.distribution


class Progress(Protocol):
    """Something that reports progress; nothing depends on it."""

    def step(self, text: str) -> None:
        """Something slow begins: ``reading the package lists of debian:bookworm``."""

    def bytes(self, done: int, total: int) -> None:
        """This much of a download has come."""

    def alive(self, done: int) -> None:
        """The work goes on: this many bytes have come, of an unknown number."""

    def warning(self, text: str) -> None:
        """Something is wrong, but the work goes on."""


class Silent:
    """A :class:`Progress` that tells nobody."""

    def step(self, text: str) -> None:
        """Do nothing."""

    def bytes(self, done: int, total: int) -> None:
        """Do nothing."""

    def alive(self, done: int) -> None:
        """Do nothing."""

    def warning(self, text: str) -> None:
        """Do nothing."""


PACKAGE: Final = re.compile(r"[a-z0-9][a-z0-9+.-]+")
"""The name of a package.

See https://www.debian.org/doc/debian-policy/ch-controlfields.html#source.
"""

_FORMS: Final = {
    "name": PACKAGE,
    "version": re.compile(r"[A-Za-z0-9.+~:-]+"),
    "architecture": re.compile(r"[a-z0-9][a-z0-9-]*"),
    "archive": re.compile(r"[a-z][a-z0-9-]*"),
    "path": re.compile(r"(?:(?!\.\.?/)[A-Za-z0-9.+~:_%@=,-]+/)*(?!\.\.?$)[A-Za-z0-9.+~:_%@=,-]+"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
}
"""The form of each text of a package; some of them become paths and addresses."""

_MOST: Final = 4 << 30
"""The maximum size of a package in bytes, twice that of the largest ones."""


def fault(package: Package) -> str:
    """Return what is wrong with a package from a document, or ""."""
    for name, form in _FORMS.items():
        if not form.fullmatch(getattr(package, name)):
            return f"{bounds.shown(getattr(package, name))} is not the {name} of a package"
    if not 0 <= package.size <= _MOST:
        return f"{package.size} is not the size of a package, whose limit is {bounds.size(_MOST)}"
    return ""


def packages_from(raw: object, where: str) -> tuple[Package, ...]:
    """Return the packages of a JSON document.

    :raises UsageError: they are malformed
    """
    kinds = {"str": str, "int": int}
    expected = {field.name: kinds[str(field.type)] for field in fields(Package)}
    if not isinstance(raw, list):
        raise UsageError(f"{where}: packages is not a list")
    for entry in raw:
        if (
            not isinstance(entry, dict)
            or {key: type(value) for key, value in entry.items()} != expected
        ):
            raise UsageError(
                f"{where}: {bounds.shown(entry)} is not a package",
                f"a package has the keys {', '.join(expected)}",
            )
        if wrong := fault(Package(**entry)):
            raise UsageError(
                f"{where}: {wrong}", "restore the file from where it came, or create it again"
            )
    return tuple(sorted(Package(**entry) for entry in raw))


def document(sysroot: Sysroot) -> dict[str, Any]:
    """Return a sysroot for JSON, without its own path."""
    found = asdict(sysroot)
    del found["path"], found["name"]
    return found
