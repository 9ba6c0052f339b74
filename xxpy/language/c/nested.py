"""Variables for build tools of other languages that make or a script calls.

Go's are among the kit's: its settings for a platform do not depend on the project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.table.target import QUERIES

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options


def variables(made: Kit, options: Options) -> dict[str, str]:
    """Return the variables by which cargo builds for the target if a build calls it, and go with C.

    Whether go uses C is up to go and the project if the user has not said it. For this machine,
    cargo's results stay where the build expects them.
    """
    user = options.environment
    cgo = {"CGO_ENABLED": str(int(options.cgo))} if options.cgo_given else {}
    name = QUERIES["rust-target"].value(made.target)
    if not made.target.is_cross or name is None:
        return cgo
    found = {
        **cgo,
        "CARGO_BUILD_TARGET": name,
        "HOST_CC": made.environment.get("CC_FOR_BUILD"),
        "HOST_CXX": made.environment.get("CXX_FOR_BUILD"),
    }
    return {
        name: value for name, value in found.items() if value and (name in cgo or name not in user)
    }


def has_go(folder: Path) -> bool:
    """Return whether a project has a Go module, at the top or one folder below.

    The linker of Go tries options with the first word of CC alone. If that is a compiler cache, it
    leaves out ``-no-pie``, and the program crashes.
    """
    return any(any(folder.glob(pattern)) for pattern in ("go.mod", "*/go.mod"))
