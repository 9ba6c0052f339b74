"""Platforms are planned one after the other while that is quick, and side by side otherwise."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from xxpy.errors import Interrupted, ToolError, UsageError
from xxpy.language.attempt import attempt
from xxpy.machine import resources

if TYPE_CHECKING:
    from xxpy.table.platform import Platform

PLATFORMS = tuple(row.platform for row in resources.table().rows.values())[:6]


class Clock:
    """A clock that only goes on when it is told."""

    now = 0.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock by which platforms are quick or slow."""
    made = Clock()
    monkeypatch.setattr("xxpy.language.attempt.time", made)
    return made


@pytest.mark.parametrize("slow", [0, 2, 5, None])
def test_threads_begin_after_a_slow_one(slow: int | None, clock: Clock) -> None:
    here = threading.get_ident()

    def make(platform: Platform) -> bool:
        clock.now += 1 if slow is not None and platform == PLATFORMS[slow] else 0.001
        return threading.get_ident() == here

    made, refused = attempt(PLATFORMS, make)
    assert (list(made), refused) == (list(PLATFORMS), {})
    assert [*made.values()] == [slow is None or number <= slow for number in range(len(PLATFORMS))]


@pytest.mark.parametrize("seconds", [0, 1])
def test_errors(seconds: int, clock: Clock) -> None:
    def lacking(platform: Platform) -> str:
        clock.now += seconds
        if platform == PLATFORMS[1]:
            raise ToolError("lacks it")
        return str(platform)

    made, refused = attempt(PLATFORMS, lacking)
    assert list(made) == [one for one in PLATFORMS if one != PLATFORMS[1]]
    assert [error.message for error in refused.values()] == ["lacks it"]

    def interrupted(platform: Platform) -> str:
        clock.now += seconds
        if platform == PLATFORMS[-1]:
            raise Interrupted("interrupted")
        return ""

    with pytest.raises(Interrupted):
        attempt(PLATFORMS, interrupted)

    def wrong(_platform: Platform) -> str:
        raise UsageError("no such compiler")

    with pytest.raises(UsageError, match="no such compiler"):
        attempt(PLATFORMS, wrong)
