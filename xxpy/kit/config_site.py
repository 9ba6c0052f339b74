"""The ``config.site`` of a kit: the results of ``configure``'s run tests on the target.

A cross build cannot run these tests, so ``configure`` would guess. Autoconf reads the file that
``CONFIG_SITE`` names before its own tests
(https://www.gnu.org/software/autoconf/manual/html_node/Site-Defaults.html). The user's own file
comes first, so its answers win; answers on the command line of ``configure`` win over both.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.machine import resources
from xxpy.table import libc as c_library
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.model import Table
    from xxpy.table.target import Target

NAME: Final = "config.site"
VARIABLE: Final = "CONFIG_SITE"
_THEIRS: Final = "XXPY_CONFIG_SITE"
"""The variable that passes on the user's own files."""


def answers(target: Target, table: Table) -> dict[str, str]:
    """Return the results of the tests on the system, and with the libc if there are several."""
    system = target.platform.os
    libc = c_library.of(target.libc) if target.row.triple.libc else ""
    found = [table.sites[key].answers for key in (system, f"{system}/{libc}") if key in table.sites]
    return {name: value for answered in found for name, value in answered.items()}


def file(target: Target, table: Table) -> File:
    """Return the file for a target."""
    return File(
        NAME,
        "kit/config.site",
        {"platform": str(target.platform), "answers": sorted(answers(target, table).items())},
    )


def variables(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which ``configure`` finds the file and the user's own.

    :param folder: the folder of the kit
    """
    kits = resources.cache_folder("kits")
    own = [
        path
        for word in environment.get(VARIABLE, "").split()
        if kits not in (path := Path(word).absolute()).parents
    ]
    theirs = {_THEIRS: " ".join(map(os.fspath, own))} if own else {}
    return {VARIABLE: str(folder / NAME), **theirs}
