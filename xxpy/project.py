"""What kind of project a folder holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from xxpy.errors import ProjectError, UsageError, nearest
from xxpy.language import LANGUAGES, autotools, cmake, make, meson, source

if TYPE_CHECKING:
    from pathlib import Path

MARKERS: Final = {"go.mod": "go", "Cargo.toml": "rust"}
"""The files that tell what a project is written in: two of them are a question to the user."""

BUILD_SYSTEMS: Final = {
    "cmake": (cmake.MARKER,),
    "meson": (meson.MARKER,),
    "autotools": autotools.MARKERS,
    "make": make.NAMES,
}
"""The build systems of C and C++ with their files; of a project with several the first is used."""


def detect(folder: Path, language: str | None) -> str:
    """Return the name of the language of the project in *folder*.

    :param language: what the user or the configuration says, or None
    :raises ProjectError: no such folder, nothing that can be built in it, or more than one kind
    :raises UsageError: *language* is none that xxpy knows
    """
    if not folder.is_dir():
        raise ProjectError(
            f"no such folder or file: {folder}", "name the folder of the project, or a C or C++ file; platforms: --platform P"
        )
    if not os.access(folder, os.R_OK | os.X_OK):
        raise ProjectError(f"the folder {folder} cannot be read", "check its permissions")
    if language is not None:
        if language not in LANGUAGES:
            raise UsageError(f"unknown language {language}", nearest(language, LANGUAGES) or f"known are {', '.join(LANGUAGES)}")
        return language
    found = {name: marker for marker, name in MARKERS.items() if (folder / marker).is_file()}
    if len(found) > 1:
        raise ProjectError(
            f"more than one kind of project in {folder}: {', '.join(found.values())}",
            f"choose with --language ({', '.join(LANGUAGES)}), or with language in xxpy.toml",
        )
    if not found:
        found = _build_system(folder)
    if not found:
        looked = ", ".join(f"{marker} ({LANGUAGES[name].TITLE})" for marker, name in MARKERS.items())
        looked += "".join(f", {markers[0]} ({LANGUAGES[name].TITLE})" for name, markers in BUILD_SYSTEMS.items())
        raise ProjectError(f"nothing to build in {folder}", f"looked for {looked}, one C or C++ file")
    return next(iter(found))


def _build_system(folder: Path) -> dict[str, str]:
    """Return the first build system of a C or C++ project and its file; a folder with sources and none of them is a program of its own."""
    for name, markers in BUILD_SYSTEMS.items():
        for marker in markers:
            if (folder / marker).is_file():
                return {name: marker}
    found = source.sources(folder)
    return {"c": found[0].name} if found else {}
