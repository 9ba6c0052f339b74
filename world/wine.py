"""A Windows for wine, with the libraries that wine lacks, made once by ``xxpy exec``."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from world.build import XXPY

if TYPE_CHECKING:
    from world.pairs import Goal

_SOURCE: Final = Path(__file__).with_name("bcryptprimitives.c")
_SYSTEM: Final = "drive_c/windows/system32"


def variables(goal: Goal) -> dict[str, str]:
    """Return the variables with which wine runs programs for a platform.

    Go's runtime loads libraries from the folder of Windows only, so ``WINEPATH`` is not enough.
    """
    if goal.linux:
        return {}
    prefix = Path(platformdirs.user_cache_dir("xxpy-world")) / "wine" / goal.folder
    found = {"WINEPREFIX": str(prefix), "WINEDEBUG": "-all"}
    library = prefix / _SYSTEM / f"{_SOURCE.stem}.dll"
    if not library.is_file():
        shutil.rmtree(prefix, ignore_errors=True)
        prefix.mkdir(parents=True)
        subprocess.run(
            ("wineboot", "--init"), check=True, env={**os.environ, **found}, capture_output=True
        )
        words = ("exec", "--platform", goal.platform, "--cc", "zig", "--", "sh", "-c")
        script = 'exec $CC -shared -o "$1" "$0" -ladvapi32'
        subprocess.run((*XXPY, *words, script, str(_SOURCE), str(library)), check=True, cwd=prefix)
    return found
