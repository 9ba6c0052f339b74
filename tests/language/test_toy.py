"""What CONTRIBUTING.md says about adding a language, a compiler and a distribution, followed to the letter in a copy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from xxpy import Platform

ROOT = Path(__file__).resolve().parents[2]

PAGE = (ROOT / "CONTRIBUTING.md").read_text()
BLOCK = re.compile(r"^   ```\w+\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)
TOYCC = """#!/bin/sh
for word; do
  [ "$word" = -dumpversion ] && { echo 7.5; exit; }
done
exec clang "$@"
"""


def blocks(section: str) -> list[str]:
    """Return the blocks of code in a section of CONTRIBUTING.md."""
    text = PAGE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    return [textwrap.dedent(block) for block in BLOCK.findall(text)]


def register(registry: Path, after: str, line: str) -> None:
    """Add a row to a registry after that of another, and an import if rows are no names."""
    name = line.strip(' ,"\n').partition(".")[0]
    text = registry.read_text()
    text = re.sub(rf"( import .*\b{after})", rf"\1, {name}", text, count=1)
    row = rf'(_ROWS.*?\n    "?{after}\S*\n)'
    text = re.sub(row, rf"\1{line}", text, count=1, flags=re.DOTALL)
    assert line in text
    registry.write_text(text)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package to which a language, a compiler and a distribution are added as the page says."""
    root = tmp_path_factory.mktemp("copy")
    for name in ("xxpy", "toolchains", "templates"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    module, row = blocks("Add a language")
    (root / "xxpy/language/toy").mkdir()
    (root / "xxpy/language/toy/__init__.py").write_text(module)
    register(root / "xxpy/language/registry.py", "go", row)
    module, row = blocks("Add a C compiler")
    (root / "xxpy/compiler/toycc.py").write_text(module)
    register(root / "xxpy/compiler/registry.py", "gcc", row)
    (section,) = blocks("Add a distribution")
    with (root / "toolchains/distributions.toml").open("a") as file:
        file.write(f"\n{section}")
    program = root / "bin/toycc"
    program.parent.mkdir()
    program.write_text(TOYCC)
    program.chmod(0o755)
    return root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "toy.txt").write_text("hello.c\n")
    (tmp_path / "hello.c").write_text(
        '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n'
    )
    (tmp_path / "other.c").write_text("int other(void) { return 0; }\n")
    return tmp_path


def attempt(
    package: Path, *arguments: str, folder: Path, program: tuple[str, ...] = ("-m", "xxpy")
) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(package / "bin"), os.environ["PATH"]))
    return subprocess.run(
        [sys.executable, *program, *arguments],
        env={**os.environ, "PYTHONPATH": str(package), "PYTHONSAFEPATH": "1", "PATH": path},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def run(package: Path, *arguments: str, folder: Path) -> str:
    done = attempt(package, *arguments, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_help(package: Path, project: Path) -> None:
    said = " ".join(run(package, "build", "--help", folder=project).split())
    assert "go, toy, rust" in said
    assert "C compiler: auto, clang, gcc, toycc, zig." in said


def test_a_build(package: Path, project: Path) -> None:
    said = run(package, "build", "--platform", "linux/arm64", folder=project)
    assert "1 of 1 built and verified" in said
    assert (project / "dist/linux_arm64/hello").is_file()


def test_a_build_with_the_compiler(package: Path, project: Path) -> None:
    machine = str(Platform.local())
    said = run(package, "build", "--platform", machine, "--cc", "toycc", folder=project)
    assert "toycc 7.5" in said
    done = subprocess.run(
        [project / "dist" / machine.replace("/", "_") / "hello"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "hello\n"
    explained = run(package, "build", "--platform", machine, "--explain", folder=project)
    assert re.search(r"^ +toycc 7.5 +not needed$", explained, re.MULTILINE)


def test_what_the_compiler_refuses(package: Path, project: Path) -> None:
    (project / "toy.txt").write_text("hello.cpp\n")
    (project / "hello.cpp").write_text("int main() {}\n")
    done = attempt(package, "build", "-p", "linux/arm64", "--cc", "toycc", folder=project)
    assert (done.returncode, "toycc 7.5     cannot: has no C++" in done.stderr) == (5, True)
    done = attempt(package, "build", "-p", "linux/arm64", "--cc", "toyc", folder=project)
    assert (done.returncode, "did you mean toycc?" in done.stderr) == (2, True)


def test_the_plan(package: Path, project: Path) -> None:
    plan = json.loads(
        run(package, "build", "--dry-run", "--platform", "linux/arm64", folder=project)
    )
    assert plan["language"] == "toy"
    assert "linux/arm64" in run(package, "plan", "--platform", "linux/arm64", folder=project)


def test_the_doctor(package: Path, project: Path) -> None:
    checks = {
        check["name"]: check
        for check in json.loads(run(package, "doctor", "--json", folder=project))
    }
    assert (checks["toy"]["state"], checks["toy"]["found"]) == ("good", "needs a C compiler only")
    assert checks["toycc"]["found"].startswith("7.5, PATH: ")


def test_the_schema(package: Path, project: Path) -> None:
    code = (
        "from xxpy.configuration import schema; from xxpy.compiler.registry import CHOICES; import json;"
        "from xxpy.language.registry import LANGUAGES; print(json.dumps(schema(LANGUAGES, CHOICES)))"
    )
    done = attempt(package, folder=project, program=("-c", code))
    properties = json.loads(done.stdout)["properties"]
    assert "toy" in properties["language"]["enum"]
    assert properties["cc"]["enum"] == ["auto", "clang", "gcc", "toycc", "zig"]


def test_what_is_said_where_there_is_nothing_to_build(package: Path, tmp_path: Path) -> None:
    done = attempt(package, "build", folder=tmp_path)
    assert "toy.txt" in done.stderr
    assert done.returncode != 0


def test_the_names_of_the_distribution(package: Path, tmp_path: Path) -> None:
    asked = ("info", "triple", "--platform", "linux/arm64", "--distribution", "toybian")
    assert run(package, *asked, folder=tmp_path) == "aarch64-linux-gnu\n"
    run(package, "wrappers", "export", str(tmp_path / "xx"), folder=tmp_path)
    (script,) = (path.read_text() for path in (tmp_path / "xx").rglob("xx-apt-get"))
    assert re.search(r"toybian:linux/arm64\S*\) xx_since=2 ", script)


@pytest.mark.parametrize(
    ("platform", "wanted", "said"),
    [
        ("linux/386", "toybian:yoyo", "Toybian 2 (yoyo) has no packages for linux/386"),
        ("linux/s390x", "toybian", "Toybian 2 (yoyo) has no packages for linux/s390x"),
        ("linux/arm64", "toybian:1", "Toybian 1 (teddy) has no packages for linux/arm64"),
        ("linux/arm64", "toybian:lego", "expected one of: teddy, yoyo"),
        ("linux/arm64", "toybean", "did you mean toybian?"),
    ],
)
def test_the_releases_of_the_distribution(
    platform: str, wanted: str, said: str, package: Path, tmp_path: Path
) -> None:
    asked = ("sysroot", "add", "--platform", platform, "--distribution", wanted, "zlib1g-dev")
    done = attempt(package, *asked, folder=tmp_path)
    assert done.returncode in {2, 3}
    assert said in done.stderr


@pytest.mark.parametrize("value", ["sid", "1-", "1 - 2", ""])
def test_a_malformed_span_of_releases_is_a_fault(value: str, package: Path, tmp_path: Path) -> None:
    shutil.copytree(package / "toolchains", tmp_path / "table")
    file = tmp_path / "table/distributions.toml"
    file.write_text(file.read_text().replace('i386 = "1-1"', f'i386 = "{value}"'))
    os_environment = (
        "import os, runpy, sys; os.environ['XXPY_TOOLCHAINS'] = sys.argv.pop(1); "
        "runpy.run_module('xxpy', run_name='__main__')"
    )
    done = attempt(
        package,
        str(tmp_path / "table"),
        "platforms",
        folder=tmp_path,
        program=("-c", os_environment),
    )
    assert done.returncode == 4
    assert "distribution.toybian.archive.architectures.i386: " in done.stderr
