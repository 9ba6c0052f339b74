"""The contract's tables, word by word."""

from __future__ import annotations

import pytest

from xxpy.errors import UnsupportedPlatformError, UsageError
from xxpy.machine import resources
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve
from xxpy.table.target import build_environment

TABLE = resources.table()

TRIPLES = """
linux/amd64      x86_64-linux-gnu            x86_64-alpine-linux-musl
linux/386        i686-linux-gnu              i586-alpine-linux-musl
linux/arm/v7     arm-linux-gnueabihf         armv7-alpine-linux-musleabihf
linux/arm/v8     arm-linux-gnueabihf         armv7-alpine-linux-musleabihf
linux/arm/v6     arm-linux-gnueabi           armv6-alpine-linux-musleabihf
linux/arm/v5     arm-linux-gnueabi           armv5-alpine-linux-musleabi
linux/arm64      aarch64-linux-gnu           aarch64-alpine-linux-musl
linux/ppc64le    powerpc64le-linux-gnu       powerpc64le-alpine-linux-musl
linux/mips       mips-linux-gnu              mips-alpine-linux-musl
linux/mipsle     mipsel-linux-gnu            mipsel-alpine-linux-musl
linux/mips64     mips64-linux-gnuabi64       mips64-alpine-linux-muslabi64
linux/mips64le   mips64el-linux-gnuabi64     mips64el-alpine-linux-muslabi64
linux/riscv64    riscv64-linux-gnu           riscv64-alpine-linux-musl
linux/s390x      s390x-linux-gnu             s390x-alpine-linux-musl
linux/loong64    loongarch64-linux-gnu       loongarch64-alpine-linux-musl
windows/amd64    x86_64-w64-mingw32          x86_64-w64-mingw32
windows/386      i686-w64-mingw32            i686-w64-mingw32
windows/arm64    aarch64-w64-mingw32         aarch64-w64-mingw32
windows/arm      armv7-w64-mingw32           armv7-w64-mingw32
darwin/amd64     x86_64-apple-macos10.6      x86_64-apple-macos10.6
darwin/arm64     arm64-apple-macos11.0       arm64-apple-macos11.0
"""

ARCHES = """
linux/arm64     aarch64      aarch64      arm64     aarch64
linux/amd64     x86_64       x86_64       amd64     x86_64
linux/386       i386         x86          i386      i386
linux/arm/v7    armv7l       armv7        armhf     armv7hl
linux/arm/v6    armv6l       armhf        armel     armv6hl
linux/arm/v5    armv5l       armel        armel     armv5tel
linux/ppc64le   ppc64le      ppc64le      ppc64el   ppc64le
linux/loong64   loongarch64  loongarch64  loong64   loongarch64
linux/mipsle    mipsle       mipsle       mipsel    mipsel
linux/mips64le  mips64le     mips64le     mips64el  mips64el
darwin/arm64    arm64        aarch64      arm64     aarch64
"""


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("platform", "debian", "alpine"), rows(TRIPLES))
def test_triples(platform: str, debian: str, alpine: str) -> None:
    parsed = parse(platform, TABLE.words)
    for distribution in ("debian", "ubuntu", "rhel", "fedora", "centos", "rocky", "ol"):
        assert resolve(TABLE, parsed, distribution).triple == debian
    assert resolve(TABLE, parsed, "alpine").triple == alpine


@pytest.mark.parametrize(("platform", "march", "alpine", "debian", "rhel"), rows(ARCHES))
def test_architectures(platform: str, march: str, alpine: str, debian: str, rhel: str) -> None:
    parsed = parse(platform, TABLE.words)
    target = resolve(TABLE, parsed, "debian")
    assert [
        target.name(query) for query in ("march", "alpine-arch", "debian-arch", "rhel-arch")
    ] == [march, alpine, debian, rhel]
    if parsed.os != "linux":
        assert (
            target.package_arch == parsed.architecture
        )  # the vendor is the system's, which has no packages
        return
    assert resolve(TABLE, parsed, "alpine").package_arch == alpine
    assert resolve(TABLE, parsed, "fedora").package_arch == rhel
    assert resolve(TABLE, parsed, "gentoo").package_arch == parsed.architecture


@pytest.mark.parametrize(
    ("platform", "distribution", "variables", "triple"),
    [
        ("linux/riscv64", "alpine", {"XX_VENDOR": "unknown"}, "riscv64-unknown-linux-musl"),
        ("linux/arm/v7", "alpine", {"XX_VENDOR": "unknown"}, "arm-unknown-linux-musleabihf"),
        ("linux/386", "alpine", {"XX_VENDOR": "unknown"}, "i686-unknown-linux-musl"),
        ("linux/arm64", "debian", {"XX_LIBC": "musl"}, "aarch64-linux-musl"),
        ("linux/arm64", "unknown", {}, "aarch64-unknown-linux-gnu"),
        ("linux/arm64", "almalinux", {}, "aarch64-almalinux-linux-gnu"),
        ("linux/arm/v7", "debian", {"ARM_TARGET_ARCH": "armv7"}, "armv7-linux-gnueabihf"),
        ("linux/arm/v6", "debian", {"ARM_TARGET_ARCH": "armv7"}, "arm-linux-gnueabi"),
        ("linux/riscv64", "debian", {"RISCV64_TARGET_ARCH": "riscv64gc"}, "riscv64gc-linux-gnu"),
        ("darwin/amd64", "debian", {"MACOSX_VERSION_MIN": "12.3"}, "x86_64-apple-macos12.3"),
        (
            "windows/amd64",
            "debian",
            {"XX_VENDOR": "unknown", "XX_LIBC": "musl"},
            "x86_64-w64-mingw32",
        ),
    ],
)
def test_overrides(
    platform: str, distribution: str, variables: dict[str, str], triple: str
) -> None:
    assert (
        resolve(TABLE, parse(platform, TABLE.words), distribution, variables=variables).triple
        == triple
    )


@pytest.mark.parametrize(
    ("platform", "distribution", "build", "sysroot", "cross"),
    [
        ("linux/arm64", "debian", "linux/amd64", "/", True),
        ("linux/arm64", "alpine", "linux/amd64", "/aarch64-alpine-linux-musl/", True),
        ("linux/arm64", "alpine", "linux/arm64", "/", False),
        ("linux/amd64/v3", "alpine", "linux/amd64", "/", False),
        ("linux/arm/v6", "alpine", "linux/arm/v7", "/armv6-alpine-linux-musleabihf/", True),
        ("windows/amd64", "debian", "linux/amd64", "/", True),
        ("darwin/arm64", "debian", "linux/amd64", "/xx-sdk/MacOSX11.1.sdk/", True),
        ("linux/amd64", "debian", None, "/", True),
    ],
)
def test_sysroot_and_cross(
    platform: str, distribution: str, build: str | None, sysroot: str, cross: bool
) -> None:
    machine = None if build is None else parse(build, TABLE.words)
    target = resolve(TABLE, parse(platform, TABLE.words), distribution, build=machine)
    assert (target.sysroot, target.is_cross) == (sysroot, cross)


def test_env_has_the_contract_s_order() -> None:
    names = "XX_OS XX_OS_VERSION XX_ARCH XX_MARCH XX_VENDOR XX_PKG_ARCH XX_TRIPLE XX_LIBC TARGETOS TARGETARCH TARGETVARIANT".split()  # noqa: SIM905
    assert list(resolve(TABLE, parse("linux/arm/v7", TABLE.words), "debian").environment()) == names
    assert (
        "XX_PKG_ARCH"
        not in resolve(TABLE, parse("windows/amd64", TABLE.words), "debian").environment()
    )


def test_wasi_is_wasip1_to_go() -> None:
    target = resolve(TABLE, parse("wasi/wasm", TABLE.words), "debian")
    assert (target.name("os"), target.name("go-env")) == ("wasi", "GOOS=wasip1 GOARCH=wasm")
    assert build_environment(target)["TARGETOS"] == "wasi"


@pytest.mark.parametrize(
    ("query", "debian", "alpine"),
    [
        ("rust-target", "armv7-unknown-linux-gnueabihf", "armv7-unknown-linux-musleabihf"),
        ("zig-target", "arm-linux-gnueabihf", "arm-linux-musleabihf"),
        ("loader", "/lib/ld-linux-armhf.so.3", "/lib/ld-musl-armhf.so.1"),
        ("dotnet-rid", "linux-arm", "linux-musl-arm"),
        ("qemu-arch", "arm", "arm"),
        ("pair", "linux-armv7", "linux-armv7"),
    ],
)
def test_names_by_libc(query: str, debian: str, alpine: str) -> None:
    platform = parse("linux/arm/v7", TABLE.words)
    assert resolve(TABLE, platform, "debian").name(query) == debian
    assert resolve(TABLE, platform, "alpine").name(query) == alpine


def test_what_has_no_name_says_so() -> None:
    target = resolve(TABLE, parse("linux/mips", TABLE.words), "debian")
    with pytest.raises(UnsupportedPlatformError, match="linux/mips has no conda-subdir"):
        target.name("conda-subdir")
    assert "conda-subdir" not in target.names()
    with pytest.raises(UsageError, match="unknown query 'tripel'") as error:
        target.name("tripel")
    assert error.value.hint == "did you mean triple?"
