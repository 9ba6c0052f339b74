"""Triples of other tools: each name of the table means its own platform, and what cannot be meant is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xxpy.errors import UnsupportedPlatformError, UsageError
from xxpy.machine import resources
from xxpy.request.platforms import Asked
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve
from xxpy.table.target import QUERIES
from xxpy.table.triple import Meaning, read_triple

if TYPE_CHECKING:
    from xxpy.table.columns import Row

TABLE = resources.table()
DEFAULTS = [
    row
    for row in TABLE.rows.values()
    if row.platform.variant == TABLE.words.default_variant.get(row.platform.architecture, "")
]


@pytest.mark.parametrize(
    ("triple", "flags"),
    [
        ("aarch64-unknown-linux-musl", "--platform linux/arm64 --libc musl"),
        ("aarch64-linux-musl", "--platform linux/arm64 --libc musl"),
        ("x86_64-linux-gnu", "--platform linux/amd64 --libc gnu"),
        ("x86_64-linux-gnu.2.28", "--platform linux/amd64 --libc gnu.2.28"),
        ("x86_64-unknown-linux-gnu.2.17", "--platform linux/amd64 --libc gnu.2.17"),
        ("armv7-unknown-linux-gnueabihf.2.31", "--platform linux/arm/v7 --libc gnu.2.31"),
        ("arm-linux-gnueabihf", "--platform linux/arm/v7 --libc gnu"),
        ("arm-linux-musleabihf", "--platform linux/arm/v7 --libc musl"),
        ("arm-unknown-linux-gnueabi", "--platform linux/arm/v6 --libc gnu"),
        ("armv5te-unknown-linux-gnueabi", "--platform linux/arm/v5 --libc gnu"),
        ("riscv64gc-unknown-linux-gnu", "--platform linux/riscv64 --libc gnu"),
        ("x86_64-redhat-linux-gnu", "--platform linux/amd64 --libc gnu"),
        ("aarch64-none-linux-gnu", "--platform linux/arm64 --libc gnu"),
        ("armv7-alpine-linux-musleabihf", "--platform linux/arm/v7 --libc musl"),
        ("i586-alpine-linux-musl", "--platform linux/386 --libc musl"),
        ("mips64el-linux-gnuabi64", "--platform linux/mips64le --libc gnu"),
        ("x86_64-pc-windows-gnu", "--platform windows/amd64"),
        ("x86_64-w64-mingw32", "--platform windows/amd64"),
        ("x86_64-windows-gnu", "--platform windows/amd64"),
        ("aarch64-pc-windows-gnullvm", "--platform windows/arm64"),
        ("x86_64-pc-windows-gnullvm", "--target x86_64-pc-windows-gnullvm"),
        ("i686-pc-windows-gnullvm", "--target i686-pc-windows-gnullvm"),
        ("aarch64-apple-darwin", "--platform darwin/arm64"),
        ("arm64-apple-darwin", "--platform darwin/arm64"),
        ("aarch64-macos", "--platform darwin/arm64"),
        ("x86_64-unknown-freebsd", "--platform freebsd/amd64"),
        ("x86_64-pc-solaris2.11", "--platform solaris/amd64"),
        ("aarch64-linux-android", "--platform android/arm64"),
        ("wasm32-wasip1", "--platform wasi/wasm"),
        ("AArch64-Unknown-Linux-Musl", "--platform linux/arm64 --libc musl"),
    ],
)
def test_what_a_triple_means(triple: str, flags: str) -> None:
    assert read_triple(triple, TABLE).flags == flags


@pytest.mark.parametrize("owner", ["rust-target", "zig-target"])
@pytest.mark.parametrize("row", DEFAULTS, ids=lambda row: row.platform.key)
def test_each_name_of_the_table_means_its_platform(row: Row, owner: str) -> None:
    for libc in ("gnu", "musl"):
        name = QUERIES[owner].value(
            resolve(TABLE, row.platform, variables={"XX_LIBC": libc if row.triple.libc else ""})
        )
        if name is not None:
            assert read_triple(name, TABLE) == Meaning(
                row.platform, libc if row.triple.libc else None
            )


def test_the_other_target_of_rust_reaches_the_table() -> None:
    windows = read_triple("x86_64-pc-windows-gnullvm", TABLE)
    assert str(windows.platform) == "windows/amd64"
    changed = TABLE.with_rust({windows.platform: windows.rust or ""})
    query = QUERIES["rust-target"]
    assert query.value(resolve(changed, windows.platform)) == "x86_64-pc-windows-gnullvm"
    assert query.value(resolve(TABLE, windows.platform)) == "x86_64-pc-windows-gnu"


def test_one_platform_has_one_target_of_rust() -> None:
    both = ("x86_64-pc-windows-gnu", "x86_64-pc-windows-gnullvm")
    with pytest.raises(UsageError, match="two targets for windows/amd64 in one build"):
        Asked(targets=both).rust()
    assert Asked(targets=(*both[1:], "aarch64-pc-windows-gnullvm")).rust() == {
        parse("windows/amd64", TABLE.words): "x86_64-pc-windows-gnullvm"
    }


@pytest.mark.parametrize(
    ("triple", "kind", "message", "hint"),
    [
        ("x86_64-pc-windows-msvc", UsageError, "x86_64-pc-windows-msvc needs the libraries and the linker of Visual Studio", "--target x86_64-pc-windows-gnu"),
        ("aarch64-linux-musl.1.2", UsageError, "aarch64-linux-musl.1.2: musl takes no oldest version", "leave .1.2 out"),
        ("aarch64-macos.13.0", UsageError, "aarch64-macos.13.0: a triple cannot set the version", "--platform darwin/arm64, with MACOSX_DEPLOYMENT_TARGET"),
        ("arm64-apple-macos12.3", UsageError, "arm64-apple-macos12.3: a triple cannot set the version", "--platform darwin/arm64, with MACOSX_DEPLOYMENT_TARGET"),
        ("x86_64-unknown-freebsd13.2", UsageError, "x86_64-unknown-freebsd13.2: a triple cannot set the version", "--platform freebsd/amd64"),
        ("aarch64-linux-android21", UsageError, "aarch64-linux-android21: a triple cannot set the version", "--platform android/arm64"),
        ("aarch46-unknown-linux-gnu", UnsupportedPlatformError, "unknown triple aarch46-unknown-linux-gnu", "did you mean aarch64-unknown-linux-gnu?"),
        ("linux/arm64", UnsupportedPlatformError, "unknown triple linux/arm64", "a triple has two to four words"),
        ("", UnsupportedPlatformError, "unknown triple ", "a triple has two to four words"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant(triple: str, kind: type[UsageError], message: str, hint: str) -> None:
    with pytest.raises(kind) as error:
        read_triple(triple, TABLE)
    assert error.value.message.startswith(message)
    assert error.value.hint.startswith(hint)
