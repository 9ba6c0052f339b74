"""The commands of the README that install xxpy, each with the real tool, from a copy of the checkout."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECTION = (
    (ROOT / "README.md").read_text("utf-8").partition("\n## Install\n")[2].partition("\n## ")[0]
)
COMMANDS = re.findall(r"(?m)^```sh\n(.*)\n```$", SECTION)
TOOLS = {"pip": "pip", "pipx": "pipx", "uv": "uv"}
"""The package that has each tool."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone of the checkout, which has no tags."""
    folder = tmp_path_factory.mktemp("clone") / "xxpy"
    subprocess.run(["git", "clone", "--quiet", "--no-tags", str(ROOT), str(folder)], check=True)
    return folder


def install(command: list[str], checkout: Path, folder: Path) -> str:
    """Run a command that installs xxpy, with tools and folders of its own; return what xxpy says."""
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    program = folder / "venv/bin"
    pip = [str(program / "python"), "-m", "pip", "install", "--quiet", TOOLS[command[0]]]
    subprocess.run(pip, check=True, capture_output=True)
    environment = {
        **os.environ,
        "PATH": f"{program}:{folder / 'bin'}:/usr/bin:/bin",
        "HOME": str(folder),
        "PIPX_HOME": str(folder / "pipx"),
        "PIPX_BIN_DIR": str(folder / "bin"),
        "UV_TOOL_DIR": str(folder / "uv"),
        "UV_TOOL_BIN_DIR": str(folder / "bin"),
        "UV_CACHE_DIR": str(folder / "cache"),
        "UV_PYTHON": sys.executable,
    }
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return subprocess.run(
        ["xxpy", "--version"], env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_the_readme_installs_with_each_tool() -> None:
    assert sorted(shlex.split(command)[0] for command in COMMANDS) == sorted(TOOLS)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_it_installs(command: str, checkout: Path, tmp_path: Path) -> None:
    assert re.fullmatch(r"xxpy 0\.\d+\S*\n", install(shlex.split(command), checkout, tmp_path))


@pytest.mark.slow
def test_it_installs_from_the_address_of_a_repository(checkout: Path, tmp_path: Path) -> None:
    command = ["pip", "install", f"xxpy[zig] @ git+file://localhost{checkout}"]
    assert install(command, checkout, tmp_path).startswith("xxpy 0.")
