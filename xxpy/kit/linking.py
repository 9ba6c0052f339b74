"""What a kit has besides when its libc is a base sysroot's: a linker that knows libc++, and one root with the packages of a sysroot."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base.store import CXX_MARK
from xxpy.compiler.merged import Merged
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xxpy.compiler.base import Base
    from xxpy.compiler.compiler import Tools, Wanted

MERGED: Final = "root"
"""The folder of the kit that stands for the target's ``/`` where a sysroot is beside the base."""
LINKER: Final = "linker/ld.lld"
"""The linker, as clang calls it."""


def merged(wanted: Wanted, tools: Tools) -> Merged | None:
    """Return the root of a base sysroot and a sysroot of packages together, where there are both."""
    return (
        None
        if tools.base is None or wanted.sysroot is None
        else Merged(tools.base.folder / "root", wanted.sysroot)
    )


def root(wanted: Wanted, tools: Tools, folder: Path) -> Path | None:
    """Return where build tools look for the target's headers and libraries."""
    if tools.base is not None:
        return tools.base.folder / "root" if wanted.sysroot is None else folder / MERGED
    return None if wanted.sysroot is None else wanted.sysroot.path


def flags(wanted: Wanted, tools: Tools, folder: Path) -> Iterator[str | File]:
    """Yield what clang is told besides the target when its libc is a base sysroot's, and the linker of the kit in *folder*."""
    base, both = tools.base, merged(wanted, tools)
    if base is None:
        return
    own = both is None or both.gcc is None
    if own:
        yield f"@{base.cxx_configuration}"
    if both is not None:
        yield from both.flags(folder / MERGED)
    yield _linker(base, tools, wanted, own=own)
    yield f"--ld-path={folder / LINKER}"


def _linker(base: Base, tools: Tools, wanted: Wanted, *, own: bool) -> File:
    """Return the linker, which has libc++ made when it is first asked for.

    :param own: whether C++ is that of the base, not that of the sysroot
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
