"""Binaries that are really built for the tests: small programs by the compilers that are here."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from xxpy.machine import resources
from xxpy.table.names import go_environment
from xxpy.table.platform import parse

GO_PLATFORMS = (
    *(
        f"linux/{architecture}"
        for architecture in (
            "amd64",
            "386",
            "arm/v5",
            "arm/v6",
            "arm/v7",
            "arm64",
            "riscv64",
            "ppc64le",
            "ppc64",
        )
    ),
    *(
        f"linux/{architecture}"
        for architecture in ("s390x", "loong64", "mips", "mipsle/softfloat", "mips64", "mips64le")
    ),
    *(
        "windows/amd64",
        "windows/386",
        "windows/arm64",
        "darwin/amd64",
        "darwin/arm64",
        "freebsd/amd64",
        "freebsd/arm64",
    ),
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
    :param libc: whose interpreter it has, where it has one
    :param level: whether it states a level or a float ABI that narrows where it runs
    """

    path: Path
    platform: str
    static: bool
    level: str = ""
    libc: str = ""

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_object(self) -> bool:
        return self.path.suffix == ".o" or self.name == "c-object"


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
        subprocess.run(
            ["go", "build", "-o", str(path), "."],
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
        )
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
        subprocess.run(
            ["gcc", *flags, "-o", str(path), str(source)], check=True, capture_output=True
        )
        samples.append(
            Sample(path, "/".join(filter(None, ("linux/amd64", level))), static=static, level=level)
        )
    return samples


def _state_soft_float(path: Path) -> None:
    """Set EF_ARM_ABI_FLOAT_SOFT, as GNU ld does and lld does not."""
    data = bytearray(path.read_bytes())
    flags = int.from_bytes(data[36:40], "little") | 0x200
    data[36:40] = flags.to_bytes(4, "little")
    path.write_bytes(data)


_LINKED = {
    "static": (("-static", "-no-pie"), True),
    "static-pie": (("-static-pie", "-fPIE"), True),
    "dynamic": (("-no-pie", "-Wl,--dynamic-linker={loader}", "{library}"), False),
    "pie": (("-pie", "-fPIE", "-Wl,--dynamic-linker={loader}", "{library}"), False),
    "shared": (("-shared", "-fPIC"), False),
}
"""How clang links a program that needs no library of its system, and whether the result passes ``--static``."""

CLANG_PLATFORMS = (
    *(
        "linux/amd64",
        "linux/386",
        "linux/arm/v7",
        "linux/arm64",
        "linux/riscv64",
        "linux/ppc64le",
        "linux/mips",
        "linux/mipsle",
    ),
    *("linux/mips64le", "freebsd/amd64", "freebsd/arm64"),
)
"""The platforms of ELF for which clang and lld link here."""

BARE_SOURCE = "int answer(void) { return 42; }\nvoid _start(void) { for (;;) answer(); }\n"


def _clang(*command: str | Path) -> None:
    subprocess.run(["clang", *map(str, command)], check=True, capture_output=True)


def llvm(name: str) -> str:
    """Return the path of a tool of LLVM that Debian installs below its version only."""
    return str(max(Path("/usr/lib").glob(f"llvm-*/bin/{name}")))


def build_bare(folder: Path) -> list[Sample]:
    """Build programs in every linkage for every architecture that lld links, with the loaders of glibc and musl."""
    table = resources.table()
    source = folder / "bare.c"
    source.write_text(BARE_SOURCE)
    samples = []
    for key in CLANG_PLATFORMS:
        row = table.row(parse(key, table.words))
        assert row.clang is not None
        for libc in ("gnu", "musl") if row.clang.gnu is not None else (None,):
            assert row.loader is not None
            triple = row.clang.target if libc is None else getattr(row.clang, libc)
            loader = row.loader.system if libc is None else getattr(row.loader, libc)
            library = folder / f"libanswer-{row.platform.folder}-{libc}.so"
            target = (
                f"--target={triple}",
                "-nostdlib",
                "-fuse-ld=lld",
                "-Wl,-e,_start",
                "-Wl,--build-id=sha1",
            )
            _clang(*target, "-shared", "-fPIC", "-Wl,-soname,libanswer.so", "-o", library, source)
            for kind, (flags, static) in _LINKED.items():
                if (libc == "musl" and "{library}" not in flags) or (
                    libc is None and kind == "static-pie"
                ):
                    continue  # the loader is what differs; clang gives one to every such program for FreeBSD
                path = folder / f"bare-{row.platform.folder}-{libc or 'system'}-{kind}"
                _clang(
                    *target,
                    *(flag.format(loader=loader, library=library) for flag in flags),
                    "-o",
                    path,
                    source,
                )
                level = "v7-hard" if row.elf is not None and row.elf.float_abi == "hard" else ""
                samples.append(Sample(path, key, static=static, level=level, libc=libc or ""))
    return samples


def build_cross(folder: Path) -> list[Sample]:
    """Build whole programs by GNU's compiler and linker for other machines, against their C libraries."""
    source = folder / "cross.c"
    source.write_text(C_SOURCE)
    samples = []
    for key, word, level in (
        ("linux/arm64", "aarch64-linux-gnu", ""),
        ("linux/arm/v7", "arm-linux-gnueabihf", "v7-hard"),
    ):
        for kind, flags in {
            "dynamic": ("-no-pie",),
            "static": ("-static",),
            "shared": ("-shared", "-fPIC"),
        }.items():
            path = folder / f"cross-{word}-{kind}"
            subprocess.run(
                [f"{word}-gcc", *flags, "-o", str(path), str(source)],
                check=True,
                capture_output=True,
            )
            samples.append(
                Sample(
                    path,
                    key,
                    static=kind == "static",
                    level=level,
                    libc="gnu" if kind == "dynamic" else "",
                )
            )
    for kind, flags in {"exe": (), "dll": ("-shared",)}.items():
        path = folder / f"cross-windows.{kind}"
        subprocess.run(
            ["x86_64-w64-mingw32-gcc", *flags, "-o", str(path), str(source)],
            check=True,
            capture_output=True,
        )
        samples.append(Sample(path, "windows/amd64", static=True))
    return samples


def build_windows(folder: Path) -> list[Sample]:
    """Build a program, a library and an object for every machine of Windows, by clang and lld."""
    source = folder / "windows.c"
    source.write_text(BARE_SOURCE)
    samples = []
    for key, word in (
        ("windows/amd64", "x86_64"),
        ("windows/386", "i686"),
        ("windows/arm64", "aarch64"),
        ("windows/arm/v7", "armv7"),
    ):
        stem = folder / f"windows-{word}"
        made = Path(f"{stem}.o")
        _clang(f"--target={word}-windows-msvc", "-c", "-o", made, source)
        program, library = Path(f"{stem}.exe"), Path(f"{stem}.dll")
        subprocess.run(
            ["lld-link", "-entry:_start", "-subsystem:console", f"-out:{program}", made],
            check=True,
            capture_output=True,
        )
        subprocess.run(
            ["lld-link", "-dll", "-noentry", f"-out:{library}", "-export:answer", made],
            check=True,
            capture_output=True,
        )
        samples += [Sample(path, key, static=True) for path in (program, library, made)]
    return samples


def build_apple(folder: Path) -> list[Sample]:
    """Build an object and a library for each machine of macOS, and a fat file of both libraries."""
    source = folder / "apple.c"
    source.write_text("int answer(void) { return 42; }\n")
    samples, libraries = [], []
    for key, word in (("darwin/amd64", "x86_64"), ("darwin/arm64", "arm64")):
        made, library = folder / f"apple-{word}.o", folder / f"apple-{word}.dylib"
        _clang(f"--target={word}-apple-macos11.0", "-c", "-o", made, source)
        command = [
            "lld",
            "-flavor",
            "darwin",
            "-dylib",
            "-arch",
            word,
            "-platform_version",
            "macos",
            "11.0",
            "11.0",
            "-undefined",
            "dynamic_lookup",
        ]
        subprocess.run([*command, "-o", str(library), str(made)], check=True, capture_output=True)
        samples += [Sample(path, key, static=True) for path in (made, library)]
        libraries.append(library)
    fat = folder / "apple-fat.dylib"
    subprocess.run(
        [llvm("llvm-lipo"), "-create", "-output", str(fat), *map(str, libraries)],
        check=True,
        capture_output=True,
    )
    return [
        *samples,
        Sample(fat, "darwin/amd64", static=True),
        Sample(fat, "darwin/arm64", static=True),
    ]


def build_objects(folder: Path) -> list[Sample]:
    """Build an object for the architectures that have no linker here, and a WebAssembly module."""
    source = folder / "object.c"
    source.write_text("int answer(void) { return 42; }\n")
    samples = []
    for key, triple in (
        ("linux/s390x", "s390x-linux-gnu"),
        ("linux/ppc64", "powerpc64-linux-gnu"),
        ("linux/mips64", "mips64-linux-gnuabi64"),
    ):
        path = folder / f"object-{triple}.o"
        _clang(f"--target={triple}", "-c", "-o", path, source)
        samples.append(Sample(path, key, static=True))
    module = folder / "module.wasm"
    _clang(
        "--target=wasm32-unknown-wasi",
        "-nostdlib",
        "-Wl,--no-entry",
        "-Wl,--export-all",
        "-o",
        module,
        source,
    )
    return [*samples, Sample(module, "wasi/wasm", static=True)]


def build_rust(folder: Path) -> list[Sample]:
    """Build a Rust program for this machine, dynamic and with a static glibc."""
    source = folder / "rust.rs"
    source.write_text('fn main() { println!("hello"); }\n')
    samples = []
    for name, flags, static in (
        ("dynamic", (), False),
        ("static", ("-Ctarget-feature=+crt-static",), True),
    ):
        path = folder / f"rust-{name}"
        subprocess.run(
            ["rustc", *flags, "-o", str(path), str(source)],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        samples.append(Sample(path, "linux/amd64", static=static, libc="" if static else "gnu"))
    return samples


ZIG_TARGETS = {
    "x86_64-linux-gnu.2.28": "linux/amd64",
    "x86_64-linux-musl": "linux/amd64",  # a whole musl takes a minute to build, and others are linked in the same way
    "aarch64-linux-gnu.2.28": "linux/arm64",
    **{
        f"{word}-linux-gnu": f"linux/{key}"
        for key, word in {
            "riscv64": "riscv64",
            "s390x": "s390x",
            "386": "x86",
            "ppc64le": "powerpc64le",
        }.items()
    },
    "loongarch64-linux-gnu": "linux/loong64",
    "mips64el-linux-gnuabi64": "linux/mips64le",
    "arm-linux-gnueabihf": "linux/arm/v7",
    "x86_64-windows-gnu": "windows/amd64",
    "aarch64-windows-gnu": "windows/arm64",
    "x86_64-macos": "darwin/amd64",
    "aarch64-macos": "darwin/arm64",
    "x86_64-freebsd": "freebsd/amd64",
}
"""What zig builds a whole C program for; the first time it builds the C library too, which takes minutes for all of them."""


def build_zig(folder: Path) -> list[Sample]:
    """Build a C program for every target of :data:`ZIG_TARGETS`, against a real C library."""
    source = folder / "zig.c"
    source.write_text(C_SOURCE)
    samples = []
    for target, key in ZIG_TARGETS.items():
        path = folder / f"zig-{target}"
        command = [
            sys.executable,
            "-m",
            "ziglang",
            "cc",
            "-target",
            target,
            "-o",
            str(path),
            str(source),
        ]
        subprocess.run(command, check=True, capture_output=True)
        libc = next((libc for libc in ("gnu", "musl") if f"-linux-{libc}" in target), "")
        level = "v7-hard" if target.endswith("hf") else ""
        samples.append(
            Sample(
                path, key, static=libc == "musl", level=level, libc="" if libc == "musl" else libc
            )
        )
    return samples


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
        path = folder / f"arm-{variant}-{abi}.o"
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
