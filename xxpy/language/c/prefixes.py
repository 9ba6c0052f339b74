"""Variables with the prefix of cross tools in Makefiles: ``CC = $(CROSS_COMPILE)gcc``.

Makefiles that have one also choose by it which programs they build for this machine.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TOOL: Final = r"(?:gcc|g\+\+|cc|c\+\+|clang|cpp|ar|as|ld|nm|ranlib|strip|objcopy|windres)\b"
_NAME: Final = r"\$[({](\w*CROSS\w*|TOOL(?:CHAIN)?_?PREFIX)[)}]"
_USED: Final = re.compile(rf"{_NAME}(?:llvm-)?{_TOOL}")
_BEFORE_ANOTHER: Final = re.compile(rf"{_NAME}\$")
"""A prefix that comes before a variable: ``$(CROSS)$(CC)``. The kit's compilers have theirs."""
_LEAD: Final = re.compile(rf"^(?:{_NAME})?(?:(?:gcc|llvm)-(?=ar|nm|ranlib|strip|objcopy))?")
"""What may be before the plain name of a tool."""
ON_FILES: Final = {"AR": "ar", "NM": "nm", "RANLIB": "ranlib", "STRIP": "strip", "LD": "ld"}
"""The plain names of tools, by the variable with the target's."""


def names(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the variables of Makefiles that are prefixes of cross tools.

    >>> names(["CC ?= $(CROSS_COMPILE)gcc", "X = ${TOOLPREFIX}ar", "A = $(CROSSED)x"])
    ('CROSS_COMPILE', 'TOOLPREFIX')
    >>> names(["CC = gcc", "STATIC_CC = $(CROSS)$(CC)", "AR = $(CROSS)ar"])
    ()
    """
    used: dict[str, None] = {}
    unusable: set[str] = set()
    for text in texts:
        used.update(dict.fromkeys(_USED.findall(text)))
        unusable.update(_BEFORE_ANOTHER.findall(text))
    return tuple(name for name in used if name not in unusable)


def tools(values: Mapping[str, Iterable[str]], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the target's tools for variables that name others than the plain ones.

    Plain ones are first on PATH, but a kit has no ``gcc-ar``, and none with another prefix.

    >>> tools({"AR": ["$(CROSS)ar", "$(CROSS)gcc-ar"], "NM": ["nm"]}, {"AR": "x-ar", "NM": "x-nm"})
    {'AR': 'x-ar'}
    >>> tools({"AR": ["gcc-ar rcs"], "LD": ["$(CROSS)ld", "a"]}, {"AR": "x-ar", "LD": "x-ld"})
    {'AR': 'x-ar rcs'}

    :param values: the values of each variable in the Makefiles
    """
    found = {}
    for name, plain in ON_FILES.items():
        listed = [value.split() for value in values.get(name, ())]
        heads = {_LEAD.sub("", words[0]) for words in listed if words}
        tails = {tuple(words[1:]) for words in listed}
        own = all(words and words[0] == plain for words in listed)
        if name in environment and heads == {plain} and len(tails) == 1 and not own:
            found[name] = " ".join((environment[name], *tails.pop()))
    return found
