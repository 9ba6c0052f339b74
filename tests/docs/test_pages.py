"""The README and the pages: every command that needs no Docker runs as it is written, every link leads somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import pages
from tests.build_c import projects

ROOT = Path(__file__).resolve().parents[2]
PARTS = re.compile(r"^<!-- in: (\S+) -->\n|^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""Where the following blocks are run, and a block of code with its language."""
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PAGES = {
    "README.md": "examples/go-server",
    "docs/build.md": "examples/go-server",
    "docs/cache.md": "examples/go-server",
    "docs/c.md": "hello",
    "docs/kits.md": "hello",
    "docs/configuration.md": "examples/go-server",
    "docs/tutorial.md": "examples/go-server",
    "examples/c/README.md": "examples/c",
}
"""Each page, and the folder of the checkout in which its reader stands; a comment ``<!-- in: FOLDER -->`` in the page changes that."""
CACHE = "docs/cache.md"
"""The page whose commands empty the cache: not the one of all tests."""
ELSEWHERE = ("docker ", "./dev ", "pip install", "pipx install", "uv tool install")
"""What begins such commands is tested where it can be: in tests/container, by the main job itself, in tests/package."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the examples and a C project for CMake and Meson, and xxpy as a command beside them."""
    folder = tmp_path / "checkout"
    shutil.copytree(
        ROOT / "examples",
        folder / "examples",
        ignore=shutil.ignore_patterns("dist", "bin", "target"),
    )
    projects.write(folder / "hello", projects.CMAKE | projects.MESON)
    pages.command(tmp_path / "bin")
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_every_command_runs_as_it_is_written(
    page: str, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if page == CACHE:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    environment = {**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "NO_COLOR": "1"}
    folder = checkout / PAGES[page]
    count = 0
    for place, language, text in PARTS.findall((ROOT / page).read_text("utf-8")):
        if place:
            folder = checkout / place
        if language == "toml":
            (folder / "xxpy.toml").write_text(text)
        if language == "sh" and not any(word in text for word in ELSEWHERE):
            done = subprocess.run(
                ["sh", "-e", "-c", text],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
            count += 1
        if language == "text":
            assert [name for name in text.split() if not (folder / name).is_file()] == []
    assert count > 0


def test_every_link_leads_somewhere() -> None:
    written = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in written
        for link in LINK.findall(page.read_text("utf-8"))
        if not link.startswith(("https://", "http://", "#"))
        and not (page.parent / link.split("#")[0]).exists()
    ]
    assert broken == []


def test_the_architecture_names_every_part() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    parts = {
        path.stem
        for path in (ROOT / "xxpy").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert (
        sorted(part for part in parts if f"`{part}`" not in text and not part.startswith("__"))
        == []
    )
