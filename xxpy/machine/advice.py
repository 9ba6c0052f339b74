"""How a tool is installed on this machine, for hints.

``toolchains/machine/tools.toml`` has the packages by package manager; the one that is on PATH
decides which are named, so nobody on Fedora reads ``apt-get``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from xxpy.errors import TableError
from xxpy.machine import programs, resources
from xxpy.table.decode import Getter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FILE: Final = "machine/tools.toml"
_PAGE: Final = "page"


@dataclass(frozen=True, slots=True)
class Manager:
    """A package manager.

    :param program: what is on PATH where the machine has it
    :param install: what is typed before the names of packages
    :param anywhere: whether any machine can have it beside its own
    """

    program: str
    install: str
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """What is known of installing tools.

    :param managers: the package managers by name; the first one that is on PATH counts
    :param tools: a tool to its packages by manager, and the page that says more
    """

    managers: Mapping[str, Manager]
    tools: Mapping[str, Mapping[str, str]]

    def install(self, tool: str, environment: Mapping[str, str] | None = None) -> str:
        """Return the commands that install a tool here: ``apt-get install cmake, or pip install cmake``.

        :param tool: a tool of the table
        :param environment: where package managers are looked for
        """
        return ", or ".join(self._ways(self.tools[tool], environment)) or tool

    def _ways(
        self, packages: Mapping[str, str], environment: Mapping[str, str] | None
    ) -> Iterator[str]:
        own = next(
            (
                name
                for name, manager in self.managers.items()
                if not manager.anywhere and programs.which(manager.program, environment)
            ),
            None,
        )
        for name, manager in self.managers.items():
            if name in packages and (name == own or manager.anywhere):
                yield f"{manager.install} {packages[name]}"
        if _PAGE in packages:
            yield packages[_PAGE]


def load(text: str) -> Advice:
    """Read the table.

    :raises TableError: a key is unknown or missing, or a tool names a manager that is none
    """
    faults: list[str] = []
    raw = tomllib.loads(text)
    getter = Getter(faults)
    managers = {
        name: getter.build(Manager, value, f"{_FILE}: manager.{name}")
        for name, value in raw.get("manager", {}).items()
    }
    for tool, packages in raw.get("tool", {}).items():
        unknown = packages.keys() - managers.keys() - {_PAGE}
        faults += [f"{_FILE}: tool.{tool}.{name}: no such manager" for name in sorted(unknown)]
    if faults:
        raise TableError(faults)
    return Advice(
        {name: manager for name, manager in managers.items() if manager is not None},
        raw.get("tool", {}),
    )


@cache
def _own() -> Advice:
    return load(resources.texts("toolchains", _FILE)[_FILE])


def install(tool: str, environment: Mapping[str, str] | None = None) -> str:
    """Return how a tool is installed on this machine, for a hint.

    :param tool: a tool of ``toolchains/machine/tools.toml``
    """
    return _own().install(tool, environment)
