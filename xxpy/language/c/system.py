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

    :param texts: the Makefiles and scripts that hold the step
    """
    return not context.kit.target.row.file.program_suffix or any(map(_ENDING.search, texts))
