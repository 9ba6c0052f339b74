"""The files of a kit that build tools read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.compiler.compiler import by_libc
from xxpy.kit import config_site, emulation
from xxpy.kit.environment import pkg_config
from xxpy.machine import resources
from xxpy.table.target import build_environment
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.compiler.compiler import Wanted
    from xxpy.kit.model import Kit

_CMAKE_TOOLS: Final = ("AR", "RANLIB", "NM", "STRIP", "OBJCOPY", "OBJDUMP")
_CMAKE_LAUNCHED: Final = frozenset({"C", "CXX"})
_MESON_COMPILERS: Final = frozenset({"c", "cpp"})
_MESON_TOOLS: Final = ("ar", "ranlib", "nm", "strip", "objcopy", "windres")


def tool_files(kit: Kit, wanted: Wanted) -> Iterator[File]:
    """Yield the files that build tools read."""
    row, platform = kit.target.row, str(kit.target.platform)
    yield config_site.file(kit.target, resources.table())
    runner = str(kit.binaries / f"{kit.target.triple}-run") if kit.emulator else None
    yield File("toolchain.cmake", "kit/toolchain.cmake", {
        "platform": platform,
        "system": row.cmake.system if kit.target.is_cross else None,
        "processor": row.cmake.processor,
        "settings": tuple(_cmake(kit, wanted, runner)),
        "pkg_config": str(kit.binaries / kit.environment["PKG_CONFIG"]),
        "roots": _roots(kit, wanted),
    })  # fmt: skip
    binaries = {"c": kit.environment["CC"], "cpp": kit.environment.get("CXX")}
    binaries |= {
        name: f"{kit.target.triple}-{name}" for name in _MESON_TOOLS if name in kit.tools.names
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
    yield File("meson-cross.ini", "kit/meson-cross.ini", {
        "platform": platform,
        "binaries": [*listed, *([("exe_wrapper", (runner,))] if runner else [])],
        "needs_wrapper": "true" if kit.target.is_cross else "false",
        "properties": properties,
        "system": row.meson.system,
        "cpu_family": row.meson.cpu_family,
        "cpu": row.meson.cpu,
        "endian": row.data.byte_order,
    })  # fmt: skip
    rust = None if row.rust is None else by_libc(row.rust, kit.target)
    if rust is not None:
        facts = {
            "platform": platform,
            "rust": rust,
            "linker": str(kit.binaries / kit.environment["CC"]),
            "runner": runner,
        }
        archiver = str(kit.binaries / kit.environment["AR"]) if "AR" in kit.environment else None
        yield File("cargo-config.toml", "kit/cargo-config.toml", {**facts, "archiver": archiver})
    if row.go is not None:
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
        yield File(
            "go.env",
            "kit/go.env",
            {"variables": sorted({**settings, **paths, "CGO_ENABLED": "1"}.items())},
        )
    yield File("env.sh", "kit/env.sh", {
        "platform": platform,
        "binaries": str(kit.binaries),
        "variables": sorted(kit.environment.items()),
    })  # fmt: skip


def _cmake(kit: Kit, wanted: Wanted, runner: str | None) -> Iterator[tuple[str, str]]:
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
    for name in _CMAKE_TOOLS:
        if name in kit.environment:
            yield f"CMAKE_{name}", str(kit.binaries / kit.environment[name])
    if "RC" in kit.environment:
        yield "CMAKE_RC_COMPILER", str(kit.binaries / kit.environment["RC"])
    if kit.sysroot is not None and (kit.tools.base is not None or not kit.tools.own_libraries):
        yield "CMAKE_SYSROOT", str(kit.root)
    if wanted.sysroot is not None and wanted.sysroot.debian_triple:
        yield "CMAKE_LIBRARY_ARCHITECTURE", wanted.sysroot.debian_triple
    if runner is not None:
        yield "CMAKE_CROSSCOMPILING_EMULATOR", runner


def _roots(kit: Kit, wanted: Wanted) -> tuple[str, ...]:
    """Return where CMake looks for libraries; a folder that holds nothing keeps it from the build machine's own."""
    if not kit.target.is_cross and wanted.sysroot is None:
        return ()
    places = (
        kit.root,
        wanted.sdk,
        None if kit.root is not None else emulation.library_root(wanted),
    )
    return tuple(str(place) for place in places if place is not None) or (
        str(kit.folder / "nothing"),
    )
