"""Every architecture of the releases: C and C++ with libraries, linked by clang and run with QEMU."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.container.lab.debian import mirror
from tests.sysroot import programs
from tests.sysroot.conftest import LIBRARIES
from xxpy.machine import resources
from xxpy.sysroot.release import source
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from tests.sysroot.conftest import Xxpy

# The triple for clang, the name of QEMU, the linker: lld 14 knows no s390x.
CASES = [
    ("linux/arm64", "bookworm", "aarch64-linux-gnu", "aarch64", "lld"),
    ("linux/arm/v7", "bookworm", "arm-linux-gnueabihf", "arm", "lld"),
    ("linux/arm/v6", "bookworm", "arm-linux-gnueabi", "arm", "lld"),
    ("linux/386", "bookworm", "i686-linux-gnu", "i386", "lld"),
    ("linux/ppc64le", "bookworm", "powerpc64le-linux-gnu", "ppc64le", "lld"),
    ("linux/s390x", "bookworm", "s390x-linux-gnu", "s390x", "/usr/bin/s390x-linux-gnu-ld"),
    ("linux/amd64", "bookworm", "x86_64-linux-gnu", "x86_64", "lld"),
    ("linux/arm64", "trixie", "aarch64-linux-gnu", "aarch64", "lld"),
    ("linux/amd64", "trixie", "x86_64-linux-gnu", "x86_64", "lld"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("platform", "release", "triple", "qemu", "linker"),
    CASES,
    ids=[f"{case[0]}-{case[1]}" for case in CASES],
)
def test_c_and_cpp_link_and_run(
    xxpy: Xxpy, tmp_path: Path, platform: str, release: str, triple: str, qemu: str, linker: str
) -> None:
    options = ("--platform", platform, "--distribution", f"debian:{release}", "--mirror", mirror())
    root = Path(xxpy.good("sysroot", "add", *options, *LIBRARIES))
    for language in programs.LANGUAGES:
        program = programs.compiled(language, triple, root, tmp_path, linker)
        assert programs.needed(program) >= programs.LIBRARIES
        assert programs.needed(program) <= programs.LIBRARIES | programs.SYSTEM
        said = programs.output(program, qemu, root)
        assert said.startswith("zlib 1.")
        assert said.endswith("C++\n") == (language == "c++")
    xxpy.good("sysroot", "verify", "--platform", platform)


@pytest.mark.slow
def test_security_updates_are_taken_where_no_mirror_is_named(xxpy: Xxpy) -> None:
    xxpy.good(
        "sysroot",
        "add",
        "--platform",
        "linux/arm64",
        "--distribution",
        "debian:bookworm",
        *LIBRARIES,
    )
    assert "security" in {
        package["archive"] for package in xxpy.shown("--platform", "linux/arm64")["packages"]
    }


def test_without_updates_the_release_alone_is_asked() -> None:
    table = resources.table()
    row = table.row(parse("linux/riscv64", table.words))
    asked = [
        source("debian:trixie", row, table, updates=updates).archives for updates in (False, True)
    ]
    assert [
        {suite for _, suites in archives.values() for suite in suites} for archives in asked
    ] == [
        {"trixie"},
        {"trixie", "trixie-updates", "trixie-security"},
    ]
