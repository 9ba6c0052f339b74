"""Read Go's variables for a build: GOFLAGS, and processor levels such as GOAMD64."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.binary import go_level
from xxpy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.language.go.known import Memory
    from xxpy.language.go.toolchain import Go
    from xxpy.table.columns import Row
    from xxpy.table.model import Table

FLAGS: Final = "GOFLAGS"
_C_FLAGS: Final = ("CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS")
_THIS_MACHINE: Final = ("-march=native", "-mcpu=native")
"""Flags that make code for the processor that compiles it."""


def read(
    go: Go | Memory, row: Row, table: Table, environment: Mapping[str, str], folder: Path
) -> dict[str, str]:
    """Return Go's variables for a platform.

    :param go: Go, or what it has said before
    :raises UsageError: one asks for a higher level than the platform's
    """
    levels = tuple(go_level.own(row))
    found = go.variables((FLAGS, *levels, *_C_FLAGS), environment, folder)
    for name, value in go_level.excess(found, row, table):
        other = go_level.platform_with(name, value, row, table)
        named = "" if other is None else f"build for {other}, or "
        raise UsageError(
            f"{name}={value} asks for more than {row.platform} has ({go_level.own(row)[name]})",
            f"{named}reset it: {_taken_back(name, environment)}",
        )
    return found


def _taken_back(name: str, environment: Mapping[str, str]) -> str:
    return (
        f"unset {name}, or remove it from xxpy.toml"
        if environment.get(name)
        else f"go env -u {name}"
    )


def check_c(variables: Mapping[str, str], row: Row) -> None:
    """Refuse C flags for this machine's processor in a build for another machine.

    :raises UsageError: there is one
    """
    for name in _C_FLAGS:
        found = next(
            (flag for flag in variables.get(name, "").split() if flag in _THIS_MACHINE), None
        )
        if found is not None:
            raise UsageError(
                f"{found} in {name} is for the processor of this machine, not for {row.platform}",
                "name the processor of the platform",
            )
