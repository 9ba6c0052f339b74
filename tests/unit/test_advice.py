from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xxpy.errors import TableError
from xxpy.machine import advice, resources

if TYPE_CHECKING:
    from pathlib import Path

FILE = "machine/tools.toml"


def machine(folder: Path, *names: str) -> dict[str, str]:
    """Return the environment of a machine that has these programs alone."""
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


@pytest.mark.parametrize(
    ("programs", "tool", "said"),
    [
        (("apt-get",), "cmake", "apt-get install cmake, or pip install cmake"),
        (("dnf",), "ninja", "dnf install ninja-build, or pip install ninja"),
        (("apk",), "pkg-config", "apk add pkgconf"),
        (("brew",), "make", "brew install make"),
        (("zypper",), "qemu", "zypper install qemu-linux-user"),
        (("apt-get", "brew"), "clang", "apt-get install clang lld"),
        (("apk",), "cargo", "apk add cargo rust, or https://rustup.rs"),
        ((), "cargo", "https://rustup.rs"),
        ((), "make", "make"),
        (("brew",), "qemu", "qemu"),
    ],
)
def test_the_machine_decides(
    programs: tuple[str, ...], tool: str, said: str, tmp_path: Path
) -> None:
    assert advice.install(tool, machine(tmp_path, *programs)) == said


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[manager.apt]\nprogram = 'apt-get'\n", "install"),
        ("[manager.apt]\nprogram = 'a'\ninstall = 'b'\nverb = 'c'\n", "verb"),
        ("[tool.make]\napt = 'make'\n", "tool.make.apt"),
    ],
)
def test_faults(text: str, fault: str) -> None:
    with pytest.raises(TableError) as error:
        advice.load(text)
    assert fault in f"{error.value.message} {error.value.hint}"


def test_every_tool_is_had_by_the_managers_of_distributions() -> None:
    found = advice.load(resources.texts("toolchains", FILE)[FILE])
    for tool, packages in found.tools.items():
        assert {"apt", "dnf"} <= packages.keys(), tool
