"""Find the options of projects that leave out what fails.

That is a folder that is missing, most often a test framework in a submodule, which archives leave
out; a library that the platform lacks; the project's tests; the rule that warnings are errors; or
the versions of symbols. Nothing is run.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.language.c import marks, scripts
from xxpy.language.texts import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CMAKE: Final = "cmake"
_MESON: Final = "meson"
_AUTOTOOLS: Final = "autotools"
_FOLDER: Final = re.compile(
    r"CMake Error at (?P<file>[^\s:/][^:]*):(?P<line>\d+) \((?:add_subdirectory|include)\)"
)
_FINDERS: Final = ("find_package", "pkg_check_modules", "pkg_search_module", "find_dependency")
_PACKAGE: Final = re.compile(
    r"(?:CMake Error at |\s+)(?P<file>[^\s:/][^:]*):(?P<line>\d+)"
    rf" \((?:{'|'.join(_FINDERS)})\)"
)
"""The project's own line in a stack of calls."""
_WORD: Final = re.compile(r"(?P<no>\bNOT\s+)?\b(?P<name>\w+)", re.IGNORECASE)
_THREADS: Final = "Threads"
"""The package that CMake finds with every compiler."""
_OPTIONS: Final = ("option", "cmake_dependent_option", "set")
_NEGATIVE: Final = re.compile(r"(?:^|_)(?:NO|WITHOUT|DISABLE|SKIP)(?:_|$)", re.IGNORECASE)
"""The name of an option that leaves something out."""
_TESTS: Final = re.compile(r"(?:^|_)(?:unit_?)?test(?:s|ing)?(?:_|$)", re.IGNORECASE)
_FATAL: Final = re.compile(
    r"(?:^|_)(?:WERROR|WARN(?:ING)?S?_(?:(?:AS|ARE|IS)_)?(?:ERRORS?|FATAL)|FATAL_WARNINGS?)(?:_|$)",
    re.IGNORECASE,
)
"""The name of an option that makes errors of warnings."""
_MESON_FATAL: Final = re.compile(r"\bwerror'?\s*[=:]\s*'?true\b")
"""Meson's own option for that, among the defaults of a project."""
_CMAKE_FATAL: Final = "CMAKE_COMPILE_WARNING_AS_ERROR"
_CMAKE_NOT_FATAL: Final = "--compile-no-warning-as-error"
"""CMake's own variable for that, and the argument that overrides it
(https://cmake.org/cmake/help/latest/manual/cmake.1.html)."""
_CONFIGURE_FATAL: Final = ("werror", "fatal-warnings", "warnings-as-errors")
_CONFIGURE_VERSIONS: Final = (
    "symvers",
    "symbol-versioning",
    "versioned-symbols?",
    "ld-version-script",
)
"""Patterns of names that such an option of a configure script has."""
_OFF: Final = frozenset({"OFF", "NO", "FALSE", "0", "N"})
_MESON_OPTION: Final = re.compile(
    r"option\(\s*'(?P<name>\w+)'\s*,[^)]*?type\s*:\s*'(?P<type>boolean|feature)'(?P<rest>[^)]*)"
)
_MESON_OFF: Final = {"boolean": "false", "feature": "disabled"}
_MESON_FILES: Final = ("meson.options", "meson_options.txt")
_DEEPEST: Final = 8
"""How many folders above the one with the error may have the condition."""


def without_folders(said: Iterable[str], folder: Path, language: str) -> tuple[str, ...]:
    """Return the arguments for CMake that leave out what needs missing folders or files, or ().

    :param said: the lines that the build system has printed
    :param folder: the project's folder
    :param language: the build system; only CMake says with which call it has failed
    """
    return _settings(_FOLDER, said, folder) if language == _CMAKE else ()


def without_packages(said: Iterable[str], folder: Path, language: str) -> tuple[str, ...]:
    """Return the arguments for CMake that leave out what needs missing packages, or ().

    The parameters are those of :func:`without_folders`.
    """
    return _settings(_PACKAGE, said, folder) if language == _CMAKE else ()


def further_packages(
    said: Iterable[str], folder: Path, language: str
) -> tuple[tuple[str, str], ...]:
    """Return what CMake looks for after the missing package, and how it builds without each.

    The parameters are those of :func:`without_folders`.

    :return: packages that the same file requires, each with an argument for CMake
    """
    error = next(filter(None, map(_PACKAGE.match, said)), None) if language == _CMAKE else None
    if error is None:
        return ()
    file, line = os.path.normpath(error["file"]), int(error["line"])
    own, found = _setting(folder, file, line), dict[str, str]()
    for call in scripts.cmake(text_of(folder / file), *_FINDERS) if own else ():
        if call.line <= line or "REQUIRED" not in call.words or call.words[0] == _THREADS:
            continue
        setting = _setting(folder, file, call.line)
        if setting is not None and setting != own:
            found.setdefault(setting, call.words[0])
    return tuple((name, setting) for setting, name in found.items())


def without_tests(folder: Path, language: str) -> tuple[str, ...]:
    """Return the arguments for CMake or Meson that leave out the project's tests, or ().

    :param folder: the project's folder
    :param language: the build system
    """
    return tuple(_switches(_TESTS, folder, language))


def without_fatal_warnings(folder: Path, language: str) -> tuple[str, ...]:
    """Return the arguments with which warnings are no errors, or ().

    The parameters are those of :func:`without_tests`; for ``autotools``, the arguments are for
    ``configure``.
    """
    return tuple(_switches(_FATAL, folder, language)) or tuple(_own_switches(folder, language))


def without_symbol_versions(folder: Path, language: str) -> tuple[str, ...]:
    """Return the arguments for ``configure`` that build shared libraries without a version script.

    The parameters are those of :func:`without_tests`.
    """
    return _disabled(_CONFIGURE_VERSIONS, folder) if language == _AUTOTOOLS else ()


def _own_switches(folder: Path, language: str) -> Iterator[str]:
    """Yield the build system's own argument with which warnings are no errors, if they are."""
    if language == _CMAKE:
        if any(_CMAKE_FATAL in call.words for call in _calls(folder, "set")):
            yield _CMAKE_NOT_FATAL
    elif language == _MESON:
        if _MESON_FATAL.search(text_of(folder / marks.MESON)):
            yield "-Dwerror=false"
    elif language == _AUTOTOOLS:
        yield from _disabled(_CONFIGURE_FATAL, folder)


def _disabled(names: Iterable[str], folder: Path) -> tuple[str, ...]:
    """Return the arguments that turn off options of a configure script.

    :param names: patterns of their names
    """
    option = re.compile(rf"--(?:en|dis)able-(?P<name>{'|'.join(names)})\b")
    files = filter(Path.is_file, (folder / name for name in marks.AUTOTOOLS))
    found = (one["name"] for path in files for one in option.finditer(text_of(path)))
    return tuple(dict.fromkeys(f"--disable-{name}" for name in found))


def _switches(name: re.Pattern[str], folder: Path, language: str) -> Iterator[str]:
    """Yield the arguments that turn off the options with such names that are not off by default."""

    def meant(option: str) -> bool:
        return name.search(option) is not None and not _NEGATIVE.search(option)

    if language == _CMAKE:
        for call in _calls(folder, "option"):
            if call.words and meant(call.words[0]) and call.words[-1].upper() not in _OFF:
                yield f"-D{call.words[0]}=OFF"
    names = _MESON_FILES if language == _MESON else ()
    texts = (text_of(folder / name) for name in names if (folder / name).is_file())
    for one in (one for text in texts for one in _MESON_OPTION.finditer(text)):
        if meant(one["name"]) and (off := _MESON_OFF[one["type"]]) not in one["rest"]:
            yield f"-D{one['name']}={off}"


def _calls(folder: Path, *names: str) -> Iterator[scripts.Call]:
    """Yield the calls of some commands in the project's first CMake file."""
    return scripts.cmake(text_of(folder / marks.CMAKE), *names)


def _settings(pattern: re.Pattern[str], said: Iterable[str], folder: Path) -> tuple[str, ...]:
    found = dict[str, None]()
    for error in filter(None, map(pattern.match, said)):
        setting = _setting(folder, os.path.normpath(error["file"]), int(error["line"]))
        if setting is None:
            return ()
        found[setting] = None
    return tuple(found)


def _setting(folder: Path, file: str, line: int) -> str | None:
    """Return the argument that turns off the nearest option on which a line depends."""
    path = folder / file
    for _ in range(_DEEPEST):
        if not path.is_relative_to(folder) or not path.is_file():
            return None
        text = text_of(path)
        declared = _declared(folder, text)
        for condition in reversed(scripts.cmake_conditions(text, line)):
            words = _WORD.finditer(condition)
            option = next((word for word in words if word["name"] in declared), None)
            if option is not None and option["no"] and not _NEGATIVE.search(option["name"]):
                return None  # with -DBUILD_ZLIB=ON, the project or its user builds zlib
            if option is not None:
                return f"-D{option['name']}={'ON' if option['no'] else 'OFF'}"
        below, path = path.parent, path.parent.parent / marks.CMAKE
        line = next(_includes(path, below.name), 0)
    return None


def _declared(folder: Path, text: str) -> frozenset[str]:
    """Return the options that a CMake file and that of the project declare, and CTest's own."""
    texts = (text, text_of(folder / marks.CMAKE))
    calls = (call for one in texts for call in scripts.cmake(one, *_OPTIONS))
    named = (
        call.words[0]
        for call in calls
        if call.words and (call.name != "set" or "CACHE" in call.words)
    )
    return frozenset((*named, "BUILD_TESTING"))


def _includes(path: Path, name: str) -> Iterator[int]:
    """Yield the lines of a CMake file that add the folder of this name."""
    if path.is_file():
        for call in scripts.cmake(text_of(path), "add_subdirectory"):
            if call.words and call.words[0].rstrip("/").rpartition("/")[2] == name:
                yield call.line
