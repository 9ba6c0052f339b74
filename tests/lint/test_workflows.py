"""The workflows run tasks that there are, and at night all that the tests of a change leave out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TARGETS = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
_TASK = re.compile(r"(?:\./dev|make) +([a-z-]+|\$\{\{ matrix\.task \}\})")


def tasks(path: Path) -> set[str]:
    """Return the tasks that a workflow runs."""
    found: set[str] = set()
    document: dict[str, Any] = yaml.safe_load(path.read_text())
    for job in document["jobs"].values():
        listed = job.get("strategy", {}).get("matrix", {}).get("task", [])
        for step in job["steps"]:
            for word in _TASK.findall(step.get("run", "")):
                found |= {task.split()[0] for task in listed} if "matrix" in word else {word}
    return found


def test_the_parts_of_a_night_are_the_whole() -> None:
    (nightly,) = (path for path in WORKFLOWS if path.stem == "nightly")
    parts = re.findall(r"PART=(\d+)/(\d+)", nightly.read_text())
    (count,) = {int(count) for _, count in parts}
    assert sorted(int(part) for part, _ in parts) == list(range(1, count + 1))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_tasks_that_there_are(path: Path) -> None:
    assert tasks(path) <= set(TARGETS)


def test_the_night_runs_what_is_slow_and_what_is_hostile() -> None:
    (nightly,) = (path for path in WORKFLOWS if path.stem == "nightly")
    recipes = "\n".join(
        (ROOT / "Makefile").read_text().partition(f"\n{task}:")[2].partition("\n\n")[0]
        for task in sorted(tasks(nightly))
    )
    assert "HYPOTHESIS_PROFILE=nightly $(PYTEST) tests/hostile" in recipes
    whole = [
        line for line in recipes.splitlines() if "$(PYTEST)" in line and "not slow" not in line
    ]
    assert any(line.split()[-1] == "tests" for line in whole)
    assert any(line.split()[-1] == "tests/container" for line in whole)


def test_the_tests_of_a_change_run_in_its_workflow() -> None:
    assert "./dev test" in (ROOT / ".ci/run").read_text()
    assert ".ci/run" in (ROOT / ".github/workflows/ci.yml").read_text()
