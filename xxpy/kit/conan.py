"""The profile of a kit for Conan 2 (https://docs.conan.io/2/reference/config_files/profiles.html).

Conan has settings for the system, the architecture and the compiler, but not for the libc, the
oldest glibc or the level of the processor. So a configuration of the profile (``user.xxpy:target``)
is part of the identity of packages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.kit import config_site, linking
from xxpy.kit.model import PACKAGES
from xxpy.machine import facts as machine
from xxpy.machine import resources
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.compiler.compiler import Wanted
    from xxpy.kit.model import Kit

NAME: Final = "conan.profile"
_LIBCXX: Final = "libc++"
_COMPILERS: Final = {"c": "CC", "cpp": "CXX", "rc": "RC"}
"""Conan's names of compilers, each with the variable that names it."""


def files(kit: Kit, wanted: Wanted) -> Iterator[File]:
    """Yield the host profile, and the file for Meson that it names."""
    row, packages = kit.target.row, kit.folder / PACKAGES
    facts = {
        "platform": str(kit.target.platform),
        "settings": tuple(_settings(kit, wanted).items()),
        "compiler": kit.tools.word,
        "version": _version(kit),
        "compilers": {
            key: str(kit.binaries / kit.environment[variable])
            for key, variable in _COMPILERS.items()
            if variable in kit.environment
        },
        "cxxflags": ["-Wno-unused-command-line-argument"]
        if linking.has_own_cxx(wanted, kit.tools)
        else [],
        "sdk": None if row.sdk is None else str(wanted.sdk or kit.root),
        "skip_test": str(not _runs_tests(kit)),
        "cross": str(kit.target.is_cross),
        "toolchain": [str(packages / "toolchain.cmake")],
        "machine_files": [str(packages / "meson.ini")] if kit.emulator else [],
        "triple": kit.target.triple,
        "pkg_config": str(packages / "pkg-config"),
        "identity": f"{kit.target.platform.key} {_abi(kit, wanted)}",
        "variables": sorted(_variables(kit).items()),
    }
    yield File(NAME, "kit/conan.profile", facts)
    if kit.emulator:
        runner = str(kit.binaries / f"{kit.target.triple}-run")
        about = {"platform": facts["platform"], "runner": runner}
        yield File(f"{PACKAGES}/meson.ini", "kit/meson-packages.ini", about)


def _settings(kit: Kit, wanted: Wanted) -> dict[str, str]:
    """Return the settings of the target and of the compiler."""
    conan, tools = kit.target.row.conan, kit.tools
    assert conan is not None  # noqa: S101 - the caller has checked it
    settings = {"os": conan.os, "arch": conan.arch}
    if conan.release is not None and kit.release:
        settings[conan.release] = kit.release
    settings["compiler"] = tools.word
    version = _version(kit)
    if version is not None:
        settings["compiler.version"] = version
    libcxx = _LIBCXX if linking.has_own_cxx(wanted, tools) else conan.libcxx
    if libcxx is not None and tools.cxx is not None:
        settings["compiler.libcxx"] = libcxx
    return settings


def _version(kit: Kit) -> str | None:
    """Return the compiler's major version, or None if it is unknown."""
    found = re.match(r"\d+", kit.tools.version)
    return None if found is None else found[0]


def _runs_tests(kit: Kit) -> bool:
    """Return whether Conan can run tests of the target's programs.

    It cannot run programs of Windows elsewhere, even with an emulator: it writes their variables
    into a batch file.
    """
    own = machine.platform(resources.table().words)
    return kit.emulator is not None and kit.target.platform.os == own.os


def _abi(kit: Kit, wanted: Wanted) -> str:
    """Return the triple, with the oldest glibc that programs run on if it is known."""
    base = kit.tools.base
    if base is not None:
        return base.order.target
    glibc = None if wanted.sysroot is None else wanted.sysroot.glibc
    return kit.target.triple if glibc is None else f"{kit.target.triple}.{glibc}"


def _variables(kit: Kit) -> dict[str, str]:
    """Return the variables of the kit's tools and its ``config.site``, with absolute paths."""
    tools = {
        variable: str(kit.binaries / value)
        for variable, value in kit.environment.items()
        if value.startswith(f"{kit.target.triple}-") and variable not in _COMPILERS.values()
    }
    build = {
        variable: value
        for variable, value in kit.environment.items()
        if variable.endswith("_FOR_BUILD")
    }
    return {**tools, **build, config_site.VARIABLE: str(kit.folder / config_site.NAME)}
