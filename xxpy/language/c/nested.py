"""Variables for build tools of other languages that make or a script calls.

Go's are among the kit's: its settings for a platform do not depend on the project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.table.target import QUERIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.kit.model import Kit


def variables(made: Kit, user: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make cargo build for the target if a build calls it.

    For this machine, cargo's results stay where the build expects them.
    """
    name = QUERIES["rust-target"].value(made.target)
    if not made.target.is_cross or name is None:
        return {}
    found = {
        "CARGO_BUILD_TARGET": name,
        "HOST_CC": made.environment.get("CC_FOR_BUILD"),
        "HOST_CXX": made.environment.get("CXX_FOR_BUILD"),
    }
    return {name: value for name, value in found.items() if value and name not in user}
