"""``-buildmode``: what Go makes of a main package, and the name of the result.

Go gives C libraries no ending of the system, and links the name into them (as the install name on
macOS, in the export table on Windows), so Go is told the whole name. In modes that take only one
package, the packages are built one after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.errors import UsageError

if TYPE_CHECKING:
    from xxpy.language.go.packages import Main
    from xxpy.table.columns import Row

LIBRARY: Final = "c-shared"
PIE: Final = "pie"
PROGRAMS: Final = frozenset({"default", "exe", PIE})
"""The modes in which Go leaves a program that is up to date as it is, and gives it a new time."""
_SINGLE: Final = frozenset({LIBRARY, "c-archive", "plugin"})
"""The modes that take one main package; all need C, except on systems without C."""
_SHARED: Final = frozenset({LIBRARY, "plugin"})
_UNPLACED: Final = frozenset({"shared", "archive"})
"""The modes whose results Go installs or throws away; they make no program."""


def check(mode: str, row: Row, *, cgo: bool, static: bool) -> None:
    """Refuse modes that no build can satisfy.

    :raises UsageError: the mode needs C and cgo is off, or it never makes what is asked for
    """
    if mode in _UNPLACED:
        raise UsageError(
            f"-buildmode={mode} makes no program and no C library",
            "xxpy build makes what go build writes for main packages",
        )
    if mode in _SINGLE and not cgo and row.file.format != "wasm":
        raise UsageError(
            f"-buildmode={mode} needs cgo, which is off", "add --cgo, or cgo = true in xxpy.toml"
        )
    if mode in _SHARED and static and row.triple.libc:
        raise UsageError(
            f"-buildmode={mode} makes a shared library, which is never static",
            "leave out --static, or use -buildmode=c-archive",
        )


def places(
    mode: str, mains: tuple[Main, ...], patterns: tuple[str, ...], row: Row
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what each ``go build`` gets: the name for ``-o`` in the stage, and the packages.

    The name "" is the stage itself.

    :param patterns: the packages that the user has named, if any
    """
    if mode not in _SINGLE:
        return (("", patterns or tuple(main.path for main in mains)),)
    suffix = (row.file.library_suffix or row.file.program_suffix) if mode == LIBRARY else ""
    files = any(pattern.endswith(".go") for pattern in patterns)
    return tuple(
        (f"{main.program}{suffix}" if suffix else "", patterns if files else (main.path,))
        for main in mains
    )
