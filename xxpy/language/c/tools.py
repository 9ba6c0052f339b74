"""Which programs of the build machine C and C++ projects use, by the files of their build systems.

Only tools of ``toolchains/machine/tools.toml`` count. A tool is sure if the build stops without it;
all others may be optional.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.language.c import m4, marks, scripts
from xxpy.language.c.needs import own_files, script_of, stops
from xxpy.language.language import Tool
from xxpy.language.texts import text_of
from xxpy.machine import advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_MACROS: Final = (
    r"AC_PROG_YACC|AC_PROG_LEX|AM_GNU_GETTEXT(?:_VERSION)?|IT_PROG_INTLTOOL|GTK_DOC_CHECK"
    r"|PKG_CHECK_MODULES|PKG_PROG_PKG_CONFIG|GLIB_GSETTINGS|AM_PATH_PYTHON"
)
"""Macros that look for a tool whose name they do not give."""
_CHECKS: Final = r"AC_PATH_PROGS?|AC_CHECK_PROGS?|AC_CHECK_TOOLS?"
"""Macros with a variable and the names of a program."""
_WORD: Final = re.compile(r"[A-Za-z][\w.+-]*")
_OPTIONAL: Final = re.compile(r"\brequired\s*:\s*(?!true\b)")
_VARIABLE: Final = re.compile(r"(?m)^(?:override\s+|export\s+)?\w+\s*[:?]?=[ \t]*([\w.+-]+)[ \t]*$")
"""A variable of a Makefile whose value is one word."""


def _tools(names: Iterable[str], where: str, *, sure: bool = False) -> Iterator[Tool]:
    """Yield the tools that are in the table; of several names any is enough."""
    listed = [name for name in names if _WORD.fullmatch(name)]
    known = [(advice.tool(name), name) for name in listed]
    if known and all(name is not None for name, _ in known):
        name, program = known[0]
        yield Tool(name or "", program, where, sure)


def autotools(folder: Path, /) -> Iterator[Tool]:
    """Yield the tools that ``configure.ac`` looks for; a release may do without any of them."""
    path = script_of(folder)
    if path is None:
        return
    script = (folder / "configure").is_file()
    for call in m4.calls(text_of(path), _MACROS, _CHECKS):
        where = f"{path.name}:{call.line}: {call.name}"
        if re.fullmatch(_CHECKS, call.name):
            yield from _tools(call.argument(1).split(), where)
        elif not (script and call.name == "AM_GNU_GETTEXT_VERSION"):
            sure = call.name == "PKG_CHECK_MODULES" and call.always and stops(call)
            yield from _tools([call.name], where, sure=sure)


def cmake(folder: Path, /) -> Iterator[Tool]:
    """Yield the tools that CMake's files look for."""
    for relative, text in own_files(folder, "CMakeLists.txt"):
        for call in scripts.cmake(text, "find_package", "find_program"):
            where = f"{relative}:{call.line}: {call.name}"
            sure = call.always and "REQUIRED" in call.words
            if call.name == "find_package":
                yield from _tools(call.words[:1], where, sure=sure)
            else:
                yield from _tools(_program_names(call), where, sure=sure)


def _program_names(call: scripts.Call) -> list[str]:
    """Return the names that ``find_program`` looks for."""
    return list(call.after("NAMES")) or list(call.words[1:2])


def meson(folder: Path, /) -> Iterator[Tool]:
    """Yield the programs and modules that Meson's files use."""
    for relative, text in own_files(folder, "meson.build"):
        for call in scripts.meson(text, "find_program", "import"):
            where = f"{relative}:{call.line}: {call.name}"
            sure = call.name == "find_program" and call.always and not _OPTIONAL.search(call.text)
            yield from _tools(call.words, where, sure=sure)


def make(folder: Path, /) -> Iterator[Tool]:
    """Yield the tools that the variables of a Makefile name."""
    path = marks.makefile(folder)
    if path is None:
        return
    text = text_of(path)
    for found in _VARIABLE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield from _tools([found[1]], f"{path.name}:{line}")
