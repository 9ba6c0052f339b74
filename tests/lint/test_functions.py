"""No function is longer than a screen: its signature and its statements have at most 40 lines.

A docstring does not count, for it may be a whole page of the documentation. Of a command of click the statements alone count, because
each option is a decorator and a parameter.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MOST = 40
MODULES = sorted((ROOT / "xxpy").rglob("*.py"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(text: str) -> Iterator[Function]:
    yield from (node for node in ast.walk(ast.parse(text)) if isinstance(node, Function))


def is_command(function: Function) -> bool:
    names = (ast.unparse(decorator).partition("(")[0] for decorator in function.decorator_list)
    return any(name.rpartition(".")[2] in {"command", "group"} for name in names)


def length(function: Function) -> int:
    """Return how many lines of a function count."""
    first, *others = function.body
    has_docstring = ast.get_docstring(function, clean=False) is not None
    if is_command(function):
        begin = (others[0] if has_docstring and others else first).lineno
        return (function.end_lineno or 0) - begin + 1
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_functions_are_short() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}": length(function)
        for path in MODULES
        for function in functions(path.read_text())
    }
    assert len(found) > 2000
    assert {name: lines for name, lines in found.items() if lines > MOST} == {}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("def f():\n    return 1\n", 2),
        ('def f():\n    """A\n\n    docstring."""\n    return 1\n', 2),
        ('def f():\n    """A docstring."""\n', 1),
        ("@cache\n@other\ndef f(\n    a,\n):\n    x = 1\n\n    return x\n", 6),
        ("async def f():\n    pass\n", 2),
        ('@click.command()\n@click.option("-x")\ndef f(\n    x,\n):\n    """Do\n    it."""\n    x = 1\n    return x\n', 2),
        ("@main.group(name='x')\ndef f(\n    x,\n):\n    return x\n", 1),
        ("@commands\ndef f(\n    x,\n):\n    return x\n", 4),
    ],
)  # fmt: skip
def test_what_counts(text: str, lines: int) -> None:
    (function,) = functions(text)
    assert length(function) == lines
