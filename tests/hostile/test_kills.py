"""The campaign of kills: a few at each change, 1,500 at night."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.profile import KILLS

ROOT = Path(__file__).parents[2]


def campaign(*words: str) -> None:
    command = [sys.executable, "-m", "tests.hostile.kills", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["convert", "image layout"])
def test_a_few_kills(name: str) -> None:
    campaign("--kills", "6", "--only", name)


@pytest.mark.slow
def test_many_kills() -> None:
    campaign("--kills", str(KILLS))
