"""``docs/guarantees.md`` names the tests that show its sentences; each of them is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.findall(
    r"`(tests/[\w/.]+\.py)::(\w+)`", (ROOT / "docs/guarantees.md").read_text("utf-8")
)


def test_every_sentence_names_a_test() -> None:
    rows = [
        line
        for line in (ROOT / "docs/guarantees.md").read_text("utf-8").splitlines()
        if line.startswith("| ") and "---" not in line
    ]
    assert len(NAMED) == len([row for row in rows if row != "| guarantee | test |"])


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_it_is_there(file: str, name: str) -> None:
    assert re.search(rf"^\s*def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)
