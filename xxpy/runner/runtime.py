"""Put the shared libraries of a compiler's runtime beside the programs that need them.

Windows looks for the DLLs of a program in its folder and in its own folders
(https://learn.microsoft.com/windows/win32/dlls/dynamic-link-library-search-order). Those of GCC,
such as ``libstdc++-6.dll``, are in neither: a program that needs one only starts if somebody puts
it there.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.binary import inspect, is_archive, is_binary
from xxpy.errors import VerificationError
from xxpy.machine import programs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.runner.plan import Step

_LIBRARIES: Final = re.compile("^libraries: =?(.*)$", re.MULTILINE)
"""What ``-print-search-dirs`` prints (https://gcc.gnu.org/onlinedocs/gcc/Overall-Options.html)."""


def add(step: Step, stage: Path, environment: Mapping[str, str]) -> None:
    """Copy the libraries of the compiler's runtime that results need into their folders.

    What the project has made itself is left alone, wherever it is.

    :param environment: the variables of the step's commands
    :raises ToolError: the compiler does not say where its libraries are
    """
    if not step.runtime:
        return
    waiting = [path for path in stage.rglob("*") if path.is_file() and not path.is_symlink()]
    made = {path.name.lower() for path in waiting}
    copied: set[Path] = set()
    folders: list[Path] | None = None
    while waiting:
        path = waiting.pop()
        for name in _needed(path):
            place = path.with_name(name)
            if name.lower() in made or place in copied:
                continue
            folders = _folders(step, environment) if folders is None else folders
            found = next((each / name for each in folders if (each / name).is_file()), None)
            if found is not None:
                shutil.copy2(found, place)
                copied.add(place)
                waiting.append(place)


def _needed(path: Path) -> Iterator[str]:
    """Yield the names of the libraries that a program or library needs."""
    if not is_binary(path) or is_archive(path):
        return
    try:
        descriptions = inspect(path)
    except VerificationError:
        return  # verifying the results says what is wrong
    for description in descriptions:
        yield from (name for name in description.needed if Path(name).name == name)


def _folders(step: Step, environment: Mapping[str, str]) -> list[Path]:
    """Return the folders in which the compiler looks for libraries."""
    said = programs.answer([*step.runtime, "-print-search-dirs"], environment)
    found = _LIBRARIES.search(said)
    return [] if found is None else [Path(each) for each in found[1].split(os.pathsep) if each]
