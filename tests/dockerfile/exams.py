"""What the tests of Dockerfiles share: the exam, which was written before the converter and is not changed for it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

EXAM: Final = Path(__file__).resolve().parent / "exam"
EXAMPLE: Final = Path(__file__).resolve().parents[2] / "examples/go-server"


def exams() -> dict[str, dict[str, Any]]:
    """Return what ``exam.toml`` says of each exam, by its name."""
    return tomllib.loads((EXAM / "exam.toml").read_text())
