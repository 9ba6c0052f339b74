"""The variables by which build tools find a kit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.kit import emulation, native
from xxpy.machine import programs
from xxpy.table.names import cargo_variable
from xxpy.table.target import QUERIES, build_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.choice import Choice
    from xxpy.compiler.compiler import Tools, Wanted
    from xxpy.table.target import Target

_VARIABLES: Final = {
    "AR": "ar",
    "RANLIB": "ranlib",
    "NM": "nm",
    "STRIP": "strip",
    "OBJCOPY": "objcopy",
    "OBJDUMP": "objdump",
    "RC": "windres",
    "WINDRES": "windres",
}
_LAUNCHERS: Final = ("ccache", "sccache")


def launcher(tools: Tools, environment: Mapping[str, str]) -> str | None:
    """Return the installed compiler cache, for clang and gcc that are not called through it."""
    launched = Path(tools.cc[0]).resolve().name in _LAUNCHERS
    if launched or (tools.own_libraries and tools.base is None):
        return None
    found = (programs.which(name, environment) for name in _LAUNCHERS)
    return next((program for program in found if program is not None), None)


def kit_variables(
    wanted: Wanted, chosen: Choice, emulator: tuple[str, ...] | None, environment: Mapping[str, str]
) -> dict[str, str]:
    """Return the variables by which build tools find the tools of a kit."""
    triple, tools = wanted.target.triple, chosen.tools
    return {
        **build_environment(wanted.target),
        "CC": f"{triple}-{tools.word}",
        **({"CXX": f"{triple}-{tools.word_cxx}"} if tools.cxx is not None else {}),
        **{name: f"{triple}-{tool}" for name, tool in _VARIABLES.items() if tool in tools.names},
        **({"LD": f"{triple}-ld"} if "ld" in tools.others or tools.base is not None else {}),
        "PKG_CONFIG": f"{triple}-pkg-config",
        **native.variables(environment),
        **_cargo(wanted.target, chosen, runs=bool(emulator)),
        **_node(wanted.target),
        **_emulated(wanted),
    }


def _cargo(target: Target, chosen: Choice, *, runs: bool) -> dict[str, str]:
    """Return cargo's variables for a target: its linker, and the command that runs its programs."""
    name = QUERIES["rust-target"].value(target)
    rust = target.row.rust
    if rust is None or name is None or not target.is_cross or rust.own_linker:
        return {}
    runner = {cargo_variable(name, "RUNNER"): f"{target.triple}-run"} if runs else {}
    return {cargo_variable(name, "LINKER"): f"{target.triple}-{chosen.tools.word}", **runner}


def _node(target: Target) -> dict[str, str]:
    """Return the variables by which node-gyp and tools for prebuilt addons know the target.

    npm takes the first two for its own settings and prints a warning, so a build for this machine
    does without. node-gyp asks for the third (https://github.com/nodejs/node-gyp#environment-variables).
    """
    node = target.row.node
    if node is None or not target.is_cross:
        return {}
    return {
        "npm_config_arch": node.arch,
        "npm_config_platform": node.platform,
        "npm_package_config_node_gyp_arch": node.arch,
    }


def _emulated(wanted: Wanted) -> dict[str, str]:
    """Return the variables for emulators that the kernel starts, and the suffix of programs."""
    row = wanted.target.row
    root = (
        emulation.library_root(wanted) if wanted.target.is_cross and row.qemu is not None else None
    )
    suffix = row.file.program_suffix
    return {
        **({"QEMU_LD_PREFIX": str(root)} if root is not None else {}),
        **({"EXEEXT": suffix, "EXE": suffix} if suffix else {}),
        **emulation.quieting(wanted.target),
    }


def pkg_config(wanted: Wanted, merged: Path | None = None) -> tuple[tuple[str, str], ...]:
    """Return the variables that let pkg-config see the target's files only, if there are any.

    A compiler with a base sysroot does not use this machine's libraries, for this machine neither.

    :param merged: the folder that stands for the target's ``/`` if that is not the sysroot itself
    """
    root = (
        merged or wanted.sysroot.path
        if wanted.sysroot is not None
        else emulation.library_root(wanted)
    )
    own = not wanted.target.is_cross and wanted.sysroot is None
    if own and merged is None:
        return ()
    if own or root is None:
        return (("PKG_CONFIG_LIBDIR", "/nonexistent"),)
    if wanted.sysroot is None:
        return (("PKG_CONFIG_LIBDIR", f"{root}/lib/pkgconfig"),)
    words = wanted.sysroot.debian_triple
    places = [
        *([f"usr/lib/{words}/pkgconfig"] if words else []),
        "usr/lib/pkgconfig",
        "usr/share/pkgconfig",
    ]
    return (
        ("PKG_CONFIG_LIBDIR", os.pathsep.join(f"{root}/{place}" for place in places)),
        ("PKG_CONFIG_SYSROOT_DIR", str(root)),
    )


def pkg_config_program(environment: Mapping[str, str]) -> str | None:
    """Return the pkg-config of this machine, which the kit's own runs on the target's files."""
    return native.by_variable(environment).get("PKG_CONFIG")
