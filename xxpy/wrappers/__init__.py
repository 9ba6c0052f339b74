"""The ``xx-*`` commands: which there are, and how each is put together.

The source of a command is ``templates/commands/NAME.sh``, a script that includes files which others
share. The lines of its tables are made here: each module of this package has them for a command, or
for a shared file. :mod:`xxpy.shell` puts the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from xxpy import shell
from xxpy.errors import UsageError, nearest
from xxpy.wrappers import (
    apk,
    apt,
    cargo,
    cc,
    dnf,
    go,
    info,
    linker,
    sysroot,
    target,
    triple,
    verify,
    windres,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xxpy.shell import Tables
    from xxpy.table.model import Table
    from xxpy.wrappers.tables import Make

FOLDER: Final = "usr/bin"
"""Where the commands are in the image and in an exported tree."""

SOURCES: Final = "commands"
"""Where their sources are below ``templates/``."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    :param summary: what it does, in one line
    :param tables: what makes the tables of the files that are its own
    :param source: its file without ``.sh``, where several commands share one; "" for one with its
        name
    :param tool: the program that it runs, where commands with one source run different ones
    """

    summary: str
    tables: Mapping[str, Make]
    source: str = ""
    tool: str = ""


COMMANDS: Final[Mapping[str, Command]] = {
    "xx-info": Command("print names of the target", info.TABLES),
    "xx-go": Command("run go for the target", go.TABLES),
    "xx-cargo": Command("run cargo for the target", cargo.TABLES),
    "xx-cc": Command("run clang for the target", cc.TABLES),
    "xx-c++": Command("run clang++ for the target", cc.TABLES, "xx-cc"),
    "xx-clang": Command("run clang for the target", cc.TABLES, "xx-cc"),
    "xx-clang++": Command("run clang++ for the target", cc.TABLES, "xx-cc"),
    "xx-apt": Command("run apt for the target", apt.TABLES, tool="apt"),
    "xx-apt-get": Command("run apt-get for the target", apt.TABLES, "xx-apt", "apt-get"),
    "xx-apk": Command("run apk for the target, in a root directory of its own", apk.TABLES),
    "xx-dnf": Command(
        "run dnf for the target, in a root directory of its own", dnf.TABLES, tool="dnf"
    ),
    "xx-yum": Command(
        "run yum for the target, in a root directory of its own", dnf.TABLES, "xx-dnf", "yum"
    ),
    "xx-microdnf": Command(
        "run microdnf for the target, in a root directory of its own",
        dnf.TABLES,
        "xx-dnf",
        "microdnf",
    ),
    "xx-windres": Command("compile Windows resources for the target", windres.TABLES),
    "xx-verify": Command("check that files are binaries for the target", verify.TABLES),
}
"""Each command, in the order in which they are listed."""

SHARED: Final[Mapping[str, Make]] = {
    "target": target.tables,
    "triple": triple.tables,
    "sysroot": sysroot.tables,
    "ready": linker.ready,
    "linker": linker.linker,
    "set-up": linker.set_up,
}
"""What makes the tables of the files that several commands include."""


def tables(table: Table) -> Callable[[str], Tables]:
    """Return what gives the tables of a file, each made when it is first asked for."""
    own = (command.tables for command in COMMANDS.values())
    makers = dict(SHARED)
    for tables in own:
        makers |= tables
    return cache(lambda file: makers[file](table) if file in makers else {})


def render(name: str, table: Table, templates: Mapping[str, str]) -> str:
    """Return the text of one command.

    :param templates: the text of everything below ``templates/commands``, by its path below
        ``templates/``
    :raises UsageError: there is no such command
    :raises InstallationError: its sources cannot be put together
    """
    if name not in COMMANDS:
        raise UsageError(
            f"there is no command {name}",
            nearest(name, COMMANDS) or "xxpy wrappers list names them",
        )
    return _render(name, templates, tables(table))


def render_all(table: Table, templates: Mapping[str, str]) -> dict[str, str]:
    """Return the text of every command, by its path in the exported tree (``usr/bin/xx-info``)."""
    made = tables(table)
    return {f"{FOLDER}/{name}": _render(name, templates, made) for name in COMMANDS}


def _render(name: str, templates: Mapping[str, str], tables: Callable[[str], Tables]) -> str:
    command = COMMANDS[name]
    source = command.source or name

    def with_tool(file: str) -> Tables:
        tool = (
            {"tool": [f"xx_tool={shell.name(command.tool)}"]}
            if command.tool and file == source
            else {}
        )
        return {**tables(file), **tool}

    sources = {path.removeprefix(f"{SOURCES}/"): text for path, text in templates.items()}
    script = shell.assemble(f"{source}.sh", sources, with_tool)
    origin = f"Source: templates/{SOURCES}/{source}.sh. Rows: toolchains/*.toml."
    return shell.headed(
        script, f"{name}: {command.summary}", f"Made by xxpy, do not edit. {origin}"
    )
