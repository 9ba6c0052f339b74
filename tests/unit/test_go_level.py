"""Levels of the processor in Go's settings, against what the table says that platforms have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.test_requirements import GO
from xxpy.binary import go_level
from xxpy.binary.description import GoBuild
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import judge
from xxpy.machine import resources

TABLE = resources.table()


@pytest.mark.parametrize(
    ("platform", "setting", "value", "suits"),
    [
        ("linux/amd64", "GOAMD64", "v1", True),
        ("linux/amd64", "GOAMD64", "v2", False),
        ("linux/amd64/v3", "GOAMD64", "v2", True),
        ("windows/amd64/v3", "GOAMD64", "v4", False),
        ("linux/386", "GO386", "softfloat", True),
        ("linux/arm/v5", "GOARM", "5,softfloat", True),
        ("linux/arm/v5", "GOARM", "5,hardfloat", False),
        ("linux/arm/v6", "GOARM", "7", False),
        ("linux/arm/v7", "GOARM", "7,softfloat", True),
        ("linux/arm/v7", "GOARM", "5", True),
        ("linux/arm/v8", "GOARM", "7,hardfloat", True),
        ("linux/arm64", "GOARM64", "v8.0", True),
        ("linux/arm64", "GOARM64", "v8.0,lse", False),
        ("linux/arm64/v8.2", "GOARM64", "v8.1,lse", True),
        ("linux/arm64/v9", "GOARM64", "v8.5", True),
        ("linux/arm64/v9", "GOARM64", "v8.6", False),
        ("darwin/arm64", "GOARM64", "v8.4,crypto", True),
        ("darwin/arm64", "GOARM64", "v9.0", False),
        ("linux/riscv64", "GORISCV64", "rva20u64", True),
        ("linux/riscv64", "GORISCV64", "rva22u64", False),
        ("linux/ppc64le", "GOPPC64", "power9", False),
        ("linux/mips", "GOMIPS", "softfloat", True),
        ("linux/mipsle/softfloat", "GOMIPS", "hardfloat", False),
        ("linux/mips64le", "GOMIPS64", "hardfloat", True),
        ("linux/amd64", "GOARM64", "v9.0", True),
    ],
)
def test_what_a_platform_has(platform: str, setting: str, value: str, suits: bool) -> None:
    assert (list(go_level.excess({setting: value}, TABLE.rows[platform], TABLE)) == []) is suits


def test_every_setting_of_every_row_suits_its_own_platform() -> None:
    for row in TABLE.rows.values():
        assert list(go_level.excess(go_level.own(row), row, TABLE)) == []


def test_a_higher_level_names_the_platform_that_has_it() -> None:
    assert (
        go_level.platform_with("GOAMD64", "v3", TABLE.rows["linux/amd64"], TABLE)
        == "linux/amd64/v3"
    )
    assert (
        go_level.platform_with("GOMIPS", "softfloat", TABLE.rows["linux/mipsle"], TABLE)
        == "linux/mipsle/softfloat"
    )
    assert (
        go_level.platform_with("GORISCV64", "rva22u64", TABLE.rows["linux/riscv64"], TABLE) is None
    )


def test_a_binary_is_judged_by_what_go_notes() -> None:
    row = TABLE.rows["linux/amd64"]
    (reason,) = judge(GO, row, TABLE, Requirements())
    assert "GOAMD64=v3, more than linux/amd64 has (v1)" in reason
    assert judge(GO, TABLE.rows["linux/amd64/v3"], TABLE, Requirements()) == ()
    assert judge(GO, row, TABLE, Requirements(go_level=False)) == ()
    assert (
        judge(
            replace(GO, go=GoBuild("go1.26", settings=(("GOARM64", "v9.0"),))),
            row,
            TABLE,
            Requirements(),
        )
        == ()
    )
