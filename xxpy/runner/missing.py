"""Find what a build lacks in the messages of compilers, linkers and build tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_PATTERNS: Final = (
    r"fatal error: '?([^\s:']+)'?(?: file not found|: No such file)",  # clang, gcc
    r"(?:cannot find|unable to find library) (-l[^\s:]+)",  # GNU ld, lld
    r"Could NOT find (\w+)(?! \(found)",  # CMake's find modules
    r'configuration file provided by "(\S+)"',  # CMake's find_package in config mode
    r"Package '?([\w.+-]+)'?(?:, required by '[^']*',)? (?:was )?not found",  # pkgconf, pkg-config
    r'ERROR: Dependency (?:"|lookup for )([\w.+-]+)"? .*(?:not found|failed)',  # Meson
    r"configure: error: .*?([\w./+-]+\.h)\b",  # Autoconf
    r"The system library `([^`]+)` required by crate",  # Rust's crate pkg-config
    r"Could not find directory of (\w+) installation",  # openssl-sys
)
_ANY: Final = re.compile("|".join(_PATTERNS))


def first(lines: Iterable[str]) -> str | None:
    """Return the first header, library or package that *lines* report as missing, or None.

    >>> first(["-- Checking for module 'foo'", "--   Package 'foo' not found"])
    'foo'
    """
    for line in lines:
        found = _ANY.search(line)
        if found is not None:
            return next(group for group in found.groups() if group is not None)
    return None
