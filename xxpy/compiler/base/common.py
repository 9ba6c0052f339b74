"""What bases of all formats share: clang's headers and flags, and calls of zig's clang and ar."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

from xxpy import extras
from xxpy.compiler.base import store
from xxpy.errors import ToolError
from xxpy.machine import programs, resources

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xxpy.compiler.base.order import Maker, Zig
    from xxpy.compiler.base.parts import Parts

BUILTINS: Final = "libclang_rt.builtins.a"
"""clang's name for compiler-rt."""
EMPTY_ARCHIVE: Final = b"!<arch>\n"
_LIBCXX: Final = "-D_LIBC"
"""The beginning of the macros of libc++ and libc++abi."""


def headers(zig: Zig) -> Path:
    """Return the folder with the headers of the compiler (``clang``) and libc++ (``c++``).

    All targets share it.

    :raises OutputError: it cannot be written
    """

    def copy(place: Path) -> None:
        shutil.copytree(zig.library / "include", place / "clang")
        for part in ("libcxx", "libcxxabi"):
            shutil.copytree(zig.library / part / "include", place / "c++", dirs_exist_ok=True)
        shutil.copytree(zig.library / "libunwind/include", place / "unwind")

    return store.ensure(store.folder(zig, "headers"), copy, mark="c++")


def unknown(why: str) -> ToolError:
    """Return the error for a zig whose parts are not as xxpy knows them."""
    return ToolError(why, f"{extras.command('zig')} installs a zig that xxpy knows")


def copy_headers(link: Parts, place: Path) -> None:
    """Copy the headers of libc and of the system that a link names to *place*.

    Where two folders have a header of the same name, the one that clang would read stays.
    """
    for folder in reversed(link.headers):
        if folder.is_dir():
            shutil.copytree(folder, place, dirs_exist_ok=True)


def share_headers(maker: Maker, name: str, link: Parts, include: Path, final: Path) -> Path:
    """Copy the headers that a link names to a folder for all architectures, and link to it.

    :param name: the name of that folder in the store
    :param include: the link that is made
    :param final: the folder in which *include* will be once the base is in its place
    :return: the folder for all architectures
    """
    shared = store.ensure(
        store.folder(maker.zig, name),
        lambda place: copy_headers(link, place / "include"),
        mark="include",
    )
    include.symlink_to(os.path.relpath(shared / "include", final))
    return shared / "include"


def flags(maker: Maker, final: Path, definitions: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the flags with which clang uses a base; the kit adds the target and the linker.

    :param final: where the base will be
    :param definitions: the macros that the headers of libc need
    """
    return (
        f"--sysroot={final / 'root'}",
        f"-resource-dir={final / 'resource'}",
        "--rtlib=compiler-rt",
        "--unwindlib=libunwind",
        "-idirafter",
        str(headers(maker.zig) / "unwind"),
        *maker.order.flags,
        *definitions,
        "-fuse-ld=lld",
    )


def libc_definitions(compiled: Parts) -> tuple[str, ...]:
    """Return the macros with which zig compiles C and C++, without those of libc++."""
    return tuple(word for word in compiled.definitions if not word.startswith(_LIBCXX))


def finish(maker: Maker, place: Path, final: Path, compiled: Parts, flags: Iterable[str]) -> None:
    """Add what every C part has: clang's own headers, the order and the flags; the mark comes last.

    :param compiled: how zig compiled C++
    :param flags: the flags with which clang uses the base
    """
    (place / "resource/include").symlink_to(
        os.path.relpath(headers(maker.zig) / "clang", final / "resource")
    )
    store.write_order(place, maker.order)
    store.write_flags(place / store.CXX_FLAGS, _cxx_flags(maker, compiled))
    store.write_flags(place / store.MARK, flags)


def _cxx_flags(maker: Maker, compiled: Parts) -> tuple[str, ...]:
    """Return the flags with which clang uses libc++."""
    return (
        "-stdlib=libc++",
        "-stdlib++-isystem",
        str(headers(maker.zig) / "c++"),
        *(word for word in compiled.definitions if word.startswith(_LIBCXX)),
        f"-L{store.folder(maker.zig, maker.order.folder + store.CXX) / store.CXX_MARK}",
    )


def clang(maker: Maker, *words: str) -> None:
    """Run zig's clang for the target of the base."""
    target = f"--target={maker.order.triple}"
    programs.output(
        [maker.zig.program, "clang", "--no-default-config", target, *words],
        environment=maker.environment,
    )


def ar(maker: Maker, *words: str, folder: Path | None = None) -> str:
    """Run zig's ar and return its output.

    :param folder: the folder it runs in
    """
    return programs.output(
        [maker.zig.program, "ar", *words],
        environment=maker.environment,
        folder=None if folder is None else str(folder),
    )


def merge(maker: Maker, archives: Iterable[Path], place: Path) -> None:
    """Make one archive from the members of several."""
    ar(maker, "qcsDL", str(place), *map(str, archives))


def empty_object(maker: Maker, place: Path) -> None:
    """Write an object that defines nothing."""
    clang(maker, *maker.order.flags, "-c", "-x", "c", os.devnull, "-o", str(place))


def add(maker: Maker, name: str, archive: Path, work: Path) -> None:
    """Compile ``templates/base/NAME.c`` and add it to an archive."""
    target = work / f"{name}.o"
    own_object(maker, name, target, work)
    ar(maker, "rcsD", str(archive), str(target))


def own_object(maker: Maker, name: str, place: Path, work: Path, *more: str) -> None:
    """Compile ``templates/base/NAME.c``.

    :param more: further options of clang
    """
    source = work / f"{name}.c"
    source.write_text(resources.texts("templates", "base/*.c")[f"base/{name}.c"])
    include = ("-isystem", str(headers(maker.zig) / "clang"))
    kind = ("-O2", "-fPIC", "-ffreestanding", "-w")
    clang(maker, *maker.order.flags, *include, *kind, *more, "-c", str(source), "-o", str(place))
