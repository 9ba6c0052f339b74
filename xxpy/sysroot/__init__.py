"""Headers and libraries for a target, without root, Docker or emulation.

A sysroot is a folder that stands for the target's ``/``. :func:`ensure` returns the one with
exactly the packages that a project wants, and creates it if needed. :func:`wanted` also returns one
that was added or imported, if the project or the user names it. :func:`find` is for people who look
at what exists. An existing sysroot needs no network.

What makes sysroots is imported when it is first used, because most builds need none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.sysroot.description import AUTO, Added, Automatic, Package, Progress, Spec, Sysroot

if TYPE_CHECKING:
    from xxpy.sysroot.choice import add, ensure, find, possible
    from xxpy.sysroot.make import Options
    from xxpy.table.model import Table
    from xxpy.table.target import Target

__all__ = [
    "AUTO",
    "Added",
    "Automatic",
    "Options",
    "Package",
    "Progress",
    "Spec",
    "Sysroot",
    "add",
    "ensure",
    "find",
    "possible",
    "wanted",
]


def wanted(spec: Spec | Added | Automatic | None, target: Target, table: Table) -> Sysroot | None:
    """Return the sysroot that a project or a user wants, or None.

    Nothing else in the cache matters: the same request has the same answer on every machine.

    :raises XxpyError: as :func:`ensure`, or there is no sysroot of that name
    """
    if spec is None or isinstance(spec, Automatic):
        return None
    from xxpy.sysroot import choice  # noqa: PLC0415 - as below

    return choice.wanted(spec, target, table)


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from xxpy.sysroot import choice, make  # noqa: PLC0415 - 60 ms, for packages and downloads

    return make.Options if name == "Options" else getattr(choice, name)
