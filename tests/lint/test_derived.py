"""Names of the table are data: no module types an architecture, a system or a libc as a literal."""

from __future__ import annotations

import ast
from pathlib import Path

from xxpy.machine import resources
from xxpy.table.resolve import resolve

PACKAGE = Path(__file__).resolve().parents[2] / "xxpy"
QUERIES = (
    "os",
    "arch",
    "variant",
    "march",
    "alpine-arch",
    "debian-arch",
    "rhel-arch",
    "triple",
    "libc",
    "gnu-triple",
    "clang-target",
    "rust-target",
    "zig-target",
    "qemu-arch",
    "meson-cpu-family",
    "loader",
)
HOME = {"table/libc.py", "table/target.py"}
"""Where words of the table are at home: what knows C libraries, and the names of the columns."""

EXCEPTIONS: dict[tuple[str, str], str] = {
    **dict.fromkeys(
        [
            ("binary/elf_machine.py", "v4"),
            ("binary/elf_machine.py", "v6"),
            ("binary/elf_machine.py", "v7"),
            ("binary/elf_machine.py", "mips64"),
        ],
        "names that the ABI gives to values of a field in the file",
    ),
    **{
        (name, f"v{level}"): "levels of x86-64 that a requirement may name, not variants"
        for name in ("cli/verify.py", "configuration/files.py")
        for level in (2, 3, 4)
    },
    ("compiler/base/store.py", "windows"): "a key of a record that xxpy writes",
    ("cli/dockerfile/new.py", "debian"): "the default of --base, a row of recipes.toml",
    ("dockerfile/write/request.py", "debian"): "likewise",
    ("dockerfile/lsp/hover.py", "debian"): "whose spelling an editor shows",
    ("dockerfile/convert/brought.py", "linux"): "an ordinary word in a file name",
    ("machine/limits.py", "linux"): "sys.platform, which type checkers read",
    **{
        (name, "linux"): "the system that containers run"
        for name in (
            "dockerfile/convert/go.py",
            "dockerfile/write/parts.py",
            "language/go/module.py",
        )
    },
    **{
        (f"dockerfile/convert/{name}.py", "alpine"): "a word in the name of an image"
        for name in ("go_programs", "packages", "rust")
    },
}
"""Words that mean something else, each with what it means."""


def words() -> set[str]:
    table = resources.table()
    found = set(table.words.systems) | set(table.words.architectures) | set(table.distributions)
    for row in table.rows.values():
        for distribution in table.distributions:
            names = resolve(table, row.platform, distribution).names()
            found |= {str(names[query]) for query in QUERIES if names.get(query)}
    return found


def literals(path: Path) -> list[tuple[int, str]]:
    """Return the strings of a module that are no docstrings, each with its line."""
    tree = ast.parse(path.read_text())
    texts = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts
    ]


def test_no_module_types_a_word_of_the_table() -> None:
    known = words() - {row.file.format for row in resources.table().rows.values()}
    found: dict[tuple[str, str], int] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name not in HOME:
            found |= {(name, text): line for line, text in literals(path) if text in known}
    assert {
        f"{name}:{line}: {text}"
        for (name, text), line in found.items()
        if (name, text) not in EXCEPTIONS
    } == set()
    assert EXCEPTIONS.keys() <= found.keys(), "an exception that is none any more"
