"""The base sysroot of macOS: what zig has of Apple's SDK, and names for the rest of it.

::

    root/usr/include    headers of libc and of the system, a link to a folder that all architectures share
    root/usr/lib        libSystem, as clang asks for it and as lld reads it
    stubs/              the libraries and frameworks of Apple's that zig does not have: install names, and no symbols
    resource/           clang's own folder: its headers, and compiler-rt
    clang.cfg           what clang must be told

The C++ part is a folder of its own with ``lib/libc++.a``. A kit has the script that links (``templates/kit/ld64.sh.j2``, :func:`linker`). It
takes the options of Apple's linker, calls lld where there is one for macOS (rustup brings it), else zig's linker in zig's words, and takes a
stub where a program names what no folder has. Programs for arm64 are signed ad hoc by both; those for amd64 are not, which macOS lets
run.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from xxpy import host, resources
from xxpy.errors import ToolError
from xxpy.render.kit import File, render
from xxpy.toolchain.base import elf, parts, store

if TYPE_CHECKING:
    from xxpy.rows import Row
    from xxpy.toolchain.base.parts import Parts
    from xxpy.toolchain.base.store import Maker

LINKER: Final = "ld64.lld"
"""The name of the script that links."""
STUBS: Final = "stubs"
_HEADERS: Final = "headers-macos"
_SYSTEM: Final = "libc/darwin"
_LIBRARY: Final = "libSystem.tbd"
_IN_SYSTEM: Final = ("c", "m", "dl", "info", "poll", "proc", "pthread", "rpcsvc", "dbm")
"""What Apple's SDK has as links to libSystem."""
_NEWER: Final = re.compile(r",\s*arm64e\.\w+-\w+")
"""Targets that lld does not know yet."""
_NO_SYMBOL: Final = "xxpy_stub"
"""Stands in a stub without symbols, because lld does not read an empty list."""


def order(row: Row) -> store.Apple:
    """Return what the parts of a base need to know of a platform besides what they need of others.

    :raises ToolError: it is not one of Apple's that zig links for
    """
    if row.lipo is None or row.zig is None or row.zig.target is None:
        raise ToolError(f"cannot link for {row.platform}")
    stubs = dict(row.stubs.libraries) if row.stubs is not None else {}
    stubs |= {path: "" for path in (row.stubs.system if row.stubs is not None else ()) if path not in stubs}
    return store.Apple(f"{row.lipo.arch}-{row.triple.system}", stubs)


def linker(zig: str, row: Row, base: Path, lld: str | None, title: str, folder: str = "bin") -> File:
    """Return the script that links, as a file of a kit, for ``--ld-path``.

    :param zig: the absolute path of ``zig``
    :param base: the folder of the C part
    :param lld: the absolute path of an ``ld64.lld`` of LLVM 16 or newer, or None where zig's linker links
    :param title: what its first line says
    :param folder: where it is below the kit
    :raises ToolError: nothing of zig's links for the platform
    """
    if row.lipo is None or row.zig is None or row.zig.target is None:
        raise ToolError(f"cannot link for {row.platform}")
    said = {"title": title, "zig": zig, "lld": lld, "target": row.zig.target, "architecture": row.lipo.arch, "stubs": str(base / STUBS)}
    return File(f"{folder}/{LINKER}", "kit/ld64.sh", said, executable=True)


def make(maker: Maker, place: Path, final: Path) -> None:
    """Make the C part of a base sysroot.

    :param place: the folder that is filled
    :param final: where it will be
    :raises ToolError: zig cannot link for the target
    """
    libraries, resource = place / "root/usr/lib", place / "resource/lib/darwin"
    libraries.mkdir(parents=True)
    resource.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="xxpy-") as name:
        linked = parts.ask(maker, (), "c", Path(name))
        compiled = parts.ask(maker, ("-c",), "c++", Path(name))
        shutil.copy2(next(path for path in linked.files if "compiler_rt" in path.name), resource / "libclang_rt.osx.a")
    system = maker.zig.library / _SYSTEM
    text = _NEWER.sub("", (system / _LIBRARY).read_text("utf-8")).replace("arm64e-", "arm64-")
    (libraries / _LIBRARY).write_text(text, "utf-8")
    for word in _IN_SYSTEM:
        (libraries / f"lib{word}.tbd").symlink_to(_LIBRARY)
    _stubs(maker, place / STUBS)
    shared = store.ensure(store.folder(maker.zig, _HEADERS), lambda folder: _headers(linked, folder), mark="include")
    (place / "root/usr/include").symlink_to(os.path.relpath(shared / "include", final / "root/usr"))
    (place / "resource/include").symlink_to(os.path.relpath(elf.headers(maker.zig) / "clang", final / "resource"))
    store.write_order(place, maker.order)
    store.write_flags(place / store.CXX_FLAGS, elf.cxx_flags(maker, compiled))
    store.write_flags(place / store.MARK, flags(maker, final))


def make_cxx(maker: Maker, place: Path) -> None:
    """Make the C++ part: libc++ with libc++abi.

    :raises ToolError: zig cannot link for the target
    """
    libraries = place / store.CXX_MARK
    libraries.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="xxpy-") as name:
        made = parts.ask(maker, (), "c++", Path(name))
        found = [str(path) for path in made.files if path.name.startswith("libc++")]
        host.output([maker.zig.program, "ar", "--format=darwin", "qcsDL", str(libraries / "libc++.a"), *found], environment=maker.environment)
    (libraries / "libc++abi.a").symlink_to("libc++.a")


def flags(maker: Maker, final: Path) -> tuple[str, ...]:
    """Return what clang must be told of the base; the target and the linker are told by the kit."""
    return ("-isysroot", str(final / "root"), f"-resource-dir={final / 'resource'}", *maker.order.flags, "-fuse-ld=lld")


def _stubs(maker: Maker, place: Path) -> None:
    """Write the stubs: ``usr/lib/libNAME.tbd`` and ``System/Library/Frameworks/NAME.framework/NAME.tbd``."""
    if maker.order.apple is None:
        return
    files = []
    for library, symbols in maker.order.apple.stubs.items():
        name = PurePosixPath(library).name
        path = f"usr/lib/{name.partition('.')[0]}.tbd" if "." in name else f"System/Library/Frameworks/{name}.framework/{name}.tbd"
        facts = {"target": maker.order.apple.target, "library": library, "symbols": sorted(symbols.split()) or (_NO_SYMBOL,)}
        files.append(File(path, "kit/stub.tbd", facts))
    for path, text in render(tuple(files), resources.texts("templates", "**/*.j2")).items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text, "utf-8")


def _headers(link: Parts, folder: Path) -> None:
    """Copy the headers that a link names, the weaker first."""
    for path in reversed(link.headers):
        if path.is_dir():
            shutil.copytree(path, folder / "include", dirs_exist_ok=True)
