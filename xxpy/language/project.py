"""Find the project that a folder belongs to, as go and cargo do: upwards.

=====================  ================================================================================
``go.mod``             the nearest, wherever it is; the folder is then a package of the module
``go.work``            likewise, where no module is nearer: every module that it uses
``Cargo.toml``         the nearest, and from it the workspace that it belongs to
others                 the nearest within the same git repository: ``CMakeLists.txt`` with ``project()`` …
=====================  ================================================================================

The configuration is the nearest between the folder that was named and the project's own, which is where ``dist`` is put.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import configuration
from xxpy.errors import ProjectError
from xxpy.language import c, detect, evidence
from xxpy.language.c import source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.configuration import Configuration
    from xxpy.language.detect import Detected

_EVERY: Final = "..."
"""What ends a pattern of Go packages that means every one below."""
_GIT: Final = ".git"


@dataclass(frozen=True, slots=True)
class Place:
    """What a user named: a project, or a part of one.

    :param root: the folder of the project, absolute
    :param start: the folder that was named, absolute
    :param file: the C or C++ file that was named, or ""
    :param every: whether every Go package below *start* was asked for (``./...``)
    :param above: the nearest folder above with a configuration, where *start* belongs to no project
    """

    root: Path
    start: Path
    file: str = ""
    every: bool = False
    above: Path | None = None

    def settings(self, file: Path | None = None) -> Configuration:
        """Return the configuration: that of *file*, else the nearest from the folder that was named up to the project's own.

        :raises ConfigurationError: it is faulty
        """
        if file is not None:
            return configuration.load_file(file)
        folder = self._configured()
        return configuration.Configuration() if folder is None else configuration.load(folder)

    def whole(self) -> Place:
        """Return the place for a command that builds nothing itself: below a configuration it heeds that, whatever is built there."""
        return self if self.above is None or self._configured() is not None else replace(self, root=self.above)

    def _configured(self) -> Path | None:
        between = [folder for folder in self.start.parents if self.root in {folder, *folder.parents}]
        folders = dict.fromkeys((self.start, *between, self.root))
        return next((folder for folder in folders if _readable(folder) and configuration.exists(folder)), None)

    def rebased(self, arguments: tuple[str, ...]) -> tuple[str, ...]:
        """Return arguments of go, with packages that are named as seen from *start* named as seen from the project's folder."""
        return tuple(self._seen(word) if word in {".", ".."} or word.startswith(("./", "../")) else word for word in arguments)

    def _seen(self, word: str) -> str:
        path = os.path.relpath(os.path.normpath(self.start / word), self.root)
        return path if path in {".", ".."} or path.startswith("../") else f"./{path}"  # "..." alone is all that Go knows


def locate(named: Path, language: str | None = None) -> Place:
    """Return the project that a folder or file belongs to; what is wrong with a folder :func:`kind` says.

    :param named: the folder or file that the user has named, which need not exist; ``cmd/...`` is all of Go below it
    :param language: the kind of project, where the user says it
    :raises ProjectError: a file that is no source in C or C++
    """
    path = named.absolute()
    if path.exists() and not path.is_dir():
        return _of_file(path, named)
    every = path.name == _EVERY
    start = Path(os.path.normpath(path.parent if every else path))
    if not start.is_dir() or not _readable(start):
        return Place(start, start)
    root = _above(start, language)
    if root is not None:
        return Place(root, start, every=every)
    above = next((folder for folder in start.parents if _readable(folder) and configuration.exists(folder)), None)
    return Place(start, start, every=every, above=above)


def read(named: Path, language: str | None, config: Path | None) -> tuple[Place, Configuration]:
    """Return the project that a folder or file belongs to, and its configuration, which may say what kind of project is meant.

    :param config: the file with the configuration, where the user says it
    :raises ProjectError: a file that is no source in C or C++
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

    :param language: what the user or the configuration says, or None
    :raises ProjectError: nothing can be built, or several build systems may be meant
    """
    if place.file:
        return detect.Detected("c")
    found = detect.detect(place.root, language)
    if place.every and found.language != "go":
        raise ProjectError(f"a pattern of Go packages, and {shown(place.root)} is no Go module", "name the folder of the project")
    alone = [path.name for path in source.sources(place.start)] if place.root != place.start else []
    if len(alone) == 1 and found.language != "go" and not detect.found(place.start):
        marker = shown(place.root / detect.found(place.root).get(found.language, ""))
        return detect.Detected(
            found.language, f"{shown(place.start)} is part of the project of {marker}; xxpy build {alone[0]} compiles that file alone"
        )
    return found


def parts(place: Place, language: str) -> tuple[str, ...]:
    """Return the parts of a project that were named, as its build tool calls them: packages of Go or Cargo; none means all."""
    match language:
        case "go":
            return tuple(_go_packages(place))
        case "rust":
            return tuple(_cargo_packages(place))
        case _:
            return ()


def shown(path: Path) -> str:
    """Return a path as seen from where the user stands, if it is below."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _of_file(path: Path, named: Path) -> Place:
    if path.suffix not in c.C_SUFFIXES | c.CXX_SUFFIXES or not path.is_file():
        markers = {name for names in (*detect.MARKERS.values(), *detect.BUILD_SYSTEMS.values()) for name in names}
        folder = path.name in markers or path.suffix in {".go", ".rs"}
        hint = f"name its folder: {shown(path.parent)}" if folder else "name a folder, or a file that ends in .c, .cc or .cpp"
        raise ProjectError(f"{named} is no source in C or C++", hint)
    return Place(path.parent, path.parent, file=path.name)


def _readable(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def _above(start: Path, language: str | None) -> Path | None:
    """Return the folder of the project that *start* belongs to, or None."""
    repository = next((folder for folder in (start, *start.parents) if (folder / _GIT).exists()), start)
    for folder in (start, *start.parents):
        if not _readable(folder):
            break
        inside = repository in {folder, *folder.parents}
        kinds = [name for name in detect.found(folder) if language in {None, name} and _claims(name, folder, start, inside=inside)]
        if kinds:
            return _workspace(folder) if "rust" in kinds else folder
    return None


def _claims(name: str, folder: Path, start: Path, *, inside: bool) -> bool:
    """Whether a build system in *folder* builds what is in *start*: in this very folder, or below it.

    :param inside: whether the folder is in the same repository
    """
    match name:
        case "go":
            return folder == start or evidence.has_go(start)
        case "rust":
            return folder == start or inside or not source.sources(start)
        case "cmake" | "meson":
            return inside and evidence.is_top(folder / detect.found(folder)[name])
        case _:
            return inside


def _workspace(folder: Path) -> Path:
    """Return the folder of the Cargo workspace that the package in *folder* belongs to, or *folder* without one."""
    document = evidence.manifest(folder)
    named = document.get("package", {}).get("workspace")
    if "workspace" in document or named is not None:
        return folder if named is None else Path(os.path.normpath(folder / named))
    for above in folder.parents:
        workspace = evidence.manifest(above).get("workspace")
        if workspace is not None:
            excluded = {above / name for name in workspace.get("exclude", ())}
            return above if excluded.isdisjoint({folder, *folder.parents}) else folder
    return folder


def _go_packages(place: Place) -> Iterator[str]:
    if (place.root / "go.mod").is_file():
        if place.start == place.root:
            return
        inner = f"./{place.start.relative_to(place.root).as_posix()}"
        own = any(path.suffix == ".go" and not path.name.endswith("_test.go") for path in place.start.iterdir())
        yield inner if own and not place.every else f"{inner}/{_EVERY}"
        return
    for folder in evidence.used_modules(place.root):
        if place.start in {folder, *folder.parents}:
            inner = os.path.relpath(folder, place.root)
            yield f"./{_EVERY}" if inner == "." else f"./{inner}/{_EVERY}"


def _cargo_packages(place: Place) -> Iterator[str]:
    """Yield the name of the Cargo package that a folder in a workspace belongs to."""
    for folder in (place.start, *place.start.parents):
        if folder == place.root:
            return
        name = evidence.manifest(folder).get("package", {}).get("name")
        if isinstance(name, str):
            yield name
            return
