"""Binaries that are really built for the tests: small programs by the compilers that are here."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xxpy import resources
from xxpy.platform import parse
from xxpy.target import go_environment

if TYPE_CHECKING:
    from pathlib import Path

GO_PLATFORMS = (
    *(f"linux/{architecture}" for architecture in ("amd64", "386", "arm/v5", "arm/v6", "arm/v7", "arm64", "riscv64", "ppc64le", "ppc64")),
    *(f"linux/{architecture}" for architecture in ("s390x", "loong64", "mips", "mipsle/softfloat", "mips64", "mips64le")),
    *("windows/amd64", "windows/386", "windows/arm64", "darwin/amd64", "darwin/arm64", "freebsd/amd64", "freebsd/arm64"),
    *("netbsd/amd64", "openbsd/amd64", "openbsd/arm64", "wasi/wasm"),
)
"""One platform of every machine, width, byte order, format and system that Go has a port for."""

GO_SOURCE = 'package main\n\nfunc main() { println("hello") }\n'
C_SOURCE = '#include <stdio.h>\nint answer(void) { return 42; }\nint main(void) { printf("%d\\n", answer()); return 0; }\n'


@dataclass(frozen=True)
class Sample:
    """One binary.

    :param platform: what it was built for
    :param static: whether it passes ``--static``
    :param level: whether it states a level or a float ABI that narrows where it runs
    """

    path: Path
    platform: str
    static: bool
    level: str = ""

    @property
    def name(self) -> str:
        return self.path.name


def build_go(folder: Path) -> list[Sample]:
    """Build the smallest Go program for every platform of :data:`GO_PLATFORMS`."""
    table = resources.table()
    (folder / "go.mod").write_text("module hello\n\ngo 1.21\n")
    (folder / "main.go").write_text(GO_SOURCE)
    samples = []
    for key in GO_PLATFORMS:
        row = table.row(parse(key, table.words))
        path = folder / f"go-{row.platform.folder}"
        environment = {**os.environ, **go_environment(row), "CGO_ENABLED": "0"}
        subprocess.run(["go", "build", "-o", str(path), "."], cwd=folder, env=environment, check=True, capture_output=True)
        samples.append(Sample(path, key, static=row.platform.os != "openbsd"))
    return samples


def build_c(folder: Path) -> list[Sample]:
    """Build a C program in every linkage that gcc has here, and one for each x86-64 level."""
    source = folder / "main.c"
    source.write_text(C_SOURCE)
    kinds: dict[str, tuple[list[str], bool, str]] = {
        "dynamic": (["-no-pie"], False, ""),
        "pie": (["-pie", "-fPIE"], False, ""),
        "static": (["-static"], True, ""),
        "static-pie": (["-static-pie", "-fPIE"], True, ""),
        "shared": (["-shared", "-fPIC"], False, ""),
        "object": (["-c"], True, ""),
        "v2": (["-static", "-march=x86-64-v2", "-Wl,-z,x86-64-v2"], True, "v2"),
        "v3": (["-static", "-march=x86-64-v3", "-Wl,-z,x86-64-v3"], True, "v3"),
        "stripped": (["-s"], False, ""),
    }
    samples = []
    for name, (flags, static, level) in kinds.items():
        path = folder / f"c-{name}"
        subprocess.run(["gcc", *flags, "-o", str(path), str(source)], check=True, capture_output=True)
        samples.append(Sample(path, "/".join(filter(None, ("linux/amd64", level))), static=static, level=level))
    return samples


def _state_soft_float(path: Path) -> None:
    """Set EF_ARM_ABI_FLOAT_SOFT, as GNU ld does and lld does not."""
    data = bytearray(path.read_bytes())
    flags = int.from_bytes(data[36:40], "little") | 0x200
    data[36:40] = flags.to_bytes(4, "little")
    path.write_bytes(data)


_BARE = ("-nostdlib", "-static", "-fuse-ld=lld", "-Wl,-e,half")
"""Flags for a program that needs no library of the target."""


def build_arm(folder: Path) -> list[Sample]:
    """Build ARM programs at each level and float ABI with clang and lld: they state both in build attributes and flags."""
    source = folder / "arm.c"
    source.write_text("float half(float x) { return x / 2; }\n")
    samples = []
    for variant, march, abi in (
        ("v5", "armv5te", "soft"),
        ("v6", "armv6", "soft"),
        ("v7", "armv7-a", "hard"),
        ("v7", "armv7-a", "soft"),
        ("v8", "armv8-a", "hard"),
    ):
        path = folder / f"arm-{variant}-{abi}"
        environment = "eabihf" if abi == "hard" else "eabi"
        command = [
            "clang",
            f"--target=arm-linux-gnu{environment}",
            f"-march={march}",
            f"-mfloat-abi={abi}",
            "-c",
            "-o",
            str(path),
            str(source),
        ]
        subprocess.run(command, check=True, capture_output=True)
        if abi == "soft":
            _state_soft_float(path)
        samples.append(Sample(path, f"linux/arm/{variant}", static=True, level=f"{variant}-{abi}"))
    return samples
