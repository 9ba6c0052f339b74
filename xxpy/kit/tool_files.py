"""The files of a kit for build tools: CMake, Meson, cargo, Go and shells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.compiler import tools
from xxpy.compiler.compiler import by_libc
from xxpy.kit import config_site, emulation
from xxpy.kit.environment import pkg_config
from xxpy.kit.other_tools import other_files
from xxpy.machine import resources
from xxpy.table.target import build_environment
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.compiler.compiler import Wanted
    from xxpy.kit.model import Kit

_CMAKE_TOOLS: Final = ("AR", "RANLIB", "NM", "STRIP", "OBJCOPY", "OBJDUMP")
_ASKED: Final = "asked"
"""The folder of the command that CMake asks for the release of the system."""
_CMAKE_LAUNCHED: Final = frozenset({"C", "CXX"})
_MESON_COMPILERS: Final = frozenset({"c", "cpp"})
_MESON_TOOLS: Final = ("ar", "ranlib", "nm", "strip", "objcopy", "windres")
_MESON_PROGRAMS: Final = ("ld", "objdump", "readelf")
"""Tools that Meson itself does not call; projects find them with ``find_program``."""


def tool_files(kit: Kit, wanted: Wanted) -> Iterator[File]:
    """Yield the files that build tools read."""
    yield config_site.file(kit.target, resources.table())
    runner = str(kit.binaries / f"{kit.target.triple}-run") if kit.emulator else None
    asks = kit.target.row.cmake.asks if kit.target.is_cross else None
    yield _cmake(kit, wanted, runner, asked=asks is not None)
    if asks is not None:
        release = {"platform": str(kit.target.platform), "release": kit.release}
        yield File(f"{_ASKED}/{asks}", f"kit/{asks}", release, executable=True)
    yield _meson(kit, wanted, runner)
    yield from _cargo(kit, runner)
    yield from _go(kit)
    yield from other_files(kit, wanted)
    facts = {
        "platform": str(kit.target.platform),
        "binaries": str(kit.binaries),
        "variables": sorted(kit.environment.items()),
    }
    yield File("env.sh", "kit/env.sh", facts)


def _cmake(kit: Kit, wanted: Wanted, runner: str | None, *, asked: bool) -> File:
    """Return the toolchain file of CMake.

    :param runner: the command that runs programs of the target, or None
    :param asked: whether the kit has the command that CMake asks for the release
    """
    row = kit.target.row
    facts = {
        "platform": str(kit.target.platform),
        "system": row.cmake.system if kit.target.is_cross else None,
        "release": row.cmake.release,
        "asked": str(kit.folder / _ASKED) if asked else None,
        "processor": row.cmake.processor,
        "settings": tuple(_cmake_settings(kit, wanted, runner)),
        "pkg_config": str(kit.binaries / kit.environment["PKG_CONFIG"]),
        "roots": _roots(kit, wanted),
    }
    return File("toolchain.cmake", "kit/toolchain.cmake", facts)


def _meson(kit: Kit, wanted: Wanted, runner: str | None) -> File:
    """Return the cross file of Meson."""
    row = kit.target.row
    binaries = {"c": kit.environment["CC"], "cpp": kit.environment.get("CXX")}
    known = {*kit.tools.names, *(("ld",) if "LD" in kit.environment else ())}
    binaries |= {
        name: f"{kit.target.triple}-{name}"
        for name in (*_MESON_TOOLS, *_MESON_PROGRAMS)
        if name in known
    }
    binaries |= {
        "pkgconfig": kit.environment["PKG_CONFIG"],
        "pkg-config": kit.environment["PKG_CONFIG"],
    }
    launched = {name: (kit.launcher,) for name in _MESON_COMPILERS if kit.launcher is not None}
    listed = [
        (name, (*launched.get(name, ()), str(kit.binaries / value)))
        for name, value in binaries.items()
        if value is not None
    ]
    properties = [("sys_root", str(kit.root))] if kit.sysroot is not None else []
    properties += [
        (name.lower(), value)
        for name, value in pkg_config(wanted, kit.root)
        if name == "PKG_CONFIG_LIBDIR"
    ]
    facts = {
        "platform": str(kit.target.platform),
        "binaries": [*listed, *([("exe_wrapper", (runner,))] if runner else [])],
        "needs_wrapper": "true" if kit.target.is_cross else "false",
        "properties": properties,
        "system": row.meson.system,
        "cpu_family": row.meson.cpu_family,
        "cpu": row.meson.cpu,
        "endian": row.data.byte_order,
    }
    return File("meson-cross.ini", "kit/meson-cross.ini", facts)


def _cargo(kit: Kit, runner: str | None) -> Iterator[File]:
    """Yield the configuration of cargo, if Rust has the target."""
    row = kit.target.row
    rust = None if row.rust is None else by_libc(row.rust, kit.target)
    if rust is None:
        return
    facts = {
        "platform": str(kit.target.platform),
        "rust": rust,
        "linker": str(kit.binaries / kit.environment["CC"]),
        "runner": runner,
        "archiver": str(kit.binaries / kit.environment["AR"]) if "AR" in kit.environment else None,
    }
    yield File("cargo-config.toml", "kit/cargo-config.toml", facts)


def _go(kit: Kit) -> Iterator[File]:
    """Yield the settings of Go, if Go has the target."""
    if kit.target.row.go is None:
        return
    paths = {
        name: str(kit.binaries / kit.environment[name])
        for name in ("CC", "CXX", "AR", "PKG_CONFIG")
        if name in kit.environment
    }
    settings = {
        name: value
        for name, value in build_environment(kit.target).items()
        if name.startswith("GO")
    }
    facts = {"variables": sorted({**settings, **paths, "CGO_ENABLED": "1"}.items())}
    yield File("go.env", "kit/go.env", facts)


def _cmake_settings(kit: Kit, wanted: Wanted, runner: str | None) -> Iterator[tuple[str, str]]:
    """Yield the variables of the CMake toolchain file."""
    compilers = {
        "C": kit.environment["CC"],
        "CXX": kit.environment.get("CXX"),
        "ASM": kit.environment["CC"],
    }
    for language, command in compilers.items():
        if command is not None:
            yield f"CMAKE_{language}_COMPILER", str(kit.binaries / command)
            if kit.launcher is not None and language in _CMAKE_LAUNCHED:
                yield f"CMAKE_{language}_COMPILER_LAUNCHER", kit.launcher
    yield from _cmake_tools(kit)
    yield from ((name, "ON") for name in kit.target.row.cmake.on)
    if kit.sysroot is not None and (kit.tools.base is not None or not kit.tools.own_libraries):
        yield "CMAKE_SYSROOT", str(kit.root)
    if wanted.sysroot is not None and wanted.sysroot.debian_triple:
        yield "CMAKE_LIBRARY_ARCHITECTURE", wanted.sysroot.debian_triple
    if runner is not None:
        yield "CMAKE_CROSSCOMPILING_EMULATOR", runner


def _cmake_tools(kit: Kit) -> Iterator[tuple[str, str]]:
    """Yield the variables of CMake for tools other than compilers of C and C++."""
    commands = {
        **{f"CMAKE_{name}": kit.environment.get(name) for name in _CMAKE_TOOLS},
        **{
            f"CMAKE_{tool.upper()}": f"{kit.target.triple}-{tool}"
            for tool in tools.of_system(kit.target)
            if tool in kit.tools.names
        },
        "CMAKE_RC_COMPILER": kit.environment.get("RC"),
    }
    for name, command in commands.items():
        if command is not None:
            yield name, str(kit.binaries / command)


def _roots(kit: Kit, wanted: Wanted) -> tuple[str, ...]:
    """Return the folders in which CMake looks for libraries.

    If there are none, a folder that does not exist keeps it from the build machine's libraries.
    """
    if not kit.target.is_cross and wanted.sysroot is None:
        return ()
    base = kit.tools.base
    places = (
        kit.root,
        wanted.sdk or (None if base is None else base.declared),
        None if kit.root is not None else emulation.library_root(wanted),
    )
    return tuple(str(place) for place in places if place is not None) or (
        str(kit.folder / "nothing"),
    )
