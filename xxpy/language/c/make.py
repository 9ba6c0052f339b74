"""Projects with a Makefile: built in a copy, installed with DESTDIR where the Makefile knows it.

A Makefile whose install step does not know ``DESTDIR`` would write into this machine's folders; it
is never run, and the programs and libraries that ``make`` has made are taken from where they lie.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from xxpy.errors import ProjectError
from xxpy.language.c import common
from xxpy.language.texts import text_of
from xxpy.runner import helpers
from xxpy.runner.plan import JOBS, STAGE, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from xxpy.language.c.common import Context
    from xxpy.language.options import Options
    from xxpy.runner.plan import Step
    from xxpy.table.load import Table

MARKERS: Final = ("GNUmakefile", "Makefile", "makefile")
_INSTALL: Final = re.compile(r"^install\s*:", re.MULTILINE)
_ASSIGNED: Final = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]*)[ \t]*[:?]{0,2}=[ \t]*([^#\n]*?)[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
_OF_TARGET: Final = re.compile(r"\$[({]C(?:C|XX)[)}]")
_TOOLS: Final = {"PKG_CONFIG": ("pkg-config", "pkgconf"), "LD": ("ld",)}
"""Tools that work on no files, by the variable that names the target's: this machine's have the plain names."""
_FINDER: Final = re.compile(r"(?<![\w./-])(?:pkg-config|pkgconf)(?=\s)")
_FOR_THIS_MACHINE: Final = re.compile(
    r"HOST|NATIVE|FOR_BUILD|BUILD_(?:CC|CXX|CFLAGS|CPPFLAGS|CXXFLAGS|LDFLAGS|LDLIBS|LIBS)\b",
    re.IGNORECASE,
)
_TEST: Final = re.compile(r"^(check|test)\s*:", re.MULTILINE)


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan.

    :raises ToolError: there is no make
    """
    program = common.need("make", "apt-get install make", options)
    text = text_of(next(folder / name for name in MARKERS if (folder / name).is_file()))
    installs = _INSTALL.search(text) is not None and "DESTDIR" in text
    test = _TEST.search(text)
    texts = tuple(helpers.makefiles(folder))

    def step(context: Context) -> Step:
        environment = context.environment
        # What the Makefile assigns with = is stronger than the environment; on the command line the
        # compilers are stronger still. The other tools that work on files stand under their plain
        # names first on PATH, and Makefiles write flags behind these: AR = ar rcu.
        tools = assignments(texts, environment)
        further = tuple(
            word
            for word in context.arguments
            if not common.says((word,), *(f"{name.partition('=')[0]}=" for name in tools))
        )
        settings = (
            *(
                name
                for name in tools
                if not common.says(context.arguments, f"{name.partition('=')[0]}=")
            ),
            *further,
        )
        commands = [(program, f"-j{JOBS}", *settings)]
        if options.run_tests and test is not None:
            commands.append((program, test.group(1), *settings))
        if installs:
            variables = tuple(word for word in settings if "=" in word)
            commands.append(
                (
                    program,
                    "install",
                    f"DESTDIR={STAGE}",
                    f"PREFIX={common.PREFIX}",
                    f"prefix={common.PREFIX}",
                    *variables,
                )
            )
        plain = (
            {"PATH": f"{context.kit.plain}{os.pathsep}{environment['PATH']}"}
            if _asks_plainly(context, texts)
            else {}
        )
        return common.installed(context, options, commands, common.SOURCE, **plain)

    why = (
        "installed by make install DESTDIR="
        if installs
        else "no install step that knows DESTDIR: programs and libraries are collected"
    )
    return common.plan(
        folder,
        options,
        table,
        step,
        language="make",
        cxx=common.has_cxx(folder),
        copied=True,
        why=(f"Makefile: {why}",),
    )


def assignments(texts: Iterable[str], environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return what make is told on its command line, which is stronger than what a Makefile assigns.

    The compilers of the target; its pkg-config and linker where a Makefile names plain ones, with
    the flags behind them; and this machine's compilers where a Makefile takes the target's for them
    (``HOSTCC = $(CC)``).

    :param texts: the Makefiles of the project
    """
    found = {name: environment[name] for name in ("CC", "CXX") if name in environment}
    values: dict[str, set[str]] = {}
    for name, value in (pair for text in texts for pair in _ASSIGNED.findall(text)):
        values.setdefault(name, set()).add(value)
    for name, listed in values.items():
        value = next(iter(listed)) if len(listed) == 1 else ""
        words = value.split()
        own = _of_this_machine(name, environment)
        if name in _TOOLS and name in environment and words and words[0] in _TOOLS[name]:
            found[name] = " ".join((environment[name], *words[1:]))
        elif own is not None and any(map(_OF_TARGET.search, listed)):
            found[name] = _OF_TARGET.sub(own.replace("\\", r"\\"), value) or own
    return tuple(f"{name}={value}" for name, value in found.items())


def _of_this_machine(name: str, environment: Mapping[str, str]) -> str | None:
    """Return this machine's compiler, if that is what a variable is named for."""
    kind = next(
        (kind for kind in ("CXX", "CC") if name.startswith(f"{kind}_") or name.endswith(kind)), None
    )
    return (
        environment.get(f"{kind}_FOR_BUILD")
        if kind is not None and _FOR_THIS_MACHINE.search(name)
        else None
    )


def _asks_plainly(context: Context, texts: Iterable[str]) -> bool:
    """Whether plain pkg-config would find this machine's libraries for the platform."""
    return (context.foreign or context.kit.sysroot is not None) and finds_libraries(texts)


def finds_libraries(texts: Iterable[str]) -> bool:
    """Whether plain pkg-config is to be the target's: a Makefile calls it by no variable.

    :raises ProjectError: it calls it for this machine's programs too
    """
    lines = [
        line
        for text in texts
        for line in text.splitlines()
        if _FINDER.search(line.partition("#")[0])
    ]
    lines = [
        line
        for line in lines
        if not (found := _ASSIGNED.match(line)) or not _FINDER.match(found[2])
    ]
    own = [line for line in lines if _FOR_THIS_MACHINE.search(line)]
    if own and len(own) < len(lines):
        raise ProjectError(
            "a Makefile calls pkg-config for programs of this machine and for those of the platform, under one name",
            "let it call $(PKG_CONFIG) for the platform's, as make -p shows it; plain pkg-config is this machine's",
        )
    return bool(lines) and not own
