"""The ways to build for a platform, and which one a platform goes.

===========  =====================================================================================
here         the build machine runs programs of the platform itself
cross        a compiler on the build machine makes programs for the platform
node         another machine, of that platform, has a BuildKit
emulation    the compiler itself runs under QEMU: ten times slower and more, but needs nothing else
===========  =====================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from xxpy.errors import ConfigurationError, nearest
from xxpy.table.platform import runnable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xxpy.table.load import Table
    from xxpy.table.platform import Platform


class Way(Enum):
    """How a platform is built."""

    HERE = "here"
    CROSS = "cross"
    NODE = "node"
    EMULATION = "emulation"


@dataclass(frozen=True, slots=True)
class Means:
    """What there is to build with.

    :param build: the build machine
    :param emulators: QEMU's names of the machines whose programs the kernel starts
    :param nodes: the platforms of each node, by its name
    :param refusals: why a platform cannot be cross-compiled, for those that cannot
    :param unknown: why it is not known whether a platform can be cross-compiled
    """

    build: Platform
    emulators: Collection[str]
    nodes: Mapping[str, tuple[Platform, ...]]
    refusals: Mapping[Platform, str]
    unknown: Mapping[Platform, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The way that one platform goes.

    :param way: None where there is none
    :param why: for people
    :param node: the name of the node, or ""
    """

    platform: Platform
    way: Way | None
    why: str
    node: str = ""


def way(name: str | None, where: str) -> Way | None:
    """Return the way of a name in the configuration; None chooses.

    :param where: the key, for the error
    :raises ConfigurationError: there is no such way
    """
    if name is None:
        return None
    names = [known.value for known in Way]
    if name not in names:
        raise ConfigurationError(
            f"{where}: unknown strategy {name}",
            nearest(name, names) or f"known are {', '.join(names)}",
        )
    return Way(name)


def decide(platform: Platform, wanted: Way | None, means: Means, table: Table) -> Decision:
    """Return the way of a platform: the one that is wanted and no other, else the first of here, cross, node and emulation."""
    if wanted is not None:
        open_, why, node = _look(wanted, platform, means, table)
        return (
            Decision(platform, wanted, "asked for", node)
            if open_
            else Decision(platform, None, f"strategy is {wanted.value}: {why}")
        )
    closed = []
    for candidate in Way:
        open_, why, node = _look(candidate, platform, means, table)
        if open_:
            return Decision(platform, candidate, why, node)
        closed.append(why)
    return Decision(platform, None, "; ".join(closed))


def _look(candidate: Way, platform: Platform, means: Means, table: Table) -> tuple[bool, str, str]:
    """Return whether a way is open, why, and the name of the node."""
    match candidate:
        case Way.HERE:
            same = platform in runnable(means.build, table.words)
            return same, f"this machine is {means.build}", ""
        case Way.CROSS:
            reason = means.refusals.get(platform)
            return (
                reason is None,
                reason or means.unknown.get(platform) or "the compiler here targets it",
                "",
            )
        case Way.NODE:
            name = next(
                (name for name, platforms in means.nodes.items() if platform in platforms), ""
            )
            return bool(name), f"node {name} has it" if name else "no node has it", name
        case Way.EMULATION:
            row = table.rows.get(platform.key)
            qemu = None if row is None else row.qemu
            if qemu is None:
                return False, "QEMU runs no programs of it", ""
            known = qemu.user in means.emulators
            return (
                known,
                f"qemu-{qemu.user} is registered"
                if known
                else f"qemu-{qemu.user} is not registered with the kernel",
                "",
            )
