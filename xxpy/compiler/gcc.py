"""gcc: one compiler for each target, ``TRIPLE-gcc``, from cross packages or mingw-w64."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.compiler.compiler import Tools, newer_than_floor
from xxpy.compiler.trial import try_to_link
from xxpy.errors import ToolError
from xxpy.machine import advice, programs
from xxpy.table import libc as c_library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.compiler import Command, Wanted

NAME: Final = "gcc"
BY_TABLE: Final = False
_BINUTILS: Final = (
    "ar",
    "ranlib",
    "nm",
    "strip",
    "objcopy",
    "objdump",
    "readelf",
    "addr2line",
    "dlltool",
    "windres",
    "ld",
)


@dataclass(frozen=True, slots=True)
class Gcc:
    """The gcc of one target."""

    program: str
    version: str
    origin: str
    environment: Mapping[str, str]
    prefix: str
    suffix: str = ""
    name: str = NAME

    def tools(self, wanted: Wanted) -> Tools:
        """Return the commands for its target.

        :raises ToolError: it cannot link a program for it
        """
        row = wanted.target.row
        newer_than_floor(wanted)
        march = None if row.gcc is None else row.gcc.march
        if march is None and row.clang is not None and row.platform.variant:
            march = row.clang.march
        root = () if wanted.sysroot is None else (f"--sysroot={wanted.sysroot.path}",)
        flags: Command = (
            *((f"-march={march}",) if march else ()),
            *(row.gcc.flags if row.gcc else ()),
            *root,
        )
        cxx = self._tool(f"g++{self.suffix}")
        try_to_link(wanted, (self.program,), flags, self.environment)
        if wanted.cxx:
            if cxx is None:
                raise ToolError(
                    f"no C++ compiler beside {self.program}: {self.prefix}g++{self.suffix}"
                )
            try_to_link(wanted, cxx, flags, self.environment, cxx=True)
        others = {name: command for name in _BINUTILS if (command := self._tool(name))}
        return Tools(NAME, "g++", (self.program,), cxx, flags, others)

    def driver_version(self) -> str:
        """Return the version of gcc."""
        return self.version

    def strengths(self, wanted: Wanted) -> str:
        """Return where it takes the libc from, for people."""
        return (
            f"links the libraries of {wanted.sysroot.path}"
            if wanted.sysroot is not None
            else "has its own libraries"
        )

    def _tool(self, name: str) -> Command | None:
        found = programs.which(f"{self.prefix}{name}", self.environment)
        return None if found is None else (found,)


def find(wanted: Wanted, environment: Mapping[str, str]) -> Gcc:
    """Return ``TRIPLE-gcc``, or plain ``gcc`` if the target is this machine.

    :raises ToolError: there is none, or it does not answer
    """
    triple = wanted.target.triple
    for prefix in (f"{triple}-", *(() if wanted.target.is_cross else ("",))):
        suffix = _variant(wanted, prefix, environment)
        program = programs.which(f"{prefix}gcc{suffix}", environment)
        if program is not None:
            version = programs.answer(
                [program, "-dumpfullversion", "-dumpversion"], environment
            ).strip()
            return Gcc(program, version, "PATH", environment, prefix, suffix)
    raise ToolError(f"not found: {triple}-gcc")


def _variant(wanted: Wanted, prefix: str, environment: Mapping[str, str]) -> str:
    """Return the suffix of the commands whose libstdc++ has threads.

    It is "" if the plain commands have threads, or if no others are installed. A plain command is a
    link that the system's alternatives may have set to another variant.
    """
    threads = None if wanted.target.row.gcc is None else wanted.target.row.gcc.threads
    needed = ("gcc", "g++") if wanted.cxx else ("gcc",)
    if threads is None or not all(
        programs.which(f"{prefix}{name}-{threads}", environment) for name in needed
    ):
        return ""
    plain = [programs.which(f"{prefix}{name}", environment) for name in needed]
    settled = all(
        program is not None and _threads(program, environment) == threads for program in plain
    )
    return "" if settled else f"-{threads}"


def _threads(program: str, environment: Mapping[str, str]) -> str | None:
    """Return the thread model that ``gcc -v`` prints."""
    said = programs.answer([program, "-v"], environment)
    found = re.search(r"^Thread model: (\S+)", said, re.MULTILINE)
    return None if found is None else found[1]


_MANAGER: Final = "apt"
"""The package manager whose distributions have cross compilers for every target."""


def remedy(wanted: Wanted, *, installed: bool = False) -> str:
    """Return how to install it on Debian, if Debian has it."""
    row = wanted.target.row
    if installed or advice.manager() != _MANAGER:
        return ""
    if row.gcc is not None and row.gcc.package is not None:
        return (
            f"apt-get install {row.gcc.package} "
            f"(has {wanted.target.triple}-gcc where Debian builds it)"
        )
    if row.debian is None or row.debian.triple is None or c_library.is_musl(wanted.target.libc):
        return ""
    package = f"-{wanted.target.triple.replace('_', '-')}" if wanted.target.is_cross else ""
    return f"apt-get install {'g++' if wanted.cxx else 'gcc'}{package}"
