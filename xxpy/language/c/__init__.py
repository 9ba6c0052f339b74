"""C and C++: the build systems that xxpy runs, and programs of a single file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.language.c import autotools, cmake, common, evidence, make, meson, needs, source, tools
from xxpy.language.language import Language

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIXES: Final = common.C_SUFFIXES | common.CXX_SUFFIXES


def _has_source(folder: Path, /) -> bool:
    return bool(source.sources(folder))


LANGUAGES: Final = (
    Language(
        name="cmake",
        title="CMake project",
        markers=(cmake.MARKER,),
        suffixes=_SUFFIXES,
        build_system=True,
        examples={"arguments": ("-DBUILD_TESTING=OFF",), "outputs": ("bin/*",)},
        plan=cmake.plan,
        programs=evidence.cmake,
        tools=tools.cmake,
        needs=needs.cmake,
        root=evidence.root,
    ),
    Language(
        name="meson",
        title="Meson project",
        markers=(meson.MARKER,),
        suffixes=_SUFFIXES,
        build_system=True,
        examples={"arguments": ("-Db_lto=true",)},
        plan=meson.plan,
        programs=evidence.meson,
        tools=tools.meson,
        needs=needs.meson,
        root=evidence.root,
    ),
    Language(
        name="autotools",
        title="configure script",
        markers=autotools.MARKERS,
        suffixes=_SUFFIXES,
        build_system=True,
        examples={"arguments": ("--disable-nls",)},
        plan=autotools.plan,
        programs=evidence.autotools,
        tools=tools.autotools,
        needs=needs.autotools,
    ),
    Language(
        name="make",
        title="Makefile",
        markers=make.MARKERS,
        suffixes=_SUFFIXES,
        build_system=True,
        calls_others=True,
        examples={"arguments": ("PREFIX=/usr",), "outputs": ("server",)},
        plan=make.plan,
        programs=evidence.make,
        tools=tools.make,
    ),
    Language(
        name="c",
        title="C or C++ file",
        suffixes=_SUFFIXES,
        single=True,
        examples={"packages": ("server.c",), "arguments": ("-Wall",)},
        plan=source.plan,
        programs=_has_source,
    ),
)
"""The build systems, best first; a single file comes last."""
