"""The files of a kit for vcpkg, Bazel and CMake's presets, and those of :mod:`xxpy.kit.conan`.

Each has the names that its tool gives to the platform, from the table; a tool without names for the
platform gets no file. The files are absolute paths and settings: they need no variable of
``xxpy exec``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from xxpy.kit import conan, config_site
from xxpy.kit.model import PACKAGES
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.compiler.compiler import Wanted
    from xxpy.kit.model import Kit

PRESETS: Final = "CMakePresets.json"
VCPKG: Final = "vcpkg"
"""The folder of the vcpkg triplet: vcpkg reads every file of an overlay folder as one."""
BAZEL: Final = "bazel"
"""The folder of the Bazel module."""

_PRESETS_VERSION: Final = 3
"""The first version of presets with ``toolchainFile``, of CMake 3.21."""
_BAZEL_TOOLS: Final = ("ar", "nm", "objcopy", "objdump", "strip", "gcov", "dwp")
"""The other tools that Bazel asks for. It calls the last two only on request."""


def name(kit: Kit) -> str:
    """Return the name of the kit's platform for other tools: ``xxpy-linux-armv7``.

    The prefix keeps it apart from their own names and those of the project.
    """
    return f"xxpy-{re.sub(r'[^a-z0-9]+', '-', kit.target.platform.pair)}"


def module(kit: Kit) -> str:
    """Return the name of the kit's Bazel module: ``xxpy_linux_armv7``."""
    return name(kit).replace("-", "_")


def other_files(kit: Kit, wanted: Wanted) -> Iterator[File]:
    """Yield the files of package managers, Bazel and CMake's presets."""
    yield _presets(kit)
    yield _toolchain(kit)
    row = kit.target.row
    if row.conan is not None:
        yield from conan.files(kit, wanted)
    if row.vcpkg is not None:
        yield _vcpkg(kit)
    if row.bazel is not None:
        yield from _bazel(kit)


def _command(kit: Kit, word: str) -> str:
    """Return the absolute path of a command of the kit, by its name after the triple."""
    return str(kit.binaries / f"{kit.target.triple}-{word}")


def _presets(kit: Kit) -> File:
    """Return CMake's presets for the platform, which a project's own presets include."""
    preset = name(kit)
    configured = {"name": preset, "configurePreset": preset}
    made = {
        "version": _PRESETS_VERSION,
        "configurePresets": [
            {
                "name": preset,
                "displayName": f"{kit.target.platform} with {kit.compiler}",
                "toolchainFile": str(kit.folder / "toolchain.cmake"),
                "binaryDir": f"${{sourceDir}}/build/{preset}",
            }
        ],
        "buildPresets": [configured],
        "testPresets": [{**configured, "output": {"outputOnFailure": True}}],
    }
    return File(PRESETS, text=json.dumps(made, indent=2, ensure_ascii=False) + "\n")


def _toolchain(kit: Kit) -> File:
    """Return CMake's toolchain file for package managers, whose packages pkg-config finds too."""
    facts = {
        "platform": str(kit.target.platform),
        "toolchain": str(kit.folder / "toolchain.cmake"),
        "pkg_config": str(kit.folder / PACKAGES / "pkg-config"),
        "independent": kit.target.row.pe is None,
    }
    return File(f"{PACKAGES}/toolchain.cmake", "kit/packages-toolchain.cmake", facts)


def _vcpkg(kit: Kit) -> File:
    """Return vcpkg's triplet."""
    row = kit.target.row
    assert row.vcpkg is not None  # noqa: S101 - likewise
    facts = {
        "platform": str(kit.target.platform),
        "system": row.vcpkg.system,
        "arch": row.vcpkg.arch,
        "triple": kit.target.triple,
        "toolchain": str(kit.folder / PACKAGES / "toolchain.cmake"),
        "site": str(kit.folder / config_site.NAME),
    }
    return File(f"{VCPKG}/{name(kit)}.cmake", "kit/vcpkg-triplet.cmake", facts)


def _bazel(kit: Kit) -> Iterator[File]:
    """Yield the files of a Bazel module with a platform and a C++ toolchain."""
    row = kit.target.row
    assert row.bazel is not None  # noqa: S101 - likewise
    folder = kit.folder / BAZEL
    environment = kit.environment
    facts = {
        "platform": str(kit.target.platform),
        "module": module(kit),
        "os": row.bazel.os,
        "cpu": row.bazel.cpu,
        "compiler": kit.tools.word,
        "triple": kit.target.triple,
        "libc": row.bazel.libc or kit.target.libc,
        "program_suffix": row.file.program_suffix,
        "library_prefix": "lib" if row.pe is None else "",
        "library_suffix": row.file.library_suffix,
        "tools": [
            ("gcc", str(folder / "driver")),
            ("cpp", str(kit.binaries / environment["CC"])),
            ("ld", str(folder / "driver")),
            *((tool, _command(kit, tool)) for tool in _BAZEL_TOOLS),
        ],
        "c": str(kit.binaries / environment["CC"]),
        "cxx": str(kit.binaries / environment.get("CXX", environment["CC"])),
        "runner": _command(kit, "run") if kit.emulator else None,
        "independent": row.pe is None,
        "folder": str(folder),
    }
    yield File(f"{BAZEL}/driver", "kit/bazel/driver", facts, executable=True)
    for file in ("MODULE.bazel", "WORKSPACE", "BUILD.bazel", "toolchain.bzl", "kit.bazelrc"):
        yield File(f"{BAZEL}/{file}", f"kit/bazel/{file}", facts)
