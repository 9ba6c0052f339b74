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
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xxpy.errors import ProjectError, UsageError, nearest
from xxpy.language.place import shown
from xxpy.language.registry import LANGUAGES
from xxpy.language.texts import below, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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
        raise ProjectError(
            f"no such folder or file: {shown(folder)}",
            "name the folder of the project, or a C or C++ file; platforms: --platform P",
        )
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


def _nothing(folder: Path) -> ProjectError:
    """Return the error for a folder without a project."""
    looked = [
        f"{language.markers[0]} ({language.title})"
        for language in LANGUAGES.values()
        if language.markers
    ]
    alone = [f"one {language.title}" for language in LANGUAGES.values() if language.single]
    return ProjectError(
        f"nothing to build in {shown(folder)}", f"looked for {', '.join((*looked, *alone))}"
    )
