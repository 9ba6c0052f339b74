"""Projects that are really built."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Xxpy:
    """Runs the program in a folder, with a cache of its own for everything but Go's builds."""

    folder: Path
    cache: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        go_cache = subprocess.run(
            ["go", "env", "GOCACHE"], capture_output=True, text=True, check=True
        ).stdout.strip()
        return {
            **os.environ,
            "XDG_CACHE_HOME": str(self.cache),
            "GOCACHE": go_cache,
            **self.variables,
        }

    def __call__(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xxpy", *arguments]
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the program and return it running."""
        command = [sys.executable, "-m", "xxpy", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


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
    """Return every file and folder below *folder*, hidden ones too."""
    return sorted(
        path.relative_to(folder).as_posix() + ("/" if path.is_dir() else "")
        for path in folder.rglob("*")
    )
