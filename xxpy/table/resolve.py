"""Resolve a platform on a distribution to a target with all its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.table.names import compose_triple
from xxpy.table.target import LIBC_VARIABLE, NO_DISTRIBUTION, VENDOR_VARIABLE, Target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.model import Table
    from xxpy.table.platform import Platform


def variables(table: Table) -> list[str]:
    """Return the variables that change names: those of every target, and those in rows."""
    parts = [row.triple for row in table.rows.values()]
    named = {
        name
        for part in parts
        for name in (part.word_variable, part.version_variable)
        if name is not None
    }
    return [VENDOR_VARIABLE, LIBC_VARIABLE, *sorted(named)]


def resolve(
    table: Table,
    platform: Platform,
    distribution: str = NO_DISTRIBUTION,
    *,
    os_version: str = "",
    build: Platform | None = None,
    variables: Mapping[str, str] | None = None,
    sdk: str = "",
) -> Target:
    """Resolve *platform* on *distribution*.

    :param distribution: the ``ID`` of os-release, or ``unknown`` without that file
    :param os_version: its ``VERSION_ID``
    :param build: the build machine; None if the table does not have it
    :param variables: the variables that override names: ``XX_VENDOR``, ``XX_LIBC`` and those in
        rows; an empty one counts as unset
    :param sdk: the SDK folder, for systems that have one; "" means the row's default
    :raises UnsupportedPlatformError: the table does not have the platform
    """
    given = variables or {}
    row = table.row(platform)
    system = table.distribution(distribution)
    parts = row.triple
    vendor = (
        parts.vendor
        if parts.vendor and parts.vendor_prevails
        else given.get(VENDOR_VARIABLE, "") or distribution
    )
    named_as = table.distribution(vendor)
    libc = given.get(LIBC_VARIABLE, "") or parts.libc_name or system.libc
    triple = compose_triple(row, libc, system, named_as, given)
    is_cross = build is None or build.os != platform.os or build.key not in table.rows
    if not is_cross and build is not None:
        is_cross = compose_triple(table.row(build), libc, system, named_as, given) != triple
    sysroot = "/"
    if row.sdk is not None:
        sysroot = sdk or row.sdk.default
    elif system.foreign_root and is_cross:
        sysroot = f"/{triple}/"
    return Target(row, system, named_as, os_version, vendor, libc, triple, sysroot, is_cross)
