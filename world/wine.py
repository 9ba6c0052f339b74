"""Libraries of Windows that wine lacks, built once by ``xxpy exec``."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from world.build import XXPY

if TYPE_CHECKING:
    from world.pairs import Goal

_SOURCE: Final = Path(__file__).with_name("bcryptprimitives.c")


def libraries(goal: Goal) -> tuple[str, ...]:
    """Return the folder with them for programs of a platform, if there are any."""
    if goal.linux:
        return ()
    folder = Path(platformdirs.user_cache_dir("xxpy-world")) / "wine" / goal.folder
    made = folder / f"{_SOURCE.stem}.dll"
    if not made.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        words = ("exec", "--platform", goal.platform, "--cc", "zig", "--", "sh", "-c")
        script = f'exec $CC -shared -o {made.name} "$0" -ladvapi32'
        subprocess.run((*XXPY, *words, script, str(_SOURCE)), check=True, cwd=folder)
    return (str(folder),)
