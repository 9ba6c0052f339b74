"""The strategies for building for a platform, and which one a platform gets.

===========  =====================================================================================
native       the build machine itself runs programs of the platform
cross        a compiler on the build machine makes programs for the platform
node         another machine, of that platform, runs BuildKit
emulation    the compiler runs under QEMU: ten times slower or more, but it needs nothing else
===========  =====================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from xxpy import configuration
from xxpy.errors import ConfigurationError, nearest
from xxpy.table.platform import runnable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from xxpy.configuration import Configuration, PerPlatform
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform


class Strategy(Enum):
    """How a platform is built."""

    NATIVE = "native"
    CROSS = "cross"
    NODE = "node"
    EMULATION = "emulation"


_DEPRECATED: Final = {"here": Strategy.NATIVE}
"""Former names, which the configuration may use for one more release."""


@dataclass(frozen=True, slots=True)
class Means:
    """What is available to build with.

    :param build: the build machine
    :param emulators: QEMU's names of the machines whose programs the kernel starts
    :param nodes: the platforms of each node, by the node's name
    :param refusals: why a platform cannot be cross-compiled, for those that cannot
    :param unknown: why it is unknown whether a platform can be cross-compiled
    """

    build: Platform
    emulators: Collection[str]
    nodes: Mapping[str, tuple[Platform, ...]]
    refusals: Mapping[Platform, str]
    unknown: Mapping[Platform, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The strategy for one platform.

    :param strategy: None if no strategy works
    :param why: the reason, for people
    :param node: the name of the node, or ""
    """

    platform: Platform
    strategy: Strategy | None
    why: str
    node: str = ""


def named(
    name: str | None, where: str, say: Callable[[Iterable[str]], object] = lambda _: None
) -> Strategy | None:
    """Return the strategy that the configuration names; None lets xxpy choose.

    :param where: the key, for the error
    :param say: prints a note about a deprecated name
    :raises ConfigurationError: no strategy has this name
    """
    if name is None:
        return None
    if name in _DEPRECATED:
        new = _DEPRECATED[name]
        say([f'{where}: "{name}" is deprecated; write "{new.value}"'])
        return new
    names = [known.value for known in Strategy]
    if name not in names:
        raise ConfigurationError(
            f"{where}: unknown strategy {name}",
            nearest(name, names) or f"expected one of: {', '.join(names)}",
        )
    return Strategy(name)


def configured(
    settings: Configuration,
    per_platform: Mapping[Platform, PerPlatform],
    say: Callable[[Iterable[str]], object] = lambda _: None,
) -> Mapping[Platform | None, Strategy | None]:
    """Return the strategies that the configuration names, by platform; None is all others.

    :param say: prints a note about a deprecated name
    :raises ConfigurationError: no strategy has such a name
    """
    file = configuration.FILE
    found: dict[Platform | None, Strategy | None] = {
        None: named(settings.strategy, f"{file}: strategy", say)
    }
    for platform, own in per_platform.items():
        key = f"{file}: platform.{platform}.strategy"
        found[platform] = named(own.strategy, key, say) or found[None]
    return found


def decide(platform: Platform, wanted: Strategy | None, means: Means, table: Table) -> Decision:
    """Return the strategy for a platform.

    It is the one that is wanted and no other, or else the first that works of native, cross, node
    and emulation.
    """
    if wanted is not None:
        works, why, node = _look(wanted, platform, means, table)
        if works:
            return Decision(platform, wanted, f"set in {configuration.FILE}", node)
        return Decision(platform, None, f"strategy is {wanted.value}: {why}")
    reasons = []
    for candidate in Strategy:
        works, why, node = _look(candidate, platform, means, table)
        if works:
            return Decision(platform, candidate, why, node)
        reasons.append(why)
    return Decision(platform, None, "; ".join(reasons))


def _look(
    candidate: Strategy, platform: Platform, means: Means, table: Table
) -> tuple[bool, str, str]:
    """Return whether a strategy works, why, and the name of the node."""
    match candidate:
        case Strategy.NATIVE:
            same = platform in runnable(means.build, table.words)
            return same, f"this machine is {means.build}", ""
        case Strategy.CROSS:
            reason = means.refusals.get(platform)
            why = reason or means.unknown.get(platform) or "a compiler on this machine targets it"
            return reason is None, why, ""
        case Strategy.NODE:
            nodes = (name for name, platforms in means.nodes.items() if platform in platforms)
            name = next(nodes, "")
            return bool(name), f"node {name} has it" if name else "no node has it", name
        case Strategy.EMULATION:
            works, why = _emulated(platform, means, table)
            return works, why, ""


def _emulated(platform: Platform, means: Means, table: Table) -> tuple[bool, str]:
    """Return whether QEMU runs programs of a platform on this machine, and why."""
    row = table.rows.get(platform.key)
    qemu = None if row is None else row.qemu
    if qemu is None:
        return False, "QEMU cannot run its programs"
    if qemu.user in means.emulators:
        return True, f"qemu-{qemu.user} is registered"
    return False, f"qemu-{qemu.user} is not registered with the kernel"
