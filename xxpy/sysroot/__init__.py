"""Headers and libraries for a target, without root, without Docker and without emulation.

A sysroot is a folder that stands for the target's ``/``. :func:`find` returns the one that the user has added or imported,
:func:`ensure` the one with exactly the packages that a project wants, made when it is not there. What is there needs no network.
"""

from __future__ import annotations

import errno
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xxpy import resources
from xxpy.errors import OutputError, ToolError, UsageError
from xxpy.sysroot import cache, release, store
from xxpy.sysroot.apt import Apt, available
from xxpy.sysroot.description import Package, Progress, Silent, Spec, Sysroot
from xxpy.sysroot.unpack import Rules, finish, inventory, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xxpy.sysroot.release import Source
    from xxpy.table import Table
    from xxpy.target import Target

__all__ = ["Options", "Package", "Progress", "Spec", "Sysroot", "add", "ensure", "find"]

_FORM: Final = "1"
"""Changes when the same packages make another tree."""


@dataclass(frozen=True, slots=True)
class Options:
    """How packages are had.

    :param mirror: another address of the archive
    :param keyring: another file with the keys that sign it
    :param progress: who is told what happens
    """

    mirror: str | None = None
    keyring: str | None = None
    progress: Progress = field(default_factory=Silent)


_DEFAULT: Final = Options()


def find(target: Target, distribution: str | None = None) -> Sysroot | None:
    """Return the sysroot that was last added or imported for *target*, or None; those of projects (:func:`ensure`) do not count.

    :param distribution: only one of this release (``debian:bookworm``) or this name
    """
    for sysroot in store.all_of(target.row):
        wanted = distribution is None or distribution.replace(":", "-") == sysroot.name
        if wanted and not _of_project(sysroot.name) and sysroot.libc in {None, target.libc}:
            return sysroot
    return None


def ensure(spec: Spec, target: Target, table: Table, options: Options = _DEFAULT) -> Sysroot:
    """Return the sysroot of exactly these packages, and make it when it is not there.

    :raises UsageError: a distribution or the form of a package's name is wrong
    :raises UnsupportedPlatformError: the release does not have the platform
    :raises PackageError: a package is unknown or cannot be had together with the others
    :raises IntegrityError: a signature, a hash or a package is not as it should be
    :raises NetworkError: packages cannot be downloaded
    """
    source = _source(spec, target, table, options)
    packages = release.packages(spec.packages)
    name = f"{_name(source)}{_PROJECT}{hashlib.sha256(' '.join(packages).encode()).hexdigest()[:8]}"
    found = store.read(store.folder(target.row) / name)
    if found is not None:
        return found
    with store.locked(f"{source.triple}.{name}"):
        return store.read(store.folder(target.row) / name) or _make(name, packages, source, target, options)


def add(spec: Spec, target: Target, table: Table, options: Options = _DEFAULT) -> Sysroot:
    """Add packages to the target's sysroot of a release, the newest versions there are, and return it.

    :raises XxpyError: as :func:`ensure`
    """
    source = _source(spec, target, table, options)
    packages = release.packages(spec.packages)
    name = _name(source)
    with store.locked(f"{source.triple}.{name}"):
        before = store.read(store.folder(target.row) / name)
        kept = () if before is None else before.requested
        replaced = {package.partition("=")[0] for package in packages}
        wanted = release.packages([*packages, *(package for package in kept if package.partition("=")[0] not in replaced)])
        return _make(name, wanted, source, target, options)


_PROJECT: Final = "."
"""What stands in the names of sysroots that projects want."""


def _of_project(name: str) -> bool:
    return _PROJECT in name


def _name(source: Source) -> str:
    return source.name.replace(":", "-")


def _source(spec: Spec, target: Target, table: Table, options: Options) -> Source:
    found = release.source(spec.distribution, target.row, table, mirror=options.mirror, keyring=options.keyring)
    if target.libc != found.distribution.libc:
        raise UsageError(
            f"{found.distribution.title} has the libc {found.distribution.libc}, and the target is for {target.libc}",
            "import a sysroot that has it: xxpy sysroot import DIR",
        )
    return found


def _make(name: str, packages: Sequence[str], source: Source, target: Target, options: Options) -> Sysroot:
    """Resolve, download and unpack."""
    progress = options.progress
    state = resources.cache_folder(f"apt/{_name(source)}-{source.architecture}")
    try:
        with store.locked(f"apt.{state.name}"):
            if not available():
                raise ToolError("apt is missing, which finds the packages", "xxpy sysroot import DIR takes a sysroot from elsewhere")
            apt = Apt(source, state, progress)
            found = apt.resolve([*source.essentials, *packages])
            cache.fetch(found, apt, progress)
        return _build(name, packages, found, (source, target), progress)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise OutputError("no space is left on the disk", f"make room for {resources.cache_folder('sysroots')}") from error
        raise


def _build(name: str, requested: Sequence[str], packages: Sequence[Package], of: tuple[Source, Target], progress: Progress) -> Sysroot:
    source, target = of
    rules = Rules(source.archive.merged, source.archive.left_out)
    content = [_FORM, source.triple, source.name, list(requested), rules.merged, rules.left_out, [package.sha256 for package in packages]]
    key = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    def fill(root: Path) -> Sysroot:
        progress.step(f"unpacking {len(packages)} packages")
        for package in packages:
            unpack(cache.place(package), root, rules)
        finish(root, rules)
        return Sysroot(
            path=root,
            name=name,
            distribution=source.name,
            debian_triple=source.triple,
            glibc=source.release.glibc,
            libc=source.distribution.libc,
            requested=tuple(requested),
            packages=tuple(packages),
        )

    return store.build(target.row, name, key, fill, inventory)
