"""Find the project that a folder belongs to, searching upwards as go and cargo do.

=====================  =============================================================================
``go.mod``             the nearest, wherever it is; the folder is then a package of the module
``go.work``            the same, if no module is nearer: every module that it uses
``Cargo.toml``         the nearest, and from there the workspace that it belongs to
others                 the nearest in the same git repository: ``CMakeLists.txt`` with ``project()``
                       and so on
=====================  =============================================================================

The configuration is the nearest between the named folder and the project's own folder, which is
also where ``dist`` is.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import configuration
from xxpy.errors import ProjectError
from xxpy.language import detect
from xxpy.language.place import EVERY, Place, readable, shown
from xxpy.language.registry import LANGUAGES

if TYPE_CHECKING:
    from xxpy.configuration import Configuration
    from xxpy.language.detect import Detected

_GIT: Final = ".git"


def locate(named: Path, language: str | None = None) -> Place:
    """Return the project that a folder or file belongs to; :func:`kind` reports faulty folders.

    :param named: the folder or file that the user has named, which need not exist; ``cmd/...`` is
        all of Go below it
    :param language: the kind of project, if the user has chosen one
    :raises ProjectError: the file is not a source in C or C++
    """
    path = named.absolute()
    if path.exists() and not path.is_dir():
        return _of_file(path, named)
    every = path.name == EVERY
    start = Path(os.path.normpath(path.parent if every else path))
    if not start.is_dir() or not readable(start):
        return Place(start, start)
    root = _above(start, language)
    if root is not None:
        return Place(root, start, every=every)
    above = next(
        (folder for folder in start.parents if readable(folder) and configuration.exists(folder)),
        None,
    )
    return Place(start, start, every=every, above=above)


def read(named: Path, language: str | None, config: Path | None) -> tuple[Place, Configuration]:
    """Return the project of a folder or file and its configuration, which may choose a language.

    :param config: the file with the configuration, if the user has named one
    :raises ProjectError: the file is not a source in C or C++
    :raises ConfigurationError: the configuration is faulty
    """
    place = locate(named, language)
    settings = place.settings(config)
    if language is None and settings.language is not None:
        meant = locate(named, settings.language)
        if settings.language in detect.found(meant.root):
            place = meant
    return place, settings


def kind(place: Place, language: str | None) -> Detected:
    """Return what a project is built with.

    :param language: what the user or the configuration has chosen, or None
    :raises ProjectError: nothing can be built, or the build system is ambiguous
    """
    if place.file:
        return detect.Detected(_single(Path(place.file)))
    found = detect.detect(place.root, language)
    if place.every and not LANGUAGES[found.language].patterns:
        able = " or ".join(one.title for one in LANGUAGES.values() if one.patterns)
        raise ProjectError(
            f"{EVERY} means all parts of a {able}, which {shown(place.root)} is not",
            "name the folder of the project",
        )
    alone = (
        [path.name for path in place.start.iterdir() if _single(path)]
        if place.root != place.start
        else []
    )
    if len(alone) == 1 and not LANGUAGES[found.language].patterns and not detect.found(place.start):
        marker = shown(place.root / detect.found(place.root).get(found.language, ""))
        return detect.Detected(
            found.language,
            f"{shown(place.start)} is part of the project of {marker};"
            f" xxpy build {alone[0]} compiles only that file",
        )
    return found


def _single(path: Path) -> str:
    """Return the language for which a file of this name is a whole project, or ""."""
    return next(
        (
            name
            for name, language in LANGUAGES.items()
            if language.single and path.suffix in language.suffixes
        ),
        "",
    )


def _of_file(path: Path, named: Path) -> Place:
    """Return the place of a source file.

    :raises ProjectError: it is not a source in C or C++
    """
    if not _single(path) or not path.is_file():
        markers = {name for language in LANGUAGES.values() for name in language.markers}
        suffixes = {
            suffix
            for language in LANGUAGES.values()
            for suffix in language.suffixes
            if not language.single
        }
        folder = path.name in markers or path.suffix in suffixes
        hint = (
            f"name its folder: {shown(path.parent)}"
            if folder
            else "name a folder, or a file that ends in .c, .cc or .cpp"
        )
        raise ProjectError(f"{named} is not a source file in C or C++", hint)
    return Place(path.parent, path.parent, file=path.name)


def _above(start: Path, language: str | None) -> Path | None:
    """Return the folder of the project that *start* belongs to, or None."""
    repository = next(
        (folder for folder in (start, *start.parents) if (folder / _GIT).exists()), start
    )
    for folder in (start, *start.parents):
        if not readable(folder):
            break
        inside = repository in {folder, *folder.parents}
        there = {
            name: folder / marker
            for name, marker in detect.found(folder).items()
            if language in {None, name}
        }
        roots = [
            root
            for name, marker in there.items()
            if (root := LANGUAGES[name].root(marker, start, inside=inside)) is not None
        ]
        if roots:
            return next((root for root in roots if root != folder), folder)
    return None
