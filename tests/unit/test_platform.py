"""The parser: every spelling, every refusal, every order (cases by https://github.com/containerd/platforms)."""

from __future__ import annotations

import pytest

from xxpy.errors import UnsupportedPlatformError
from xxpy.machine import resources
from xxpy.table.platform import Platform, parse, parse_folder, runnable, select

WORDS = resources.table().words
LOCAL = Platform("linux", "amd64")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("linux/amd64", "linux/amd64"),
        ("LINUX/AMD64", "linux/amd64"),
        ("linux/x86_64", "linux/amd64"),
        ("linux/x86-64", "linux/amd64"),
        ("linux/amd64/v1", "linux/amd64"),
        ("linux/amd64/v3", "linux/amd64/v3"),
        ("linux/aarch64", "linux/arm64"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/arm64/8", "linux/arm64"),
        ("linux/arm64/9", "linux/arm64/v9"),
        ("linux/arm64/v9.0", "linux/arm64/v9"),
        ("linux/arm64/v9.5", "linux/arm64/v9.5"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/armhf", "linux/arm/v7"),
        ("linux/armel", "linux/arm/v6"),
        ("linux/arm/5", "linux/arm/v5"),
        ("linux/arm/6", "linux/arm/v6"),
        ("linux/arm/7", "linux/arm/v7"),
        ("linux/arm/8", "linux/arm/v8"),
        ("linux/arm/V7", "linux/arm/v7"),
        ("linux/i386", "linux/386"),
        ("macos/aarch64", "darwin/arm64"),
        ("macos", "darwin/amd64"),
        ("linux", "linux/amd64"),
        ("arm64", "linux/arm64"),
        ("arm", "linux/arm/v7"),
        ("armel", "linux/arm/v6"),
        ("wasi/wasm", "wasi/wasm"),
        ("linux/mips/softfloat", "linux/mips/softfloat"),
        ("windows(10.0.17763)/amd64", "windows(10.0.17763)/amd64"),
        ("windows(10.0.17763+win32k)/amd64", "windows(10.0.17763+win32k)/amd64"),
        ("windows(10.0.17763+b+a+b)/amd64", "windows(10.0.17763+a+b)/amd64"),
        ("windows(10.0%2B1%25)/amd64", "windows(10.0%2B1%25)/amd64"),
        ("windows(10.0%2b1)", "windows(10.0%2B1)/amd64"),
        ("windows()/amd64", "windows/amd64"),
        ("windows(+win32k)/amd64", "windows(+win32k)/amd64"),
    ],
)
def test_a_spelling_becomes_canonical(text: str, canonical: str) -> None:
    assert str(parse(text, WORDS, local=LOCAL)) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("linux/armv7l", "linux/arm/v7"),
        ("linux/armv6l", "linux/arm/v6"),
        ("linux/i686", "linux/386"),
        ("windows/x64", "windows/amd64"),
        ("linux/ppc64el", "linux/ppc64le"),
        ("linux/mips64el", "linux/mips64le"),
        ("linux/loongarch64", "linux/loong64"),
        ("x64", "linux/amd64"),
        ("osx/arm64", "darwin/arm64"),
    ],
)
def test_people_may_type_more(text: str, canonical: str) -> None:
    assert str(parse(text, WORDS, local=LOCAL, typed=True)) == canonical
    with pytest.raises(UnsupportedPlatformError):
        parse(text, WORDS, local=LOCAL)


@pytest.mark.parametrize(
    "text",
    [
        "", "/", "/linux", "linux/", "linux//amd64", "linux/amd64/", "linux/arm/v7/x", "linux /amd64", "linux/amd64 ", "linux&/amd64", "linux/a&b",
        "lin\nux/amd64", "linux/*", "beos/amd64", "linux/vax", "linux/amd64/v9", "linux/arm/v9", "linux/s390x/v1", "windows(10.0", "windows(1)(2)/amd64",
        "windows(10 0)/amd64", "windows(%41)/amd64", "windows(%)/amd64", "linux/windows(1)", "arm64(1)", "x" * 256, "linux/" + "a" * 300, "ünix/amd64",
    ],
)  # fmt: skip
def test_what_is_no_platform_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedPlatformError) as error:
        parse(text, WORDS, local=LOCAL)
    assert "\n" not in error.value.message.replace(repr(text), "")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("linux/arm/v9x", "unknown variant v9x in linux/arm/v9x", "did you mean linux/arm/v8?"),
        (
            "linux/aarch46",
            "unknown architecture aarch46 in linux/aarch46",
            "did you mean linux/aarch64 (linux/arm64)?",
        ),
        (
            "linux/riscv46",
            "unknown architecture riscv46 in linux/riscv46",
            "did you mean linux/riscv64?",
        ),
        ("linx/amd64", "unknown operating system linx in linx/amd64", "did you mean linux/amd64?"),
        ("linux/s390x/v1", "unknown variant v1 in linux/s390x/v1", "s390x has no variants"),
        ("amd46", "unknown operating system or architecture amd46 in amd46", "did you mean amd64?"),
        ("linux/arm46", "unknown architecture arm46 in linux/arm46", "did you mean linux/arm64?"),
        ("linux/amr64", "unknown architecture amr64 in linux/amr64", "did you mean linux/arm64?"),
        (
            "linux-arm64",
            "unknown operating system or architecture linux-arm64 in linux-arm64",
            "did you mean linux/arm64?",
        ),
        (
            "linux_arm_v7",
            "unknown operating system or architecture linux_arm_v7 in linux_arm_v7",
            "did you mean linux/arm/v7?",
        ),
        (
            "linux-armv7",
            "unknown operating system or architecture linux-armv7 in linux-armv7",
            "did you mean linux/arm/v7?",
        ),
        (
            "Darwin_x86_64",
            "unknown operating system or architecture darwin_x86_64 in Darwin_x86_64",
            "did you mean darwin/amd64?",
        ),
        ("linux:arm64", "malformed platform 'linux:arm64'", "did you mean linux/arm64?"),
        ("linux/arm64/", "malformed platform 'linux/arm64/'", "did you mean linux/arm64?"),
        (
            "zzz/amd64",
            "unknown operating system zzz in zzz/amd64",
            "expected one of: linux, windows",
        ),
        ("linux/zzz", "unknown architecture zzz in linux/zzz", "xxpy platforms lists them all"),
    ],
)
def test_an_error_names_the_nearest_spelling(text: str, message: str, hint: str) -> None:
    with pytest.raises(UnsupportedPlatformError) as error:
        parse(text, WORDS, local=LOCAL, typed=True)
    assert error.value.message == message
    assert error.value.hint.startswith(hint)


def test_half_a_platform_needs_the_machine() -> None:
    for text in ("linux", "arm64"):
        with pytest.raises(UnsupportedPlatformError, match="only half a platform"):
            parse(text, WORDS)


@pytest.mark.parametrize("key", WORDS.keys)
def test_every_row_is_canonical_and_has_its_own_names(key: str) -> None:
    platform = parse(key, WORDS)
    assert str(platform) == platform.key == key
    assert parse_folder(platform.folder, WORDS) == platform
    assert platform.pair.startswith(f"{platform.os}-{platform.architecture}")


def test_pairs_and_folders() -> None:
    platform = Platform("linux", "arm", "v7")
    assert (platform.pair, platform.folder) == ("linux-armv7", "linux_arm_v7")
    assert len({parse(key, WORDS).folder for key in WORDS.keys}) == len(WORDS.keys)
    assert parse_folder("linux_vax", WORDS) is None


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ("linux/arm/v8", ["arm/v8", "arm/v7", "arm/v6", "arm/v5"]),
        ("linux/arm/v6", ["arm/v6", "arm/v5"]),
        ("linux/amd64/v4", ["amd64/v4", "amd64/v3", "amd64/v2", "amd64", "386"]),
        ("linux/amd64", ["amd64", "386"]),
        ("linux/arm64", ["arm64", "arm/v8", "arm/v7", "arm/v6", "arm/v5"]),
        (
            "linux/arm64/v8.2",
            ["arm64/v8.2", "arm64/v8.1", "arm64", "arm/v8", "arm/v7", "arm/v6", "arm/v5"],
        ),
        ("linux/s390x", ["s390x"]),
    ],
)
def test_what_runs_where(key: str, order: list[str]) -> None:
    assert [str(platform) for platform in runnable(parse(key, WORDS), WORDS)] == [
        f"linux/{name}" for name in order
    ]


def test_v9_includes_what_go_says() -> None:
    names = [
        platform.variant
        for platform in runnable(parse("linux/arm64/v9.2", WORDS), WORDS)
        if platform.architecture == "arm64"
    ]
    assert names[:3] == ["v9.2", "v9.1", "v9"]
    assert {"v8.7", "v8.6", "v8.5", "v8.1", ""} <= set(names)
    assert "v8.8" not in names


def test_select_takes_the_best() -> None:
    offered = [parse(key, WORDS) for key in ("linux/arm/v5", "linux/arm/v6", "linux/amd64")]
    assert select(offered, parse("linux/arm/v7", WORDS), WORDS) == Platform("linux", "arm", "v6")
    assert select(offered, parse("linux/s390x", WORDS), WORDS) is None


def test_platforms_are_ordered_and_hashable() -> None:
    assert (
        min(
            {
                Platform("linux", "arm64"),
                Platform("darwin", "amd64"),
                Platform("linux", "arm", "v7"),
            }
        ).os
        == "darwin"
    )
