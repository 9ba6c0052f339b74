"""What Makefiles and handwritten scripts know of the system that they build for."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xxpy.language.c.common import Context

_ENDING: Final = re.compile(r"\bexe\b|_?EXE(?:EXT|SUFFIX|_SUFFIX|_EXT)?\b")
"""The ending of programs for Windows in a Makefile: ``.exe``, ``$(EXE)``, ``$(EXEEXT)``."""
_INSTALLS: Final = re.compile(r"^install[\w.-]*[ \t]*:", re.MULTILINE)
"""A rule that installs something."""
_SUFFIX: Final = re.compile(r"^[ \t]*(\w+)[ \t]*[:?]?=[ \t]*\.exe\b", re.MULTILINE)
"""A variable with the ending."""
_ASKED: Final = re.compile(r"(?:\$[({]|^[ \t]*ifn?def[ \t]+)(\w+)", re.MULTILINE)
"""A variable of which a Makefile uses the value."""
_COMMANDS: Final = re.compile(r"^[ \t]*SHELL[ \t]*[:?]?=[ \t]*\S*\bcmd\b", re.MULTILINE)
"""The shell of Windows, which understands its own commands only."""


def variables(context: Context, texts: Iterable[str]) -> dict[str, str]:
    """Return the variables of the platform's system, if Makefiles recognize it by one of them.

    The values are those of MSYS2, in keeping with its ``uname``. A Makefile that then takes the
    shell of Windows would build nothing.
    """
    uname = context.kit.target.row.uname
    listed = tuple(texts)
    known = uname.environment if uname is not None and uname.environment is not None else {}
    asked = {name for text in listed for name in _ASKED.findall(text)}
    if not context.foreign or asked.isdisjoint(known) or any(map(_COMMANDS.search, listed)):
        return {}
    return {name: value for name, value in known.items() if name not in context.environment}


def asks_for_system(context: Context, texts: Iterable[str]) -> bool:
    """Whether a build for another platform chooses what to build by ``uname``."""
    return context.foreign and any("uname" in text for text in texts)


def path(context: Context, *folders: Path) -> dict[str, str]:
    """Return the PATH with folders of the kit before it, or nothing without any."""
    if not folders:
        return {}
    return {"PATH": os.pathsep.join((*map(str, folders), context.environment["PATH"]))}


def names_programs(context: Context, texts: Iterable[str]) -> bool:
    """Whether an install step finds the platform's programs.

    The linker adds the ending of Windows to a name without one. An install step that does not know
    of the ending looks for a file that does not exist.

    :param texts: the Makefiles and scripts of the project
    """
    return not context.kit.target.row.file.program_suffix or knows_ending(texts)


def knows_ending(texts: Iterable[str]) -> bool:
    r"""Whether Makefiles that install something know the ending of programs for Windows.

    A Makefile that only builds, in another folder, may know of it while the one that installs does
    not.

    >>> knows_ending(["all:\n\tcc -o a.exe\n", "install: all\n\tcp a /usr/bin\n"])
    False
    >>> knows_ending(["EXT = .exe\n", "install: all\n\tcp a$(EXT) /usr/bin\n"])
    True
    """
    listed = tuple(texts)
    installing = [text for text in listed if _INSTALLS.search(text)] or listed
    names = {name for text in listed for name in _SUFFIX.findall(text)}
    return any(
        _ENDING.search(text) or any(f"({name})" in text or f"{{{name}}}" in text for name in names)
        for text in installing
    )
