"""Programs for Windows by mingw-w64, static ones for Linux, and such as run on an old glibc."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

pytestmark = pytest.mark.slow

HELLO_C = '#include <stdio.h>\nint main(void) { printf("%d bits\\n", (int)(8 * sizeof(void *))); return 0; }\n'
HELLO_CXX = '#include <iostream>\nint main() { std::cout << 8 * sizeof(void *) << " bits\\n"; }\n'
WINDOWS = ("windows/amd64", "windows/386")
RUN = {"windows/amd64"}
"""Platforms whose programs run on this machine: wine's package for 32-bit programs would be one of a foreign architecture."""


def build(xxpy: Xxpy, name: str, text: str, *options: str, **variables: str) -> None:
    (xxpy.folder / name).write_text(text)
    done = xxpy("build", name, *options, **variables)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("source", ["hello.c", "hello.cc"])
@pytest.mark.parametrize("platform", WINDOWS)
def test_windows(platform: str, source: str, xxpy: Xxpy) -> None:
    build(xxpy, source, HELLO_C if source == "hello.c" else HELLO_CXX, "--platform", platform, "--cc", "gcc", "--static")
    program = f"dist/{platform.replace('/', '_')}/hello.exe"
    assert xxpy("verify", "--platform", platform, program).returncode == 0
    if platform in RUN:
        assert xxpy("run", "--platform", platform, program).stdout.split() == ["64", "bits"]


STATIC = {
    "gcc": (("--cc", "gcc", "--static"), {}),
    "static-pie": (("--cc", "gcc"), {"CFLAGS": "-O2 -fPIE", "LDFLAGS": "-static-pie"}),
}


@pytest.mark.parametrize("way", STATIC)
def test_static(way: str, xxpy: Xxpy) -> None:
    options, variables = STATIC[way]
    build(xxpy, "hello.c", HELLO_C, "--platform", "linux/arm64", *options, **variables)
    assert xxpy("verify", "--static", "--platform", "linux/arm64", "dist/linux_arm64/hello").returncode == 0
    assert xxpy("run", "--platform", "linux/arm64", "dist/linux_arm64/hello").stdout == "64 bits\n"


def test_the_oldest_glibc(xxpy: Xxpy) -> None:
    build(xxpy, "hello.c", HELLO_C, "--platform", "linux/arm64", "--cc", "zig", "--libc", "gnu.2.28")
    assert xxpy("verify", "--glibc-max", "2.28", "--platform", "linux/arm64", "dist/linux_arm64/hello").returncode == 0
    (xxpy.folder / "new.c").write_text("#include <stdlib.h>\nint main(void) { return (int)arc4random(); }\n")
    refused = xxpy("build", "new.c", "--platform", "linux/arm64", "--cc", "zig", "--libc", "gnu.2.28")
    assert refused.returncode == 1
    assert "arc4random" in refused.stderr
