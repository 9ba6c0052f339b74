"""The kinds of projects: how each is recognised, and how its plan is made.

A language is a module with the members of :class:`Language`; :data:`LANGUAGES` lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from xxpy.language import go, rust
from xxpy.language.c import autotools, cmake, make, meson, source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.build.plan import Plan
    from xxpy.language.options import Options
    from xxpy.table.load import Table


class Language(Protocol):
    """What a language module has; ``TITLE`` is the kind of project, for people."""

    @property
    def TITLE(self) -> str: ...  # noqa: N802, D102 - a constant of the module

    def plan(self, folder: Path, options: Options, table: Table) -> Plan:
        """Return the plan of a build.

        A platform that cannot be built is refused in the plan and keeps no other from being built.

        :raises ToolError: a tool without which nothing is built is missing
        :raises ProjectError: there is nothing to build
        """


LANGUAGES: Final[Mapping[str, Language]] = {
    "go": go,
    "rust": rust,
    "cmake": cmake,
    "meson": meson,
    "autotools": autotools,
    "make": make,
    "c": source,
}
