"""What a sysroot is, and what is asked for: plain data, and the form in which it is written down."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Protocol

from xxpy.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spec:
    """A sysroot that is wanted.

    :param distribution: ``debian:bookworm``, ``debian:12``, or ``debian`` for its newest release
    :param packages: the packages that it holds besides what every C and C++ program needs, as the distribution names them; one may be
        ``NAME=VERSION``
    :param updates: whether updates of the release are taken, those of its security among them
    """

    distribution: str
    packages: tuple[str, ...] = ()
    updates: bool = True


@dataclass(frozen=True, slots=True)
class Added:
    """A sysroot that is there already.

    :param name: what ``xxpy sysroot list`` calls it (``debian-bookworm``), the release (``debian:bookworm``, ``debian:12``), the
        distribution alone for the last one that was added of it, or the path of a folder
    """

    name: str


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """One package of one version: all that it takes to have it again.

    :param version: with its epoch, ``1:1.2.13.dfsg-1``
    :param architecture: ``arm64``, or ``all``
    :param archive: which archive of the distribution has it: ``main`` or ``security``
    :param path: where it lies in that archive, ``pool/main/z/zlib/zlib1g_1.2.13.dfsg-1_arm64.deb``
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
    :param distribution: where its files come from, ``debian:bookworm``; "" where it was imported
    :param debian_triple: the multi-arch tuple whose folders below ``usr/lib`` and ``usr/include`` it has, ``aarch64-linux-gnu``; "" without
    :param glibc: the version of its glibc, ``2.36``: what programs linked against it need at most; None where that is not known
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
    """Who is told what happens; nothing depends on it."""

    def step(self, text: str) -> None:
        """Something begins that takes a while: ``reading the package lists of debian:bookworm``."""

    def bytes(self, done: int, total: int) -> None:
        """So much of a download is there."""

    def warning(self, text: str) -> None:
        """Something is not as it should be, but does not stop the work."""


class Silent:
    """A :class:`Progress` that tells nobody."""

    def step(self, text: str) -> None:
        """Say nothing."""

    def bytes(self, done: int, total: int) -> None:
        """Say nothing."""

    def warning(self, text: str) -> None:
        """Say nothing."""


def packages_from(raw: object, where: str) -> tuple[Package, ...]:
    """Return the packages of a JSON document.

    :raises UsageError: they are of another form
    """
    kinds = {"str": str, "int": int}
    expected = {field.name: kinds[str(field.type)] for field in fields(Package)}
    if not isinstance(raw, list):
        raise UsageError(f"{where}: packages is not a list")
    for entry in raw:
        if not isinstance(entry, dict) or {key: type(value) for key, value in entry.items()} != expected:
            raise UsageError(f"{where}: {json.dumps(entry)[:80]} is no package", f"a package has the keys {', '.join(expected)}")
    return tuple(sorted(Package(**entry) for entry in raw))


def document(sysroot: Sysroot) -> dict[str, Any]:
    """Return a sysroot as JSON has it, without its own place."""
    found = asdict(sysroot)
    del found["path"], found["name"]
    return found
