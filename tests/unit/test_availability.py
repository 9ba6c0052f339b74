"""Which releases of a distribution have packages for a platform."""

from __future__ import annotations

import pytest

from xxpy.machine import resources
from xxpy.table import availability

TABLE = resources.table()
ELSEWHERE = ("nowhere", "1")


def best(platform: str, libc: str, own: tuple[str, str] = ELSEWHERE) -> tuple[str, str] | None:
    return availability.best(TABLE.rows[platform], libc, TABLE, own)


def test_the_newest_release_is_named() -> None:
    found = best("linux/arm64", "gnu")
    assert found is not None
    name, command = found
    assert command == f"xxpy sysroot add --platform linux/arm64 --distribution {name}"
    assert name == next(
        f"{identity}:{release.codename}"
        for identity, release in availability.releases(TABLE.rows["linux/arm64"], TABLE)
    )


def test_this_machines_release_comes_first_and_is_not_named() -> None:
    assert best("linux/arm64", "gnu", ("debian", "12")) == (
        "debian:bookworm",
        "xxpy sysroot add --platform linux/arm64",
    )


@pytest.mark.parametrize(
    ("platform", "libc"), [("windows/amd64", "gnu"), ("darwin/arm64", "gnu"), ("linux/arm64", "no")]
)
def test_no_release_has_them(platform: str, libc: str) -> None:
    assert best(platform, libc) is None


def test_a_release_that_came_later_has_an_architecture_that_an_older_one_has_not() -> None:
    row = TABLE.rows["linux/riscv64"]
    found = availability.span(row, "debian", TABLE)
    assert found is not None
    assert "13" in found
    assert "11" not in found
    assert availability.span(row, "nowhere", TABLE) is None
