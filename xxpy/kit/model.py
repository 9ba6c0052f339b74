"""Kits as data."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.kit import config_site
from xxpy.machine import facts as machine
from xxpy.table.resolve import resolve
from xxpy.table.target import DEFAULT_DISTRIBUTION, LIBC_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.compiler.compiler import Tools
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform
    from xxpy.table.target import Target

RECORD: Final = "kit.json"
STUBS: Final = "stubs"
STUB_ENDINGS: Final = {"macho": ".tbd", "elf": ".so"}
"""The suffixes of files that linkers read for a library, by the format of binaries."""
PACKAGES: Final = "packages"
"""The folder of files and commands for package managers only."""
RESOURCES: Final = "resources"
TARGET: Final = "target"
NAMED: Final = "named"
WINDRES: Final = "xx-windres"


@dataclass(frozen=True, slots=True)
class Kit:
    """One kit.

    :param folder: the folder of the kit
    :param compiler: the compiler and its version, for people: ``zig 0.17.1``
    :param sysroot: the folder that stands for the target's ``/``, or None
    :param environment: the variables for build tools: CC, CXX, AR, PKG_CONFIG, CC_FOR_BUILD …; the
        commands are bare names in :attr:`binaries`
    :param emulator: the command that runs programs of the target on this machine, as a trial has
        shown; empty if they run without one, None if nothing runs them
    :param unseen: why no program ran although there is an emulator, for people, or ""
    :param lines: why this compiler was chosen, for people
    :param launcher: the compiler cache that builds put before the compiler (ccache, sccache), or
        None
    :param pkg_config: the program of this machine that the kit's ``pkg-config`` runs, or None if
        there is none
    :param root: the folder in which build tools look for headers and libraries: the sysroot, or
        links to it and to the base sysroot
    :param family: the family of the compiler: ``zig``
    """

    folder: Path
    target: Target
    compiler: str
    sysroot: Path | None
    environment: Mapping[str, str]
    emulator: tuple[str, ...] | None
    lines: tuple[str, ...]
    tools: Tools
    launcher: str | None
    pkg_config: str | None
    unseen: str = ""
    root: Path | None = None
    family: str = ""

    @property
    def binaries(self) -> Path:
        """The folder of the commands, which comes first on PATH."""
        return self.folder / "bin"

    @property
    def plain(self) -> Path:
        """The folder of target commands under plain names, for build tools that know no others.

        Elsewhere these names mean this machine's commands.
        """
        return self.folder / TARGET

    @property
    def named(self) -> Path:
        """The folder of ``uname``, for build tools that ask it for the name of the target."""
        return self.folder / NAMED

    @property
    def release(self) -> str:
        """The oldest release of the system that programs run on, or ""."""
        row = self.target.row
        if row.android is not None:
            return str(row.android.api)
        return self.target.triple.rpartition(row.triple.system)[2]

    @property
    def runtime(self) -> tuple[str, ...]:
        """The compiler, with its flags, if programs need its shared libraries in their folder."""
        beside = self.target.row.file.format == "pe" and not self.tools.own_libraries
        return (*self.tools.cc, *self.tools.flags) if beside else ()

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return *environment* with the kit's variables; flags that the user set are kept."""
        path = os.pathsep.join(filter(None, (str(self.binaries), environment.get("PATH", ""))))
        return {
            **environment,
            **self.environment,
            **config_site.variables(self.folder, environment),
            "PATH": path,
        }


def target(
    table: Table, platform: Platform, libc: str | None, environment: Mapping[str, str]
) -> Target:
    """Return the target of a kit.

    :param libc: ``gnu`` or ``musl``, or None for that of this machine's distribution
    :param environment: the variables that may set the version of the system, including standard
        ones such as ``MACOSX_DEPLOYMENT_TARGET``
    """
    own = table.distribution(machine.release().id).libc
    row = table.row(platform)
    names = row.triple
    asked = environment.get(names.version_common or "", "")
    version = (
        {names.version_variable: asked} if asked and names.version_variable is not None else {}
    )
    variables = {**version, **environment, LIBC_VARIABLE: (libc or own) if names.libc else ""}
    return resolve(
        table,
        platform,
        DEFAULT_DISTRIBUTION,
        build=machine.platform(table.words),
        variables=variables,
    )
