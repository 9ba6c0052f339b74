"""A long suite in parts: each file is in one part, and what passed is left out until a file changes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

SUITE = {
    "test_a.py": "import os\n\ndef test_passes(): pass\n\ndef test_fails(): assert os.environ.get('FIXED')\n",
    "test_b.py": "import pytest\n\n@pytest.fixture\ndef bad():\n    yield\n    raise OSError\n\ndef test_b(): pass\n\ndef test_teardown(bad): pass\n",
}  # fmt: skip


@given(st.sets(st.text(min_size=1)), st.integers(1, 9))
def test_each_file_is_in_one_part(names: set[str], count: int) -> None:
    found = [parts.chosen(names, f"{number}/{count}") for number in range(1, count + 1)]
    assert sorted(name for part in found for name in part) == sorted(names)
    sizes = [len(part) for part in found]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("part", ["", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b"])
def test_a_malformed_part_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="expected K/N"):
        parts.chosen(["a"], part)


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a", *words], check=True)  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, text in SUITE.items():
        (tmp_path / name).write_text(text)
    (tmp_path / ".gitignore").write_text("build\n__pycache__\n.pytest_cache\n")
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "-m", "a")
    return tmp_path


def test_changes_and_new_files_change_the_sources(checkout: Path) -> None:
    found = [parts.sources(checkout)]
    for name, text in (("test_a.py", "a = 1\n"), ("new.py", "b\n"), ("new.py", "c\n")):
        (checkout / name).write_text(text)
        found.append(parts.sources(checkout))
    assert len(set(found)) == len(found)
    (checkout / "build").mkdir()
    (checkout / "build/passed").write_text("a")
    assert parts.sources(checkout) == found[-1], "what git ignores is no source"


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_what_passed_is_left_out(workers: Sequence[str], checkout: Path) -> None:
    """The plugin runs as ``make test-all`` runs it, in a suite of its own."""
    plugin = checkout / "parts.py"
    plugin.write_text(
        Path(parts.__file__).read_text().replace("Path(__file__).parent.parent", "Path.cwd()")
    )

    def ran(**variables: str) -> dict[str, int]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "parts", "-q", "--resume", *workers, "."],
            cwd=checkout,
            env={"PATH": "/usr/bin:/bin", **variables},
            check=False,
            capture_output=True,
            text=True,
        )
        assert bool(done.returncode) == ("failed" in done.stdout or "error" in done.stdout)
        summary = done.stdout.splitlines()[-1]
        return {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error)", summary)}

    assert ran() == {"failed": 1, "passed": 3, "error": 1}
    assert ran() == {"failed": 1, "passed": 1, "error": 1}, "an error after a test is no success"
    assert ran(FIXED="1") == {"passed": 2, "error": 1}
    assert ran(FIXED="1") == {"passed": 1, "error": 1}
    (checkout / "test_a.py").write_text("def test_passes(): pass\n")
    assert ran() == {"passed": 3, "error": 1}, "changed sources begin anew"
    (checkout / "test_b.py").write_text("def test_b(): pass\n")
    assert ran() == {"passed": 2}
    assert ran() == {}, "all passed before, which is a success"
