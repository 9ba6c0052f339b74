"""The linker and the merged root of a kit with a base sysroot.

The linker makes libc++ when a program first needs it. The root merges the base with the packages of
a sysroot.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base.store import CXX_MARK
from xxpy.table import libc as c_library
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.compiler.base import Base
    from xxpy.compiler.compiler import Command, Tools, Wanted
    from xxpy.compiler.merged import Merged
    from xxpy.table.target import Target

MERGED: Final = "root"
"""The folder of the kit that stands for the target's ``/`` if it has both a base and a sysroot."""
_LLD: Final = "ld.lld"
_NARROW: Final = 32
_TIME: Final = "glibc/features-time64.h"
"""The header that says whether the libc has 64-bit time. Those of zig are the newest ones: for an
older glibc they name functions that it does not have."""
_LACKING: Final = "include"
"""The folder with the headers of the system that zig lacks."""
_CORRECTED: Final = "corrected"
"""The folder with headers that include those of the system and correct them."""
_SPELLED: Final = "spelled"
"""The folder with headers and libraries of Windows by the names that programs use."""
LINKER: Final = f"linker/{_LLD}"
"""The linker that clang calls."""


def merged(wanted: Wanted, tools: Tools) -> Merged | None:
    """Return the merged root of a base sysroot and a sysroot of packages, if there are both."""
    if tools.base is None or wanted.sysroot is None:
        return None
    from xxpy.compiler.merged import Merged  # noqa: PLC0415 - only for sysroots

    return Merged(tools.base.folder / "root", wanted.sysroot)


def root(wanted: Wanted, tools: Tools, folder: Path) -> Path | None:
    """Return the folder in which build tools look for the target's headers and libraries."""
    if tools.base is not None:
        return tools.base.folder / "root" if wanted.sysroot is None else folder / MERGED
    return None if wanted.sysroot is None else wanted.sysroot.path


def has_own_cxx(wanted: Wanted, tools: Tools) -> bool:
    """Return whether C++ programs use the compiler's own libc++, not the library of the system."""
    both = merged(wanted, tools)
    return tools.own_libraries and (both is None or both.gcc is None)


def flags(wanted: Wanted, tools: Tools, folder: Path) -> Iterator[str | File]:
    """Yield further flags of the compiler for the libc that it has, and the files that they name.

    :param folder: the folder of the kit
    """
    base, both = tools.base, merged(wanted, tools)
    if base is None:
        yield from _spelled(wanted, folder)
        return
    own = has_own_cxx(wanted, tools)
    if own:
        yield f"@{base.cxx_configuration}"
    if both is not None:
        yield from both.flags(folder / MERGED)
    if wanted.target.row.data.bits == _NARROW and base.order.libc == c_library.GNU:
        yield File(_TIME, "kit/features-time64.h", {"platform": str(wanted.target.platform)})
        yield f"-isystem{(folder / _TIME).parent}"
    if wanted.sdk is None:
        yield from _headers(wanted, folder)
    yield _linker(base, tools, wanted, own=own)
    yield f"--ld-path={folder / LINKER}"


def _spelled(wanted: Wanted, folder: Path) -> Iterator[str | File]:
    """Yield what Windows has by the names that programs use; in a base, all are found in any case.

    GNU ld reads a library that is a text as a script.
    """
    row = wanted.target.row
    if wanted.sdk is not None or not row.file.headers:
        return
    for names, path, template in (
        (row.file.headers, f"{_SPELLED}/{{}}", "kit/spelled.h"),
        (row.file.libraries, f"{_SPELLED}/lib{{}}.a", "kit/spelled.a"),
    ):
        for name in names:
            facts = {"platform": str(row.platform), "name": name.lower()}
            yield File(path.format(name), template, facts)
    yield from (f"{option}{folder / _SPELLED}" for option in ("-idirafter", "-L"))


def _headers(wanted: Wanted, folder: Path) -> Iterator[str | File]:
    """Yield the headers of the system that zig lacks or that are corrected, and their flags."""
    zig = wanted.target.row.zig
    if zig is None:
        return
    facts = {"platform": str(wanted.target.platform)}
    for place, names, flag in (
        (_LACKING, zig.headers, "-idirafter"),
        (_CORRECTED, zig.corrected, "-isystem"),
    ):
        for name in names:
            yield File(f"{place}/{name}", f"kit/{name}", facts)
        if names:
            yield f"{flag}{folder / place}"


def command(tools: Tools, target: Target, folder: Path) -> dict[str, Command]:
    """Return the linker as ``TRIPLE-ld``, if there is one.

    lld gets the target's emulation, which the ld of a GNU target has by itself: otherwise it knows
    the target from object files only, and ``-b binary`` names none. Beside a base, Windows and
    macOS have linkers of their own.

    :param folder: the folder of the kit
    """
    words = tools.others.get("ld") if tools.base is None else (str(folder / LINKER),)
    if words is None:
        return {}
    row = target.row
    emulation = None if row.linker is None else row.linker.emulation
    if Path(words[0]).name != _LLD or emulation is None or (tools.base is not None and not row.elf):
        return {"ld": words}
    return {"ld": (*words, "-m", emulation)}


def _linker(base: Base, tools: Tools, wanted: Wanted, *, own: bool) -> File:
    """Return the linker, which makes libc++ when a program first needs it.

    :param own: whether the C++ library is that of the base, not that of the sysroot
    """
    facts = {
        "platform": str(wanted.target.platform),
        "words": tools.linker,
        "library": str(base.cxx_folder / CXX_MARK) if own else None,
        "maker": (sys.executable, "-P", "-m", "xxpy.cli.base", base.zig.program, str(base.folder))
        if own
        else (),
    }
    return File(LINKER, "kit/lld", facts, executable=True)
