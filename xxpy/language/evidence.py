"""Whether the files of a project say that it builds programs: read as text, quickly, without running anything."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.language import c
from xxpy.language.c.make import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKSPACE: Final = "go.work"
MOST: Final = 1 << 22
"""Bytes of a manifest at most."""
_LOOKED_AT: Final = 5000
"""Files that are looked at; a project with more is not searched to its end."""
_LEFT_OUT: Final = frozenset({"vendor", "testdata", "node_modules", "target", "contrib"})
"""Folders that hold what is not the project's own, or not built by default."""

_GO_MAIN: Final = re.compile(r"^package main\b", re.MULTILINE)
_GO_IGNORED: Final = re.compile(r"^//go:build ignore\b|^// \+build ignore\b", re.MULTILINE)
_CMAKE: Final = re.compile(r"^[^#\n]*\b\w*add_executable\s*\(", re.MULTILINE | re.IGNORECASE)
_MESON: Final = re.compile(r"^[^#\n]*\bexecutable\s*\(", re.MULTILINE)
_PROJECT: Final = re.compile(r"^[^#\n]*\bproject\s*\(", re.MULTILINE | re.IGNORECASE)
_AUTOMAKE: Final = re.compile(r"^\s*\w*bin_PROGRAMS\b", re.MULTILINE)
_RECIPE: Final = re.compile(r"^\t.*(?:\$[({](?:CC|CXX|LD|LINK\w*)[)}]|\b(?:cc|gcc|c\+\+|g\+\+|clang|clang\+\+)\b).*$", re.MULTILINE)
_NO_LINK: Final = re.compile(r"\s-(?:c|S|E|M|MM|shared|fsyntax-only)(?:\s|$)")
_CALLS: Final = {
    "go": re.compile(r"\bgo +(?:build|generate|install|list|mod|run|test|tool|vet)\b|\$[({]GO[A-Z]*[)}]"),
    "rust": re.compile(r"(?:\bcargo|\$[({]CARGO[)}])\s"),
}
"""How a Makefile calls the tool of a language."""


def go(folder: Path) -> bool:
    """Whether a Go module, or one of its workspace, has a main package."""
    return any(_is_go_main(c.text_of(path)) for path in _below(folder, ".go") if not path.name.endswith("_test.go"))


def _is_go_main(text: str) -> bool:
    return _GO_MAIN.search(text) is not None and _GO_IGNORED.search(text) is None


def has_go(folder: Path) -> bool:
    """Whether a folder has sources in Go, in itself or below."""
    return next(_below(folder, ".go"), None) is not None


def used_modules(folder: Path) -> list[Path]:
    """Return the folders of the modules that ``go.work`` in a folder uses, in its order.

    ::

        use ./tool
        use (
            .
            ./library // a comment
        )
    """
    text = re.sub(r"//.*", "", c.text_of(folder / WORKSPACE))
    blocks = re.findall(r"^use\s*\(([^)]*)\)|^use[ \t]+([^(\s]+)", text, re.MULTILINE)
    names = [name.strip('"`') for block in blocks for name in " ".join(block).split()]
    return [Path(os.path.normpath(folder / name)) for name in names]


def is_top(path: Path) -> bool:
    """Whether a file of CMake or Meson begins a project, and is not one that another includes."""
    return _PROJECT.search(c.text_of(path)) is not None


def rust(folder: Path) -> bool:
    """Whether a Cargo package, or a member of its workspace, has a program."""
    document = manifest(folder)
    members = [path for glob in document.get("workspace", {}).get("members", ()) for path in folder.glob(glob)]
    return _has_program(folder, document) or any(_has_program(path, manifest(path)) for path in members if path != folder)


def manifest(folder: Path) -> dict[str, Any]:
    """Return the ``Cargo.toml`` in a folder; empty where none can be read, which cargo itself says better."""
    try:
        document = bounds.from_toml(bounds.text(folder / "Cargo.toml", MOST))
    except (OSError, bounds.Refused):
        return {}
    package, workspace = document.get("package", {}), document.get("workspace", {})
    lists = [workspace.get(key, []) for key in ("members", "exclude")] if isinstance(workspace, dict) else [None]
    whole = isinstance(package, dict) and isinstance(package.get("workspace", ""), str) and all(map(_is_names, lists))
    return document if whole else {}


def _is_names(value: object) -> bool:
    """Whether a value is a list of relative paths, which may have wildcards."""
    return isinstance(value, list) and all(isinstance(name, str) and name and "\0" not in name and name[0] != "/" for name in value)


def _has_program(folder: Path, document: dict[str, Any]) -> bool:
    if "package" not in document:
        return False
    found = (folder / "src/main.rs").is_file() or any((folder / "src/bin").glob("*"))
    return bool(document.get("bin")) or (found and document["package"].get("autobins", True) is not False)


def cmake(folder: Path) -> bool:
    """Whether a CMake project says ``add_executable``."""
    return any(_CMAKE.search(c.text_of(path)) for path in _below(folder, "CMakeLists.txt", ".cmake"))


def meson(folder: Path) -> bool:
    """Whether a Meson project says ``executable``."""
    return any(_MESON.search(c.text_of(path)) for path in _below(folder, "meson.build"))


def autotools(folder: Path) -> bool | None:
    """Whether an Automake project has programs to install, or a ``configure`` script is there to be run; None where one could be made."""
    files = list(_below(folder, "Makefile.am"))
    if files:
        return any(_AUTOMAKE.search(c.text_of(path)) for path in files)
    return True if (folder / "configure").is_file() else None


def make(folder: Path) -> bool | None:
    """Whether a Makefile links a program in a recipe of its own; None where it does not say so."""
    text = c.text_of(next(folder / name for name in NAMES if (folder / name).is_file())).replace("\\\n", " ")
    linking = any(_NO_LINK.search(line) is None for line in _RECIPE.findall(text))
    return True if linking else None


def calls(path: Path, language: str) -> bool:
    """Whether a Makefile calls the tool of a language."""
    return _CALLS[language].search(c.text_of(path)) is not None


def has_c(folder: Path) -> bool:
    """Whether a project has sources in C or C++."""
    return next(_below(folder, *c.C_SUFFIXES, *c.CXX_SUFFIXES), None) is not None


def _below(folder: Path, *endings: str) -> Iterator[Path]:
    """Yield the files of a project whose names end so."""
    seen = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and not name.startswith((".", "_")))
        for name in sorted(names):
            seen += 1
            if name.endswith(endings) and Path(place, name).is_file():
                yield Path(place, name)
        if seen > _LOOKED_AT:
            return
