"""Orders for base sysroots: the target that a base is made for, and the zig that makes it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Windows:
    """Facts about an architecture that only the bases of Windows need.

    :param dlltool: its name for ``llvm-dlltool -m``
    :param lists: the folder of zig's lists for this architecture, or "" if there are only common
        ones
    :param underscore: the character before C's names in objects, or ""
    :param emulation: its name for GNU ld's ``-m``
    :param machine: its name for lld's ``-machine:``
    :param merged: the name of each library that is made from others, to their names
    """

    dlltool: str
    lists: str
    underscore: str
    emulation: str
    machine: str
    merged: Mapping[str, str] = field(default_factory=dict)


DECLARED: Final = "declared"
"""The folder of a base of macOS with links to the stubs of libraries whose headers zig has."""


@dataclass(frozen=True, slots=True)
class Apple:
    """Facts about a platform that only the bases of macOS need.

    :param target: its name in text-based stubs, such as ``arm64-macos``
    :param architecture: its name for ``-arch``
    :param stubs: the install names of Apple's libraries and frameworks, each to its known symbols
    :param declared: the install names of the libraries whose headers zig has
    :param absent: functions that no macOS has
    :param lld: the absolute path of an ``ld64.lld`` of LLVM 16 or newer, or None to link with zig's
        linker
    """

    target: str
    architecture: str
    stubs: Mapping[str, str]
    declared: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    lld: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The target of a base sysroot.

    :param target: zig's name for it, with the oldest glibc: ``aarch64-linux-gnu.2.28``
    :param cpu: zig's name for the processor, or None for the architecture's default
    :param triple: clang's name for it
    :param flags: further flags for clang, such as ``-mabi=…``
    :param format: the format of its binaries: elf, pe or macho
    :param libc: ``gnu``, ``musl``, or "" if the system has only one libc
    :param system: the name of the note by which its files state the system, or ""
    :param emulation: lld's name for the format, or "" if clang's is one
    """

    target: str
    cpu: str | None
    triple: str
    flags: tuple[str, ...]
    format: str
    libc: str
    system: str = ""
    emulation: str = ""
    windows: Windows | None = None
    apple: Apple | None = None

    @property
    def name(self) -> str:
        """What people call the base: the target, and what else distinguishes two bases of it."""
        flags = (flag.lstrip("-").replace("=", "-") for flag in self.flags)
        return "-".join(filter(None, (self.target, self.cpu, *flags)))

    @property
    def folder(self) -> str:
        """The name of its folder: its own, and a digest of the facts that the base is made from.

        The linker of macOS has a folder of its own.
        """
        apple = None if self.apple is None else replace(self.apple, lld=None)
        facts = json.dumps(asdict(replace(self, apple=apple)), sort_keys=True)
        return f"{self.name}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"

    @property
    def words(self) -> tuple[str, ...]:
        """The arguments that tell zig the target."""
        return ("-target", self.target, *((f"-mcpu={self.cpu}",) if self.cpu else ()))


class Linker(NamedTuple):
    """What clang calls as its linker.

    :param script: the text of the script
    :param links: returns the links that the script needs beside itself, each to its target; only
        asked when the script is written, because it looks at folders
    """

    script: str
    links: Callable[[], Mapping[str, Path]] = dict


@dataclass(frozen=True, slots=True)
class Zig:
    """One installation of zig.

    :param program: the absolute path of ``zig``
    :param folders: the folders of its own files and of its cache
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
    """What making a base needs.

    :param environment: the environment of zig
    :param tick: called several times a second while zig works; an exception from it stops zig
    """

    zig: Zig
    order: Order
    environment: Mapping[str, str]
    tick: Callable[[], None]
