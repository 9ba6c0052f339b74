"""The base sysroot of macOS: what zig has of Apple's SDK, and names for the rest of it.

::

    root/usr/include    headers of libc and of the system, a link to a folder that all architectures share
    root/usr/lib        libSystem, as clang asks for it and as lld reads it
    stubs/              the libraries and frameworks of Apple's that zig does not have: install names, and no symbols
    resource/           clang's own folder: its headers, and compiler-rt
    clang.cfg           what clang must be told

The C++ part is a folder of its own with ``lib/libc++.a``. The script that links
(``templates/linkers/ld64*.sh``, :func:`linker`) takes the options of Apple's linker. It calls lld
where rustup has brought it, else zig's linker in zig's words, and takes a stub where a program
names what no folder has. Programs for arm64 are signed ad hoc by both; those for amd64 are not,
which macOS lets run.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import elf, order, parts, script, store
from xxpy.errors import ToolError
from xxpy.machine import programs, resources, temporary
from xxpy.templates import File, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.base.order import Maker, Order, Zig
    from xxpy.compiler.base.parts import Parts
    from xxpy.table.columns import Row

_LLD: Final = "lib/rustlib/*/bin/gcc-ld/ld64.lld"
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


def needs(row: Row, lld: str | None = None) -> order.Apple:
    """Return what a base needs to know of a platform besides what others need.

    :param lld: the absolute path of an ``ld64.lld`` of LLVM 16 or newer, or None where zig's linker
        links
    :raises ToolError: it is not one of Apple's that zig links for
    """
    if row.lipo is None:
        raise ToolError(f"cannot link for {row.platform}")
    stubs = (
        {} if row.stubs is None else {**dict.fromkeys(row.stubs.system, ""), **row.stubs.libraries}
    )
    return order.Apple(f"{row.lipo.arch}-{row.triple.system}", row.lipo.arch, stubs, lld)


def linker(zig: Zig, order: Order, folder: Path) -> str:
    """Return the script that links, for ``--ld-path``.

    :param folder: the C part of the base
    """
    apple = order.apple
    assert apple is not None  # noqa: S101 - who orders a base for macOS says so
    facts = {
        "architecture": apple.architecture,
        "stubs": str(folder / STUBS),
        "cxx": str(folder.with_name(f"{folder.name}{store.CXX}") / store.CXX_MARK),
    }
    if apple.lld is not None:
        return script.linker("ld64-lld", order.target, {"lld": apple.lld, **facts})
    own = {"zig": zig.program, "target": order.target.partition(".")[0]}
    return script.linker("ld64", order.target, {**own, **facts})


def find_lld(environment: Mapping[str, str]) -> str | None:
    """Return the ``ld64.lld`` that rustup's toolchains bring, of the one that is used here, or None."""
    rustc = programs.which("rustc", environment)
    if rustc is None:
        return None
    try:
        root = Path(programs.output([rustc, "--print", "sysroot"], environment=environment).strip())
    except ToolError:
        return None
    return next((str(path) for path in sorted(root.glob(_LLD))), None)


def make(maker: Maker, place: Path, final: Path) -> None:
    """Make the C part of a base sysroot.

    :param place: the folder that is filled
    :param final: where it will be
    :raises ToolError: zig cannot link for the target
    """
    libraries, resource = place / "root/usr/lib", place / "resource/lib/darwin"
    libraries.mkdir(parents=True)
    resource.mkdir(parents=True)
    with temporary.folder() as work:
        linked = parts.ask(maker, (), "c", work)
        compiled = parts.ask(maker, ("-c",), "c++", work)
        shutil.copy2(
            next(path for path in linked.files if "compiler_rt" in path.name),
            resource / "libclang_rt.osx.a",
        )
    system = maker.zig.library / _SYSTEM
    text = _NEWER.sub("", (system / _LIBRARY).read_text("utf-8")).replace("arm64e-", "arm64-")
    (libraries / _LIBRARY).write_text(text, "utf-8")
    for word in _IN_SYSTEM:
        (libraries / f"lib{word}.tbd").symlink_to(_LIBRARY)
    _stubs(maker, place / STUBS)
    shared = store.ensure(
        store.folder(maker.zig, _HEADERS), lambda folder: _headers(linked, folder), mark="include"
    )
    (place / "root/usr/include").symlink_to(os.path.relpath(shared / "include", final / "root/usr"))
    elf.finish(maker, place, final, compiled, flags(maker, final))


def make_cxx(maker: Maker, place: Path) -> None:
    """Make the C++ part: libc++ with libc++abi.

    :raises ToolError: zig cannot link for the target
    """
    libraries = place / store.CXX_MARK
    libraries.mkdir(parents=True)
    with temporary.folder() as work:
        made = parts.ask(maker, (), "c++", work)
        found = [str(path) for path in made.files if path.name.startswith("libc++")]
        programs.output(
            [
                maker.zig.program,
                "ar",
                "--format=darwin",
                "qcsDL",
                str(libraries / "libc++.a"),
                *found,
            ],
            environment=maker.environment,
        )
    (libraries / "libc++abi.a").symlink_to("libc++.a")


def flags(maker: Maker, final: Path) -> tuple[str, ...]:
    """Return what clang must be told of the base; the target and the linker are told by the kit."""
    return (
        "-isysroot",
        str(final / "root"),
        f"-resource-dir={final / 'resource'}",
        *maker.order.flags,
        "-fuse-ld=lld",
    )


def _stubs(maker: Maker, place: Path) -> None:
    """Write the stubs: ``usr/lib/libNAME.tbd`` and ``System/Library/Frameworks/NAME.framework/NAME.tbd``."""
    if maker.order.apple is None:
        return
    files = []
    for library, symbols in maker.order.apple.stubs.items():
        name = PurePosixPath(library).name
        path = (
            f"usr/lib/{name.partition('.')[0]}.tbd"
            if "." in name
            else f"System/Library/Frameworks/{name}.framework/{name}.tbd"
        )
        facts = {
            "target": maker.order.apple.target,
            "library": library,
            "symbols": sorted(symbols.split()) or (_NO_SYMBOL,),
        }
        files.append(File(path, "kit/stub.tbd", facts))
    for path, text in render(tuple(files), resources.texts("templates", "**/*.j2")).items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text, "utf-8")


def _headers(link: Parts, folder: Path) -> None:
    """Copy the headers that a link names, the weaker first."""
    for path in reversed(link.headers):
        if path.is_dir():
            shutil.copytree(path, folder / "include", dirs_exist_ok=True)
