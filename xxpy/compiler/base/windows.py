"""The base sysroot of Windows: what mingw-w64 has, made of zig's parts and laid out as clang's MinGW driver looks for it.

::

    root/include        headers of the C runtime and of Windows, a link to a folder that all architectures share
    root/lib            start files (crt2.o, crt2u.o with -municode, dllcrt2.o in DLLs), libmingw32.a, the universal C runtime
                        as libmsvcrt.a and libucrt.a, libunwind.a, and an import library for each DLL that zig has a list of
    resource/           clang's own folder: its headers, and compiler-rt under the target's name
    clang.cfg           what clang must be told

The C++ part is a folder of its own with ``lib/libc++.a``. The linker is ``zig lld-link`` behind a
script that understands GNU ld's options (``templates/linkers/lld-mingw.sh``, :func:`linker`).

Import libraries are made from the lists of mingw-w64 (``.def``, and ``.def.in`` for the
preprocessor). Libraries that are empty have everything in libmingw32.a, which clang always links.
"""

from __future__ import annotations

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import coff, elf, order, parts, script, store
from xxpy.errors import ToolError
from xxpy.machine import programs, temporary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from xxpy.compiler.base.order import Maker, Order, Zig
    from xxpy.compiler.base.parts import Parts
    from xxpy.table.columns import Row

LIBRARIES: Final = "root/lib"
_HEADERS: Final = "headers-windows"
_LISTS: Final = "libc/mingw"
_COMMON: Final = "lib-common"
_INCLUDED: Final = "def-include"
_SOURCES: Final = "libsrc"
_LINKS: Final = (("-lunwind",), ("-municode", "-Dmain=wmain"), ("-shared",))
"""The links that together name all parts."""
_START: Final = (("crt2.obj", "crt2.o"), ("crt2.obj", "crt2u.o"), ("dllcrt2.obj", "dllcrt2.o"))
"""The start file that each link names, and what clang calls it; the second is for programs with ``wmain``."""
_NOTHING: Final = ("crtbegin.o", "crtend.o")
_RUNTIME: Final = ("msvcrt", "ucrt")
"""The names of the universal C runtime; clang asks for the first whatever runtime there is."""
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
"""Libraries that mingw-w64 installs apart; zig has them in libmingw32.a, which clang always links."""
_UNWIND: Final = ("unwind", "gcc_eh", "gcc_s")
_BUILTINS: Final = ("gcc", "atomic")
_EMPTY: Final = b"!<arch>\n"
_LIBRARY: Final = re.compile(r"(?im)^\s*LIBRARY\b")
"""What a list begins with; others are parts of lists."""
_STACK: Final = re.compile(r"(?m)^(\s*[^\s;=@]+)@\d+(?=\s|$)")
"""The size of a function's arguments, which only 386 has in names."""


def needs(row: Row) -> order.Windows:
    """Return what a base needs to know of a platform besides what others need.

    :raises ToolError: no tool of zig's knows it
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


def linker(zig: Zig, order: Order, folder: Path) -> str:
    """Return the script that links, for ``--ld-path``."""
    del folder  # names nothing of a base
    windows = order.windows
    assert windows is not None  # noqa: S101 - who orders a base for Windows says so
    facts = {
        "zig": zig.program,
        "emulation": windows.emulation,
        "machine": windows.machine,
        "underscore": windows.underscore,
    }
    return script.linker("lld-mingw", order.target, facts)


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
        shutil.copy2(found["unwind.lib"], libraries / f"lib{_UNWIND[0]}.a")
        elf.add(maker, "frames", libraries / f"lib{_UNWIND[0]}.a", work)
        runtime = libraries / f"lib{_RUNTIME[0]}.a"
        _merge(
            maker,
            [path for part, path in found.items() if part.startswith(_RUNTIME_PARTS)],
            runtime,
        )
        taken = coff.index(runtime.read_bytes()) | coff.index(
            (libraries / "libmingw32.a").read_bytes()
        )
        _builtins(maker, found["compiler_rt.lib"], resource / "libclang_rt.builtins.a", taken, work)
        _name_libraries(
            maker,
            libraries,
            Path("../..") / "resource/lib" / maker.order.triple / "libclang_rt.builtins.a",
        )
        _import_libraries(maker, libraries, work)
    shared = store.ensure(
        store.folder(maker.zig, _HEADERS), lambda folder: _headers(links[0], folder), mark="include"
    )
    (place / "root/include").symlink_to(os.path.relpath(shared / "include", final / "root"))
    elf.finish(maker, place, final, compiled, flags(maker, final))


def make_cxx(maker: Maker, place: Path) -> None:
    """Make the C++ part: libc++ with libc++abi, under the names that build tools use.

    :raises ToolError: zig cannot link for the target
    """
    libraries = place / store.CXX_MARK
    libraries.mkdir(parents=True)
    with temporary.folder() as work:
        made = parts.ask(maker, (), "c++", work)
        _merge(
            maker,
            [path for path in made.files if path.name.removeprefix("lib").startswith("c++")],
            libraries / "libc++.a",
        )
    for word in ("libc++abi.a", "libstdc++.a", "libsupc++.a"):
        (libraries / word).symlink_to("libc++.a")


def flags(maker: Maker, final: Path) -> tuple[str, ...]:
    """Return what clang must be told of the base; the target and the linker are told by the kit."""
    return (
        f"--sysroot={final / 'root'}",
        f"-resource-dir={final / 'resource'}",
        "--rtlib=compiler-rt",
        "--unwindlib=libunwind",
        "-idirafter",
        str(elf.headers(maker.zig) / "unwind"),
        *maker.order.flags,
        "-fuse-ld=lld",
    )


def _start_files(maker: Maker, links: Sequence[Parts], libraries: Path) -> None:
    for link, (part, name) in zip(links, _START, strict=True):
        shutil.copy2(next(path for path in link.files if path.name == part), libraries / name)
    empty = (
        "--no-default-config",
        f"--target={maker.order.triple}",
        *maker.order.flags,
        "-c",
        "-x",
        "c",
        os.devnull,
    )
    for name in _NOTHING:
        programs.output(
            [maker.zig.program, "clang", *empty, "-o", str(libraries / name)],
            environment=maker.environment,
        )


def _merge(maker: Maker, archives: Iterable[Path], place: Path) -> None:
    """Make one archive of the members of several."""
    programs.output(
        [maker.zig.program, "ar", "qcsDL", str(place), *map(str, archives)],
        environment=maker.environment,
    )


def _builtins(maker: Maker, source: Path, place: Path, taken: Collection[str], work: Path) -> None:
    """Make compiler-rt of zig's, with a member for each helper."""
    programs.output(
        [maker.zig.program, "ar", "x", str(source)], environment=maker.environment, folder=str(work)
    )
    underscore = maker.order.windows.underscore if maker.order.windows is not None else ""
    members = []
    for whole in sorted(work.glob("*.obj")):
        for number, (name, data) in enumerate(
            coff.Object(whole.read_bytes(), taken, underscore).members()
        ):
            members.append(work / f"{number}-{re.sub(r'[^0-9A-Za-z_]', '', name)}.o")
            members[-1].write_bytes(data)
    programs.output(
        [maker.zig.program, "ar", "qcsD", str(place), *map(str, members)],
        environment=maker.environment,
    )


def _name_libraries(maker: Maker, libraries: Path, helpers: Path) -> None:
    """Give the libraries the names under which build tools ask for them."""
    for name in _RUNTIME[1:]:
        (libraries / f"lib{name}.a").symlink_to(f"lib{_RUNTIME[0]}.a")
    for name in _UNWIND[1:]:
        (libraries / f"lib{name}.a").symlink_to(f"lib{_UNWIND[0]}.a")
    for name in _BUILTINS:
        (libraries / f"lib{name}.a").symlink_to(helpers)
    members = programs.output(
        [maker.zig.program, "ar", "t", str(libraries / "libmingw32.a")],
        environment=maker.environment,
    ).splitlines()
    sources = {path.stem for path in (maker.zig.library / _LISTS / _SOURCES).glob("*.c")}
    for name in (*_IN_MINGW32, *sources.intersection(Path(member).stem for member in members)):
        (libraries / f"lib{name}.a").write_bytes(_EMPTY)


def _import_libraries(maker: Maker, libraries: Path, work: Path) -> None:
    """Make an import library for each DLL that zig has a list of, where no library has the name yet."""
    windows = maker.order.windows
    assert windows is not None  # noqa: S101 - who orders a base for Windows says so
    lists: dict[str, Path] = {}
    for folder in filter(None, (_COMMON, windows.lists)):  # the architecture's own lists count
        lists |= {
            path.name.partition(".def")[0]: path
            for path in sorted((maker.zig.library / _LISTS / folder).glob("*.def*"))
        }

    def make_one(item: tuple[str, Path]) -> None:
        name, source = item
        if not _has_code(libraries / f"lib{name}.a") and _LIBRARY.search(
            source.read_text("latin-1")
        ):
            _import_library(maker, windows, source, libraries / f"lib{name}.a", work)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for _ in pool.map(make_one, lists.items()):
            maker.tick()
    for name, others in windows.merged.items():
        found = [
            path
            for path in (libraries / f"lib{other}.a" for other in others.split())
            if path.exists()
        ]
        if found:
            _merge(maker, found, libraries / f"lib{name}.a")


def _has_code(library: Path) -> bool:
    return library.exists() and library.stat().st_size > len(_EMPTY)


def _import_library(
    maker: Maker, windows: order.Windows, source: Path, library: Path, work: Path
) -> None:
    """Make one import library from a list."""
    definitions = work / f"{library.name}.def"
    if source.suffix == ".in":
        made = work / f"{library.name}.def.in"
        included = maker.zig.library / _LISTS / _INCLUDED
        words = (
            "--no-default-config",
            f"--target={maker.order.triple}",
            "-E",
            "-P",
            "-w",
            "-x",
            "c",
            f"-I{included}",
        )
        programs.output(
            [maker.zig.program, "clang", *words, str(source), "-o", str(made)],
            environment=maker.environment,
        )
        source = made
    text = source.read_text("latin-1")
    definitions.write_text(text if windows.underscore else _STACK.sub(r"\1", text), "latin-1")
    kill = ("-k",) if windows.underscore else ()
    command = (
        maker.zig.program,
        "dlltool",
        "-m",
        windows.dlltool,
        *kill,
        "-d",
        str(definitions),
        "-l",
        str(library),
    )
    programs.output(command, environment=maker.environment)


def _headers(link: Parts, folder: Path) -> None:
    """Copy the headers that a link names, the weaker first."""
    for path in reversed(link.headers):
        if path.is_dir():
            shutil.copytree(path, folder / "include", dirs_exist_ok=True)
