"""Choose the C compiler for a target and explain the choice.

It is the first that is installed and can build for the target, in the order of the registry.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.registry import AUTO, CHOICES, FAMILIES
from xxpy.errors import ToolError, UsageError, nearest
from xxpy.versions import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from xxpy.compiler.compiler import Compiler, Family, Tools, Wanted

_WITHOUT_SDK: Final = (
    "without an SDK: the system's libraries and frameworks are linked by their names, and which"
    " symbols they have is not checked; C that includes their headers needs --sdk DIR"
)
"""What `--explain` says of a system whose SDK only its maker has."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A compiler for one target.

    :param lines: what became of each compiler, a line each, for people
    """

    compiler: Compiler
    tools: Tools
    lines: tuple[str, ...]


def prefer(wanted: Iterable[Wanted], environment: Mapping[str, str]) -> str:
    """Return the family that can build for most targets, so that one build has one compiler.

    Of several that can build for equally many, it is the first.
    """
    listed = tuple(wanted)
    found: dict[str, int] = {}

    def least() -> int:
        """Return for how many targets a family can build that is judged without trials."""
        for name, family in FAMILIES.items():
            if family.BY_TABLE and name not in found:
                found[name] = _count(family, listed, environment, lambda: 0)
        return max(found.values(), default=0)

    for name, family in FAMILIES.items():
        if name not in found:
            found[name] = _count(family, listed, environment, least)
        if found[name] == len(listed):
            return name
    return max(FAMILIES, key=lambda name: found[name])


def _count(
    family: Family,
    listed: Sequence[Wanted],
    environment: Mapping[str, str],
    least: Callable[[], int],
) -> int:
    """Return for how many targets a family can build, or a smaller number.

    A trial takes a tenth of a second. So the count ends when it cannot reach *least* any more.
    """
    able = 0
    at_once = os.cpu_count() or 1
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        for begin in range(0, len(listed), at_once):
            part = listed[begin : begin + at_once]
            able += sum(pool.map(lambda each: _able(family, each, environment), part))
            tried = begin + len(part)
            if able < tried and able + len(listed) - tried < least():
                break
    return able


def _able(family: Family, wanted: Wanted, environment: Mapping[str, str]) -> bool:
    try:
        family.find(wanted, environment).tools(wanted)
    except ToolError:
        return False
    return True


def _check_floor(wanted: Wanted) -> None:
    """Refuse a floor older than the sysroot's glibc, which its libraries need with any compiler.

    :raises ToolError: the two exclude each other
    """
    glibc = None if wanted.sysroot is None else wanted.sysroot.glibc
    if wanted.floor is None or glibc is None or numbers(glibc) <= numbers(wanted.floor):
        return
    raise ToolError(
        f"the sysroot for {wanted.target.platform} has glibc {glibc}, "
        f"but programs must run on glibc {wanted.floor}",
        f"--libc gnu.{glibc}   or   a sysroot of an older release   or   --no-sysroot",
    )


def choose(
    wanted: Wanted, environment: Mapping[str, str], family: str = AUTO, first: str = ""
) -> Choice:
    """Return the first compiler that can build for the target, or the one of *family*.

    :param first: the family that is tried before the others
    :raises ToolError: none can; the hint has the reason of each and the shortest remedies
    :raises UsageError: xxpy knows no such *family*
    """
    _check(wanted, family)
    lines: list[str] = []
    chosen: tuple[Compiler, Tools] | None = None
    installed: set[str] = set()
    order = sorted(FAMILIES, key=lambda name: name != first) if family == AUTO else [family]
    for name in order:
        try:
            compiler = FAMILIES[name].find(wanted, environment)
        except ToolError as error:
            lines.append(f"{name:<13} {error.message}")
            continue
        installed.add(name)
        label = f"{name} {compiler.version}"
        if chosen is not None:
            lines.append(f"{label:<13} not needed")
            continue
        try:
            chosen = compiler, compiler.tools(wanted)
        except ToolError as error:
            lines.append(f"{label:<13} cannot: {error.message}")
            continue
        source = f"({compiler.program}, from {compiler.origin})"
        lines.append(f"{label:<13} chosen: {compiler.strengths(wanted)} {source}")
    if chosen is None:
        raise _none(wanted, lines, order, installed)
    row = wanted.target.row
    if row.sdk is not None and row.stubs is not None and wanted.sdk is None:
        lines.append(_WITHOUT_SDK)
    head = f"{wanted.target.platform} → {wanted.target.triple}"
    compiler, tools = chosen
    tools = replace(tools, version=compiler.driver_version())
    return Choice(compiler, tools, (head, *(f"  {line}" for line in lines)))


def _check(wanted: Wanted, family: str) -> None:
    """Refuse what no compiler can do.

    :raises ToolError: the target is restricted, the folder has no SDK, or the floor is impossible
    :raises UsageError: xxpy knows no such *family*
    """
    if family not in CHOICES:
        raise UsageError(
            f"unknown compiler {family}",
            nearest(family, FAMILIES) or f"expected one of: {', '.join(CHOICES)}",
        )
    row = wanted.target.row
    if row.restriction is not None:
        raise ToolError(
            f"no C compiler on this machine can build for {row.platform}", row.restriction.reason
        )
    sdk = row.sdk
    if wanted.sdk is not None and sdk is not None and not (wanted.sdk / sdk.header).is_file():
        raise ToolError(
            f"no SDK in the folder {wanted.sdk}: {sdk.header} is missing",
            f"name the SDK's own folder, such as {Path(sdk.default).name}",
        )
    _check_floor(wanted)


def _none(
    wanted: Wanted, lines: Sequence[str], families: Iterable[str], installed: Container[str]
) -> ToolError:
    """Return the error for a target that no compiler can build for, with the shortest remedies."""
    remedies = (FAMILIES[name].remedy(wanted, installed=name in installed) for name in families)
    shortest = sorted(filter(None, remedies), key=len)[:2]
    offer = [f"fix: {'   or   '.join(shortest)}"]
    target = wanted.target
    return ToolError(
        f"there is no C compiler for {target.platform} ({target.triple})",
        "\n".join([*lines, *(offer if shortest else [])]),
    )
