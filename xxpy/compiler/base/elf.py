"""The base sysroot of a system whose binaries are ELF: Linux with glibc or musl, and the BSDs.

::

    root/usr/lib        start files, libc and libunwind, under every name that build tools use
    root/usr/include    headers of libc and of the system
    resource/           clang's own folder: its headers, and compiler-rt under the target's name
    clang.cfg           the flags with which clang uses the base
    libcxx.cfg          further flags for programs that use no other C++ library

The wheel does not have a static glibc, ``libcrypt`` or the runtimes of most sanitizers, so neither
does a base.
"""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import common, newer, parts, recompiled, store
from xxpy.compiler.base.order import Linker
from xxpy.machine import temporary
from xxpy.table import libc as c_library

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xxpy.compiler.base.order import Maker, Order, Zig
    from xxpy.compiler.base.parts import Parts

LIBRARIES: Final = "root/usr/lib"
HEADERS: Final = "root/usr/include"
_SHARED: Final = "crtbeginS.o"
"""The start file of shared libraries."""
_START: Final = (
    "crti.o",
    "crtn.o",
    "crtbegin.o",
    _SHARED,
    "crtbeginT.o",
    "crtend.o",
    "crtendS.o",
)
"""Start files of GCC and libc that linkers ask for. They are empty, because constructors are found
in arrays (https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html#init_fini)."""
OF_GCC: Final = frozenset({*_START[2:], "libgcc.a", "libgcc_eh.a", "libgcc_s.a", "libatomic.a"})
"""Files that GCC has as well; a root with GCC's runtime takes them from there."""
_IN_LIBC: Final = ("m", "pthread", "dl", "rt", "util", "crypt", "resolv", "xnet")
"""Libraries whose functions musl has in libc.a; like musl, a base has empty ones of these names."""
_IN_GLIBC: Final = ("pthread", "dl", "rt", "util")
"""Libraries whose functions glibc has in libc since 2.34; like glibc, a base has empty ones."""
_VERSIONED: Final = re.compile(r"(lib\w+\.so)(?:\.\d+)+$")
_COMPILER_RT: Final = "libcompiler_rt.a"
_GLIBC: Final = "libc.so.6"
_MUSL_MORE: Final = "libzigc.a"
_MUSL_REST: Final = "libzigc-rest.a"
_ANY_LIBC: Final = "-any"
"""The end of the names of zig's folders with headers that all libcs of a system have."""
_ATOMIC: Final = b"__atomic_load_8"


def make(maker: Maker, place: Path, final: Path) -> None:
    """Make the C part of a base sysroot.

    :param place: the folder that is filled
    :param final: where it will be
    :raises ToolError: zig cannot link for the target
    """
    from xxpy.compiler.base import builtins  # noqa: PLC0415 - only to make a base

    libraries = place / LIBRARIES
    libraries.mkdir(parents=True)
    with temporary.folder() as work:
        links = [parts.ask(maker, ("-lunwind", *words), "c", work) for words in _links(maker.order)]
        compiled = parts.ask(maker, ("-c",), "c++", work)
        for path in _once(links):
            shutil.copy2(path, libraries / path.name)
        resource = place / "resource/lib" / maker.order.triple
        resource.mkdir(parents=True)
        helpers = resource / common.BUILTINS
        builtins.make(maker, libraries / _COMPILER_RT, helpers, work)
        if _ATOMIC not in helpers.read_bytes():  # zig lacks it for 32-bit ARM
            common.add(maker, "atomic", helpers, work)
        if (libraries / _MUSL_MORE).exists():
            builtins.make_libc(maker, libraries / _COMPILER_RT, libraries / _MUSL_REST, work)
        (libraries / _COMPILER_RT).unlink()
        if maker.order.system:
            words = (*common.libc_definitions(compiled), f'-DSYSTEM="{maker.order.system}"')
            common.own_object(maker, "system", libraries / _SHARED, work, *words)
        _start_files(maker, libraries)
    _name_libraries(maker.order, libraries, Path("../../..") / helpers.relative_to(place))
    common.copy_headers(compiled, place / HEADERS)
    if maker.order.libc == c_library.GNU:
        _conceal_newer(maker, compiled, place)
    (place / "root/lib").symlink_to("usr/lib")
    facts = (*_release(maker.order, compiled), *common.libc_definitions(compiled))
    common.finish(maker, place, final, compiled, common.flags(maker, final, facts))


def _conceal_newer(maker: Maker, compiled: Parts, place: Path) -> None:
    """Conceal what headers declare of newer releases of glibc."""
    name = maker.order.target.partition(".")[0]
    order = replace(maker.order, target=f"{name}.{parts.newest_glibc(maker)}")
    with temporary.folder() as work:
        newest = parts.ask(replace(maker, order=order), _links(order)[0], "c", work).files
    libraries = [path for path in newest if ".so" in path.suffixes]
    base = place / LIBRARIES
    others = newer.of_glibc(libraries, base.glob("*.so.*"), base.glob("libc_nonshared.a"))
    kernel = [folder for folder in compiled.headers if folder.name.endswith(_ANY_LIBC)]
    headers = place / HEADERS
    own = (
        path
        for path in headers.rglob("*.h")
        if not any((folder / path.relative_to(headers)).exists() for folder in kernel)
    )
    newer.conceal(own, others)


def _release(order: Order, compiled: Parts) -> tuple[str, ...]:
    """Return the target with the release of its system, which clang's own macros depend on.

    ``__FreeBSD__`` is 8 without it. Linux has no such macro.
    """
    if order.libc or not compiled.release:
        return ()
    architecture, vendor, system, *rest = order.triple.split("-")
    return (f"--target={'-'.join((architecture, vendor, system + compiled.release, *rest))}",)


def make_cxx(maker: Maker, place: Path) -> None:
    """Make the C++ part: libc++ and libc++abi under the names that build tools use.

    The C part must have been made.

    :raises ToolError: zig cannot link for the target
    """
    libraries = place / store.CXX_MARK
    libraries.mkdir(parents=True)
    with temporary.folder() as work:
        made = parts.ask(maker, _links(maker.order)[0], "c++", work)
        for path in made.files:
            if path.name.startswith("libc++"):
                shutil.copy2(path, libraries / path.name.replace(".a", ".real.a"))
        recompiled.compare_types_by_name(maker, libraries / "libc++abi.real.a", work)
        recompiled.hide_end_of_cleanup(maker, libraries / "libc++abi.real.a", work)
        recompiled.share_locales(maker, libraries / "libc++.real.a", work)
    (libraries / "libc++abi.a").write_text("GROUP ( libc++abi.real.a -lunwind )\n")
    # libtool links shared libraries with only the -l words of the driver (-nostdlib), and none of
    # them is compiler-rt.
    for word in ("libc++.a", "libstdc++.a"):
        (libraries / word).write_text("GROUP ( libc++.real.a libc++abi.real.a -lunwind -lgcc )\n")


def linker(zig: Zig, order: Order, folder: Path) -> Linker:
    """Return the script that links, for ``--ld-path``.

    Version scripts may name symbols that do not exist, as for GNU ld: those of zlib, fuse and
    others do. Of several names of the format, the last counts.
    """
    del folder  # the script names no file of a base
    emulation = f" -m {shlex.quote(order.emulation)}" if order.emulation else ""
    program = shlex.quote(zig.program)
    return Linker(f'#!/bin/sh\nexec {program} ld.lld --undefined-version "$@"{emulation}\n')


def _links(order: Order) -> tuple[tuple[str, ...], ...]:
    """Return the kinds of links that together name all parts.

    The first names libraries that suit every kind of link (PIC).
    """
    if order.libc == c_library.MUSL:
        return ("-static", "-pie", "-fPIE"), ("-dynamic",), ("-dynamic", "-pie", "-fPIE")
    return ("-pie", "-fPIE"), ("-no-pie",)


def _once(links: Iterable[Parts]) -> list[Path]:
    """Return every part once; of several with the same name, the first."""
    found: dict[str, Path] = {}
    for link in links:
        for path in link.files:
            found.setdefault(path.name, path)
    return list(found.values())


def _start_files(maker: Maker, libraries: Path) -> None:
    """Add an empty object for each start file that zig does not make."""
    empty = libraries / _START[0]
    if not empty.exists():
        common.empty_object(maker, empty)
    for name in _START:
        if not (libraries / name).exists():
            shutil.copy2(empty, libraries / name)


def _name_libraries(order: Order, libraries: Path, helpers: Path) -> None:
    """Give the libraries the names under which build tools ask for them.

    :param helpers: the path of compiler-rt, seen from *libraries*
    """
    for path in sorted(libraries.iterdir()):
        versioned = _VERSIONED.match(path.name)
        if versioned is not None and path.name != _GLIBC:
            (libraries / versioned[1]).symlink_to(path.name)
    if (libraries / _GLIBC).exists():
        # Before 2.34, threads and dlopen are in libraries of their own. libld is the dynamic
        # linker, which has __tls_get_addr.
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
    for name in _IN_LIBC if order.libc == c_library.MUSL else _IN_GLIBC if order.libc else ():
        if not (libraries / f"lib{name}.so").exists():
            (libraries / f"lib{name}.a").write_bytes(common.EMPTY_ARCHIVE)
    if (libraries / "libthr.so").exists():  # FreeBSD's threads, which it installs under both names
        (libraries / "libpthread.so").symlink_to("libthr.so")
    for name in ("libgcc.a", "libatomic.a", _COMPILER_RT):
        (libraries / name).symlink_to(helpers)
    (libraries / "libgcc_eh.a").symlink_to("libunwind.a")
    # GCC's shared library has the compiler's helpers, too; Rust links it and no other. Functions of
    # glibc and musl that zig leaves to compiler-rt, such as __aeabi_read_tp, are among them.
    (libraries / "libgcc_s.a").write_text("GROUP ( libunwind.a libgcc.a )\n")
