"""The groups of columns, one class each; ``toolchains/columns.toml`` explains their keys."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the loader reads the annotations at run time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Data:
    bits: int
    byte_order: str


@dataclass(frozen=True, slots=True)
class File:
    format: str
    program_suffix: str = ""
    library_suffix: str = ""
    archive_suffix: str = ".a"
    dynamic_only: bool = False
    headers: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Triple:
    word: str
    system: str
    word_alpine: str | None = None
    word_variable: str | None = None
    vendor: str | None = None
    vendor_prevails: bool = False
    libc: bool = False
    libc_name: str | None = None
    abi: str = ""
    abi_alpine: str | None = None
    version: str = ""
    version_variable: str | None = None
    version_common: str | None = None


@dataclass(frozen=True, slots=True)
class Uname:
    machine: str
    also: tuple[str, ...] = ()
    system: str = ""
    environment: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Debian:
    arch: str
    triple: str | None = None


@dataclass(frozen=True, slots=True)
class Alpine:
    arch: str
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Rpm:
    arch: str
    force: str | None = None


@dataclass(frozen=True, slots=True)
class Packages:
    by: str
    suffix: str | None = None
    force_variable: str | None = None


@dataclass(frozen=True, slots=True)
class Go:
    os: str
    arch: str
    since: str
    until: str | None = None
    settings: Mapping[str, str] | None = None
    settings_since: str | None = None
    baseline: Mapping[str, str] | None = None
    allowed: tuple[str, ...] = ()
    executable: bool = True


@dataclass(frozen=True, slots=True)
class Rust:
    target: str | None = None
    gnu: str | None = None
    musl: str | None = None
    gnullvm: str | None = None
    msvc: str | None = None
    since: str | None = None
    cpu: str | None = None
    tier: str | None = None
    musl_tier: str | None = None
    debian: str | None = None
    own_linker: bool = False


@dataclass(frozen=True, slots=True)
class Gnu:
    target: str | None = None
    gnu: str | None = None
    musl: str | None = None


@dataclass(frozen=True, slots=True)
class Clang:
    backend: str
    since: int | None = None
    target: str | None = None
    gnu: str | None = None
    musl: str | None = None
    march: str | None = None
    atomics: str | None = None
    flags: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    release: str | None = None
    processors: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Gcc:
    march: str | None = None
    threads: str | None = None
    flags: tuple[str, ...] = ()
    package: str | None = None


@dataclass(frozen=True, slots=True)
class Linker:
    emulation: str | None = None
    lld_since: int | None = None
    prefer_static: bool = False
    usr_triple: bool = False
    ranlib_ignored: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Zig:
    target: str | None = None
    gnu: str | None = None
    musl: str | None = None
    cpu: str | None = None
    glibc: str | None = None
    abi: str | None = None
    abi_before: tuple[str, ...] = ()
    abi_since: tuple[str, ...] = ()
    version: str | None = None
    unable: str | None = None
    headers: tuple[str, ...] = ()
    emulation: str = ""
    corrected: tuple[str, ...] = ()
    imports: str | None = None
    merged: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Qemu:
    user: str


@dataclass(frozen=True, slots=True)
class CMake:
    system: str
    processor: str
    release: str | None = None
    asks: str | None = None
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meson:
    system: str
    cpu_family: str
    cpu: str


@dataclass(frozen=True, slots=True)
class Conan:
    os: str
    arch: str
    libcxx: str | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Vcpkg:
    system: str
    arch: str


@dataclass(frozen=True, slots=True)
class Bazel:
    os: str
    cpu: str
    libc: str | None = None


@dataclass(frozen=True, slots=True)
class Python:
    tag: str
    musl_tag: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    platform: str
    arch: str
    tier: str


@dataclass(frozen=True, slots=True)
class Dotnet:
    rid: str
    musl_rid: str | None = None


@dataclass(frozen=True, slots=True)
class Jvm:
    arch: str


@dataclass(frozen=True, slots=True)
class Conda:
    subdir: str


@dataclass(frozen=True, slots=True)
class Homebrew:
    arch: str


@dataclass(frozen=True, slots=True)
class Lipo:
    arch: str
    universal: str | None = None


@dataclass(frozen=True, slots=True)
class Hosted:
    runner: str


@dataclass(frozen=True, slots=True)
class Android:
    abi: str
    api: int


@dataclass(frozen=True, slots=True)
class Elf:
    machine: int
    osabi: int = 0
    osabi_gnu: int | None = None
    note: str | None = None
    stated: bool = False
    level: int | None = None
    float_abi: str | None = None


@dataclass(frozen=True, slots=True)
class MachO:
    cputype: int


@dataclass(frozen=True, slots=True)
class Pe:
    machine: int
    cvtres: str
    dlltool: str | None = None
    underscore: str = ""
    bfd: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loader:
    system: str | None = None
    gnu: str | None = None
    musl: str | None = None
