"""The base sysroot of Windows: what mingw-w64 has, made of zig's parts and laid out as clang's MinGW driver looks for it.

::

    root/include        headers of the C runtime and of Windows, a link to a folder that all architectures share
    root/lib            start files (crt2.o, crt2u.o with -municode, dllcrt2.o in DLLs), libmingw32.a, the universal C runtime as libmsvcrt.a
                        and libucrt.a, libunwind.a, and an import library for each DLL that zig has a list of
    resource/           clang's own folder: its headers, and compiler-rt under the target's name
    clang.cfg           what clang must be told

The C++ part is a folder of its own with ``lib/libc++.a``. The linker is ``zig lld-link`` behind a script that understands GNU ld's options
(``templates/kit/lld-mingw.sh.j2``, :func:`linker`), which the kit has because it names zig's own path.

Import libraries are made from the lists of mingw-w64 (``.def``, and ``.def.in`` for the preprocessor). Libraries that are empty have everything in
libmingw32.a, which clang links always.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import host
from xxpy.errors import ToolError
from xxpy.render.kit import File
from xxpy.toolchain.base import coff, elf, parts, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xxpy.rows import Row
    from xxpy.toolchain.base.parts import Parts, Zig
    from xxpy.toolchain.base.store import Order

LINKER: Final = "ld.lld"
"""The name of the script that links."""
LIBRARIES: Final = "root/lib"
_SHARED: Final = "headers-windows"
_COMMON: Final = "lib-common"
_LISTS: Final = "libc/mingw"
_SOURCES: Final = "libc/mingw/libsrc"
_INCLUDED: Final = "def-include"
_LINKS: Final = (("-lunwind",), ("-municode", "-Dmain=wmain"), ("-shared",))
"""The kinds of links that together name all parts; the start files of the second are for programs with ``wmain``."""
_START: Final = {"crt2.obj": ("crt2.o", "crt2u.o"), "dllcrt2.obj": ("", "", "dllcrt2.o")}
_NOTHING: Final = ("crtbegin.o", "crtend.o")
_RUNTIME: Final = ("msvcrt", "ucrt")
"""The names of the universal C runtime; clang asks for the first whatever runtime there is."""
_RUNTIME_PARTS: Final = ("zigc", "api-ms-win-crt-")
_IN_MINGW32: Final = ("mingwex", "moldname", "m", "pthread", "winpthread", "uuid", "ssp", "ssp_nonshared")
"""Libraries that mingw-w64 installs beside libmingw32.a."""
_UNWIND: Final = ("unwind", "gcc_eh", "gcc_s")
_BUILTINS: Final = ("gcc", "atomic")
_EMPTY: Final = b"!<arch>\n"
_STACK: Final = re.compile(rb"(?m)^(\s*[^\s;=@]+)@\d+(?=\s|$)")
"""The size of a function's arguments, which only 386 has in names."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tools for binaries of Windows call an architecture.

    :param emulation: GNU ld's ``-m``
    :param machine: lld's ``-machine:``
    :param dlltool: llvm-dlltool's ``-m``
    :param lists: the folder of zig's lists of DLLs beside the common one, or None
    :param underscore: what C's names begin with
    """

    emulation: str
    machine: str
    dlltool: str
    lists: str | None
    underscore: str


def facts(row: Row) -> Facts:
    """Return the facts of a platform.

    :raises ToolError: no tool of zig's knows it
    """
    if row.pe is None or row.pe.dlltool is None or row.linker is None or row.linker.emulation is None:
        raise ToolError(f"has no linker for {row.platform}")
    return Facts(row.linker.emulation, row.pe.cvtres, row.pe.dlltool, row.zig and row.zig.lists, row.pe.underscore)


def linker(zig: str, known: Facts, title: str, folder: str = "bin") -> File:
    """Return the script that links, as a file of a kit, for ``--ld-path``.

    :param zig: the absolute path of ``zig``
    :param title: what its first line says
    :param folder: where it is below the kit
    """
    said = {"title": title, "zig": zig, "emulation": known.emulation, "machine": known.machine, "underscore": known.underscore}
    return File(f"{folder}/{LINKER}", "kit/lld-mingw.sh", said, executable=True)


def make(zig: Zig, order: Order, known: Facts, place: Path, final: Path, environment: Mapping[str, str], tick: Callable[[], None]) -> None:
    """Make the C part of a base sysroot.

    :param place: the folder that is filled
    :param final: where it will be
    :raises ToolError: zig cannot link for the target
    """
    libraries = place / LIBRARIES
    libraries.mkdir(parents=True)
    resource = place / "resource/lib" / order.triple
    resource.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="xxpy-") as name:
        work = Path(name)
        links = [parts.ask(zig, (*order.words, "-s", *words), "c", work, environment, tick) for words in _LINKS]
        found = {path.name: path for path in links[0].files}
        _start_files(zig, order, links, libraries, environment)
        shutil.copy2(found["libmingw32.lib"], libraries / "libmingw32.a")
        shutil.copy2(found["unwind.lib"], libraries / f"lib{_UNWIND[0]}.a")
        runtime = [path for part, path in found.items() if part.startswith(_RUNTIME_PARTS)]
        _merge(zig, runtime, libraries / f"lib{_RUNTIME[0]}.a", work, environment)
        _builtins(zig, known, found["compiler_rt.lib"], resource / "libclang_rt.builtins.a", work, environment)
        _name_libraries(zig, libraries, Path("../..") / "resource/lib" / order.triple / "libclang_rt.builtins.a")
        _import_libraries(zig, order, known, libraries, work, environment, tick)
    shared = store.ensure(store.folder(zig, _SHARED), lambda folder: _headers(links[0], folder), mark="include")
    (place / "root/include").symlink_to(os.path.relpath(shared / "include", final / "root"))
    (place / "resource/include").symlink_to(os.path.relpath(elf.headers(zig) / "clang", final / "resource"))
    store.write_order(place, order)
    (place / store.MARK).write_text("".join(f"{elf.escaped(flag)}\n" for flag in flags(zig, order, final)), "utf-8")


def make_cxx(zig: Zig, order: Order, place: Path, environment: Mapping[str, str], tick: Callable[[], None]) -> None:
    """Make the C++ part: libc++ with libc++abi, under the names that build tools use.

    :raises ToolError: zig cannot link for the target
    """
    libraries = place / "lib"
    libraries.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="xxpy-") as name:
        work = Path(name)
        made = parts.ask(zig, (*order.words, "-s"), "c++", work, environment, tick)
        found = [path for path in made.files if path.name.removeprefix("lib").startswith("c++")]
        _merge(zig, found, libraries / "libc++.a", work, environment)
    for word in ("libc++abi.a", "libstdc++.a", "libsupc++.a"):
        (libraries / word).symlink_to("libc++.a")


def flags(zig: Zig, order: Order, final: Path) -> tuple[str, ...]:
    """Return what clang must be told of the base; the target and the linker are told by the kit."""
    shared = elf.headers(zig)
    return (
        f"--sysroot={final / 'root'}",
        f"-resource-dir={final / 'resource'}",
        "--rtlib=compiler-rt",
        "--unwindlib=libunwind",
        "-stdlib=libc++",
        "-stdlib++-isystem",
        str(shared / "c++"),
        "-idirafter",
        str(shared / "unwind"),
        *order.flags,
        *_CXX,
        f"-L{store.folder(zig, order.name + '-c++') / 'lib'}",
        "-fuse-ld=lld",
    )


_CXX: Final = ("-D_LIBCPP_DISABLE_VISIBILITY_ANNOTATIONS", "-D_LIBCXXABI_DISABLE_VISIBILITY_ANNOTATIONS")


def _start_files(zig: Zig, order: Order, links: list[Parts], libraries: Path, environment: Mapping[str, str]) -> None:
    """Copy the start files under the names that clang asks for, and make those that have nothing to do."""
    for link, files in zip(links, zip(*_START_FILES, strict=True), strict=True):
        del link, files
    empty = libraries / _NOTHING[0]
    command = [zig.program, "clang", "--no-default-config", f"--target={order.triple}", *order.flags, "-c", "-x", "c", os.devnull]
    host.output([*command, "-o", str(empty)], environment=environment)
    for name in _NOTHING[1:]:
        shutil.copy2(empty, libraries / name)


def _merge(zig: Zig, archives: list[Path], place: Path, work: Path, environment: Mapping[str, str]) -> None:
    """Make one archive of the members of several."""
    script = work / "merge.mri"
    lines = [f"CREATE {place.name}", *(f"ADDLIB {path}" for path in archives), "SAVE", "END"]
    script.write_text("\n".join(lines) + "\n")
    host.output([zig.program, "ar", "-M"], environment=environment, folder=str(work))


def _headers(link: Parts, folder: Path) -> None:
    """Copy the headers that a link names, the weaker first."""
    for path in reversed(link.headers):
        if path.is_dir():
            shutil.copytree(path, folder / "include", dirs_exist_ok=True)
