"""Recognize a Makefile that is not safe for ``make -j``: a command needs what another one makes.

Such a build is done again from the start, with one job. Starting where it stopped would not do: a
command that failed may have left half a file, with a time that make takes for a good one.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Final

from xxpy.runner.follow import last_output
from xxpy.runner.missing import HEADER, LIBRARY

NOTE: Final = (
    "# make -j has failed, as a command needed what another one makes: again with one job\n"
)
"""The first line of the log of the second build."""
_PARALLEL: Final = "*** Waiting for unfinished jobs"
_END: Final = 1 << 20
"""Bytes at the end of a log that are read."""
_NEEDS: Final = re.compile(f"{HEADER}|{LIBRARY}")
"""A header or library that is missing; the project itself may make it."""
_MAKEFILE: Final = re.compile(r"akefile$|\.(?:mk|mak|make)$")
_NO_FILE: Final = re.compile(
    r"unable to open output file|can(?:no|')t create |opening dependency file|error opening '"
    r"|cannot (?:stat|create|open|access)|No such file or directory|File exists"
    r"|: not found$|file truncated|file not recognized|file format not recognized"
)
"""What tools say about a file or a folder that is not there yet, or only half."""


def is_race(log: Path, folder: Path) -> bool:
    """Return whether a build has failed because commands ran side by side.

    :param folder: the folder that it ran in
    """
    lines = last_output(log, _END)
    if not any(_PARALLEL in line for line in lines):
        return False
    for line in lines:
        needs = _NEEDS.search(line)
        if needs is not None:
            header, library = needs["HEADER"], needs["LIBRARY"]
            name = Path(header).name if header else f"lib{library}"
            return _makes(folder, name if header else f"{name}.a", name)
        if _NO_FILE.search(line):
            return True
    return False


def empty(folder: Path) -> None:
    """Remove what is in a folder, which stays because it is held."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _makes(folder: Path, file: str, name: str) -> bool:
    """Return whether a build has made a file, or a makefile of it has a name of the file."""
    word = re.compile(rf"(?<![\w.+-]){re.escape(name)}(?![\w+-])")
    for place, _, files in os.walk(folder):
        if file in files:
            return True
        makefiles = (Path(place, each) for each in files if _MAKEFILE.search(each))
        if any(
            word.search(path.read_text("utf-8", "replace")) for path in makefiles if path.is_file()
        ):
            return True
    return False
