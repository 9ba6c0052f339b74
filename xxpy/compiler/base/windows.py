"""The base sysroot of Windows: mingw-w64 from zig's parts, as clang's MinGW driver expects it.

::

    root/include        headers of the C runtime and of Windows: a link to a folder for all
                        architectures
    root/lib            start files (crt2.o, crt2u.o for -municode, dllcrt2.o for DLLs),
                        libmingw32.a, the universal C runtime as libmsvcrt.a and libucrt.a,
                        libunwind.a, and an import library for each DLL that zig has a list of
    any-case.yaml       the headers for clang, which finds them in any spelling, as Windows does
    resource/           clang's own folder: its headers, and compiler-rt under the target's name
    clang.cfg           the flags with which clang uses the base

The C++ part is a folder of its own with ``lib/libc++.a``. The linker is ``zig lld-link`` behind a
script that understands GNU ld's options (``templates/linkers/lld-mingw.sh``, :func:`linker`).

Some libraries are empty: their functions are in libmingw32.a, which clang always links.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import (
    coff,
    common,
    helpers,
    import_libraries,
    order,
    parts,
    recompiled,
    script,
    store,
)
from xxpy.compiler.base.order import Linker
from xxpy.errors import ToolError
from xxpy.machine import temporary

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from xxpy.compiler.base.order import Maker, Order, Windows, Zig
    from xxpy.compiler.base.parts import Parts
    from xxpy.table.columns import Row

LIBRARIES: Final = "root/lib"
_INCLUDE: Final = "root/include"
_ANY_CASE: Final = "any-case.yaml"
_NO_MATTER: Final = "-Wno-nonportable-include-path"
"""clang warns of another spelling, which is right on Windows."""
_HEADERS: Final = "headers-windows"
_SOURCES: Final = "libsrc"
_LINKS: Final = (("-lunwind",), ("-municode", "-Dmain=wmain"), ("-shared",))
"""The arguments of the links that together name all parts."""
_START: Final = (("crt2.obj", "crt2.o"), ("crt2.obj", "crt2u.o"), ("dllcrt2.obj", "dllcrt2.o"))
"""The start file that each link names, and clang's name for it; the second calls ``wmain``."""
_NOTHING: Final = ("crtbegin.o", "crtend.o")
_RUNTIME: Final = ("msvcrt", "ucrt")
"""The names of the universal C runtime; clang asks for the first with every runtime."""
_RUNTIME_PARTS: Final = ("zigc", "api-ms-win-crt-")
_IN_MINGW32: Final = (
    "mingwex",
    "moldname",
    "m",
    "pthread",
    "winpthread",
    "uuid",
    "ssp",
    "ssp_nonshared",
)
"""Libraries of mingw-w64 that zig has in libmingw32.a."""
_UNWIND: Final = ("unwind", "gcc_eh", "gcc_s")
_BUILTINS: Final = ("gcc", "atomic")


def needs(row: Row) -> order.Windows:
    """Return what only the bases of Windows need to know about a platform.

    :raises ToolError: zig cannot link for it
    """
    if (
        row.pe is None
        or row.pe.dlltool is None
        or row.linker is None
        or row.linker.emulation is None
    ):
        raise ToolError(f"cannot link for {row.platform}")
    return order.Windows(
        row.pe.dlltool,
        (row.zig and row.zig.imports) or "",
        row.pe.underscore,
        row.linker.emulation,
        row.pe.cvtres,
        dict((row.zig and row.zig.merged) or {}),
    )


def linker(zig: Zig, order: Order, folder: Path) -> Linker:
    """Return the script that links, for ``--ld-path``."""
    del folder  # the script names no file of a base
    windows = order.windows
    assert windows is not None  # noqa: S101 - every order for Windows has it
    facts = {
        "zig": zig.program,
        "emulation": windows.emulation,
        "machine": windows.machine,
        "underscore": windows.underscore,
    }
    return Linker(script.linker("lld-mingw", order.target, facts))


def make(maker: Maker, place: Path, final: Path) -> None:
    """Make the C part of a base sysroot.

    :param place: the folder that is filled
    :param final: where it will be
    :raises ToolError: zig cannot link for the target
    """
    libraries, resource = place / LIBRARIES, place / "resource/lib" / maker.order.triple
    libraries.mkdir(parents=True)
    resource.mkdir(parents=True)
    with temporary.folder() as work:
        links = [parts.ask(maker, words, "c", work) for words in _LINKS]
        compiled = parts.ask(maker, ("-c",), "c++", work)
        found = {path.name: path for path in links[0].files}
        _start_files(maker, links, libraries)
        shutil.copy2(found["libmingw32.lib"], libraries / "libmingw32.a")
        unwind = libraries / f"lib{_UNWIND[0]}.a"
        shutil.copy2(found["unwind.lib"], unwind)
        common.add(maker, "frames", unwind, work)
        runtime = libraries / f"lib{_RUNTIME[0]}.a"
        common.merge(
            maker,
            [path for part, path in found.items() if part.startswith(_RUNTIME_PARTS)],
            runtime,
        )
        defined = coff.index(runtime.read_bytes())
        defined |= coff.index((libraries / "libmingw32.a").read_bytes())
        builtins = resource / common.BUILTINS
        _builtins(maker, found["compiler_rt.lib"], builtins, defined, work)
        common.add(maker, "mempcpy_chk", builtins, work)
        _name_libraries(maker, libraries, Path("../..") / builtins.relative_to(place))
        import_libraries.make(maker, _windows(maker.order), libraries, work)
    include = final / _INCLUDE
    headers = common.share_headers(maker, _HEADERS, links[0], place / _INCLUDE, include.parent)
    write_overlay(place / _ANY_CASE, headers, include)
    flags = ("-ivfsoverlay", str(final / _ANY_CASE), _NO_MATTER)
    common.finish(maker, place, final, compiled, (*common.flags(maker, final), *flags))


def write_overlay(path: Path, headers: Path, include: Path) -> None:
    """Write a file by which clang finds headers whose names have other upper and lower case.

    See https://llvm.org/doxygen/classllvm_1_1vfs_1_1RedirectingFileSystem.html.

    :param headers: the folder with the headers
    :param include: the folder in which clang looks for them, which has the same files
    """

    def entries(folder: Path) -> list[dict[str, object]]:
        return [
            {"name": each.name, "type": "directory", "contents": entries(each)}
            if each.is_dir()
            else {
                "name": each.name,
                "type": "file",
                "external-contents": str(include / each.relative_to(headers)),
            }
            for each in sorted(folder.iterdir())
        ]

    root = {"name": str(include), "type": "directory", "contents": entries(headers)}
    overlay = {"version": 0, "case-sensitive": "false", "roots": [root]}
    text = json.dumps(overlay, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, "utf-8", "surrogateescape")


def _windows(order: Order) -> Windows:
    assert order.windows is not None  # noqa: S101 - every order for Windows has it
    return order.windows


def make_cxx(maker: Maker, place: Path) -> None:
    """Make the C++ part: libc++ with libc++abi, under the names that build tools use.

    The compiler's helpers are in it too: libtool links shared libraries with only the ``-l`` words
    of the driver (``-nostdlib``), and compiler-rt is none of them. The C part must have been made.

    :raises ToolError: zig cannot link for the target
    """
    libraries = place / store.CXX_MARK
    libraries.mkdir(parents=True)
    with temporary.folder() as work:
        made = parts.ask(maker, (), "c++", work)
        own = [path for path in made.files if path.name.removeprefix("lib").startswith("c++")]
        builtins = store.folder(maker.zig, maker.order.folder) / LIBRARIES / f"lib{_BUILTINS[0]}.a"
        common.merge(maker, [*own, builtins], libraries / "libc++.a")
        recompiled.share_locales(maker, libraries / "libc++.a", work)
    for word in ("libc++abi.a", "libstdc++.a", "libsupc++.a"):
        (libraries / word).symlink_to("libc++.a")


def _start_files(maker: Maker, links: Sequence[Parts], libraries: Path) -> None:
    """Copy the start files of zig's links, and add an empty object for each of GCC's."""
    for link, (part, name) in zip(links, _START, strict=True):
        shutil.copy2(next(path for path in link.files if path.name == part), libraries / name)
    for name in _NOTHING:
        common.empty_object(maker, libraries / name)


def _builtins(
    maker: Maker, source: Path, place: Path, defined: Collection[str], work: Path
) -> None:
    """Make clang's compiler-rt from zig's, with one member for each helper.

    :param defined: the names that the C runtime defines
    """
    common.ar(maker, "x", str(source), folder=work)
    underscore = _windows(maker.order).underscore
    paths = []
    for path in sorted(work.glob("*.obj")):
        whole = coff.Object(path.read_bytes(), defined, underscore)
        for number, (name, data) in enumerate(helpers.members(whole)):
            paths.append(work / f"{number}-{re.sub(r'[^0-9A-Za-z_]', '', name)}.o")
            paths[-1].write_bytes(data)
    common.ar(maker, "qcsD", str(place), *map(str, paths))


def _name_libraries(maker: Maker, libraries: Path, builtins: Path) -> None:
    """Give the libraries the names under which build tools ask for them.

    :param builtins: the path of compiler-rt, seen from *libraries*
    """
    for name in _RUNTIME[1:]:
        (libraries / f"lib{name}.a").symlink_to(f"lib{_RUNTIME[0]}.a")
    for name in _UNWIND[1:]:
        (libraries / f"lib{name}.a").symlink_to(f"lib{_UNWIND[0]}.a")
    for name in _BUILTINS:
        (libraries / f"lib{name}.a").symlink_to(builtins)
    members = common.ar(maker, "t", str(libraries / "libmingw32.a")).splitlines()
    folder = maker.zig.library / import_libraries.LISTS / _SOURCES
    sources = {path.stem for path in folder.glob("*.c")}
    for name in (*_IN_MINGW32, *sources.intersection(Path(member).stem for member in members)):
        (libraries / f"lib{name}.a").write_bytes(common.EMPTY_ARCHIVE)
