"""Configure scripts that Autoconf did not make: what they accept is read from their text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TOOLS: Final = ("CC", "CXX", "AR", "RANLIB", "NM", "STRIP", "OBJCOPY", "PKG_CONFIG")
"""Variables that a script may take as arguments, because it ignores those of the environment."""
COMPILERS: Final = ("CC", "CXX")
_AUTOSETUP: Final = re.compile(r"^[^#\n]*\bautosetup\b", re.MULTILINE)


def words(text: str, environment: Mapping[str, str], triple: str | None) -> tuple[str, ...]:
    r"""Return the arguments for the target that a script accepts.

    A pattern of a ``case`` in the script shows an argument that it accepts: ``CXX=*)``,
    ``--host=*)``, and ``--cc=*)`` in scripts that do not read ``CC``. Scripts that start autosetup
    accept ``--host``, as it does.

    :param text: the script
    :param environment: the variables of the build
    :param triple: the target's name, or None if this machine is the target

    >>> words('case $1 in\n  CC=*) cc=$2;;\n  --host=*) ;;\nesac', {"CC": "a"}, "arm-linux")
    ('CC=a', '--host=arm-linux')
    >>> words('cc=gcc\ncase $1 in\n  --cc=*) cc=$2;;\nesac', {"CC": "a"}, None)
    ('--cc=a',)
    """
    found = [
        f"{name}={environment[name]}"
        for name in TOOLS
        if name in environment and _accepts(text, f"{name}=")
    ]
    found += [
        f"--{name.lower()}={environment[name]}"
        for name in COMPILERS
        if name in environment
        and _accepts(text, f"--{name.lower()}=")
        and not re.search(rf"\${{?{name}\b", text)
    ]
    if triple is not None and (_accepts(text, "--host=") or _AUTOSETUP.search(text)):
        found.append(f"--host={triple}")
    return tuple(found)


def interpreter(text: str) -> str:
    """Return the name of the program that runs a script by its first line; ``sh`` without one.

    >>> interpreter("#!/bin/bash -e"), interpreter("#! /usr/bin/env python3"), interpreter("")
    ('bash', 'python3', 'sh')
    """
    first = text.partition("\n")[0]
    words = first.removeprefix("#!").split() if first.startswith("#!") else []
    names = [word.rpartition("/")[2] for word in words]
    if names[:1] == ["env"]:
        names = [name for name in names[1:] if not name.startswith("-")]
    return names[0] if names else "sh"


def prefix(text: str, place: str) -> str:
    r"""Return the argument with the prefix of the installation.

    >>> prefix('case $key in\n  PREFIX)\n    PREFIX=$val ;;\n', "/usr/local")
    'PREFIX=/usr/local'
    """
    if "--prefix" not in text and re.search(r"^\s*PREFIX(?:=\*)?\)", text, re.MULTILINE):
        return f"PREFIX={place}"
    return f"--prefix={place}"


def _accepts(text: str, beginning: str) -> bool:
    """Whether a pattern of the script is about arguments with this beginning."""
    pattern = rf"""^[^#\n]*(?<![\w-])["']?{re.escape(beginning)}["']?\*["']?\s*[|)]"""
    return re.search(pattern, text, re.MULTILINE) is not None
