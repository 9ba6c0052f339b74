"""The base sysroot of a system whose binaries are ELF: Linux with glibc or musl, and the BSDs.

::

    root/usr/lib        start files, libc, libunwind, and the names under which build tools ask for them
    root/usr/include    headers of libc and of the system
    resource/           clang's own folder: its headers, and compiler-rt under the target's name
    clang.cfg           what clang must be told
    libcxx.cfg          what it must be told besides when no other C++ library is used

What is missing here is missing in the wheel: a static glibc, ``libcrypt``, the runtimes of most
sanitizers.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import builtins, parts, store
from xxpy.machine import programs, resources, temporary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xxpy.compiler.base.order import Maker, Order, Zig
    from xxpy.compiler.base.parts import Parts

LIBRARIES: Final = "root/usr/lib"
HEADERS: Final = "root/usr/include"
_START: Final = (
    "crti.o",
    "crtn.o",
    "crtbegin.o",
    "crtbeginS.o",
    "crtbeginT.o",
    "crtend.o",
    "crtendS.o",
)
"""Start files of GCC and libc that have nothing to do where constructors are found by their arrays
(https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html#init_fini); linkers want them all the same."""
OF_GCC: Final = frozenset({*_START[2:], "libgcc.a", "libgcc_eh.a", "libgcc_s.a", "libatomic.a"})
"""Parts that GCC brings itself; where its runtime is used, these are left to it."""
_IN_LIBC: Final = ("m", "pthread", "dl", "rt", "util", "crypt", "resolv", "xnet")
"""Libraries that musl has in libc.a; it installs empty ones under these names itself."""
_IN_GLIBC: Final = ("pthread", "dl", "rt", "util")
"""Libraries that glibc has in libc from 2.34 on; it installs empty ones likewise."""
_VERSIONED: Final = re.compile(r"(lib\w+\.so)(?:\.\d+)+$")
_COMPILER_RT: Final = "libcompiler_rt.a"
_GLIBC: Final = "libc.so.6"
_MUSL_MORE: Final = "libzigc.a"
_MUSL_REST: Final = "libzigc-rest.a"
LIBCXX: Final = "-D_LIBC"
"""How the macros of libc++ and libc++abi begin."""
_ATOMIC: Final = b"__atomic_load_8"
_BUILTINS: Final = "libclang_rt.builtins.a"


def make(maker: Maker, place: Path, final: Path) -> None:
    """Make the C part of a base sysroot.

    :param place: the folder that is filled
    :param final: where it will be
    :raises ToolError: zig cannot link for the target
    """
    libraries = place / LIBRARIES
    libraries.mkdir(parents=True)
    with temporary.folder() as work:
        links = [parts.ask(maker, ("-lunwind", *words), "c", work) for words in _links(maker.order)]
        compiled = parts.ask(maker, ("-c",), "c++", work)
        for path in _once(links):
            shutil.copy2(path, libraries / path.name)
        resource = place / "resource/lib" / maker.order.triple
        resource.mkdir(parents=True)
        builtins.make(maker, libraries / _COMPILER_RT, resource / _BUILTINS, work)
        if _ATOMIC not in (resource / _BUILTINS).read_bytes():  # zig has none for its 32-bit ARM
            add(maker, "atomic", resource / _BUILTINS, work)
        if (libraries / _MUSL_MORE).exists():
            builtins.make_libc(maker, libraries / _COMPILER_RT, libraries / _MUSL_REST, work)
        (libraries / _COMPILER_RT).unlink()
        _start_files(maker, libraries)
    _name_libraries(
        maker.order, libraries, Path("../../..") / "resource/lib" / maker.order.triple / _BUILTINS
    )
    for folder in filter(Path.is_dir, reversed(compiled.headers)):
        shutil.copytree(folder, place / HEADERS, dirs_exist_ok=True)
    (place / "root/lib").symlink_to("usr/lib")
    finish(maker, place, final, compiled, _flags(maker, final, compiled))


def finish(maker: Maker, place: Path, final: Path, compiled: Parts, flags: Iterable[str]) -> None:
    """Add to a C part what every format has: clang's own headers, what it was made for, and what clang is told, the mark last.

    :param compiled: what zig said of compiling C++
    :param flags: what clang must be told of the base
    """
    (place / "resource/include").symlink_to(
        os.path.relpath(headers(maker.zig) / "clang", final / "resource")
    )
    store.write_order(place, maker.order)
    store.write_flags(place / store.CXX_FLAGS, cxx_flags(maker, compiled))
    store.write_flags(place / store.MARK, flags)


def make_cxx(maker: Maker, place: Path) -> None:
    """Make the C++ part, where the C part is: libc++ and libc++abi under the names that build tools use.

    :raises ToolError: zig cannot link for the target
    """
    libraries = place / store.CXX_MARK
    libraries.mkdir(parents=True)
    with temporary.folder() as work:
        made = parts.ask(maker, _links(maker.order)[0], "c++", work)
        for path in made.files:
            if path.name.startswith("libc++"):
                shutil.copy2(path, libraries / path.name.replace(".a", ".real.a"))
        _compare_types_by_name(maker, libraries / "libc++abi.real.a", work)
    (libraries / "libc++abi.a").write_text("GROUP ( libc++abi.real.a -lunwind )\n")
    for word in ("libc++.a", "libstdc++.a"):
        (libraries / word).write_text("GROUP ( libc++.real.a libc++abi.real.a -lunwind )\n")


def linker(zig: Zig, order: Order, folder: Path) -> str:
    """Return the script that links, for ``--ld-path``."""
    del order, folder  # one for all
    return f'#!/bin/sh\nexec {shlex.quote(zig.program)} ld.lld "$@"\n'


def headers(zig: Zig) -> Path:
    """Return the folder with the headers of the compiler (``clang``) and of libc++ (``c++``), which all targets share.

    :raises OutputError: it cannot be written
    """

    def copy(place: Path) -> None:
        shutil.copytree(zig.library / "include", place / "clang")
        for part in ("libcxx", "libcxxabi"):
            shutil.copytree(zig.library / part / "include", place / "c++", dirs_exist_ok=True)
        shutil.copytree(zig.library / "libunwind/include", place / "unwind")

    return store.ensure(store.folder(zig, "headers"), copy, mark="c++")


def _links(order: Order) -> tuple[tuple[str, ...], ...]:
    """Return the kinds of links that together name all parts; the first names libraries that suit every kind (PIC)."""
    if order.libc == "musl":
        return ("-static", "-pie", "-fPIE"), ("-dynamic",), ("-dynamic", "-pie", "-fPIE")
    return ("-pie", "-fPIE"), ("-no-pie",)


def _once(links: Iterable[Parts]) -> list[Path]:
    """Return every part once, by its name: the first that has it."""
    found: dict[str, Path] = {}
    for link in links:
        for path in link.files:
            found.setdefault(path.name, path)
    return list(found.values())


def _start_files(maker: Maker, libraries: Path) -> None:
    empty = libraries / _START[0]
    if not empty.exists():
        flags = (
            "--no-default-config",
            f"--target={maker.order.triple}",
            *maker.order.flags,
            "-c",
            "-x",
            "c",
            os.devnull,
        )
        programs.output(
            [maker.zig.program, "clang", *flags, "-o", str(empty)], environment=maker.environment
        )
    for name in _START:
        if not (libraries / name).exists():
            shutil.copy2(empty, libraries / name)


def add(maker: Maker, name: str, archive: Path, work: Path) -> None:
    """Add what ``templates/base/NAME.c`` defines to an archive."""
    source, target = work / f"{name}.c", work / f"{name}.o"
    source.write_text(resources.texts("templates", "base/*.c")[f"base/{name}.c"])
    flags = ("--no-default-config", f"--target={maker.order.triple}")
    more = (
        *maker.order.flags,
        "-isystem",
        str(headers(maker.zig) / "clang"),
        "-O2",
        "-fPIC",
        "-ffreestanding",
        "-w",
    )
    command = [maker.zig.program, "clang", *flags, *more, "-c", str(source), "-o", str(target)]
    programs.output(command, environment=maker.environment)
    programs.output(
        [maker.zig.program, "ar", "rcsD", str(archive), str(target)], environment=maker.environment
    )


def _name_libraries(order: Order, libraries: Path, helpers: Path) -> None:
    """Give the libraries the names under which build tools ask for them."""
    for path in sorted(libraries.iterdir()):
        versioned = _VERSIONED.match(path.name)
        if versioned is not None and path.name != _GLIBC:
            (libraries / versioned[1]).symlink_to(path.name)
    if (libraries / _GLIBC).exists():
        # Before 2.34 threads and dlopen are apart. libld is the dynamic linker, which has
        # __tls_get_addr.
        apart = [
            name
            for name in ("libld.so.2", "libpthread.so.0", "libdl.so.2")
            if (libraries / name).exists()
        ]
        (libraries / "libc.so").write_text(
            f"GROUP ( {_GLIBC} libc_nonshared.a AS_NEEDED ( {' '.join(apart)} ) )\n"
        )
    if (libraries / _MUSL_MORE).exists():
        (libraries / "libc.a").rename(libraries / "libc.real.a")
        (libraries / "libc.a").write_text(f"GROUP ( libc.real.a {_MUSL_MORE} {_MUSL_REST} )\n")
    for name in _IN_LIBC if order.libc == "musl" else _IN_GLIBC if order.libc else ():
        if not (libraries / f"lib{name}.so").exists():
            (libraries / f"lib{name}.a").write_bytes(b"!<arch>\n")
    if (libraries / "libthr.so").exists():  # FreeBSD's threads, which it installs under both names
        (libraries / "libpthread.so").symlink_to("libthr.so")
    for name in ("libgcc.a", "libatomic.a", _COMPILER_RT):
        (libraries / name).symlink_to(helpers)
    for name in ("libgcc_eh.a", "libgcc_s.a"):
        (libraries / name).symlink_to("libunwind.a")


def _flags(maker: Maker, final: Path, compiled: Parts) -> tuple[str, ...]:
    """Return what clang must be told of the base; the target itself is told by the kit."""
    return (
        f"--sysroot={final / 'root'}",
        f"-resource-dir={final / 'resource'}",
        "--rtlib=compiler-rt",
        "--unwindlib=libunwind",
        "-idirafter",
        str(headers(maker.zig) / "unwind"),
        *maker.order.flags,
        *(word for word in compiled.definitions if not word.startswith(LIBCXX)),
        "-fuse-ld=lld",
    )


def cxx_flags(maker: Maker, compiled: Parts) -> tuple[str, ...]:
    """Return what clang must be told of libc++."""
    return (
        "-stdlib=libc++",
        "-stdlib++-isystem",
        str(headers(maker.zig) / "c++"),
        *(word for word in compiled.definitions if word.startswith(LIBCXX)),
        f"-L{store.folder(maker.zig, maker.order.name + store.CXX) / store.CXX_MARK}",
    )


def _compare_types_by_name(maker: Maker, archive: Path, work: Path) -> None:
    """Let handlers catch exceptions of shared libraries: compare types by name, because each library has its own copy of them.

    (https://libcxx.llvm.org/DesignDocs/VisibilityMacros.html; libc++'s
    ``_LIBCPP_TYPEINFO_COMPARISON_IMPLEMENTATION``.)
    """
    zig, environment = maker.zig, maker.environment
    source = zig.library / "libcxxabi/src/private_typeinfo.cpp"
    target = work / "private_typeinfo.o"
    folders = [
        word
        for part in ("libcxxabi/include", "libcxx/include", "libcxx/src")
        for word in ("-I", str(zig.library / part))
    ]
    flags = (
        "-D_LIBCPP_TYPEINFO_COMPARISON_IMPLEMENTATION=2", "-D_LIBCPP_BUILDING_LIBRARY", "-D_LIBCXXABI_BUILDING_LIBRARY", "-DNDEBUG", "-w",
        "-O2", "-fPIC", "-fvisibility=hidden", "-fvisibility-inlines-hidden", "-ffunction-sections", "-fdata-sections", "-std=c++23",
    )  # fmt: skip
    configuration = store.folder(zig, maker.order.name) / store.MARK
    command = [
        zig.program,
        "clang",
        "--no-default-config",
        f"--config={configuration}",
        f"@{configuration.with_name(store.CXX_FLAGS)}",
        f"--target={maker.order.triple}",
        *flags,
        *folders,
    ]
    programs.output(
        [*command, "-nostdinc++", "-c", str(source), "-o", str(target)], environment=environment
    )
    members = programs.output(
        [zig.program, "ar", "t", str(archive)], environment=environment
    ).splitlines()
    for member in members:
        if Path(member).name.startswith("private_typeinfo"):
            programs.output(
                [zig.program, "ar", "d", str(archive), Path(member).name], environment=environment
            )
    programs.output([zig.program, "ar", "rcsD", str(archive), str(target)], environment=environment)
