"""The folder of a base sysroot: another one for each fact that the base is made from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from xxpy.compiler.base import store
from xxpy.compiler.base.order import Apple, Order, Windows

if TYPE_CHECKING:
    from pathlib import Path

APPLE = Apple("arm64-macos", "arm64", {"libz": "_inflate"}, ("libz",), ("pipe2",), "/rust/ld64.lld")
WINDOWS = Windows("i386:x86-64", "lib64", "", "i386pep", "amd64", {"msvcrt": "ucrt"})
ORDER = Order("aarch64-any", None, "aarch64", ("-mabi=lp64",), "elf", "", "note", "emulation")


@pytest.mark.parametrize(
    "change",
    [
        {"cpu": "generic"},
        {"triple": "arm64"},
        {"flags": ("-mabi=lp64", "-mx")},
        {"format": "pe"},
        {"libc": "gnu"},
        {"system": ""},
        {"emulation": ""},
        {"apple": replace(APPLE, absent=("pipe2", "dup3"))},
        {"apple": replace(APPLE, declared=())},
        {"apple": replace(APPLE, stubs={"libz": "_inflate _deflate"})},
        {"windows": replace(WINDOWS, merged={"msvcrt": "ucrt crt"})},
        {"windows": replace(WINDOWS, underscore="_")},
    ],
)
def test_a_changed_fact_has_another_folder(change: dict[str, Any]) -> None:
    made = replace(ORDER, apple=APPLE, windows=WINDOWS)
    assert replace(made, **change).folder != made.folder
    assert replace(made, **change).target == made.target


def test_the_linker_of_macos_has_its_own_folder() -> None:
    made = replace(ORDER, apple=APPLE)
    assert replace(made, apple=replace(APPLE, lld=None)).folder == made.folder


@pytest.mark.parametrize(
    "made", [ORDER, replace(ORDER, apple=APPLE), replace(ORDER, windows=WINDOWS)]
)
def test_the_kept_order_has_the_same_folder(made: Order, tmp_path: Path) -> None:
    store.write_order(tmp_path, made)
    assert store.read_order(tmp_path).folder == made.folder
    assert made.folder.startswith(made.name)
