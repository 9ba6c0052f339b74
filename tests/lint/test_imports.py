"""What modules may touch: the pure ones nothing outside, and each dependency has one door.

Which part of the package may import which is in `pyproject.toml`; `lint-imports` holds it.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "xxpy"
MODULES = sorted(PACKAGE.rglob("*.py"))

PURE = {"errors", "table", "templates", "shell", "wrappers", "dockerfile"}
"""What reads no files, no environment and no clock, and starts no process."""

IMPURE_MODULES = {
    "os",
    "pathlib",
    "subprocess",
    "shutil",
    "tempfile",
    "time",
    "socket",
    "glob",
    "io",
}

DOORS = {
    "jinja2": {"templates"},
    "platformdirs": {"machine"},
    "packaging": {"versions"},
    "filelock": {"machine"},
    "debian_inspector": {"sysroot"},
    "click": {"cli"},
    "rich": {"cli"},
    "dockerfile": {"dockerfile"},
    "tree_sitter": {"dockerfile"},
    "pygls": {"dockerfile"},
    "lsprotocol": {"dockerfile"},
    "tree_sitter_bash": {"dockerfile"},
}
"""The parts that may import each dependency."""


def part(path: Path) -> str:
    """Return the first name below the package, ``table`` for ``xxpy/table/load.py``."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Return the dotted names that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if part(path) in PURE],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_pure_modules_touch_nothing_outside(path: Path) -> None:
    assert {name.split(".")[0] for name in imports(path)} & IMPURE_MODULES == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_dependency_has_one_door(path: Path) -> None:
    for dependency, parts in DOORS.items():
        if dependency in {name.split(".")[0] for name in imports(path)}:
            assert part(path) in parts, f"{dependency} is imported by {path.relative_to(PACKAGE)}"


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if part(path) not in {"cli", "__main__"}],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_only_the_command_line_prints_and_exits(path: Path) -> None:
    calls = [
        node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    ]
    names = {call.id for call in calls if isinstance(call, ast.Name)}
    names |= {
        f"{call.value.id}.{call.attr}"
        for call in calls
        if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name)
    }
    assert (
        names & {"print", "exit", "quit", "sys.exit", "os._exit", "eval", "exec", "os.system"}
        == set()
    )
