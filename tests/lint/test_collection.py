"""No test lies where nobody runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.differential.conftest import collect_ignore

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_of_tests_is_collected() -> None:
    """``make test`` finds them all, but those that need a program which is no package of Debian."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = {line.partition("::")[0] for line in listed.splitlines()}
    assert {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")
    } - found == {f"tests/differential/{name}" for name in collect_ignore}
