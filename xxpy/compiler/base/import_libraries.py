"""Import libraries for Windows, made from mingw-w64's lists of the functions that DLLs export.

A list is a ``.def`` file, or a ``.def.in`` file for the preprocessor.
"""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import common
from xxpy.machine import programs

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.compiler.base.order import Maker, Windows

LISTS: Final = "libc/mingw"
"""The folder of mingw-w64 among zig's own files."""
_COMMON: Final = "lib-common"
_INCLUDED: Final = "def-include"
_LIBRARY: Final = re.compile(r"(?im)^\s*LIBRARY\b")
"""The first line of a list; files without it are parts of other lists."""
_STACK: Final = re.compile(r"(?m)^(\s*[^\s;=@]+)@\d+(?=\s|$)")
"""The size of a function's arguments, which is part of its name on 386 only."""


def make(maker: Maker, windows: Windows, libraries: Path, work: Path) -> None:
    """Make an import library from each of zig's lists whose name no library with code has yet.

    :param libraries: the folder that gets them
    """
    lists: dict[str, Path] = {}
    for folder in filter(None, (_COMMON, windows.lists)):  # the architecture's own lists win
        found = sorted((maker.zig.library / LISTS / folder).glob("*.def*"))
        lists |= {path.name.partition(".def")[0]: path for path in found}

    def make_one(item: tuple[str, Path]) -> None:
        name, source = item
        library = libraries / f"lib{name}.a"
        if not _has_code(library) and _LIBRARY.search(source.read_text("latin-1")):
            _make_one(maker, windows, source, library, work)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for _ in pool.map(make_one, lists.items()):
            maker.tick()
    for name, others in windows.merged.items():
        paths = [libraries / f"lib{other}.a" for other in others.split()]
        present = [path for path in paths if path.exists()]
        if present:
            common.merge(maker, present, libraries / f"lib{name}.a")


def _has_code(library: Path) -> bool:
    return library.exists() and library.stat().st_size > len(common.EMPTY_ARCHIVE)


def _make_one(maker: Maker, windows: Windows, source: Path, library: Path, work: Path) -> None:
    """Make one import library from a list."""
    if source.suffix == ".in":
        made = work / f"{library.name}.def.in"
        include = f"-I{maker.zig.library / LISTS / _INCLUDED}"
        common.clang(maker, "-E", "-P", "-w", "-x", "c", include, str(source), "-o", str(made))
        source = made
    text = source.read_text("latin-1")
    definitions = work / f"{library.name}.def"
    definitions.write_text(text if windows.underscore else _STACK.sub(r"\1", text), "latin-1")
    kill = ("-k",) if windows.underscore else ()
    words = ("-m", windows.dlltool, *kill, "-d", str(definitions), "-l", str(library))
    programs.output([maker.zig.program, "dlltool", *words], environment=maker.environment)
