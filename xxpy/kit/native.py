"""The build machine's own tools, which make the programs that run while a project is built: generators, build scripts, code that is tried.

Plain ``cc``, ``c++``, ``ld`` and ``pkg-config`` are always these; the target's have the triple
before their names, and come by variables. What only works on files (:data:`ON_FILES`) is one
command for both: the file says whose it is.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.machine import programs, resources
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.columns import Row
    from xxpy.table.load import Table
    from xxpy.table.platform import Platform

ON_FILES: Final = ("ar", "ranlib", "nm", "strip", "objcopy", "objdump", "readelf")
"""Commands of a kit that have a plain name too: given files of the target they are the target's, else this machine's."""

PLAIN: Final = frozenset({"windres", "dlltool"})
"""Commands that have a plain name too because no other system than the target's has them."""

_PROGRAMS: Final[Mapping[str, tuple[str, ...]]] = {
    "CC": ("cc", "gcc", "clang"),
    "CXX": ("c++", "g++", "clang++"),
    "AR": ("ar",),
    "RANLIB": ("ranlib",),
    "NM": ("nm",),
    "STRIP": ("strip",),
    "OBJCOPY": ("objcopy",),
    "OBJDUMP": ("objdump",),
    "LD": ("ld",),
    "PKG_CONFIG": ("pkg-config", "pkgconf"),
}
"""What this machine's programs are called, best first, by the variable that names the target's."""

_VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "CC": ("CC_FOR_BUILD", "BUILD_CC", "HOSTCC", "HOST_CC"),
    "CXX": ("CXX_FOR_BUILD", "BUILD_CXX", "HOSTCXX", "HOST_CXX"),
    "AR": ("AR_FOR_BUILD", "BUILD_AR", "HOSTAR", "HOST_AR"),
    "RANLIB": ("RANLIB_FOR_BUILD", "HOST_RANLIB"),
    "NM": ("NM_FOR_BUILD",),
    "STRIP": ("STRIP_FOR_BUILD",),
    "LD": ("LD_FOR_BUILD", "HOSTLD"),
    "PKG_CONFIG": ("PKG_CONFIG_FOR_BUILD", "HOST_PKG_CONFIG", "HOSTPKG_CONFIG"),
}
"""The variables that name this machine's programs: for Autoconf and Meson, for Kbuild, and for the crates cc and pkg-config."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a kit has to know of this machine's own tools.

    :param tools: those of :data:`ON_FILES` that are there, by their names
    :param beginning: the shell's pattern of how this machine's objects begin, in hexadecimal
        digits; None where they are not ELF
    """

    tools: Mapping[str, str]
    beginning: str | None

    @property
    def record(self) -> dict[str, object]:
        """What ``kit.json`` has of it."""
        return {"tools": dict(self.tools), "beginning": self.beginning}


def own(environment: Mapping[str, str], platform: Platform, table: Table) -> Own:
    """Return this machine's own tools.

    :param platform: that of this machine
    """
    found = {name: path for name in ON_FILES if (path := program(name, environment)) is not None}
    return Own(found, _beginning(table.row(platform)))


def on_files(name: str, facts: Mapping[str, object], own: Own) -> File:
    """Return the command with the plain *name* that serves both machines; the target's alone where this machine has none.

    :param facts: what the target's command prints
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
    """Return *environment* without the folders of kits on PATH, where ``xxpy exec`` and ``xxpy shell`` put them."""
    kits = resources.cache_folder("kits")
    folders = [
        folder
        for folder in environment.get("PATH", os.defpath).split(os.pathsep)
        if kits not in Path(folder).parents
    ]
    return {**environment, "PATH": os.pathsep.join(folders)}


def program(name: str, environment: Mapping[str, str]) -> str | None:
    """Return this machine's program *name*."""
    return programs.which(name, outside(environment))


def native_programs(environment: Mapping[str, str]) -> dict[str, str]:
    """Return this machine's programs, by the variable that names the target's."""
    own = outside(environment)
    found = {
        variable: next(filter(None, (programs.which(name, own) for name in names)), None)
        for variable, names in _PROGRAMS.items()
    }
    return {variable: path for variable, path in found.items() if path is not None}


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that name this machine's programs."""
    found = native_programs(environment)
    return {
        name: found[variable]
        for variable, names in _VARIABLES.items()
        if variable in found
        for name in names
    }


def instead(target: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return this machine's programs for the variables of *target* that name the target's.

    A build tool that has the target's programs from a file of its own gives its children these
    variables, and what they build with them runs here. A tool that this machine lacks keeps its
    plain name.
    """
    found = native_programs(environment)
    return {
        variable: found.get(variable, names[0])
        for variable, names in _PROGRAMS.items()
        if variable in target
    }


def _beginning(row: Row) -> str | None:
    """Return the pattern of :class:`Own`, of a row."""
    if row.elf is None:
        return None
    width = "02" if row.data.bits > 32 else "01"  # noqa: PLR2004 - bits
    little = row.data.byte_order == "little"
    machine = row.elf.machine.to_bytes(2, "little" if little else "big").hex()
    return f"7f454c46{width}{'01' if little else '02'}{'?' * 24}{machine}*"
