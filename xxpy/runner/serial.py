"""Recognize a Makefile that is not safe for ``make -j``: a command needs what another one makes.

Such a build is done again from the start, with one job. Starting where it stopped would not do: a
command that failed may have left half a file, with a time that make takes for a good one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from xxpy.runner import helpers
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
            if header:
                name = Path(header).name
                return _makes(folder, name, {name})
            name = f"lib{library}"
            return _makes(folder, name, {f"{name}.a", f"{name}.so"})
        if _NO_FILE.search(line):
            return True
    return False


def _makes(folder: Path, name: str, files: set[str]) -> bool:
    """Return whether a build has made one of some files, or a Makefile of it has their name."""
    word = re.compile(rf"(?<![\w.+-]){re.escape(name)}(?![\w+-])")
    return any(files & set(found) for _, _, found in os.walk(folder)) or any(
        map(word.search, helpers.makefiles(folder))
    )
