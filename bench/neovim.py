"""What cross-compiling Neovim saves: a part of it, compiled by clang natively and under QEMU.

The part is what Neovim does with events and with the system. It is configured as the page of
examples/neovim says, and what is generated is made before the clock runs. It takes some minutes,
and needs what that page installs.
"""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from bench import kits
from bench.measure import Result
from tests import pages
from tests.build_c import neovim
from tests.kit.conftest import Xxpy

PLATFORM: Final = "linux/arm64"
OBJECTS: Final = tuple(f"src/nvim/CMakeFiles/nvim.dir/{part}/" for part in ("event", "os"))
"""The folder with the objects of the part, below the build folder."""


def results() -> list[Result]:
    """Compile each file of the part both ways and compare the times."""
    with tempfile.TemporaryDirectory() as scratch:
        build = Path(scratch) / "build"
        commands = prepare(Path(scratch), build)
        cross = kits.seconds(lambda: [kits.run(*words, cwd=build) for words in commands])
        emulated = kits.seconds(
            lambda: [kits.run(*kits.under_qemu(*words), cwd=build) for words in commands]
        )
    return [
        Result(f"{len(commands)} files of Neovim, cross-compiled", cross, None, "s"),
        Result("the same clang under QEMU, against that", emulated / cross, None, "×"),
    ]


def prepare(folder: Path, build: Path) -> list[tuple[str, ...]]:
    """Fetch and configure Neovim, generate its headers, and return the part's compile commands."""
    example = neovim.copy(folder)
    neovim.follow(Xxpy(example), neovim.FETCHES, pages.command(folder / "bin"))
    settings = tomllib.loads((example / "xxpy.toml").read_text())
    cache = str(folder / "cache")
    sysroot = (
        "--distribution",
        settings["sysroot"]["distribution"],
        *settings["sysroot"]["packages"],
    )
    kits.run(
        sys.executable,
        "-m",
        "xxpy",
        "sysroot",
        "add",
        "--platform",
        PLATFORM,
        *sysroot,
        cwd=folder,
        XDG_CACHE_HOME=cache,
    )
    asked = (
        "--platform",
        PLATFORM,
        "--cc",
        "clang",
        "--sysroot",
        settings["sysroot"]["distribution"],
    )
    kit = Path(
        kits.run(sys.executable, "-m", "xxpy", "kit", "path", *asked, XDG_CACHE_HOME=cache).strip()
    )
    options = (
        "--toolchain",
        str(kit / "toolchain.cmake"),
        "-DCMAKE_BUILD_TYPE=Release",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
    )
    kits.run(
        "cmake",
        "-G",
        "Ninja",
        "-S",
        str(example / "source"),
        "-B",
        str(build),
        *options,
        *settings["arguments"],
    )
    listed = [
        shlex.split(row["command"])
        for row in json.loads((build / "compile_commands.json").read_text())
    ]
    part = {
        words[words.index("-o") + 1]: words
        for words in listed
        if words[words.index("-o") + 1].startswith(OBJECTS)
    }
    kits.run("ninja", "-C", str(build), *part)
    (configuration,) = kit.glob("*.cfg")
    # The kit's command is a script that adds the configuration; QEMU runs clang itself, in one
    # process.
    return [
        ("clang", "--config", str(configuration), "-fintegrated-cc1", *words[1:])
        for words in part.values()
    ]
