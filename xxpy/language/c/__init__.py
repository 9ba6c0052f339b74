"""C and C++: the build systems that xxpy runs, and programs of a single file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy import deferred
from xxpy.language.c import marks
from xxpy.language.language import Language

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIXES: Final = marks.C_SUFFIXES | marks.CXX_SUFFIXES
_HERE: Final = "xxpy.language.c"


def _has_source(folder: Path, /) -> bool:
    return bool(marks.sources(folder))


LANGUAGES: Final = (
    Language(
        name="cmake",
        title="CMake project",
        markers=(marks.CMAKE,),
        suffixes=_SUFFIXES,
        build_system=True,
        examples={"arguments": ("-DBUILD_TESTING=OFF",), "outputs": ("bin/*",)},
        plan=deferred.function(f"{_HERE}.cmake", "plan"),
        programs=deferred.function(f"{_HERE}.evidence", "cmake"),
        tools=deferred.function(f"{_HERE}.tools", "cmake"),
        needs=deferred.function(f"{_HERE}.needs", "cmake"),
        root=deferred.function(f"{_HERE}.evidence", "root"),
    ),
    Language(
        name="meson",
        title="Meson project",
        markers=(marks.MESON,),
        suffixes=_SUFFIXES,
        build_system=True,
        examples={"arguments": ("-Db_lto=true",)},
        plan=deferred.function(f"{_HERE}.meson", "plan"),
        programs=deferred.function(f"{_HERE}.evidence", "meson"),
        tools=deferred.function(f"{_HERE}.tools", "meson"),
        needs=deferred.function(f"{_HERE}.needs", "meson"),
        root=deferred.function(f"{_HERE}.evidence", "root"),
    ),
    Language(
        name="autotools",
        title="configure script",
        markers=marks.AUTOTOOLS,
        suffixes=_SUFFIXES,
        build_system=True,
        examples={"arguments": ("--disable-nls",)},
        plan=deferred.function(f"{_HERE}.autotools", "plan"),
        programs=deferred.function(f"{_HERE}.evidence", "autotools"),
        tools=deferred.function(f"{_HERE}.tools", "autotools"),
        needs=deferred.function(f"{_HERE}.needs", "autotools"),
    ),
    Language(
        name="make",
        title="Makefile",
        markers=marks.MAKE,
        suffixes=_SUFFIXES,
        build_system=True,
        calls_others=True,
        examples={"arguments": ("PREFIX=/usr",), "outputs": ("server",)},
        plan=deferred.function(f"{_HERE}.make", "plan"),
        programs=deferred.function(f"{_HERE}.evidence", "make"),
        tools=deferred.function(f"{_HERE}.tools", "make"),
    ),
    Language(
        name="c",
        title="C or C++ file",
        suffixes=_SUFFIXES,
        single=True,
        examples={"packages": ("server.c",), "arguments": ("-Wall",)},
        plan=deferred.function(f"{_HERE}.source", "plan"),
        programs=_has_source,
    ),
)
"""The build systems, best first; a single file comes last."""
