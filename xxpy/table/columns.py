"""The rows of the table: one :class:`Row` for each platform, with a group for each ecosystem.

A group has the names of one ecosystem for a platform. It is ``None`` if the ecosystem does not have
the platform; there are no placeholders. ``toolchains/columns.toml`` explains each key, and names
the page that its values come from.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from xxpy.table import (  # the loader reads the annotations at run time
    groups,  # noqa: TC001
    system_groups,  # noqa: TC001
)
from xxpy.table.platform import Platform  # noqa: TC001 - likewise


@dataclass(frozen=True, slots=True)
class Row:
    """One platform with all its names.

    Every platform must have the groups whose type does not include ``None``.
    """

    platform: Platform
    title: str
    data: groups.Data
    file: groups.File
    triple: groups.Triple
    uname: groups.Uname
    cmake: groups.CMake
    meson: groups.Meson
    conan: groups.Conan | None = None
    vcpkg: groups.Vcpkg | None = None
    bazel: groups.Bazel | None = None
    debian: groups.Debian | None = None
    alpine: groups.Alpine | None = None
    rpm: groups.Rpm | None = None
    packages: groups.Packages | None = None
    go: groups.Go | None = None
    rust: groups.Rust | None = None
    gnu: groups.Gnu | None = None
    clang: groups.Clang | None = None
    linker: groups.Linker | None = None
    gcc: groups.Gcc | None = None
    zig: groups.Zig | None = None
    qemu: groups.Qemu | None = None
    python: groups.Python | None = None
    node: groups.Node | None = None
    dotnet: groups.Dotnet | None = None
    jvm: groups.Jvm | None = None
    conda: groups.Conda | None = None
    homebrew: groups.Homebrew | None = None
    lipo: groups.Lipo | None = None
    github: groups.Hosted | None = None
    gitlab: groups.Hosted | None = None
    android: groups.Android | None = None
    elf: groups.Elf | None = None
    macho: groups.MachO | None = None
    pe: groups.Pe | None = None
    loader: groups.Loader | None = None
    sdk: system_groups.Sdk | None = None
    stubs: system_groups.Stubs | None = None
    run: system_groups.Run | None = None
    restriction: system_groups.Restriction | None = None

    @property
    def packaged(self) -> bool:
        """Whether distributions have packages of headers and libraries for the platform."""
        return self.debian is not None and self.triple.libc


GROUPS: Final = tuple(
    field.name for field in fields(Row) if field.name not in {"platform", "title"}
)
"""The names of all groups, in the order of output."""

FORMATS: Final = ("elf", "macho", "pe")
"""The groups of formats of binaries: a row has only that of its ``file.format``, if any."""
