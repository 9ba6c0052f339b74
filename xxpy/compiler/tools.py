"""Find tools such as ``ar`` and ``strip`` for a compiler that does not have all of them.

LLVM's come first if they are installed, then GNU's for the target, then the compiler's own. A tool
of this machine that does not know the target is never used. Where no tool knows it, a command with
its name fails and says what to install.
"""

from __future__ import annotations

import re
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


def find(
    target: Target, own: Mapping[str, Command], environment: Mapping[str, str]
) -> dict[str, Command]:
    """Return the command for each tool that was found.

    :param own: the compiler's own tools, by name
    """
    found: dict[str, Command] = {}
    for name in NAMES:
        program = next(_candidates(name, target, environment), None)
        if program is not None:
            found[name] = (program,)
        elif name in own:
            found[name] = own[name]
    return {**{name: command for name, command in own.items() if name not in NAMES}, **found}


def missing(found: Mapping[str, Command], target: Target) -> dict[str, str]:
    """Return the error message for each tool that was not found."""
    lacks = f"on this machine knows {target.triple}; install llvm ({advice.install('llvm')})"
    return {name: f"{name}: no {name} {lacks}" for name in NAMES if name not in found}


def _candidates(name: str, target: Target, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the paths of a tool's programs, in the order in which they count."""
    for candidate in _names(name, target, environment):
        program = programs.which(candidate, environment)
        if program is not None:
            yield program


def _names(name: str, target: Target, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what a tool's programs are called; folders are only listed if they are needed."""
    yield f"llvm-{name}"
    places = _LLVM.glob(f"llvm-*/bin/llvm-{name}")
    yield from map(
        str, sorted(places, key=lambda path: -int(re.sub(r"\D", "", path.parts[3]) or 0))
    )
    rust = Path(environment.get("RUSTUP_HOME") or Path.home() / ".rustup")
    yield from map(str, sorted(rust.glob(f"toolchains/*/lib/rustlib/*/bin/rust-{name}")))
    yield f"{target.triple}-{name}"
    if not target.is_cross:
        yield name
