"""Tell from the files of C and C++ build systems whether they build programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.language.c import marks
from xxpy.language.texts import below, text_of

if TYPE_CHECKING:
    from pathlib import Path

_CMAKE: Final = re.compile(r"^[^#\n]*\b\w*add_executable\s*\(", re.MULTILINE | re.IGNORECASE)
_MESON: Final = re.compile(r"^[^#\n]*\bexecutable\s*\(", re.MULTILINE)
_PROJECT: Final = re.compile(r"^[^#\n]*\bproject\s*\(", re.MULTILINE | re.IGNORECASE)
_AUTOMAKE: Final = re.compile(r"^\s*\w*bin_PROGRAMS\b", re.MULTILINE)
_RECIPE: Final = re.compile(
    r"^\t.*(?:\$[({](?:CC|CXX|LD|LINK\w*)[)}]|\b(?:cc|gcc|c\+\+|g\+\+|clang|clang\+\+)\b).*$",
    re.MULTILINE,
)
_NO_LINK: Final = re.compile(r"\s-(?:c|S|E|M|MM|shared|fsyntax-only)(?:\s|$)")


def root(marker: Path, start: Path, *, inside: bool) -> Path | None:  # noqa: ARG001 - a Root
    """Return the folder of a CMake or Meson file that begins a project, and is not included."""
    return marker.parent if inside and _PROJECT.search(text_of(marker)) is not None else None


def cmake(folder: Path, /) -> bool:
    """Whether a CMake project has an ``add_executable``."""
    return any(_CMAKE.search(text_of(path)) for path in below(folder, "CMakeLists.txt", ".cmake"))


def meson(folder: Path, /) -> bool:
    """Whether a Meson project has an ``executable``."""
    return any(_MESON.search(text_of(path)) for path in below(folder, "meson.build"))


def autotools(folder: Path, /) -> bool | None:
    """Whether an Automake project installs programs, or has ``configure``; None if unknown."""
    files = list(below(folder, "Makefile.am"))
    if files:
        return any(_AUTOMAKE.search(text_of(path)) for path in files)
    return True if (folder / "configure").is_file() else None


def make(folder: Path, /) -> bool | None:
    """Whether a Makefile links a program in a recipe of its own, or None if it is unknown."""
    path = marks.makefile(folder)
    text = "" if path is None else text_of(path).replace("\\\n", " ")
    linking = any(_NO_LINK.search(line) is None for line in _RECIPE.findall(text))
    return True if linking else None
