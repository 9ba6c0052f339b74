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


@pytest.mark.parametrize(
    ("programs", "tools", "said"),
    [
        (("apt-get",), ("bison", "flex", "msgfmt"), "apt-get install bison flex gettext"),
        (("apt-get",), ("bison", "bison", "glib-compile-resources"), "apt-get install bison libglib2.0-dev-bin"),
        (("brew",), ("rpcgen", "m4"), "brew install m4, and rpcgen"),
        (("brew",), ("rpcgen",), ""),
        ((), ("m4",), ""),
    ],
)  # fmt: skip
def test_one_command_installs_several_tools(
    programs: tuple[str, ...], tools: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    assert advice.together(tools, machine(tmp_path, *programs)) == said


@pytest.mark.parametrize(
    ("program", "language", "module", "said"),
    [
        ("apt-get", "perl", "XML::Parser", "apt-get install libxml-parser-perl"),
        ("dnf", "perl", "XML::Parser", "dnf install 'perl(XML::Parser)'"),
        ("apk", "python", "yaml.loader", "apk add py3-yaml"),
        ("apt-get", "python", "jinja2", "apt-get install python3-jinja2"),
        ("brew", "perl", "XML::Parser", ""),
    ],
)
def test_the_package_of_a_module(
    program: str, language: str, module: str, said: str, tmp_path: Path
) -> None:
    assert advice.module(language, module, machine(tmp_path, program)) == said


def test_names_of_build_systems_are_tools() -> None:
    for name, tool in {"BISON": "bison", "xgettext": "msgfmt", "nasm": "nasm"}.items():
        assert advice.tool(name) == tool
    assert advice.tool("own-generator") is None
    with pytest.raises(TableError):
        advice.load("[called]\nyacc = 'bison'\n")
