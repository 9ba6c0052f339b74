"""The base sysroot of macOS: the parts of Apple's SDK that zig has, and stubs for the rest.

::

    root/usr/include    headers of libc and of the system
    root/usr/lib        libSystem, under clang's name and in the form that lld reads
    absent.txt          functions that the oldest macOS does not have (:mod:`newer`)
    stubs/              Apple's other libraries and frameworks: install names without symbols
    resource/           clang's own folder: its headers, and compiler-rt
    clang.cfg           the flags with which clang uses the base

The C++ part is a folder of its own with ``lib/libc++.a``. The linker script
(``templates/linkers/ld64*.sh``, :func:`linker`) takes the options of Apple's linker. It calls lld
if rustup has installed it, and zig's linker otherwise. Where a program names a library that no
folder has, it links a stub. Both linkers sign programs for arm64 ad hoc and leave those for amd64
unsigned, which macOS runs all the same.
"""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import common, newer, parts, recompiled, script, store
from xxpy.compiler.base.order import DECLARED, Apple, Linker
from xxpy.errors import ToolError
from xxpy.machine import programs, resources, temporary
from xxpy.templates import File, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.base.order import Maker, Order, Zig
    from xxpy.table.columns import Row

_LLD: Final = "lib/rustlib/*/bin/gcc-ld/ld64.lld"
STUBS: Final = "stubs"
_SYSTEM: Final = "libc/darwin"
_LIBRARY: Final = "libSystem.tbd"
_IN_SYSTEM: Final = ("c", "m", "dl", "info", "poll", "proc", "pthread", "rpcsvc", "dbm")
"""The libraries that Apple's SDK has as links to libSystem."""
_LIBRARIES: Final = "root/usr/lib"
_INCLUDE: Final = "root/usr/include"
_ABSENT: Final = "absent.txt"
"""The symbols that the oldest macOS does not have, each with the first that has it or "never"."""
_NEVER: Final = "never"
_OWN: Final = PurePosixPath("library")
"""The folder beside the script that is zig's own for its linker."""
_TARGETS: Final = re.compile(r",\s*arm64e\.\w+-\w+")
"""Targets in stubs that lld does not know yet."""
_ALIGNED: Final = "aligned_alloc"
"""A function that zig's libc++ calls on every macOS."""
_NO_SYMBOL: Final = "xxpy_stub"
"""The symbol of a stub that has none, because lld does not read an empty list."""


def needs(row: Row, lld: str | None = None) -> Apple:
    """Return what only the bases of macOS need to know about a platform.

    :param lld: the absolute path of an ``ld64.lld`` of LLVM 16 or newer, or None to link with zig's
        linker
    :raises ToolError: zig cannot link for it
    """
    if row.lipo is None:
        raise ToolError(f"cannot link for {row.platform}")
    stubs = (
        {} if row.stubs is None else {**dict.fromkeys(row.stubs.system, ""), **row.stubs.libraries}
    )
    declared = () if row.stubs is None else row.stubs.declared
    target = f"{row.lipo.arch}-{row.triple.system}"
    site = resources.table().sites.get(row.platform.os)
    absent = () if site is None else site.absent
    return Apple(target, row.lipo.arch, stubs, declared, absent, lld)


def linker(zig: Zig, order: Order, folder: Path) -> Linker:
    """Return the script that links, for ``--ld-path``.

    zig's linker takes libSystem from the folder of zig's own files, so it is shown another.

    :param folder: the C part of the base
    """
    apple = _apple(order)
    facts = {
        "architecture": apple.architecture,
        "stubs": str(folder / STUBS),
        "declared": str(folder / DECLARED),
        "absent": str(folder / _ABSENT),
        "cxx": str(folder.with_name(f"{folder.name}{store.CXX}") / store.CXX_MARK),
    }
    if apple.lld is not None:
        return Linker(script.linker("ld64-lld", order.target, {"lld": apple.lld, **facts}))
    own = {"zig": zig.program, "target": order.target.partition(".")[0]}
    text = script.linker("ld64", order.target, {**own, **facts})
    return Linker(text, lambda: _other_library(zig, folder))


def _apple(order: Order) -> Apple:
    assert order.apple is not None  # noqa: S101 - every order for macOS has it
    return order.apple


def _other_library(zig: Zig, folder: Path) -> dict[str, Path]:
    """Return the links of a folder as zig's own, but with the libSystem of a base."""
    changed = PurePosixPath(_SYSTEM, _LIBRARY)
    inner = [PurePosixPath(), *reversed(changed.parents[:-1])]
    links = {
        str(_OWN / parent / path.name): path
        for parent in inner
        for path in (zig.library / parent).iterdir()
        if parent / path.name not in {*inner, changed}
    }
    return {**links, str(_OWN / changed): folder / _LIBRARIES / _LIBRARY}


def find_lld(environment: Mapping[str, str]) -> str | None:
    """Return the ``ld64.lld`` of the Rust toolchain on PATH, or None."""
    rustc = programs.which("rustc", environment)
    if rustc is None:
        return None
    try:
        root = _sysroot(rustc, tuple(sorted(environment.items())))
    except ToolError:
        return None
    return next((str(path) for path in sorted(root.glob(_LLD))), None)


@cache
def _sysroot(rustc: str, environment: tuple[tuple[str, str], ...]) -> Path:
    """Return the folder of a Rust toolchain, asked once in a process."""
    said = programs.output([rustc, "--print", "sysroot"], environment=dict(environment))
    return Path(said.strip())


def make(maker: Maker, place: Path, final: Path) -> None:
    """Make the C part of a base sysroot.

    :param place: the folder that is filled
    :param final: where it will be
    :raises ToolError: zig cannot link for the target
    """
    libraries, resource = place / _LIBRARIES, place / "resource/lib/darwin"
    libraries.mkdir(parents=True)
    resource.mkdir(parents=True)
    with temporary.folder() as work:
        linked = parts.ask(maker, (), "c", work)
        compiled = parts.ask(maker, ("-c",), "c++", work)
        common.copy_headers(linked, place / _INCLUDE)
        since = newer.symbols(maker, place / _INCLUDE, work)
        others = {name: newer.concealed(name) for name in since if name != _ALIGNED}
        newer.conceal((place / _INCLUDE).rglob("*.h"), others)
        shutil.copy2(
            next(path for path in linked.files if "compiler_rt" in path.name),
            resource / "libclang_rt.osx.a",
        )
    system = maker.zig.library / _SYSTEM
    text = _TARGETS.sub("", (system / _LIBRARY).read_text("utf-8")).replace("arm64e-", "arm64-")
    (libraries / _LIBRARY).write_text(newer.hide(text, since), "utf-8")
    absent = {**since, **dict.fromkeys(_apple(maker.order).absent, _NEVER)}
    lines = (f"_{name} {first}\n" for name, first in sorted(absent.items()))
    (place / _ABSENT).write_text("".join(lines), "utf-8")
    for word in _IN_SYSTEM:
        (libraries / f"lib{word}.tbd").symlink_to(_LIBRARY)
    _stubs(maker, place / STUBS)
    common.finish(maker, place, final, compiled, _flags(maker, final))


def make_cxx(maker: Maker, place: Path) -> None:
    """Make the C++ part: libc++ with libc++abi. The C part must have been made.

    :raises ToolError: zig cannot link for the target
    """
    libraries = place / store.CXX_MARK
    libraries.mkdir(parents=True)
    with temporary.folder() as work:
        made = parts.ask(maker, (), "c++", work)
        found = [str(path) for path in made.files if path.name.startswith("libc++")]
        common.ar(maker, "--format=darwin", "qcsDL", str(libraries / "libc++.a"), *found)
        recompiled.share_locales(maker, libraries / "libc++.a", work)
        absent = (store.folder(maker.zig, maker.order.folder) / _ABSENT).read_text("utf-8")
        if f"_{_ALIGNED} " in absent:
            common.add(maker, _ALIGNED, libraries / "libc++.a", work)
    (libraries / "libc++abi.a").symlink_to("libc++.a")


def _flags(maker: Maker, final: Path) -> tuple[str, ...]:
    """Return the flags with which clang uses a base; the kit adds the target and the linker."""
    return (
        "-isysroot",
        str(final / "root"),
        f"-resource-dir={final / 'resource'}",
        *maker.order.flags,
        "-fuse-ld=lld",
    )


def _stubs(maker: Maker, place: Path) -> None:
    """Write the stubs at the paths that Apple's SDK has them at.

    These are ``usr/lib/libNAME.tbd`` and ``System/Library/Frameworks/NAME.framework/NAME.tbd``.
    """
    apple = _apple(maker.order)
    files = []
    for library, symbols in apple.stubs.items():
        facts = {
            "target": apple.target,
            "library": library,
            "symbols": sorted(symbols.split()) or (_NO_SYMBOL,),
        }
        files.append(File(_path(library), "kit/stub.tbd", facts))
    for path, text in render(tuple(files), resources.texts("templates", "**/*.j2")).items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text, "utf-8")
    for library in apple.declared:
        link = place.with_name(DECLARED) / _path(library)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(place / _path(library), link.parent))


def _path(library: str) -> str:
    """Return the path that Apple's SDK has for the stub of a library.

    >>> _path("/usr/lib/libz.1.dylib")
    'usr/lib/libz.tbd'
    """
    name = PurePosixPath(library).name
    if "." in name:
        return f"usr/lib/{name.partition('.')[0]}.tbd"
    return f"System/Library/Frameworks/{name}.framework/{name}.tbd"
