"""How to install a tool on this machine, for hints.

``toolchains/machine/tools.toml`` has the packages by package manager. Hints name those of the
manager on PATH, so nobody on Fedora reads ``apt-get``.
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from xxpy.errors import TableError
from xxpy.machine import packed, programs, resources
from xxpy.table.decode import Decoder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_FILE: Final = "machine/tools.toml"
_PAGE: Final = "page"


@dataclass(frozen=True, slots=True)
class Manager:
    """A package manager.

    :param program: its program on PATH
    :param install: the command before the names of packages
    :param anywhere: whether any machine can have it beside its own package manager
    :param perl: the package of a Perl module, with ``{name}`` or ``{module}``; "" without one
    :param python: the same for a Python module
    """

    program: str
    install: str
    anywhere: bool = False
    perl: str = ""
    python: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """How to install tools.

    :param managers: the package managers by name; the first one on PATH counts
    :param tools: the packages of each tool by manager, and the page with further instructions
    :param called: the tools by what build systems call them
    """

    managers: Mapping[str, Manager]
    tools: Mapping[str, Mapping[str, str]]
    called: Mapping[str, str] = field(default_factory=dict)

    def together(self, tools: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
        """Return the one command that installs several tools, or "" if a manager lacks them all.

        Tools that the manager lacks are named after it.
        """
        own = self.manager(environment)
        if own is None:
            return ""
        packages = {
            word: None for tool in tools for word in self.tools.get(tool, {}).get(own, "").split()
        }
        lacking = [tool for tool in tools if own not in self.tools.get(tool, {})]
        if not packages:
            return ""
        command = f"{self.managers[own].install} {' '.join(packages)}"
        return f"{command}, and {', '.join(lacking)}" if lacking else command

    def module(self, language: str, name: str, environment: Mapping[str, str] | None = None) -> str:
        """Return the command that installs a module of Perl or Python, or "" if none is known.

        :param language: ``perl`` or ``python``
        """
        own = self.manager(environment)
        form = "" if own is None else getattr(self.managers[own], language)
        if own is None or not form:
            return ""
        plain = re.sub(r"[^a-z0-9]+", "-", name.partition(".")[0].lower())
        package = shlex.quote(form.format(name=plain, module=name))
        return f"{self.managers[own].install} {package}"

    def install(self, tool: str, environment: Mapping[str, str] | None = None) -> str:
        """Return the commands that install a tool: ``apt-get install cmake, or pip install cmake``.

        :param tool: a tool of the table
        :param environment: the variables with the PATH of package managers
        """
        return ", or ".join(self._commands(self.tools[tool], environment)) or tool

    def manager(self, environment: Mapping[str, str] | None = None) -> str | None:
        """Return the name of the machine's own package manager, or None."""
        return next(
            (
                name
                for name, manager in self.managers.items()
                if not manager.anywhere and _has(manager.program, environment)
            ),
            None,
        )

    def _commands(
        self, packages: Mapping[str, str], environment: Mapping[str, str] | None
    ) -> Iterator[str]:
        """Yield the commands that install some packages, and the page with further instructions."""
        own = self.manager(environment)
        for name, manager in self.managers.items():
            if name in packages and (name == own or manager.anywhere):
                yield f"{manager.install} {packages[name]}"
        if _PAGE in packages:
            yield packages[_PAGE]


def _has(program: str, environment: Mapping[str, str] | None) -> bool:
    """Whether the machine has a program; a narrow PATH of xxpy's own hides no package manager."""
    return programs.which(program, environment) is not None or (
        environment is None and programs.which(program, {"PATH": os.defpath}) is not None
    )


def load(text: str) -> Advice:
    """Read the table.

    :raises TableError: a key is unknown or missing, or a tool names an unknown manager
    """
    faults: list[str] = []
    import tomllib  # noqa: PLC0415 - only the first time

    raw = tomllib.loads(text)
    decoder = Decoder(faults)
    managers = {
        name: decoder.build(Manager, value, f"{_FILE}: manager.{name}")
        for name, value in raw.get("manager", {}).items()
    }
    for tool, packages in raw.get("tool", {}).items():
        unknown = packages.keys() - managers.keys() - {_PAGE}
        faults += [f"{_FILE}: tool.{tool}.{name}: no such manager" for name in sorted(unknown)]
    called = raw.get("called", {})
    faults += [
        f"{_FILE}: called.{name}: there is no tool {tool}"
        for name, tool in called.items()
        if tool not in raw.get("tool", {})
    ]
    if faults:
        raise TableError(faults)
    return Advice(
        {name: manager for name, manager in managers.items() if manager is not None},
        raw.get("tool", {}),
        called,
    )


def manager(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the name of this machine's package manager in the table, or None."""
    return _own().manager(environment)


@cache
def _own() -> Advice:
    text = resources.own_text("toolchains", _FILE)
    code = resources.code("machine/advice.py", "table/decode.py")
    folder = resources.cache_path(resources.TABLES)
    return packed.kept(folder, Advice, (text, code), lambda: load(text))


def install(tool: str, environment: Mapping[str, str] | None = None) -> str:
    """Return the commands that install a tool on this machine, for a hint.

    :param tool: a tool of ``toolchains/machine/tools.toml``
    """
    return _own().install(tool, environment)


def tool(name: str) -> str | None:
    """Return the tool that build systems call by a name, or None if it is unknown.

    >>> tool("AC_PROG_YACC"), tool("msgmerge"), tool("nasm"), tool("true")
    ('bison', 'msgfmt', 'nasm', None)
    """
    known = _own()
    return name if name in known.tools else known.called.get(name)


def together(tools: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Return the one command that installs several tools on this machine, or ""."""
    return _own().together(tools, environment)


def module(language: str, name: str, environment: Mapping[str, str] | None = None) -> str:
    """Return the command that installs a module of Perl or Python on this machine, or ""."""
    return _own().module(language, name, environment)
