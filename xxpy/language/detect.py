"""Detect what kind of project a folder has, and which build system builds its programs.

A folder may have more than one: a Makefile that calls ``go build``, a ``Cargo.toml`` for one
library of a C project, an old ``configure`` beside ``meson.build``. The content of the files
decides, and if that is ambiguous, the user does:

1. a Go module or Cargo package with programs is taken, unless something else builds programs too;
2. if it has no programs, a C or C++ build system that builds some is taken;
3. of several build systems for C and C++, the first in
   :data:`~xxpy.language.registry.LANGUAGES` that builds programs is taken.
"""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xxpy.errors import ProjectError, UnsupportedPlatformError, UsageError, closest, nearest
from xxpy.language.place import readable, shown
from xxpy.language.registry import LANGUAGES
from xxpy.language.texts import below, text_of
from xxpy.machine import facts, resources
from xxpy.table.platform_list import read_list

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.language.language import Language


@dataclass(frozen=True, slots=True)
class Detected:
    """The kind of project in a folder.

    :param note: what else would have built programs, for people, or ""
    """

    language: str
    note: str = ""


def found(folder: Path) -> dict[str, str]:
    """Return the build systems in a folder, each with the file that marks it, best first."""
    there = {name: language.marker(folder) for name, language in LANGUAGES.items()}
    return {name: marker for name, marker in there.items() if marker is not None}


def detect(folder: Path, language: str | None) -> Detected:
    """Return the language or build system of the project in *folder*.

    :param language: what the user or the configuration has chosen, or None
    :raises ProjectError: there is no such folder, nothing to build in it, or the build system is
        ambiguous
    :raises UsageError: xxpy does not support *language*
    """
    if not folder.is_dir():
        raise missing(folder)
    if not os.access(folder, os.R_OK | os.X_OK):
        raise ProjectError(f"the folder {shown(folder)} cannot be read", "check its permissions")
    if language is not None:
        check(language)
        return Detected(language)
    there = found(folder)
    if len(there) > 1:
        return _of_several(folder, there)
    if not there:
        alone = of_sources(folder)
        if alone is None:
            raise _nothing(folder)
        return Detected(alone)
    return Detected(next(iter(there)))


def of_sources(folder: Path) -> str | None:
    """Return the language of a project that consists of sources alone, or None."""
    return next(
        (
            name
            for name, language in LANGUAGES.items()
            if language.single and language.programs(folder)
        ),
        None,
    )


def check(language: str) -> None:
    """Refuse a language that xxpy does not support.

    :raises UsageError: it is not supported
    """
    if language not in LANGUAGES:
        raise UsageError(
            f"unknown language {language}",
            nearest(language, LANGUAGES) or f"expected one of: {', '.join(LANGUAGES)}",
        )


def _of_several(folder: Path, there: Mapping[str, str]) -> Detected:
    """Return the build system that builds the programs.

    :raises ProjectError: it is ambiguous
    """
    programs = {name: LANGUAGES[name].programs(folder) for name in there}
    own = [name for name in there if not LANGUAGES[name].build_system]
    building = [name for name in own if programs[name]]
    others = [
        name
        for name in there
        if LANGUAGES[name].build_system and not _only_calls(folder, there[name], name, building)
    ]
    if building:
        rivals = [
            name
            for name in others
            if programs[name] or (programs[name] is None and not LANGUAGES[name].calls_others)
        ]
        if len(building) > 1 or rivals:
            raise _several(folder, {name: there[name] for name in (*building, *rivals)})
        return Detected(building[0])
    able = [name for name in others if programs[name]] or [
        name for name in others if own and _has_sources(folder, name)
    ]
    if able:
        further = [there[name] for name in others if programs[name] and name != able[0]]
        note = (
            f"built with {there[able[0]]}; {' and '.join(further)} would build programs too"
            " (choose with --language)"
            if further
            else ""
        )
        return Detected(able[0], note)
    if len(own) > 1:
        raise _several(folder, {name: there[name] for name in own})
    return Detected(own[0] if own else others[0])


def _has_sources(folder: Path, name: str) -> bool:
    return next(below(folder, *LANGUAGES[name].suffixes), None) is not None


def _only_calls(folder: Path, marker: str, name: str, building: list[str]) -> bool:
    """Whether a Makefile only calls the language's tool, or is the output of ``configure``."""
    if not LANGUAGES[name].calls_others:
        return False
    patterns = [calls for language in building if (calls := LANGUAGES[language].calls) is not None]
    return (folder / f"{marker}.in").is_file() or any(
        calls.search(text_of(folder / marker)) for calls in patterns
    )


def _several(folder: Path, there: Mapping[str, str]) -> ProjectError:
    return ProjectError(
        f"more than one kind of project in {shown(folder)}: {', '.join(there.values())}",
        f"choose one: {' or '.join(f'--language {name}' for name in there)},"
        " or language in xxpy.toml",
    )


def missing(path: Path) -> ProjectError:
    """Return the error for a folder or file that does not exist: perhaps it is a platform."""
    name = shown(path)
    hint = "name the folder of the project, or a C or C++ file"
    words = resources.table().words
    try:
        read_list((name,), words, local=facts.platform(words), typed=True)
        hint = f"did you mean --platform {shlex.quote(name)}?"
    except UnsupportedPlatformError:
        near = closest(path.name, _names(path.parent))
        if near:
            hint = f"did you mean {shown(path.parent / near)}?"
    return ProjectError(f"no such folder or file: {name}", hint)


def _names(folder: Path) -> list[str]:
    """Return the names in a folder that a user may mean: folders, and sources that stand alone."""
    suffixes = {
        suffix for language in LANGUAGES.values() for suffix in language.suffixes if language.single
    }
    if not folder.is_dir() or not readable(folder):
        return []
    return [path.name for path in folder.iterdir() if path.suffix in suffixes or path.is_dir()]


def _nothing(folder: Path) -> ProjectError:
    """Return the error for a folder without a project."""
    markers = [marker for language in LANGUAGES.values() for marker in _shown_markers(language)]
    alone = [language.title for language in LANGUAGES.values() if language.single]
    return ProjectError(
        f"nothing to build in {shown(folder)}",
        f"no {', '.join(markers)} or {' or '.join(alone)} in it or above;"
        " name the folder of the project",
    )


def _shown_markers(language: Language) -> list[str]:
    """Return the files that mark a language's projects; one of those that differ in case only."""
    found: dict[str, str] = {}
    for marker in language.markers:
        found.setdefault(marker.casefold(), marker)
    return list(found.values())
