"""Choose the C compiler for a target, and say why: what is installed and able to do it, in the order of :data:`FAMILIES`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.compiler import clang, gcc, zig
from xxpy.errors import ToolError, UsageError, nearest
from xxpy.versions import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.compiler.compiler import Compiler, Family, Tools, Wanted

AUTO: Final = "auto"
_IN_SDK: Final = "usr/include/stdio.h"
FAMILIES: Final[Mapping[str, Family]] = {"clang": clang, "gcc": gcc, "zig": zig}
"""Every compiler, best first: those that use the target's own libraries before the one that brings a libc."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A compiler for one target.

    :param lines: what was looked at and why this one, a line each, for people
    """

    compiler: Compiler
    tools: Tools
    lines: tuple[str, ...]


def prefer(wanted: Iterable[Wanted], environment: Mapping[str, str]) -> str:
    """Return the family that can do most of what is wanted, so that one build has one compiler; of several the first."""
    listed = tuple(wanted)
    found: dict[str, int] = {}
    for name, family in FAMILIES.items():
        found[name] = sum(_able(family, each, environment) for each in listed)
        if found[name] == len(listed):
            return name
    return max(found, key=lambda name: found[name])


def _able(family: Family, wanted: Wanted, environment: Mapping[str, str]) -> bool:
    try:
        family.find(wanted, environment).tools(wanted)
    except ToolError:
        return False
    return True


def _check_floor(wanted: Wanted) -> None:
    """Refuse a floor that is older than the glibc of the sysroot: its libraries would need the newer one, whatever compiler links them.

    :raises ToolError: the two exclude each other
    """
    there = None if wanted.sysroot is None else wanted.sysroot.glibc
    if wanted.floor is None or there is None or numbers(there) <= numbers(wanted.floor):
        return
    raise ToolError(
        f"the sysroot for {wanted.target.platform} has glibc {there}, and programs are to run on glibc {wanted.floor}",
        f"three ways: --libc gnu.{there}   or   a sysroot of an older release   or   --no-sysroot",
    )


def choose(
    wanted: Wanted, environment: Mapping[str, str], family: str = AUTO, first: str = ""
) -> Choice:
    """Return the first compiler that can do it, or the one of *family*.

    :param first: the family that is tried before the others

    :raises ToolError: none can; the hint has the reason of each and the shortest ways to get one
    :raises UsageError: *family* is none that xxpy knows
    """
    if family not in {AUTO, *FAMILIES}:
        raise UsageError(
            f"unknown compiler {family}",
            nearest(family, FAMILIES) or f"known are auto, {', '.join(FAMILIES)}",
        )
    platform = wanted.target.platform
    if wanted.target.row.restriction is not None:
        raise ToolError(
            f"no C compiler here can build for {platform}", wanted.target.row.restriction.reason
        )
    if (
        wanted.sdk is not None
        and wanted.target.row.sdk is not None
        and not (wanted.sdk / _IN_SDK).is_file()
    ):
        raise ToolError(
            f"no SDK in the folder {wanted.sdk}: {_IN_SDK} is missing",
            "name the folder MacOSX.sdk itself",
        )
    _check_floor(wanted)
    lines = [f"{platform} → {wanted.target.triple}"]
    chosen: tuple[Compiler, Tools] | None = None
    installed: set[str] = set()
    order = sorted(FAMILIES, key=lambda name: name != first)
    for name in order if family == AUTO else (family,):
        try:
            compiler = FAMILIES[name].find(wanted, environment)
        except ToolError as error:
            lines.append(f"  {name:<13} {error.message}")
            continue
        installed.add(name)
        label = f"{name} {compiler.version}"
        if chosen is not None:
            lines.append(f"  {label:<13} not needed")
            continue
        try:
            chosen = compiler, compiler.tools(wanted)
        except ToolError as error:
            lines.append(f"  {label:<13} cannot: {error.message}")
            continue
        lines.append(
            f"  {label:<13} chosen: {compiler.strengths(wanted)} ({compiler.program}, from {compiler.origin})"
        )
    if chosen is None:
        ways = [
            way
            for name in (FAMILIES if family == AUTO else (family,))
            if (way := FAMILIES[name].ways(wanted, installed=name in installed))
        ]
        hint = [line.strip() for line in lines[1:]]
        if ways:
            shortest = sorted(ways, key=len)[:2]
            hint.append(
                f"{'two ways' if len(shortest) > 1 else 'one way'}: {'   or   '.join(shortest)}"
            )
        raise ToolError(
            f"there is no C compiler for {platform} ({wanted.target.triple})", "\n".join(hint)
        )
    return Choice(*chosen, tuple(lines))
