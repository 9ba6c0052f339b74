"""A release: the format of the changelog, the version of the tag, the workflow, and a rehearsal of it all."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from release import changelog, sbom
from xxpy import wrappers
from xxpy.machine import resources

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = ROOT / ".github/workflows/release.yml"


def test_the_changelog_keeps_its_format() -> None:
    assert changelog.faults(changelog.FILE.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("## 0.1.0 - 2026-12-01\n\n- Add x.\n", "the first section must be"),
        ("## Unreleased\n\n## 0.1 - 2026-12-1\n", "## 0.1 - 2026-12-1: write"),
        ("## Unreleased\n\n## next - 2026-12-01\n", "## next - 2026-12-01: write"),
        ("## Unreleased\n\n## 0.1 - 2026-12-01\n\n## 0.2 - 2026-12-02\n", "newest first"),
        ("## Unreleased\n\n## 0.1 - 2026-12-02\n\n## 0.1 - 2026-12-01\n", "newest first"),
        ("## Unreleased\n\nThanks to all.\n", '"Thanks to all." is not in a list'),
    ],
)
def test_a_faulty_changelog_is_found(text: str, fault: str) -> None:
    assert any(fault in found for found in changelog.faults(text))


def test_a_version_without_notes_cannot_be_released() -> None:
    command = [sys.executable, "-m", "release.changelog", "99.0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "error: CHANGELOG.md has no section for 99.0\n"


def version(folder: Path) -> str:
    """Return the version that a build of a tree would have."""
    command = [sys.executable, "-m", "hatchling", "metadata", "version"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def git(folder: Path, *words: str) -> None:
    name = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *name, *words], cwd=folder, check=True, capture_output=True)


def test_the_version_is_that_of_the_tag(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    fallback = "0.1.0.dev0"
    assert version(tmp_path) == fallback, "without git"
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "One")
    assert version(tmp_path).startswith("0.1.0.dev"), "without tags"
    git(tmp_path, "tag", "v0.4.0")
    assert version(tmp_path) == "0.4.0"
    git(tmp_path, "commit", "-qm", "Two", "--allow-empty")
    assert version(tmp_path).startswith("0.4.1.dev1+g")
    git(tmp_path, "tag", "nightly-2026-12-01")
    assert version(tmp_path).startswith("0.4.1.dev1+g"), "a tag of another kind"
    git(tmp_path, "tag", "v0.5.0rc1")
    assert version(tmp_path) == "0.5.0rc1"


def test_the_sbom_lists_every_file_of_the_image(tmp_path: Path) -> None:
    texts = resources.texts("templates", "commands/*.sh")
    rendered = wrappers.render_all(resources.table(), texts)
    for path, text in rendered.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    document = sbom.document("1.2.3", tmp_path)
    assert {part["name"] for part in document["components"]} == {f"/{path}" for path in rendered}
    assert document["metadata"]["component"]["version"] == "1.2.3"
    assert document == sbom.document("1.2.3", tmp_path)


def test_the_workflow_attests_and_signs_what_it_publishes() -> None:
    text = WORKFLOW.read_text("utf-8")
    assert re.findall(r"uses: \S+@(?![0-9a-f]{40} # v)", text) == []
    package, image = yaml.safe_load(text)["jobs"].values()
    used = [
        [step.get("uses", "").partition("@")[0] for step in job["steps"]]
        for job in (package, image)
    ]
    assert used[0].index("actions/attest") < used[0].index("pypa/gh-action-pypi-publish")
    assert used[1].count("actions/attest") == 2
    assert 'cosign sign --yes "$IMAGE@$DIGEST"' in text
    for job in (package, image):
        assert job["environment"] == "release"
        assert job["permissions"]["contents"] == "read"
        assert job["permissions"]["id-token"] == "write"


@pytest.mark.slow
def test_a_release_can_be_rehearsed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "release.rehearse", "0.1.0rc7"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("ok: ") == 5
