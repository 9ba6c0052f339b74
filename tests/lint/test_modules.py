"""A module that a person can read at once: none over 300 lines."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES = 300


def test_modules_are_short() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for package in ("xxpy", "world")
        for path in (ROOT / package).rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > LINES} == {}
