"""examples/neovim as the tests have it: a copy, the source that its page fetches, and what every nvim that was built must do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests import pages
from tests.container.lab import debian
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

EXAMPLE: Final = Path(__file__).resolve().parents[2] / "examples/neovim"
PAGE: Final = (EXAMPLE / "README.md").read_text("utf-8")
PLATFORMS: Final = ("linux/amd64", "linux/arm64")
FETCHES, BUILDS = "curl -", "xxpy build"
"""What is in the block of the page that fetches the source, and in the one that builds without Docker."""
SAYS: Final = "NVIM v0.7.2\nBuild type: Release\nLuaJIT 2.1.0-beta3\n"
QUIET: Final = ("--headless", "-u", "NONE", "-i", "NONE")
EDITS: Final = (
    "%s/emulator/cross-compiler/",
    "write",
    "help :substitute",
    "call writefile([$VIMRUNTIME, expand('%:t')], 'found')",
    "quitall!",
)


def copy(folder: Path) -> Path:
    """Copy the example into a folder, and return the copy."""
    return shutil.copytree(
        EXAMPLE, folder / "neovim", ignore=shutil.ignore_patterns("source", "bin", "xx", "*.tar.xz")
    )


def follow(xxpy: Xxpy, word: str, commands: Path) -> None:
    """Run, in the copy where *xxpy* runs, the one block of commands of the page that has a word in it; the archive is this machine's mirror.

    :param commands: the folder with ``xxpy``
    """
    (text,) = (text for text in pages.texts(PAGE, "sh") if word in text)
    path = f"{commands}{os.pathsep}{os.environ['PATH']}"
    done = xxpy.run(
        "sh", "-e", "-c", text.replace(debian.DEFAULT_MIRROR, debian.mirror()), PATH=path
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"


def examine(xxpy: Xxpy) -> None:
    """Judge, in the copy where *xxpy* runs, the nvim of each platform: what it says, a file that it edits, its help."""
    words = resources.table().words
    programs = {platform: f"bin/{parse(platform, words).folder}/bin/nvim" for platform in PLATFORMS}
    assert {name for text in pages.texts(PAGE, "text") for name in text.split()} == set(
        programs.values()
    )
    for platform, name in programs.items():
        assert xxpy("verify", "--platform", platform, name).returncode == 0
        version = xxpy("run", "--platform", platform, name, "--version")
        assert version.stdout.startswith(SAYS), version.stderr
        (xxpy.folder / "letter").write_text("Dear emulator,\ngood bye.\n")
        edit = xxpy(
            "run",
            "--platform",
            platform,
            name,
            *QUIET,
            "letter",
            *(word for command in EDITS for word in ("-c", command)),
        )
        assert edit.returncode == 0, edit.stderr
        assert (xxpy.folder / "letter").read_text() == "Dear cross-compiler,\ngood bye.\n"
        runtime = (xxpy.folder / name).parents[1] / "share/nvim/runtime"
        assert (xxpy.folder / "found").read_text().splitlines() == [str(runtime), "change.txt"], (
            edit.stderr
        )
