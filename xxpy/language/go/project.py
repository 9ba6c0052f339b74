"""Read Go projects from their files: modules, workspaces, main packages."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.language.place import EVERY
from xxpy.language.texts import below, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.language.place import Place

MODULE: Final = "go.mod"
WORKSPACE: Final = "go.work"
SUFFIX: Final = ".go"
CALLS: Final = re.compile(
    r"\bgo +(?:build|generate|install|list|mod|run|test|tool|vet)\b|\$[({]GO[A-Z]*[)}]"
)
"""Calls of go in a Makefile."""
_GO_MAIN: Final = re.compile(r"^package main\b", re.MULTILINE)
_GO_IGNORED: Final = re.compile(r"^//go:build ignore\b|^// \+build ignore\b", re.MULTILINE)


def programs(folder: Path, /) -> bool:
    """Whether a Go module, or one of a workspace, has a main package."""
    return any(
        _is_go_main(text_of(path))
        for path in below(folder, SUFFIX)
        if not path.name.endswith("_test.go")
    )


def _is_go_main(text: str) -> bool:
    return _GO_MAIN.search(text) is not None and _GO_IGNORED.search(text) is None


def has_go(folder: Path) -> bool:
    """Whether a folder has Go sources in it or below."""
    return next(below(folder, SUFFIX), None) is not None


def used_modules(folder: Path) -> list[Path]:
    """Return the folders of the modules that a folder's ``go.work`` uses, in its order.

    ::

        use ./tool
        use (
            .
            ./library // a comment
        )
    """
    text = re.sub(r"//.*", "", text_of(folder / WORKSPACE))
    blocks = re.findall(r"^use\s*\(([^)]*)\)|^use[ \t]+([^(\s]+)", text, re.MULTILINE)
    names = [name.strip('"`') for block in blocks for name in " ".join(block).split()]
    return [Path(os.path.normpath(folder / name)) for name in names]


def root(marker: Path, start: Path, *, inside: bool) -> Path | None:  # noqa: ARG001 - go searches up to the root
    """Return the folder of the module or workspace if it is *start*, or *start* has Go sources."""
    folder = marker.parent
    return folder if folder == start or has_go(start) else None


def parts(place: Place, /) -> Iterator[str]:
    """Yield the packages in a folder of a module or workspace."""
    if (place.root / MODULE).is_file():
        if place.start == place.root:
            return
        inner = f"./{place.start.relative_to(place.root).as_posix()}"
        own = any(
            path.suffix == SUFFIX and not path.name.endswith("_test.go")
            for path in place.start.iterdir()
        )
        yield inner if own and not place.every else f"{inner}/{EVERY}"
        return
    for folder in used_modules(place.root):
        if place.start in {folder, *folder.parents}:
            inner = os.path.relpath(folder, place.root)
            yield f"./{EVERY}" if inner == "." else f"./{inner}/{EVERY}"


def rebased(place: Place, arguments: tuple[str, ...], /) -> tuple[str, ...]:
    """Return arguments of go, with relative packages rewritten for the project's folder."""
    relative = (word in {".", ".."} or word.startswith(("./", "../")) for word in arguments)
    return tuple(
        _seen(place, word) if found else word
        for word, found in zip(arguments, relative, strict=True)
    )


def _seen(place: Place, word: str) -> str:
    path = os.path.relpath(os.path.normpath(place.start / word), place.root)
    return (
        path if path in {".", ".."} or path.startswith("../") else f"./{path}"
    )  # "..." alone is all that Go knows


def names_packages(arguments: tuple[str, ...], /) -> bool:
    """Whether one of the arguments is a package."""
    return any(word.startswith(".") for word in arguments)
