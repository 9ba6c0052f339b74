"""Lists of platforms: globs mean each architecture once, exclusions take away, and half a platform is said to be one."""

from __future__ import annotations

import pytest

from xxpy.errors import UnsupportedPlatformError
from xxpy.machine import resources
from xxpy.table.platform import Platform, parse
from xxpy.table.platform_list import Chosen, read_list

WORDS = resources.table().words
LOCAL = Platform("linux", "amd64")


def read(*texts: str, variants: bool = False) -> Chosen:
    return read_list(texts, WORDS, local=LOCAL, typed=True, variants=variants)


def names(*texts: str, variants: bool = False) -> list[str]:
    return [str(platform) for platform in read(*texts, variants=variants).platforms]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["linux/amd64,linux/arm64"], ["linux/amd64", "linux/arm64"]),
        (["linux/arm64", "linux/amd64, linux/arm64"], ["linux/arm64", "linux/amd64"]),
        (["linux/arm/*"], ["linux/arm/v5", "linux/arm/v6", "linux/arm/v7", "linux/arm/v8"]),
        (["linux/amd64/*"], ["linux/amd64/v2", "linux/amd64/v3", "linux/amd64/v4"]),
        (["linux/amd64*"], ["linux/amd64"]),
        (["linux/arm/v[67]"], ["linux/arm/v6", "linux/arm/v7"]),
        (["windows/386*"], ["windows/386"]),
        (["windows/*"], ["windows/amd64", "windows/386", "windows/arm64", "windows/arm/v7"]),
        (["darwin/*"], ["darwin/amd64", "darwin/arm64"]),
        (["local"], ["linux/amd64"]),
        (["*/s390x"], ["linux/s390x"]),
        (["linux/386,linux/*,!linux/arm*,!linux/mips*,!linux/ppc64*"], ["linux/386", "linux/amd64", "linux/riscv64", "linux/s390x", "linux/loong64"]),
        (["!linux/386", "linux/386,linux/amd64"], ["linux/amd64"]),
        (["darwin/*,windows/amd64,!windows"], ["darwin/amd64", "darwin/arm64"]),
        (["darwin/*,windows/*,!arm64,!arm"], ["darwin/amd64", "windows/amd64", "windows/386"]),
        (["linux/arm/*,!linux/arm"], None),
        (["linux/arm/*,!linux/armhf"], ["linux/arm/v5", "linux/arm/v6", "linux/arm/v8"]),
        (["linux/arm/*,!linux/arm/v[56]"], ["linux/arm/v7", "linux/arm/v8"]),
        (["linux/amd64,linux/arm64,!local"], ["linux/arm64"]),
    ],
)  # fmt: skip
def test_lists(texts: list[str], found: list[str] | None) -> None:
    if found is None:
        with pytest.raises(UnsupportedPlatformError, match="no platform is left"):
            names(*texts)
    else:
        assert names(*texts) == found


@pytest.mark.parametrize("item", ["all", "*", "linux/*", "*/*", "freebsd/*"])
def test_a_glob_means_each_architecture_once(item: str) -> None:
    found = read(item).platforms
    plain = [platform for platform in found if platform.architecture not in WORDS.default_variant]
    assert all(not platform.variant for platform in plain)
    assert len({(platform.os, platform.architecture) for platform in plain}) == len(plain)
    every = [
        key
        for key in WORDS.keys
        if item in {"all", "*", "*/*"} or key.startswith(item.removesuffix("*"))
    ]
    assert {key for key in every if parse(key, WORDS).architecture in WORDS.default_variant} <= set(
        names(item)
    )
    assert names(item, variants=True) == every


def test_what_is_written_out_is_named() -> None:
    chosen = read("linux/*,linux/arm64,!linux/386")
    assert chosen.named == {Platform("linux", "arm64")}
    assert Platform("linux", "386") not in chosen.platforms


@pytest.mark.parametrize(
    ("item", "note"),
    [
        (
            "darwin",
            "darwin alone means darwin/amd64, this machine's architecture; 'darwin/*' is all of them",
        ),
        (
            "macos",
            "macos alone means darwin/amd64, this machine's architecture; 'darwin/*' is all of them",
        ),
    ],
)
def test_half_a_platform_is_said_to_be_one(item: str, note: str) -> None:
    assert read(item, item).notes == (note,)
    assert read("linux/arm64", "local", "all", "arm64", "armv6l").notes == ()


@pytest.mark.parametrize(
    ("texts", "message", "hint"),
    [
        (["linux/amd64 linux/arm64"], "malformed", "separate platforms with commas: linux/amd64,l"),
        (["linux/amd64;linux/arm64"], "malformed", "separate platforms with commas: linux/amd64,l"),
        (["win/*"], "no platform matches 'win/*'", "did you mean 'windows/*'?"),
        (["macos/*"], "no platform matches 'macos/*'", "did you mean 'darwin/*'?"),
        (["*/aarch64"], "no platform matches '*/aarch64'", "did you mean '*/arm64'?"),
        (["all,!linux-arm64"], "unknown operating system or", "did you mean linux/arm64?"),
        ([""], "an empty item", "write linux/amd64"),
        (["linux/amd64,"], "an empty item", "write linux/amd64"),
        (["linux/amd64,!"], "an empty item", "write linux/amd64"),
        ([",linux/amd64"], "an empty item", "write linux/amd64"),
        (["beos/*"], "no platform matches 'beos/*'", "a glob is matched against"),
        (["linux/386/*"], "no platform matches 'linux/386/*'", "linux/386 has no variants"),
        (["linux/amd64," * 257 + "arm"], "the list has 258 platforms", "at most 256 are allowed"),
        (["linux/amd64,vax"], "unknown operating system or architecture vax", ""),
        (["linux/*,!vax"], "unknown operating system or architecture vax", ""),
        (["!linux/386"], "'!linux/386' only excludes platforms", "name the others too"),
        (["linux/386,!linux/386"], "no platform is left", "exclusions such as"),
        (["wasi"], "wasi alone means wasi/amd64, which does not exist", "wasi has wasi/wasm"),
    ],
)
def test_what_is_no_list_is_refused(texts: list[str], message: str, hint: str) -> None:
    with pytest.raises(UnsupportedPlatformError) as error:
        read(*texts)
    assert error.value.message.startswith(message)
    assert error.value.hint.startswith(hint)
