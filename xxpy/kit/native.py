"""The build machine's own tools, for programs that run during a build, such as generators.

Plain ``cc``, ``c++``, ``ld`` and ``pkg-config`` are always these; the target's tools have the
triple before their names, and variables name them. Tools that only handle files (:data:`ON_FILES`)
are one command for both: it looks at the file to see which tool to run.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.machine import programs, resources
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform

ON_FILES: Final = ("ar", "ranlib", "nm", "strip", "objcopy", "objdump", "readelf")
"""Commands that also have a plain name: it runs the target's tool for the target's files, and
otherwise this machine's."""

PLAIN: Final = frozenset({"windres", "dlltool"})
"""Commands that also have a plain name because only the target's system has them."""

COMPILERS: Final[Mapping[str, tuple[str, ...]]] = {
    "CC": ("cc", "gcc", "clang"),
    "CXX": ("c++", "g++", "clang++"),
}
"""The names of this machine's compilers, best first, by the variable for the target's."""

_PROGRAMS: Final[Mapping[str, tuple[str, ...]]] = {
    **COMPILERS,
    "AR": ("ar",),
    "RANLIB": ("ranlib",),
    "NM": ("nm",),
    "STRIP": ("strip",),
    "OBJCOPY": ("objcopy",),
    "OBJDUMP": ("objdump",),
    "LD": ("ld",),
    "PKG_CONFIG": ("pkg-config", "pkgconf"),
}
"""The names of this machine's programs, best first, by the variable for the target's."""

_VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "CC": ("CC_FOR_BUILD", "BUILD_CC", "HOSTCC", "HOST_CC", "CC_host"),
    "CXX": ("CXX_FOR_BUILD", "BUILD_CXX", "HOSTCXX", "HOST_CXX", "CXX_host"),
    "AR": ("AR_FOR_BUILD", "BUILD_AR", "HOSTAR", "HOST_AR", "AR_host"),
    "RANLIB": ("RANLIB_FOR_BUILD", "HOST_RANLIB"),
    "NM": ("NM_FOR_BUILD",),
    "STRIP": ("STRIP_FOR_BUILD",),
    "LD": ("LD_FOR_BUILD", "HOSTLD"),
    "PKG_CONFIG": ("PKG_CONFIG_FOR_BUILD", "HOST_PKG_CONFIG", "HOSTPKG_CONFIG"),
}
"""The variables that name this machine's programs: those of Autoconf and Meson, of Kbuild, of the
crates cc and pkg-config, and of gyp."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a kit needs to know about this machine's own tools.

    :param tools: the installed ones of :data:`ON_FILES`, by name
    :param beginning: a shell pattern for the first bytes of this machine's objects, in hexadecimal
        digits; None if they are not ELF
    """

    tools: Mapping[str, str]
    beginning: str | None

    @property
    def record(self) -> dict[str, object]:
        """The part of ``kit.json`` about them."""
        return {"tools": dict(self.tools), "beginning": self.beginning}


def own(environment: Mapping[str, str], platform: Platform, table: Table) -> Own:
    """Return this machine's own tools.

    :param platform: the platform of this machine
    """
    find = programs.finder(outside(environment))
    found = {name: path for name in ON_FILES if (path := find(name)) is not None}
    return Own(found, _beginning(table.row(platform)))


def on_files(name: str, facts: Mapping[str, object], own: Own) -> File:
    """Return the command with the plain *name* that handles files of both machines.

    If this machine has no such tool, it handles those of the target.

    :param facts: the facts of the target's command
    """
    place = f"bin/{name}"
    if name not in own.tools or own.beginning is None:
        return File(place, "kit/command", facts, executable=True)
    return File(
        place,
        "kit/on-files",
        {**facts, "native": own.tools[name], "native_beginning": own.beginning},
        executable=True,
    )


def outside(environment: Mapping[str, str]) -> dict[str, str]:
    """Return *environment* without the kits that ``xxpy exec`` and ``xxpy shell`` put on PATH."""
    kits = resources.cache_path("kits")
    return {**environment, "PATH": _without(environment.get("PATH", os.defpath), kits)}


@cache
def _without(path: str, kits: Path) -> str:
    """Return a PATH without the folders in *kits*."""
    folders = (folder for folder in path.split(os.pathsep) if kits not in Path(folder).parents)
    return os.pathsep.join(folders)


def by_variable(environment: Mapping[str, str]) -> dict[str, str]:
    """Return this machine's programs, by the variable for the target's."""
    find = programs.finder(outside(environment))
    found = {
        variable: next(filter(None, map(find, names)), None)
        for variable, names in _PROGRAMS.items()
    }
    return {variable: path for variable, path in found.items() if path is not None}


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that name this machine's programs."""
    found = by_variable(environment)
    return {
        name: found[variable]
        for variable, names in _VARIABLES.items()
        if variable in found
        for name in names
    }


def instead(target: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return this machine's programs for those variables of *target* that name the target's.

    They are for build tools that read the target's programs from a file of their own, and whose
    child processes build programs for this machine with these variables. A tool that this machine
    lacks keeps its plain name.
    """
    found = by_variable(environment)
    return {
        variable: found.get(variable, names[0])
        for variable, names in _PROGRAMS.items()
        if variable in target
    }


def _beginning(row: Row) -> str | None:
    """Return the pattern for the first bytes of a platform's objects, as :class:`Own` has it."""
    if row.elf is None:
        return None
    width = "02" if row.data.bits > 32 else "01"  # noqa: PLR2004 - bits
    little = row.data.byte_order == "little"
    machine = row.elf.machine.to_bytes(2, "little" if little else "big").hex()
    return f"7f454c46{width}{'01' if little else '02'}{'?' * 24}{machine}*"
