"""What a kit is, as data."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.kit import config_site
from xxpy.machine import facts as machine
from xxpy.table.target import LIBC_VARIABLE, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.compiler.compiler import Tools
    from xxpy.table.load import Table
    from xxpy.table.platform import Platform
    from xxpy.table.target import Target

RECORD: Final = "kit.json"
NAMES_OF: Final = "debian"
"""The distribution whose spelling of triples the commands of a kit have, on every machine."""
STUBS: Final = "stubs"
STUB_ENDINGS: Final = {"macho": ".tbd", "elf": ".so"}
"""What ends the names of files that linkers read for a library, by the format of binaries."""
RESOURCES: Final = "resources"
TARGET: Final = "target"
WINDRES: Final = "xx-windres"


@dataclass(frozen=True, slots=True)
class Kit:
    """One kit that lies ready.

    :param folder: the folder of the kit
    :param compiler: the compiler and its version, for people: ``zig 0.17.1``
    :param sysroot: the folder that stands for the target's ``/``, or None
    :param environment: what build tools read: CC, CXX, AR, PKG_CONFIG, CC_FOR_BUILD …; the commands
        are bare names in :attr:`binaries`
    :param emulator: the command with which programs of the target were seen to run here, or None;
        empty where they run as they are
    :param unseen: why none was seen to run although there is an emulator, for people, or ""
    :param lines: why this compiler, for people
    :param launcher: the compiler cache that builds put before the compiler (ccache, sccache), or
        None
    :param pkg_config: this machine's program that the kit's ``pkg-config`` runs, or None where
        there is none
    :param root: where build tools look for headers and libraries: the sysroot, or one folder of
        links to the base sysroot and to it
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

    @property
    def binaries(self) -> Path:
        """The folder of the commands, which comes first on PATH."""
        return self.folder / "bin"

    @property
    def plain(self) -> Path:
        """The folder of the target's commands under names that are this machine's elsewhere, for a build tool that knows no others."""
        return self.folder / TARGET

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return *environment* with what the kit adds; flags that the user set are kept."""
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
    """Return the target that a kit is made for.

    :param libc: ``gnu`` or ``musl``, or None for that of this machine's distribution
    :param environment: whose variables for the version of the system count, the standard ones
        (``MACOSX_DEPLOYMENT_TARGET``) too
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
        table, platform, NAMES_OF, build=machine.platform(table.words), variables=variables
    )
