"""What people are told about a build with a C compiler."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xxpy.kit.model import Kit


def remedy(made: Kit) -> str:
    """Return how to get a header or library that the target lacks, or "" for this machine's own."""
    from xxpy.machine import advice, facts, resources  # noqa: PLC0415 - only for failures
    from xxpy.table import availability  # noqa: PLC0415 - likewise

    target = made.target
    if not target.is_cross and made.tools.base is None:
        return ""
    machine = facts.release()
    source = (
        availability.best(target.row, target.libc, resources.table(), (machine.id, machine.version))
        if target.row.packaged
        else None
    )
    if target.row.sdk is not None:
        return (
            f"headers and libraries of {target.platform} are in its SDK (--sdk DIR);"
            " let the project build all others"
        )
    if source is None:
        return (
            f"use a folder with it (--sysroot DIR, for {target.platform}),"
            " or let the project build it"
        )
    finder = (
        ""
        if made.pkg_config is not None
        else f"\npkg-config, which finds them, is not installed: {advice.install('pkg-config')}"
    )
    return (
        f"libraries of {target.platform} come from a sysroot, not from this machine: "
        f"{_addition(made, *source)}{finder}"
    )


def _addition(made: Kit, name: str, adding: str) -> str:
    """Return how to add a package to the sysroot of a kit, or a sysroot to the build.

    :param name: the release that has the platform
    :param adding: the command that adds a package of that release, without the package
    """
    from xxpy.sysroot import named  # noqa: PLC0415 - likewise

    target = made.target
    if made.sysroot is not None:
        return (
            "add NAME-dev to packages of sysroot in xxpy.toml, or:"
            f" xxpy sysroot add --platform {target.platform} NAME-dev"
        )
    there = next((found.distribution or found.name for found in named.shared(target)), None)
    if there is None:
        return f"{adding} NAME-dev, then --sysroot {name}; or sysroot in xxpy.toml"
    return (
        f"add --sysroot {there}, or sysroot in xxpy.toml; if it lacks the package, first"
        f" {adding} NAME-dev"
    )


def compilers(kits: Iterable[Kit]) -> str:
    """Return the compilers of a build for people: the most used one, then the others."""
    found: dict[str, list[str]] = {}
    for made in kits:
        found.setdefault(made.compiler, []).append(str(made.target.platform))
    most, *others = sorted(found, key=lambda name: -len(found[name])) or [""]
    return ", ".join([most, *(f"{name} for {' '.join(found[name])}" for name in others)])


def family(kits: Iterable[Kit]) -> str:
    """Return the family of compilers that most kits have, or ""."""
    names = [made.family for made in kits]
    return max(names, key=names.count, default="")


def first_uses(kits: Iterable[Kit]) -> tuple[str, ...]:
    """Return notes about compilers that must first build the libc of a target, which takes time."""
    slow = [made for made in kits if made.tools.own_libraries and made.tools.base is None]
    return tuple(
        f"{made.compiler} may have to build its libc for {made.target.platform} once,"
        " which takes seconds to minutes"
        for made in slow
    )
