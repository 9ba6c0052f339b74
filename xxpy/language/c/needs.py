"""What C and C++ projects need of the target in any case, by the files of their build systems."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.language.c import m4, scripts
from xxpy.language.texts import text_of
from xxpy.sysroot.needs import Kind, Need, Thing, need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MODULE: Final = re.compile(r"[A-Za-z][\w.+-]*")
_MACROS: Final = ("PKG_CHECK_MODULES", "AC_CHECK_LIB", "AC_SEARCH_LIBS", "AC_CHECK_HEADERS?")
"""The macros that look for something of the target."""
_IF_MISSING: Final = 3
"""The argument that says what to do if a module or library is missing."""
_GIVES_UP: Final = "AC_MSG_ERROR"
_HEADER: Final = re.compile(r"[\w./+-]+\.h(?:h|pp|xx)?")
_FILES: Final = {"CMakeLists.txt": "add_subdirectory", "meson.build": "subdir"}
"""The files of build systems that include those of other folders, and the call that does so."""
_MOST: Final = 200
"""How many such files of a project are read."""
_FALSE: Final = re.compile(r"\brequired\s*:\s*(?!true\b)")
_NATIVE: Final = re.compile(r"\bnative\s*:\s*true\b")
_COMPONENTS: Final = ("COMPONENTS", "REQUIRED")


def own_files(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield the build files that are part of every build: their relative paths and their texts.

    :param name: ``CMakeLists.txt`` or ``meson.build``
    """
    read = scripts.cmake if name == "CMakeLists.txt" else scripts.meson
    waiting, seen = [folder / name], set[str]()
    while waiting and len(seen) < _MOST:
        path = waiting.pop(0)
        relative = path.relative_to(folder).as_posix()
        if relative in seen or not path.is_file():
            continue
        seen.add(relative)
        text = text_of(path)
        yield relative, text
        for call in read(text, _FILES[name]):
            if call.always and call.words and ".." not in call.words[0]:
                below = path.parent / call.words[0].lstrip("/") / name
                waiting += [below] if below.is_relative_to(folder) else []


def autotools(folder: Path, /) -> Iterator[Need]:
    """Yield what ``configure.ac`` checks for and stops without."""
    path = script_of(folder)
    if path is not None:
        for call in m4.calls(text_of(path), *_MACROS):
            yield from _macro(call, f"{path.name}:{call.line}: {call.name}")


def script_of(folder: Path) -> Path | None:
    """Return the source of a ``configure`` script, or None."""
    paths = (folder / name for name in ("configure.ac", "configure.in"))
    return next((path for path in paths if path.is_file()), None)


def _macro(call: m4.Call, where: str) -> Iterator[Need]:
    """Yield what one macro needs, if the script stops without it."""
    if not call.always:
        return
    first, second, fourth = call.argument(0), call.argument(1), call.argument(_IF_MISSING)
    if call.name == "PKG_CHECK_MODULES":
        if stops(call):
            for module in modules(second):
                yield module_need(module, f"{where}({first})")
        return
    missing = call.argument(2) if call.name.startswith("AC_CHECK_HEADER") else fourth
    if _GIVES_UP not in missing:
        return
    if call.name == "AC_CHECK_LIB" and _MODULE.fullmatch(first):
        yield need(Kind.LIBRARY, first, where=f"{where}({first})")
    elif call.name == "AC_SEARCH_LIBS" and second.split():
        yield need(Kind.LIBRARY, *second.split(), where=f"{where}({first})")
    elif call.name.startswith("AC_CHECK_HEADER"):
        for header in filter(_HEADER.fullmatch, first.split()):
            yield need(Kind.HEADER, header, where=f"{where}({header})")


def stops(call: m4.Call) -> bool:
    """Whether ``PKG_CHECK_MODULES`` stops the script if a module is missing."""
    return len(call.arguments) <= _IF_MISSING or _GIVES_UP in call.argument(_IF_MISSING)


def modules(text: str) -> Iterator[str]:
    """Yield the modules in a list with versions.

    >>> list(modules("glib-2.0 >= 2.40 zlib>=1.2 $extra"))
    ['glib-2.0', 'zlib']
    """
    for word in re.sub(r"(?:[<>!]=?|=)\s*\S+", " ", text).replace(",", " ").split():
        if _MODULE.fullmatch(word):
            yield word


def module_need(name: str, where: str) -> Need:
    """Return the need for a module of pkg-config, which may be known in other ways."""
    return Need((Thing(Kind.MODULE, name), Thing(Kind.CMAKE, name)), where)


def cmake(folder: Path, /) -> Iterator[Need]:
    """Yield the packages and modules that CMake's files require outside conditions."""
    for relative, text in own_files(folder, "CMakeLists.txt"):
        for call in scripts.cmake(text, "find_package", "pkg_check_modules"):
            if not call.always or "REQUIRED" not in call.words or not call.words:
                continue
            where = f"{relative}:{call.line}: {call.name}({call.words[0]})"
            if call.name == "find_package":
                yield need(Kind.CMAKE, call.words[0], where=where)
                yield from _components(call, where)
            else:
                kept = (word for word in call.words[1:] if not word.isupper())
                for module in modules(" ".join(kept)):
                    yield module_need(module, where)


def _components(call: scripts.Call, where: str) -> Iterator[Need]:
    """Yield the components of a package, which are packages of CMake or libraries."""
    name = call.words[0]
    for component in call.after(*_COMPONENTS):
        if _MODULE.fullmatch(component):
            things = (
                Thing(Kind.CMAKE, f"{name}{component}"),
                Thing(Kind.LIBRARY, f"{name.lower()}_{component}"),
            )
            yield Need(things, where)


def meson(folder: Path, /) -> Iterator[Need]:
    """Yield the dependencies and libraries that Meson's files require outside conditions."""
    for relative, text in own_files(folder, "meson.build"):
        for call in scripts.meson(text, "dependency", "find_library"):
            if (
                not call.always
                or not call.words
                or _FALSE.search(call.text)
                or _NATIVE.search(call.text)
            ):
                continue
            where = f"{relative}:{call.line}: {call.name}('{call.words[0]}')"
            if call.name == "find_library":
                yield need(Kind.LIBRARY, call.words[0], where=where)
            else:
                things = [
                    Thing(kind, word) for word in call.words for kind in (Kind.MODULE, Kind.CMAKE)
                ]
                yield Need(tuple(things), where)
