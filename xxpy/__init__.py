"""xxpy: one table of platforms, and every tool's name for each of them.

The public names are those of :mod:`xxpy.api`; they are imported when they are first used, so that a
command pays only for what it needs.

>>> import xxpy
>>> xxpy.Platform.parse("linux/arm").key
'linux/arm/v7'
"""

from __future__ import annotations

from xxpy.version import __version__

TYPE_CHECKING = False  # what type checkers take for true; typing costs as much as a whole TAB
if TYPE_CHECKING:
    from xxpy.api import (
        Description,
        Mismatch,
        Platform,
        Requirements,
        Result,
        Status,
        Table,
        Target,
        build,
        inspect,
        verify,
    )

__all__ = [
    "Description",
    "Mismatch",
    "Platform",
    "Requirements",
    "Result",
    "Status",
    "Table",
    "Target",
    "__version__",
    "build",
    "inspect",
    "verify",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'xxpy' has no attribute {name!r}")
    from xxpy import api  # noqa: PLC0415 - it imports all that builds need

    return getattr(api, name)
