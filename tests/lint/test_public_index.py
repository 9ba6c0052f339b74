"""Nothing that xxpy generates or suggests installs xxpy by its name from a public index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BANNED = re.compile(
    r"\b(?:pip3?|pipx|uv(?: pip| tool)?)\s+(?:install|add|inject)\b[^\n|;&]*?[\s'\"](?<![-/.])xxpy(?![-/.\w])"
    r"(?!\[\w+\] @ )|\bpipx\s+run\s+(?!--spec)[^\n]*\bxxpy\b"
    r"|\b(?:uvx|uv tool run)\s+(?!--from)[^\n]*\bxxpy\b"
)
PLACES = (
    "xxpy",
    "templates",
    "toolchains",
    "docs/ci",
    "docs/man",
    "tests/golden/files",
    "action.yml",
    ".github",
)
FILES = [
    path
    for place in PLACES
    for path in ([ROOT / place] if (ROOT / place).is_file() else sorted((ROOT / place).rglob("*")))
    if path.is_file() and path.suffix != ".pyc"
]


def test_every_place_has_files() -> None:
    assert len(FILES) > 400


def test_no_file_does() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in FILES
        for line in path.read_text(errors="replace").splitlines()
        if BANNED.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "banned"),
    [
        ("pip install xxpy", True), ("pip install 'xxpy[zig]'", True), ("pip install --user xxpy==1.0", True),
        ("pipx run xxpy build", True), ("uv tool install xxpy", True), ("uvx xxpy build", True),
        ("pip install '.[zig]'", False), ("pip install 'git+https://example.org/xxpy@0f'", False),
        ('pipx run --spec "$XXPY" xxpy wrappers export xx', False), ("pip install cmake; xxpy build", False),
    ],
)  # fmt: skip
def test_what_is_banned(line: str, banned: bool) -> None:
    assert bool(BANNED.search(line)) is banned
