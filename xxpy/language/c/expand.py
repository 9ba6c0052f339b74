"""Say in terms of files what a project or its build system names otherwise.

``find_package(ZLIB)`` is a file ``FindZLIB.cmake``, of the project or of CMake, which names a
header and a library. The libraries of a function, and the modules behind a variable, are in
``configure.ac``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.language.c import m4, scripts
from xxpy.language.c.needs import modules, script_of
from xxpy.language.texts import below, text_of
from xxpy.machine import programs
from xxpy.sysroot.needs import Kind, Need, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAME: Final = re.compile(r"[\w.+/-]+")
_MODULES: Final = (
    "share/cmake*/Modules",
    "lib/python*/site-packages/cmake/data/share/cmake*/Modules",
)
_MADE_FROM: Final = (".in", ".cmake", ".meson", ".pl", ".py")
_GRAMMARS: Final = (".y", ".l", ".yy", ".ll")
_SEARCHES: Final = {"find_path": Kind.HEADER, "find_library": Kind.LIBRARY}
"""What CMake's commands look for."""
_AFTER_NAMES: Final = frozenset(
    {"PATHS", "HINTS", "DOC", "ENV", "REQUIRED", "PATH_SUFFIXES", "NO_DEFAULT_PATH"}
)
_NOT_NAMES: Final = frozenset({"NAMES", "NAMES_PER_DIR"})


def expand(needs: Iterable[Need], folder: Path) -> Iterator[Need]:
    """Yield needs in terms of files, without headers that are the project's own."""
    for need in needs:
        things = [found for thing in need.things for found in _things(thing, folder)]
        if things:
            yield replace(need, things=tuple(dict.fromkeys(things)))


def _things(thing: Thing, folder: Path) -> Iterator[Thing]:
    """Yield what a thing may be."""
    match thing.kind:
        case Kind.FUNCTION:
            yield from _libraries(thing.name, folder)
        case Kind.HEADER if _is_own(thing.name, folder):
            return
        case Kind.CMAKE:
            yield thing
            yield from _of_module(thing.name, folder)
        case Kind.VARIABLE:
            yield from _of_search(thing.name, folder)
        case Kind.MODULE:
            yield from _of_variable(thing.name, folder)
            yield thing
        case _:
            yield thing


def _is_own(header: str, folder: Path) -> bool:
    """Whether a project has a header itself, or makes it from another file."""
    name = header.rpartition("/")[2]
    stem = name.removesuffix(".h")
    names = {name, *(f"{name}{end}" for end in _MADE_FROM), *(f"{stem}{end}" for end in _GRAMMARS)}
    return any(path.name in names for path in below(folder, *names))


def _script(folder: Path) -> str:
    path = script_of(folder)
    return "" if path is None else text_of(path)


def _libraries(function: str, folder: Path) -> Iterator[Thing]:
    """Yield the libraries in which ``configure.ac`` looks for a function."""
    for call in m4.calls(_script(folder), "AC_SEARCH_LIBS"):
        if call.argument(0) == function:
            for library in call.argument(1).split():
                yield Thing(Kind.LIBRARY, library)


def _of_variable(name: str, folder: Path) -> Iterator[Thing]:
    """Yield the modules that ``configure.ac`` puts into variables with a prefix."""
    for call in m4.calls(_script(folder), "PKG_CHECK_MODULES"):
        if call.argument(0) == name:
            for module in modules(call.argument(1)):
                yield Thing(Kind.MODULE, module)


def _of_module(package: str, folder: Path) -> Iterator[Thing]:
    """Yield what the find module of a CMake package looks for: modules, headers, libraries."""
    path = _find_module(package, folder)
    if path is None:
        return
    text = text_of(path)
    for call in scripts.cmake(text, "pkg_check_modules", "pkg_search_module"):
        for module in modules(" ".join(word for word in call.words[1:] if not word.isupper())):
            yield Thing(Kind.MODULE, module)
    for command, kind in _SEARCHES.items():
        for call in scripts.cmake(text, command):
            yield from (Thing(kind, name) for name in _names(call))


def _of_search(variable: str, folder: Path) -> Iterator[Thing]:
    """Yield what CMake's files look for to set a variable."""
    for path in below(folder, "CMakeLists.txt", ".cmake"):
        text = text_of(path) if variable in text_of(path) else ""
        for call in scripts.cmake(text, *_SEARCHES):
            if call.words[:1] == (variable,):
                yield from (Thing(_SEARCHES[call.name], name) for name in _names(call))


def _names(call: scripts.Call) -> Iterator[str]:
    """Yield the names that ``find_path`` or ``find_library`` looks for."""
    for word in call.words[1:]:
        if word in _NOT_NAMES:
            continue
        if word in _AFTER_NAMES:
            return
        if _NAME.fullmatch(word):
            yield word


def _find_module(package: str, folder: Path) -> Path | None:
    """Return the file of a find module: the project's own, or CMake's."""
    name = f"Find{package}.cmake"
    own = next((path for path in below(folder, name) if path.name == name), None)
    if own is not None:
        return own
    places = (place / name for place in _module_folders())
    return next((path for path in places if path.is_file()), None)


@cache
def _module_folders() -> tuple[Path, ...]:
    """Return the folders with the find modules of this machine's CMake."""
    program = programs.which("cmake")
    if program is None:
        return ()
    prefixes = {Path(program).parents[1], Path(program).resolve().parents[1]}
    return tuple(found for prefix in prefixes for glob in _MODULES for found in prefix.glob(glob))
