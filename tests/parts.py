"""Run a long suite in parts, and go on where a run stopped.

``--part K/N`` selects the Kth of N parts, whole files each. ``--resume`` leaves out what has passed
on the same sources: it notes each test that passes in ``build/passed``, and a change of any file
begins anew.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xdist.workermanage import WorkerController

ROOT: Final = Path(__file__).parent.parent
NOTES: Final = ROOT / "build/passed"
_GIT: Final = (
    ("rev-parse", "HEAD^{tree}"),
    ("diff", "HEAD", "--binary"),
    ("ls-files", "--others", "--exclude-standard"),
)


def sources(root: Path) -> str:
    """Return a digest of a checkout, with changes and new files that are not in a commit.

    The version of Python is a part of it, because a test may pass with one and not another.
    """
    digest = hashlib.sha256(sys.version.encode())
    for words in _GIT:
        output = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True).stdout
        digest.update(output)
    for name in output.decode().splitlines():
        digest.update((root / name).read_bytes())
    return digest.hexdigest()[:16]


def chosen(names: Iterable[str], part: str) -> set[str]:
    """Return the files of a part.

    :param names: the paths of all test files
    :param part: ``K/N``, where K counts from 1
    :raises ValueError: it is malformed, or K is not within 1 and N
    """
    number, _, count = part.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise ValueError(f"{part!r} is no part: expected K/N with K from 1 to N, such as 1/4")
    # The order of digests is stable and mixes the folders, some of which take hours.
    ordered = sorted(set(names), key=lambda name: hashlib.sha256(name.encode()).digest())
    return set(ordered[int(number) - 1 :: int(count)])


class Resume:
    """Leaves out tests that have passed."""

    def __init__(self, passed: Iterable[str]) -> None:
        self.passed = frozenset(passed)

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave out what has passed."""
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in self.passed])
        items[:] = [item for item in items if item.nodeid not in self.passed]


class Note:
    """Notes what passes, in the process that receives all reports."""

    def __init__(self, notes: Path) -> None:
        self.notes = notes
        self.before = notes.read_text().splitlines() if notes.exists() else []
        self.failed: set[str] = set()
        notes.parent.mkdir(parents=True, exist_ok=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test whose set-up, call and teardown passed."""
        if not report.passed:
            self.failed.add(report.nodeid)
        elif report.when == "teardown" and report.nodeid not in self.failed:
            with self.notes.open("a") as log:
                log.write(f"{report.nodeid}\n")

    def pytest_configure_node(self, node: WorkerController) -> None:
        """Tell a worker of xdist what had passed at the start: all workers must collect the same."""
        node.workerinput["passed"] = self.before


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--part`` and ``--resume``."""
    group = parser.getgroup("parts")
    group.addoption("--part", metavar="K/N", help="Run the Kth of N parts of the test files.")
    group.addoption(
        "--resume", action="store_true", help="Leave out the tests that passed on these sources."
    )


def pytest_configure(config: pytest.Config) -> None:
    """Read and write the notes of these sources."""
    if not config.getoption("--resume"):
        return
    if (handed := getattr(config, "workerinput", None)) is not None:
        config.pluginmanager.register(Resume(handed["passed"]))
        return
    note = Note(NOTES / sources(ROOT))
    config.pluginmanager.register(note)
    config.pluginmanager.register(Resume(note.before))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End with success if all tests are in other parts or have passed before."""
    option = session.config.getoption
    none = session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED
    if none and (option("--resume") or option("--part")):
        session.exitstatus = pytest.ExitCode.OK


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the files of other parts."""
    part = config.getoption("--part")
    if not part:
        return
    try:
        files = chosen((item.location[0] for item in items), part)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    others = [item for item in items if item.location[0] not in files]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item.location[0] in files]
