"""A new language is one folder and one row: a toy, added to a copy of the package, is found everywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TOY = '''"""Toy projects: a file names the C program that is compiled."""

from dataclasses import replace

from xxpy.language.c import source
from xxpy.language.language import Language
from xxpy.machine.checks import Check, State


def plan(folder, options, table):
    named = (folder / "toy.txt").read_text().strip()
    return replace(source.plan(folder, replace(options, packages=(named,)), table), language="toy")


LANGUAGE = Language(
    name="toy",
    title="toy project",
    markers=("toy.txt",),
    plan=plan,
    programs=lambda folder: True,
    doctor=lambda table: [Check("toy", State.GOOD, "as old as children")],
)
'''


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with one more folder and one more row."""
    root = tmp_path_factory.mktemp("copy")
    for name in ("xxpy", "toolchains", "templates"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    toy = root / "xxpy/language/toy"
    toy.mkdir()
    (toy / "__init__.py").write_text(TOY)
    registry = root / "xxpy/language/registry.py"
    text = registry.read_text()
    registry.write_text(
        text.replace("import c, go, rust", "import c, go, rust, toy").replace(
            "    go.LANGUAGE,\n", "    go.LANGUAGE,\n    toy.LANGUAGE,\n"
        )
    )
    return root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "toy.txt").write_text("hello.c\n")
    (tmp_path / "hello.c").write_text(
        '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n'
    )
    (tmp_path / "other.c").write_text("int other(void) { return 0; }\n")
    return tmp_path


def run(package: Path, *arguments: str, folder: Path) -> str:
    command = [sys.executable, "-m", "xxpy", *arguments]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(package)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_help(package: Path, project: Path) -> None:
    assert "go, toy, rust" in " ".join(run(package, "build", "--help", folder=project).split())


def test_a_build(package: Path, project: Path) -> None:
    said = run(package, "build", "--platform", "linux/arm64", folder=project)
    assert "1 of 1 built and verified" in said
    assert (project / "dist/linux_arm64/hello").is_file()


def test_the_plan(package: Path, project: Path) -> None:
    plan = json.loads(
        run(package, "build", "--dry-run", "--platform", "linux/arm64", folder=project)
    )
    assert plan["language"] == "toy"
    assert "linux/arm64" in run(package, "plan", "--platform", "linux/arm64", folder=project)


def test_the_doctor(package: Path, project: Path) -> None:
    checks = json.loads(run(package, "doctor", "--json", folder=project))
    assert {"name": "toy", "state": "good", "found": "as old as children"}.items() <= next(
        check for check in checks if check["name"] == "toy"
    ).items()


def test_the_schema(package: Path, project: Path) -> None:
    code = "from xxpy.configuration import schema; from xxpy.language.registry import LANGUAGES; import json; print(json.dumps(schema(LANGUAGES)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(package)},
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "toy" in json.loads(done.stdout)["properties"]["language"]["enum"]


def test_what_is_said_where_there_is_nothing_to_build(package: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xxpy", "build"]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(package)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "toy.txt (toy project)" in done.stderr
    assert done.returncode != 0
