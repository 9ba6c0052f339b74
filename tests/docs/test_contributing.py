"""What CONTRIBUTING.md says about adding a command is followed to the letter, in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text()
SECTION = PAGE.partition("## Add an `xx-*` command\n")[2].partition("\n## ")[0]
BLOCK = re.compile(r"^    ```(\w+)\n(.*?)^    ```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [textwrap.dedent(text) for found, text in BLOCK.findall(SECTION) if found == language]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with the command of the page."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("xxpy", "templates", "toolchains"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (script,), (module, line) = blocks("sh"), blocks("python")
    (folder / "templates/commands/xx-bits.sh").write_text(script)
    (folder / "xxpy/wrappers/bits.py").write_text(module)
    registry = folder / "xxpy/wrappers/__init__.py"
    text = re.sub(
        r"(from xxpy\.wrappers import \(?\s*apk, )",
        r"\1bits, ",
        registry.read_text().replace("import (\n    apk,\n", "import (\n    apk, "),
    )
    text = text.replace("\n}\n", f"\n    {line}}}\n", 1)
    assert text.count("bits") == 3
    registry.write_text(text)
    return folder


def xxpy(project: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, "-m", "xxpy", *words],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=project,
    ).stdout


def test_the_command_is_everywhere(project: Path) -> None:
    assert "xx-bits     print the pointer width of the target\n" in xxpy(
        project, "wrappers", "list"
    )
    xxpy(project, "wrappers", "export", "xx")
    assert (project / "xx/usr/bin/xx-bits").read_text() == xxpy(
        project, "wrappers", "show", "xx-bits"
    )


@pytest.mark.parametrize("shell", [("dash",), ("bash", "--posix"), ("busybox", "sh")])
def test_the_command_works(shell: tuple[str, ...], project: Path) -> None:
    script = project / "bits"
    script.write_text(xxpy(project, "wrappers", "show", "xx-bits"))
    for platform, expected in (
        ("linux/arm/v7", "32\n"),
        ("linux/arm64", "64\n"),
        ("wasi/wasm", "32\n"),
        ("nope/nope", ""),
    ):
        environment = {**os.environ, "TARGETPLATFORM": platform}
        done = subprocess.run(
            [*shell, str(script)], capture_output=True, text=True, check=False, env=environment
        )
        assert (done.stdout, done.returncode) == (expected, 0 if expected else 1), done.stderr


def test_the_source_is_clean(project: Path) -> None:
    """As it is, and as the command that it becomes."""
    source, script = project / "templates/commands/xx-bits.sh", project / "bits.sh"
    script.write_text(xxpy(project, "wrappers", "show", "xx-bits"))
    (project / ".editorconfig").write_text((ROOT / ".editorconfig").read_text())
    subprocess.run(["shellcheck", "--severity=style", source, script], check=True)
    subprocess.run(["shfmt", "--diff", source, script], check=True)
    module = project / "xxpy/wrappers/bits.py"
    subprocess.run(["ruff", "check", "--config", ROOT / "pyproject.toml", module], check=True)
    subprocess.run(
        ["ruff", "format", "--check", "--config", ROOT / "pyproject.toml", module], check=True
    )
