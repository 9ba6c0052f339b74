"""A Go module as files: what it is called, its programs, whether it has C in it. Nothing runs."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.language.go import constraint
from xxpy.language.texts import below, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xxpy.table.model import Table

MARKER: Final = "go.mod"
_MODULE: Final = re.compile(r'^module\s+"?(?P<path>[^\s"]+)', re.MULTILINE)
_REQUIRED: Final = re.compile(
    r"^\s*(?:require\s+)?(?P<path>[\w.~-]+\.[\w.~-]+/\S+)\s+v\d\S*", re.MULTILINE
)
_LOCAL: Final = re.compile(r"=>\s*\.{0,2}/")
_VERSION: Final = re.compile(r"v\d+")
_IMPORT: Final = re.compile(r'^(?:import\s+|\s+)"C"\s*(?://.*)?$', re.MULTILINE)
_MAIN: Final = re.compile(r"^package\s+main\s*(?://.*)?$", re.MULTILINE)
_MOST: Final = 20_000
"""Files of vendored modules that are looked at."""
_SYSTEM: Final = "linux"
"""What containers run."""


def name(folder: Path) -> str:
    """Return a module's program: the last word of its path that is not a version."""
    found = _MODULE.search(text_of(folder / MARKER))
    words = found["path"].split("/") if found else []
    while len(words) > 1 and _VERSION.fullmatch(words[-1]):
        words.pop()
    return words[-1] if words else ""


def is_alone(folder: Path) -> bool:
    """Whether ``go.mod`` and ``go.sum`` list all downloads, without workspaces or replacements."""
    return not (folder / "go.work").exists() and not _LOCAL.search(text_of(folder / MARKER))


def programs(folder: Path) -> list[str]:
    """Return the main packages of a module: ``.`` for its own folder, or ``./cmd/server``."""
    found = {path.parent for path in below(folder, ".go") if _is_main(path)}
    paths = sorted(path.relative_to(folder).as_posix() for path in found)
    return [path if path == "." else f"./{path}" for path in paths]


def _is_main(path: Path) -> bool:
    text = "" if path.name.endswith("_test.go") else text_of(path)
    ignored = "//go:build ignore" in text or "// +build ignore" in text
    return not ignored and bool(_MAIN.search(text))


def needs_c(folder: Path, modules: Iterable[str], table: Table) -> str:
    """Return what shows that a module has C in it, or "".

    A file of its own or a vendored one with ``import "C"`` that is part of a build for Linux, or
    one of *modules* among what ``go.mod`` requires.
    """
    ports = [row.go for row in table.rows.values() if row.go is not None]
    architectures = {port.arch for port in ports}
    systems = {port.os for port in ports}
    tags = {_SYSTEM, "unix", "cgo", "gc", *architectures}
    for path in _sources(folder):
        text = text_of(path)
        if _IMPORT.search(text) and constraint.fits(path.name, text, tags, systems | architectures):
            return f'{path.relative_to(folder).as_posix()} has import "C"'
    wanted = tuple(modules)
    for found in _REQUIRED.finditer(text_of(folder / MARKER)):
        if any(found["path"] == each or found["path"].startswith(f"{each}/") for each in wanted):
            return f"{MARKER} requires {found['path']}"
    return ""


def _sources(folder: Path) -> Iterator[Path]:
    yield from (path for path in below(folder, ".go") if not path.name.endswith("_test.go"))
    seen = 0
    for place, folders, names in os.walk(folder / "vendor"):
        folders.sort()
        for each in sorted(names):
            seen += 1
            if each.endswith(".go") and Path(place, each).is_file():
                yield Path(place, each)
        if seen > _MOST:
            return
