"""What a base sysroot is made for, and with which zig."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Windows:
    """What the parts of a base for Windows need to know of the architecture.

    :param dlltool: its name for ``llvm-dlltool -m``
    :param lists: the folder of zig's lists of what its DLLs export, or "" where it has none of its
        own
    :param underscore: what the names of C begin with in objects
    :param emulation: its name for GNU ld's ``-m``
    :param machine: its name for lld's ``-machine:``
    :param merged: libraries that are made of others, with the names of these
    """

    dlltool: str
    lists: str
    underscore: str
    emulation: str
    machine: str
    merged: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Apple:
    """What the parts of a base for macOS need to know of the platform.

    :param target: as text-based stubs name it, such as ``arm64-macos``
    :param architecture: as ``-arch`` names it
    :param stubs: install names of Apple's libraries and frameworks, with the symbols that are known
        of them
    :param lld: the absolute path of an ``ld64.lld`` of LLVM 16 or newer, or None where zig's linker
        links
    """

    target: str
    architecture: str
    stubs: Mapping[str, str]
    lld: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The target of a base sysroot.

    :param target: as zig names it, with the oldest glibc: ``aarch64-linux-gnu.2.28``
    :param cpu: the processor as zig names it, where the architecture's default is not meant
    :param triple: as clang names it
    :param flags: what clang is told besides, such as ``-mabi=…``
    :param format: the format of its binaries: elf, pe or macho
    :param libc: ``gnu``, ``musl``, or "" where the system has one libc
    """

    target: str
    cpu: str | None
    triple: str
    flags: tuple[str, ...]
    format: str
    libc: str
    windows: Windows | None = None
    apple: Apple | None = None

    @property
    def name(self) -> str:
        """The name of its folder."""
        return "-".join(
            filter(
                None,
                (
                    self.target,
                    self.cpu,
                    *(flag.lstrip("-").replace("=", "-") for flag in self.flags),
                ),
            )
        )

    @property
    def words(self) -> tuple[str, ...]:
        """What zig is told."""
        return ("-target", self.target, *((f"-mcpu={self.cpu}",) if self.cpu else ()))


@dataclass(frozen=True, slots=True)
class Zig:
    """One installation of zig.

    :param program: the absolute path of ``zig``
    :param folders: where it has its own files and its cache
    """

    program: str
    version: str
    folders: tuple[str, ...]

    @property
    def library(self) -> Path:
        """The folder of zig's own files."""
        return Path(self.folders[0])


@dataclass(frozen=True, slots=True)
class Maker:
    """What the making of a base needs.

    :param environment: what zig sees
    :param tick: called some times a second while zig works; what it raises stops it
    """

    zig: Zig
    order: Order
    environment: Mapping[str, str]
    tick: Callable[[], None]
