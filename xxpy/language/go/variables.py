"""The variables that make go build for one platform, for commands that the user runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.errors import UsageError
from xxpy.language.go import cgo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.table.columns import Row

_LINK: Final = "-ldflags"
_STATIC: Final = f"'{_LINK}=-linkmode=external -extldflags=-static'"


def variables(
    row: Row, made: Kit | None, options: Options, user: Mapping[str, str]
) -> dict[str, str]:
    """Return ``CGO_ENABLED``, and with cgo the variables of its compilers.

    :raises UsageError: static programs are asked for, but ``GOFLAGS`` already has linker flags
    """
    if row.go is None:
        return {}
    found = {"CGO_ENABLED": "1" if options.cgo else "0"}
    if not options.cgo or made is None:
        return found
    found |= cgo.variables(made, options)
    if options.static and row.triple.libc:
        flags = user.get("GOFLAGS", "")
        if _LINK in flags:
            raise UsageError(
                f"GOFLAGS={flags} sets {_LINK}, which static programs with cgo need",
                "leave out --static, and add -extldflags=-static yourself",
            )
        found["GOFLAGS"] = f"{flags} {_STATIC}".strip()
    return found
