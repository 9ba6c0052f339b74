"""What marks C and C++ projects: the files of build systems, and the suffixes of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

CMAKE: Final = "CMakeLists.txt"
MESON: Final = "meson.build"
AUTOTOOLS: Final = ("configure", "configure.ac", "configure.in", "configure.sh")
MAKE: Final = ("GNUmakefile", "makefile", "Makefile")
"""The names of a Makefile, in the order in which make looks for them
(https://www.gnu.org/software/make/manual/html_node/Makefile-Names.html)."""

C_SUFFIXES: Final = frozenset({".c"})
CXX_SUFFIXES: Final = frozenset({".cc", ".cpp", ".cxx", ".c++", ".C"})
_LOOKED_AT: Final = 5000
"""How many files are searched for C++."""


def makefile(folder: Path) -> Path | None:
    """Return the Makefile that make reads in a folder, or None if there is none."""
    return next((folder / name for name in MAKE if (folder / name).is_file()), None)


def sources(folder: Path) -> list[Path]:
    """Return the C and C++ files of a folder."""
    return sorted(path for path in folder.iterdir() if path.suffix in C_SUFFIXES | CXX_SUFFIXES)


def has_cxx(folder: Path) -> bool:
    """Whether a folder has C++ sources."""
    return any(
        path.suffix in CXX_SUFFIXES
        for _number, path in zip(range(_LOOKED_AT), folder.rglob("*"), strict=False)
    )
