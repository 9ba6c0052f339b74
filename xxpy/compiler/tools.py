"""Find tools such as ``ar`` and ``strip`` for a compiler that does not have all of them.

LLVM's come first if they are installed, then GNU's for the target, then the compiler's own. A tool
of this machine that does not know the target is never used. Where no tool knows it, a command with
its name fails and says what to install.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.machine import advice, programs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.compiler.compiler import Command
    from xxpy.table.target import Target

NAMES: Final = (
    "ar",
    "ranlib",
    "nm",
    "strip",
    "objcopy",
    "objdump",
    "readelf",
    "size",
    "strings",
    "addr2line",
    "dlltool",
)
"""The tools by their names in GNU binutils; LLVM's begin with ``llvm-``."""
_LLVM: Final = Path("/usr/lib")
"""Where Debian installs each release of LLVM, as ``llvm-19/bin``."""


def names(target: Target) -> tuple[str, ...]:
    """Return the tools of binutils, and those that only the target's system has."""
    return (*NAMES, *of_system(target))


def of_system(target: Target) -> tuple[str, ...]:
    """Return the tools that only the target's system has, such as ``install_name_tool``."""
    return () if target.row.linker is None else target.row.linker.tools


def of_llvm(name: str) -> str:
    """Return what LLVM calls a tool: ``llvm-install-name-tool``."""
    return f"llvm-{name.replace('_', '-')}"


def find(
    target: Target, own: Mapping[str, Command], environment: Mapping[str, str]
) -> dict[str, Command]:
    """Return the command for each tool that was found.

    :param own: the compiler's own tools, by name
    """
    found: dict[str, Command] = {}
    which = programs.finder(environment)
    programs_of = _Names(target, environment).of
    for name in names(target):
        program = next(filter(None, map(which, programs_of(name))), None)
        if program is not None:
            found[name] = (program,)
        elif name in own:
            found[name] = own[name]
    return {**{name: command for name, command in own.items() if name not in found}, **found}


def missing(found: Mapping[str, Command], target: Target) -> dict[str, str]:
    """Return the error message for each tool that was not found."""
    lacks = f"on this machine knows {target.triple}; install llvm ({advice.install('llvm')})"
    return {name: f"{name}: no {name} {lacks}" for name in names(target) if name not in found}


class _Names:
    """What the programs of tools are called; folders are only listed if they are needed, once."""

    def __init__(self, target: Target, environment: Mapping[str, str]) -> None:
        self._target = target
        self._rust = Path(environment.get("RUSTUP_HOME") or Path.home() / ".rustup")

    def of(self, name: str) -> Iterator[str]:
        """Yield the names and paths of a tool's programs, in the order in which they count."""
        llvm = of_llvm(name)
        yield llvm
        yield from (f"{folder}/{llvm}" for folder in self._llvm)
        yield from (f"{folder}/{llvm.replace('llvm', 'rust', 1)}" for folder in self._rustlib)
        yield f"{self._target.triple}-{name}"
        if not self._target.is_cross:
            yield name

    @cached_property
    def _llvm(self) -> tuple[Path, ...]:
        places = _LLVM.glob("llvm-*/bin")
        return tuple(sorted(places, key=lambda path: -int(re.sub(r"\D", "", path.parts[3]) or 0)))

    @cached_property
    def _rustlib(self) -> tuple[Path, ...]:
        return tuple(sorted(self._rust.glob("toolchains/*/lib/rustlib/*/bin")))
