"""What kind of project a folder holds, and which of several build systems builds its programs.

A folder may have more than one: a Makefile that calls ``go build``, a ``Cargo.toml`` for one library of a C project, an old
``configure`` beside ``meson.build``. What the files say decides, and where they leave a doubt the user does:

1. a Go module or Cargo package with programs is taken, unless something else there builds programs as well;
2. without programs in it, a C or C++ build system that builds some is taken;
3. of several for C and C++ it is the first in :data:`BUILD_SYSTEMS` that builds programs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import ProjectError, UsageError, nearest
from xxpy.language import evidence, rust
from xxpy.language.c import autotools, cmake, make, meson, source
from xxpy.language.registry import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MARKERS: Final = {"go": ("go.mod", evidence.WORKSPACE), "rust": (rust.MARKER,)}
"""The files that tell what a project is written in, by language."""

BUILD_SYSTEMS: Final = {
    "cmake": (cmake.MARKER,),
    "meson": (meson.MARKER,),
    "autotools": autotools.MARKERS,
    "make": make.NAMES,
}
"""The build systems of C and C++ with their files, best first."""

_PROGRAMS: Final[Mapping[str, Callable[[Path], bool | None]]] = {
    "go": evidence.go,
    "rust": evidence.rust,
    "cmake": evidence.cmake,
    "meson": evidence.meson,
    "autotools": evidence.autotools,
    "make": evidence.make,
}
"""Whether a project builds programs, by language: None where its files do not tell."""


@dataclass(frozen=True, slots=True)
class Detected:
    """What a folder holds.

    :param note: what else would have built programs, for people, or ""
    """

    language: str
    note: str = ""


def found(folder: Path) -> dict[str, str]:
    """Return the build systems in a folder, each with the file that tells, best first."""
    both = {**MARKERS, **BUILD_SYSTEMS}
    there = {name: next((marker for marker in markers if (folder / marker).is_file()), None) for name, markers in both.items()}
    return {name: marker for name, marker in there.items() if marker is not None}


def detect(folder: Path, language: str | None) -> Detected:
    """Return what the project in *folder* is built with.

    :param language: what the user or the configuration says, or None
    :raises ProjectError: no such folder, nothing that can be built in it, or several build systems that may be meant
    :raises UsageError: *language* is none that xxpy knows
    """
    if not folder.is_dir():
        raise ProjectError(
            f"no such folder or file: {_shown(folder)}", "name the folder of the project, or a C or C++ file; platforms: --platform P"
        )
    if not os.access(folder, os.R_OK | os.X_OK):
        raise ProjectError(f"the folder {_shown(folder)} cannot be read", "check its permissions")
    if language is not None:
        check(language)
        return Detected(language)
    there = found(folder)
    if len(there) > 1:
        return _of_several(folder, there)
    if not there:
        if not source.sources(folder):
            raise _nothing(folder)
        return Detected("c")
    return Detected(next(iter(there)))


def _shown(folder: Path) -> str:
    relative = os.path.relpath(folder)
    return str(folder) if relative.startswith("..") else relative


def check(language: str) -> None:
    """Refuse a language that xxpy does not know.

    :raises UsageError: it is none
    """
    if language not in LANGUAGES:
        raise UsageError(f"unknown language {language}", nearest(language, LANGUAGES) or f"known are {', '.join(LANGUAGES)}")


def _of_several(folder: Path, there: Mapping[str, str]) -> Detected:
    """Return the build system that builds the programs.

    :raises ProjectError: more than one may be meant
    """
    programs = {name: _PROGRAMS[name](folder) for name in there}
    own = [name for name in there if name in MARKERS]
    building = [name for name in own if programs[name]]
    others = [name for name in there if name in BUILD_SYSTEMS and not _only_calls(folder, there[name], name, building)]
    if building:
        rivals = [name for name in others if programs[name] or (programs[name] is None and name != "make")]
        if len(building) > 1 or rivals:
            raise _several(folder, {name: there[name] for name in (*building, *rivals)})
        return Detected(building[0])
    able = [name for name in others if programs[name]] or [name for name in others if own and evidence.has_c(folder)]
    if able:
        further = [there[name] for name in others if programs[name] and name != able[0]]
        note = f"built with {there[able[0]]}; {' and '.join(further)} would build programs too (--language chooses)" if further else ""
        return Detected(able[0], note)
    if len(own) > 1:
        raise _several(folder, {name: there[name] for name in own})
    return Detected(own[0] if own else others[0])


def _only_calls(folder: Path, marker: str, name: str, building: list[str]) -> bool:
    """Whether a Makefile is there to call the tool of a language that builds the programs, or ``configure`` has left it."""
    if name != "make":
        return False
    return (folder / f"{marker}.in").is_file() or any(evidence.calls(folder / marker, language) for language in building)


def _several(folder: Path, there: Mapping[str, str]) -> ProjectError:
    return ProjectError(
        f"more than one kind of project in {_shown(folder)}: {', '.join(there.values())}",
        f"say which builds what you want: {' or '.join(f'--language {name}' for name in there)}, or language in xxpy.toml",
    )


def _nothing(folder: Path) -> ProjectError:
    looked = [f"{markers[0]} ({LANGUAGES[name].TITLE})" for name, markers in {**MARKERS, **BUILD_SYSTEMS}.items()]
    return ProjectError(f"nothing to build in {_shown(folder)}", f"looked for {', '.join(looked)}, one C or C++ file")
