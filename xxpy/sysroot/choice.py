"""Find the sysroot that a project or a user wants, and make it if needed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from xxpy.errors import PackageError, ToolError, UnsupportedPlatformError, UsageError
from xxpy.machine import facts, trust
from xxpy.sysroot import named, release, store
from xxpy.sysroot.description import Added, Spec
from xxpy.sysroot.make import Options, Order, locked_packages, make, of_other_machines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xxpy.sysroot.description import Package, Sysroot
    from xxpy.sysroot.release import Source
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.table.target import Target

_DEFAULT: Final = Options()


def find(target: Target, distribution: str | None = None) -> Sysroot | None:
    """Return the sysroot that was last added or imported for *target*, or None.

    Sysroots of projects (:func:`ensure`) do not count.

    :param distribution: only the one of this release (``debian:bookworm``), or of this name
    """
    for sysroot in named.shared(target):
        asked = distribution is None or distribution.replace(":", "-") == sysroot.name
        if asked and sysroot.libc in {None, target.libc} and store.hold(sysroot):
            return sysroot
    return None


def ensure(spec: Spec, target: Target, table: Table, options: Options = _DEFAULT) -> Sysroot:
    """Return the sysroot of exactly these packages, making it if needed.

    The versions are those in the lock file, if there is one. If it lacks these packages, it is
    written.

    :raises UsageError: a distribution, the form of a package's name or the lock file is wrong
    :raises UnsupportedPlatformError: the release does not have the platform
    :raises PackageError: a package is unknown, or conflicts with the others
    :raises IntegrityError: a signature, a hash or a package is wrong
    :raises NetworkError: packages cannot be downloaded
    """
    source = _source_for(spec, target, table, options)
    requested = release.packages(spec.packages)
    packages = locked_packages(Order("", requested, source, target.row, options))
    content = " ".join(
        [
            *(() if spec.updates else ("without updates",)),
            *requested,
            *(package.sha256 for package in packages or ()),
        ]
    )
    name = f"{_name(source)}{named.PROJECT}{hashlib.sha256(content.encode()).hexdigest()[:8]}"
    order = Order(name, requested, source, target.row, options)
    known = packages is not None or options.lock is None
    with store.locked(f"{source.triple}.{name}"):
        found = store.read(store.folder(target.row) / name) if known else None
        found = found if found is not None and store.hold(found) else None
        if found is None and trust.is_reading():
            raise _unmade(source, target)
        return found or _made(order, packages, spec, table)


def _unmade(source: Source, target: Target) -> ToolError:
    """Return the error for a missing sysroot, in a command that fetches nothing."""
    return ToolError(
        f"what can be built is unknown until the sysroot of {source.name}"
        f" for {target.platform} is made",
        "a build makes it; commands that only read fetch nothing",
        unknown=True,
    )


def wanted(spec: Spec | Added, target: Target, table: Table) -> Sysroot | None:
    """Return the sysroot that a project or a user wants, or None.

    Nothing else in the cache matters: the same request has the same answer on every machine.

    :raises XxpyError: as :func:`ensure`, or there is no sysroot of that name
    """
    match spec:
        case Spec():
            return ensure(spec, target, table) if target.row.packaged else None
        case Added():
            return named.resolve(spec, target, table)


def possible(spec: Spec | Added | None, target: Target, table: Table) -> None:
    """Refuse a sysroot that cannot be made for a target, before anything is fetched.

    :raises UsageError: there is no such distribution or release, or it has another libc
    :raises UnsupportedPlatformError: the release does not have the platform
    """
    if isinstance(spec, Spec) and target.row.packaged:
        _source_for(spec, target, table, _DEFAULT)


def add(spec: Spec, target: Target, table: Table, options: Options = _DEFAULT) -> Sysroot:
    """Add the newest versions of packages to the target's sysroot of a release, and return it.

    :raises XxpyError: as :func:`ensure`
    """
    source = _source_for(spec, target, table, options)
    name = _name(source)
    with store.locked(f"{source.triple}.{name}"):
        before = store.read(store.folder(target.row) / name)
        kept = () if before is None or options.locked else before.requested
        replaced = {package.partition("=")[0] for package in spec.packages}
        requested = [
            *spec.packages,
            *(package for package in kept if package.partition("=")[0] not in replaced),
        ]
        order = Order(name, release.packages(requested), source, target.row, options)
        return _made(order, locked_packages(order) if options.locked else None, spec, table)


def _name(source: Source) -> str:
    return source.name.replace(":", "-")


def _made(order: Order, packages: Sequence[Package] | None, spec: Spec, table: Table) -> Sysroot:
    """Make a sysroot; an error says if this machine's architecture has an unknown package."""
    try:
        return make(order, packages)
    except PackageError as error:
        if not error.unknown:
            raise
        try:
            row = table.row(facts.platform(table.words))
            own = _source(spec, row, table, order.options)
        except UnsupportedPlatformError:
            raise error from None
        raise of_other_machines(error, order, own) from None


def _source(spec: Spec, row: Row, table: Table, options: Options) -> Source:
    return release.source(
        spec.distribution,
        row,
        table,
        mirror=options.mirror,
        keyring=options.keyring,
        updates=spec.updates,
    )


def _source_for(spec: Spec, target: Target, table: Table, options: Options) -> Source:
    identity = spec.distribution.partition(":")[0]
    libc = table.distribution(identity).libc
    if target.row.packaged and identity in table.archives and target.libc != libc:
        raise UsageError(
            f"the sysroot {spec.distribution} has the libc {libc}, but {target.platform} is built"
            f" for {target.libc}",
            f"two ways: --no-sysroot   or   a folder with {target.libc}: --sysroot DIR",
        )
    return _source(spec, target.row, table, options)
