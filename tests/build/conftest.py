"""Projects that are really built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.program import Program, go_cache
from xxpy.runner import record

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Xxpy(Program):
    """The program with a cache of its own for everything but Go's builds."""

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "GOCACHE": go_cache(), **self.variables}


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """Return a Go module with two main packages and one that only Windows has."""
    folder = tmp_path / "hello"
    files = {
        "go.mod": "module example.com/hello\n\ngo 1.21\n",
        "main.go": 'package main\n\nimport "example.com/hello/greet"\n\nfunc main() { println(greet.Greeting) }\n',
        "greet/greet.go": '// Package greet holds words.\npackage greet\n\nconst Greeting = "hello"\n',
        "cmd/tool/main.go": 'package main\n\nfunc main() { println("tool") }\n',
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def xxpy(module: Path, tmp_path: Path) -> Xxpy:
    """Return the program, standing in the module."""
    return Xxpy(module, tmp_path / "cache")


def tree(folder: Path) -> list[str]:
    """Return every file and folder below *folder*, hidden ones too, without the record of a build."""
    return sorted(
        path.relative_to(folder).as_posix() + ("/" if path.is_dir() else "")
        for path in folder.rglob("*")
        if record.FOLDER not in path.relative_to(folder).parts
    )
