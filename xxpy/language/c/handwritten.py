"""Configure scripts that Autoconf did not make: what they accept is read from their text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TOOLS: Final = ("CC", "CXX", "AR", "RANLIB", "NM", "STRIP", "OBJCOPY", "PKG_CONFIG")
"""Variables that a script may take as arguments, because it ignores those of the environment."""
_AUTOSETUP: Final = re.compile(r"^[^#\n]*\bautosetup\b", re.MULTILINE)


def words(text: str, environment: Mapping[str, str], triple: str | None) -> tuple[str, ...]:
    r"""Return the arguments for the target that a script accepts.

    A pattern of a ``case`` in the script shows an argument that it accepts: ``CXX=*)``,
    ``--host=*)``. Scripts that start autosetup accept ``--host``, as it does.

    :param text: the script
    :param environment: the variables of the build
    :param triple: the target's name, or None if this machine is the target

    >>> words('case $1 in\n  CC=*) cc=$2;;\n  --host=*) ;;\nesac', {"CC": "a"}, "arm-linux")
    ('CC=a', '--host=arm-linux')
    """
    found = [
        f"{name}={environment[name]}"
        for name in TOOLS
        if name in environment and _accepts(text, f"{name}=")
    ]
    if triple is not None and (_accepts(text, "--host=") or _AUTOSETUP.search(text)):
        found.append(f"--host={triple}")
    return tuple(found)


def _accepts(text: str, beginning: str) -> bool:
    """Whether a pattern of the script is about arguments with this beginning."""
    pattern = rf"""^[^#\n]*(?<![\w-])["']?{re.escape(beginning)}["']?\*["']?\s*[|)]"""
    return re.search(pattern, text, re.MULTILINE) is not None
