"""The variables that make cargo build for one platform, for commands that the user runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.table.names import cargo_variable
from xxpy.table.target import QUERIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.table.columns import Row

_STATIC: Final = "-Ctarget-feature=+crt-static"


def variables(
    row: Row, made: Kit | None, options: Options, user: Mapping[str, str]
) -> dict[str, str]:
    """Return rustc's flags for static programs, if requested, after those of the user."""
    name = None if made is None else QUERIES["rust-target"].value(made.target)
    if not options.static or name is None or not row.triple.libc:
        return {}
    variable = "RUSTFLAGS" if user.get("RUSTFLAGS") else cargo_variable(name, "RUSTFLAGS")
    return {variable: f"{user.get(variable, '')} {_STATIC}".strip()}
