"""Base sysroots: programs for every ELF target that clang and zig's parts link, as their files and under QEMU."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xxpy import resources

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

PROGRAMS = Path(__file__).with_name("programs")
TABLE = resources.table()
BITS_32 = {row.platform.architecture for row in TABLE.rows.values() if row.data.bits == 32}
LIBC = re.compile(r"\b(memcpy|memmove|memset|strlen|sin|fma)\b")


def targets() -> list[tuple[str, str]]:
    """Every Linux platform without variants of levels that zig has a libc for, with each libc; the BSDs by their own."""
    found = []
    for row in TABLE.rows.values():
        if row.zig is None or row.zig.unable or row.file.format != "elf" or row.android is not None:
            continue
        if row.platform.variant and row.clang is not None and row.clang.march and row.platform.architecture not in BITS_32:
            continue  # a level, whose libc is that of the architecture
        names = {"gnu": row.zig.gnu, "musl": row.zig.musl} if row.triple.libc else {"": row.zig.target}
        found += [(str(row.platform), libc) for libc, name in names.items() if name]
    return found


def options(libc: str) -> tuple[str, ...]:
    return ("--libc", libc) if libc else ()


@pytest.mark.parametrize(("platform", "libc"), [("linux/arm64", "gnu"), ("linux/amd64", "musl")])
def test_quick(platform: str, libc: str, xxpy: Xxpy) -> None:
    check_c(platform, libc, xxpy)


def check_c(platform: str, libc: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", "zig", *options(libc))
    cc = command(kit, "clang")
    static = ("-static",) if libc == "musl" else ()
    done = xxpy.run(cc, "-O2", *static, str(PROGRAMS / "libc.c"), "-o", "program", "-lm", "-latomic")
    assert done.returncode == 0, done.stderr
    assert xxpy("verify", "--platform", platform, *(("--libc", libc) if libc and not static else ()), "program").returncode == 0
    if not static:
        symbols = subprocess.run(
            ["llvm-readelf", "--dyn-syms", "program"], cwd=xxpy.folder, capture_output=True, text=True, check=True
        ).stdout
        undefined = " ".join(line for line in symbols.splitlines() if " UND " in line)
        assert {"memcpy", "strlen", "sin"} <= set(LIBC.findall(undefined)), undefined
    if static and platform.startswith("linux/"):
        ran = xxpy("run", "--platform", platform, "program")
        assert ran.stdout == "1 0.997 4.000 1428571431 3333333339.67 10000000019 10000000019\n", ran.stderr + ran.stdout


def command(kit: Path, name: str) -> str:
    (found,) = (kit / "bin").glob(f"*-{name}")
    return str(found)
