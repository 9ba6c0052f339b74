"""The variables that any command sees which builds for one platform: what ``xxpy build`` gives to its own steps, whatever the tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.errors import UsageError
from xxpy.language import c, go
from xxpy.machine import facts
from xxpy.table.target import QUERIES, build_environment, cargo_variable, resolve

if TYPE_CHECKING:
    from xxpy.kit import Kit
    from xxpy.language.options import Options
    from xxpy.table.load import Table
    from xxpy.table.platform import Platform

_LINK: Final = "-ldflags"
_STATIC_GO: Final = f"'{_LINK}=-linkmode=external -extldflags=-static'"
_STATIC_RUST: Final = "-Ctarget-feature=+crt-static"


def variables(platform: Platform, made: Kit | None, options: Options, table: Table) -> dict[str, str]:
    """Return the user's environment with what a build for a platform adds to it.

    :param made: the kit for the platform, or None where no compiler builds for it
    :raises UsageError: static programs are asked for, and ``GOFLAGS`` has flags for the linker already
    """
    own = options.per_platform.get(platform)
    user = dict(options.environment)
    bare = build_environment(resolve(table, platform, facts.release().id))
    found = {**user, **bare} if made is None else made.variables(user)
    if table.row(platform).go is not None:
        found["CGO_ENABLED"] = "1" if options.cgo else "0"
    if options.cgo and made is not None:
        found |= go.cgo(made, options)
    if options.static and made is not None:
        found |= _static(made, options, user)
    return {**found, **(own.environment if own is not None else {})}


def _static(made: Kit, options: Options, user: dict[str, str]) -> dict[str, str]:
    """Return the variables by which compilers link statically; what the user has set is kept."""
    target = made.target
    found = c.static_link(made, options)
    if options.cgo and target.row.go is not None and target.row.triple.libc:
        flags = user.get("GOFLAGS", "")
        if _LINK in flags:
            raise UsageError(
                f"GOFLAGS={flags} says {_LINK}, which static programs with cgo need",
                "leave --static out, and say -extldflags=-static yourself",
            )
        found["GOFLAGS"] = f"{flags} {_STATIC_GO}".strip()
    name = QUERIES["rust-target"].value(target)
    if name is not None and target.row.triple.libc:
        variable = "RUSTFLAGS" if user.get("RUSTFLAGS") else cargo_variable(name, "RUSTFLAGS")
        found[variable] = f"{user.get(variable, '')} {_STATIC_RUST}".strip()
    return found
