"""One compiler for all platforms of a build: the one for most, found with few trials."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from xxpy.compiler import choice
from xxpy.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable


def family(
    able: Callable[[int], bool], asked: list[int], *, by_table: bool = False
) -> SimpleNamespace:
    """Return a compiler that can build for some of the numbers, and notes for which it was asked."""

    def tools(wanted: int) -> None:
        asked.append(wanted)
        if not able(wanted):
            raise ToolError("no")

    return SimpleNamespace(BY_TABLE=by_table, find=lambda *_: SimpleNamespace(tools=tools))


@pytest.mark.parametrize(
    ("clang", "gcc", "zig", "best"),
    [
        (range(100), range(0), range(100), "clang"),
        (range(90), range(0), range(90), "clang"),  # of equal ones the first
        (range(10, 100), range(100), range(80), "gcc"),
        (range(90), range(91), range(91), "gcc"),
        (range(10), range(20), range(30), "zig"),
        (range(50, 100), range(49), range(51), "zig"),
        (range(0), range(0), range(0), "clang"),
        (range(5), range(0), range(0), "clang"),
    ],
)
def test_the_family_for_most_targets(
    monkeypatch: pytest.MonkeyPatch, clang: range, gcc: range, zig: range, best: str
) -> None:
    families = {
        "clang": family(clang.__contains__, []),
        "gcc": family(gcc.__contains__, []),
        "zig": family(zig.__contains__, [], by_table=True),
    }
    monkeypatch.setattr(choice, "FAMILIES", families)
    assert choice.prefer(range(100), {}) == best  # type: ignore[arg-type]


def test_trials_end_when_they_cannot_change_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    families = {
        "clang": family(range(50, 100).__contains__, tried),
        "zig": family(range(95).__contains__, [], by_table=True),
    }
    monkeypatch.setattr(choice, "FAMILIES", families)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert choice.prefer(range(100), {}) == "zig"  # type: ignore[arg-type]
    assert sorted(tried) == list(range(6))


def test_the_table_is_not_asked_if_trials_succeed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    families = {
        "clang": family(range(100).__contains__, []),
        "zig": family(range(100).__contains__, asked, by_table=True),
    }
    monkeypatch.setattr(choice, "FAMILIES", families)
    assert choice.prefer(range(100), {}) == "clang"  # type: ignore[arg-type]
    assert not asked
