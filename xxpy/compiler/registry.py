"""The C compilers that xxpy supports: one row each, best first.

Compilers that use the target's own libraries come before the one that brings a libc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy import deferred

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.compiler import Family

_ROWS: Final = (
    "clang",
    "gcc",
    "zig",
)
"""The modules of this package, by their names."""

FAMILIES: Final[Mapping[str, Family]] = {
    name: deferred.module(f"xxpy.compiler.{name}") for name in _ROWS
}
"""Every compiler, by name; its module is imported when it is first asked."""
AUTO: Final = "auto"
"""The choice of the first one that is installed and can build for the target."""
CHOICES: Final = (AUTO, *FAMILIES)
"""What ``--cc`` and ``cc`` in ``xxpy.toml`` can be."""
