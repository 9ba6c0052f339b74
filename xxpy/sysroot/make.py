"""Make a sysroot from packages: find them, download them, unpack them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from xxpy.errors import IntegrityError, NetworkError, OutputError, PackageError, UsageError
from xxpy.machine import resources, shortage
from xxpy.sysroot import apt, cache, lock, release, store
from xxpy.sysroot.apt import Apt
from xxpy.sysroot.description import Progress, Silent, Sysroot
from xxpy.sysroot.unpack import Rules, finish, inventory, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xxpy.sysroot.description import Package
    from xxpy.sysroot.release import Source
    from xxpy.table.columns import Row

_FORM: Final = "1"
"""Changes when the same packages make a different tree."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to get packages.

    :param mirror: another address of the archive
    :param keyring: another file with the keys that sign it
    :param lock: the lock file to read and write, or None
    :param locked: whether packages must be those of the lock file
    :param progress: what progress is reported to
    """

    mirror: str | None = None
    keyring: str | None = None
    lock: Path | None = None
    locked: bool = False
    progress: Progress = field(default_factory=Silent)


class Finder(cache.Fetcher, Protocol):
    """Something that knows packages and can download them."""

    def resolve(self, packages: Sequence[str]) -> tuple[Package, ...]:
        """Return these packages and everything that they depend on."""

    def names(self) -> frozenset[str]:
        """Return the names of all packages."""


@dataclass(frozen=True, slots=True)
class Order:
    """A sysroot to make.

    :param name: its name
    :param requested: the packages that were asked for
    """

    name: str
    requested: tuple[str, ...]
    source: Source
    row: Row
    options: Options


def finder(source: Source, progress: Progress) -> Finder:
    """Return apt if it is installed, or else the reader of package lists that does without it."""
    state = resources.cache_folder(f"apt/{source.name.replace(':', '-')}-{source.architecture}")
    if apt.available():
        return Apt(source, state, progress)
    from xxpy.sysroot.indices import Indices  # noqa: PLC0415 - its libraries are loaded only where apt is missing

    return Indices(source, state, progress)


def locked_packages(order: Order) -> tuple[Package, ...] | None:
    """Return the packages that the lock file has for an order, or None if it has others or none.

    :raises UsageError: the lock file must have them and does not
    """
    options = order.options
    if options.lock is None:
        return None
    entry = lock.read(options.lock).get((order.source.name, order.source.architecture))
    if entry is not None and release.packages(entry.requested) == order.requested:
        return entry.packages
    if options.locked:
        has = "nothing" if entry is None else " ".join(entry.requested) or "no further packages"
        raise UsageError(
            f"{options.lock} has {has} for {order.source.name} {order.source.architecture},"
            f" not {' '.join(order.requested)}",
            "leave out --locked to update it",
        )
    return None


def make(order: Order, packages: Sequence[Package] | None = None) -> Sysroot:
    """Make a sysroot from these packages, or from those that are found for the requested ones.

    :raises XxpyError: packages are unknown, damaged or unreachable, or there is no room for them
    """
    source, options = order.source, order.options
    try:
        with store.locked(f"packages.{source.name}-{source.architecture}"):
            found = finder(source, options.progress)
            chosen = (
                found.resolve([*source.essentials, *order.requested])
                if packages is None
                else packages
            )
            cache.fetch(chosen, found, options.progress)
        made = _build(order, chosen)
    except OSError as error:
        short = shortage.of_error(error)
        if short is None:
            raise
        raise shortage.error(short, "", [resources.cache_path("sysroots")]) from error
    if options.lock is not None and not options.locked:
        lock.write(options.lock, made, source.architecture)
    return made


def of_other_machines(error: PackageError, order: Order, own: Source) -> PackageError:
    """Return the error for an unknown package, which says if it exists for this machine.

    :param own: the packages of the same release for this machine
    """
    source = order.source
    if own.architecture == source.architecture:
        return error
    try:
        with store.locked(f"packages.{own.name}-{own.architecture}"):
            names = finder(own, order.options.progress).names()
    except (IntegrityError, NetworkError, OutputError):
        return error
    if error.unknown not in names:
        return error
    message = (
        f"{source.name} has {error.unknown} for {own.architecture},"
        f" but not for {source.architecture}"
    )
    return PackageError(
        message,
        "install programs that run during the build with this machine's package manager",
        error.unknown,
    )


def _build(order: Order, packages: Sequence[Package]) -> Sysroot:
    """Unpack packages from the cache into a sysroot, unless the same one already exists."""
    source = order.source
    rules = Rules(source.archive.merged, source.archive.left_out)
    content = [
        _FORM,
        source.triple,
        source.name,
        order.requested,
        rules.merged,
        rules.left_out,
        [package.sha256 for package in packages],
    ]
    key = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    def fill(root: Path) -> Sysroot:
        """Unpack the packages into a folder, and describe it."""
        order.options.progress.step(f"unpacking {len(packages)} packages")
        for package in packages:
            unpack(cache.place_of(package), root, rules)
        finish(root, rules)
        return Sysroot(
            path=root,
            name=order.name,
            distribution=source.name,
            debian_triple=source.triple,
            glibc=source.release.glibc,
            libc=source.distribution.libc,
            requested=order.requested,
            packages=tuple(packages),
        )

    return store.build(order.row, order.name, key, fill, inventory)
