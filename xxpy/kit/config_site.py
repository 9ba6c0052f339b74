"""``config.site`` of a kit: what the run tests of ``configure`` find on the target, where they cannot run and only guess.

Autoconf reads it by ``CONFIG_SITE`` before its own tests:
https://www.gnu.org/software/autoconf/manual/html_node/Site-Defaults.html The user's own file is
read first, so that its answers count; one that is given on the command line of ``configure`` counts
before all.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.machine import resources
from xxpy.table.target import is_musl
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.load import Table
    from xxpy.table.target import Target

NAME: Final = "config.site"
VARIABLE: Final = "CONFIG_SITE"
_THEIRS: Final = "XXPY_CONFIG_SITE"
"""The variable that hands the user's own files on."""


def answers(target: Target, table: Table) -> dict[str, str]:
    """Return what the tests find: on the system, and with the libc where there are several."""
    system = target.platform.os
    libc = ("musl" if is_musl(target) else "gnu") if target.row.triple.libc else ""
    found = [table.sites[key].answers for key in (system, f"{system}/{libc}") if key in table.sites]
    return {name: value for answered in found for name, value in answered.items()}


def file(target: Target, table: Table) -> File:
    """Return the file."""
    return File(
        NAME,
        "kit/config.site",
        {"platform": str(target.platform), "answers": sorted(answers(target, table).items())},
    )


def variables(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which ``configure`` finds the file, and the user's own behind it.

    :param folder: that of the kit
    """
    kits = resources.cache_folder("kits")
    own = [
        path
        for word in environment.get(VARIABLE, "").split()
        if kits not in (path := Path(word).absolute()).parents
    ]
    theirs = {_THEIRS: " ".join(map(os.fspath, own))} if own else {}
    return {VARIABLE: str(folder / NAME), **theirs}
