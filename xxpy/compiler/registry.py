"""The C compilers that xxpy supports: one row each, best first.

Compilers that use the target's own libraries come before the one that brings a libc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.compiler import clang, gcc, zig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.compiler import Family

_ROWS: Final[tuple[Family, ...]] = (
    clang,
    gcc,
    zig,
)

FAMILIES: Final[Mapping[str, Family]] = {family.NAME: family for family in _ROWS}
"""Every compiler, by name."""
AUTO: Final = "auto"
"""The choice of the first one that is installed and can build for the target."""
CHOICES: Final = (AUTO, *FAMILIES)
"""What ``--cc`` and ``cc`` in ``xxpy.toml`` can be."""
