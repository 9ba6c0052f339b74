"""Modules and functions that are imported when they are first used.

Tables whose rows are modules so cost only the rows that a command needs: half of the time of a
small build was imports.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # what type checkers take for true; typing costs as much as a whole TAB
if TYPE_CHECKING:
    from typing import Any


class _Module:
    """Stands for a module until one of its names is used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        """Return what the module has under a name."""
        found: object = getattr(import_module(self._name), name)
        return found


def module(name: str) -> Any:  # noqa: ANN401 - a Family, a Format of bases
    """Return a module that is imported when one of its names is first used.

    >>> module("math").isqrt(9)
    3
    """
    return _Module(name)


def function(module: str, name: str) -> Any:  # noqa: ANN401 - a Planner, Variables or Doctor
    """Return a function of a module that is imported when the function is first called.

    >>> function("math", "isqrt")(9)
    3
    """

    def call(*arguments: object, **options: object) -> object:
        """Import the module and call the function."""
        return getattr(import_module(module), name)(*arguments, **options)

    return call
