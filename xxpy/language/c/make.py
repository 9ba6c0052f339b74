"""Projects with a Makefile: built in a copy, and installed with DESTDIR if the Makefile knows it.

A Makefile whose install step does not know ``DESTDIR`` would write into this machine's folders. So
that step never runs, and the programs and libraries that ``make`` has built are collected.
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
    from xxpy.table.model import Table

MARKERS: Final = ("GNUmakefile", "Makefile", "makefile")
_INSTALL: Final = re.compile(r"^install\s*:", re.MULTILINE)
_ASSIGNED: Final = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]*)[ \t]*[:?]{0,2}=[ \t]*([^#\n]*?)[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
_OF_TARGET: Final = re.compile(r"\$[({]C(?:C|XX)[)}]")
_TOOLS: Final = {"PKG_CONFIG": ("pkg-config", "pkgconf"), "LD": ("ld",)}
"""Tools that work on no files, by the variable with the target's; the plain ones are native."""
_FINDER: Final = re.compile(r"(?<![\w./-])(?:pkg-config|pkgconf)(?=\s)")
_FOR_THIS_MACHINE: Final = re.compile(
    r"HOST|NATIVE|FOR_BUILD|BUILD_(?:CC|CXX|CFLAGS|CPPFLAGS|CXXFLAGS|LDFLAGS|LDLIBS|LIBS)\b",
    re.IGNORECASE,
)
_TEST: Final = re.compile(r"^(check|test)\s*:", re.MULTILINE)


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan.

    :raises ToolError: make is missing
    """
    program = common.need("make", options)
    text = text_of(next(folder / name for name in MARKERS if (folder / name).is_file()))
    installs = _INSTALL.search(text) is not None and "DESTDIR" in text
    test = _TEST.search(text)
    texts = tuple(helpers.makefiles(folder))

    def step(context: Context) -> Step:
        """Return the step for one platform."""
        settings = _settings(context, texts)
        commands = [(program, f"-j{JOBS}", *settings)]
        if options.run_tests and test is not None:
            commands.append((program, test.group(1), *settings))
        if installs:
            variables = tuple(word for word in settings if "=" in word)
            prefix = (f"PREFIX={common.PREFIX}", f"prefix={common.PREFIX}")
            commands.append((program, "install", f"DESTDIR={STAGE}", *prefix, *variables))
        return common.installed(
            context, options, commands, common.SOURCE, **_plain_path(context, texts)
        )

    why = (
        "installed by make install DESTDIR="
        if installs
        else "no install step that knows DESTDIR, so programs and libraries are collected"
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


def _settings(context: Context, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words for make's command line: compilers, and the user's arguments.

    An assignment in the Makefile overrides the environment, and the command line overrides both, so
    compilers are set there. The other tools that work on files are first on PATH under their plain
    names, because Makefiles write flags after them: ``AR = ar rcu``.
    """
    tools = assignments(texts, context.environment)
    names = tuple(f"{name.partition('=')[0]}=" for name in tools)
    return (
        *(
            tool
            for tool, name in zip(tools, names, strict=True)
            if not common.says(context.arguments, name)
        ),
        *(word for word in context.arguments if not common.says((word,), *names)),
    )


def _plain_path(context: Context, texts: Iterable[str]) -> dict[str, str]:
    """Return the PATH on which plain pkg-config is the target's, if Makefiles need that."""
    if not _asks_plainly(context, texts):
        return {}
    return {"PATH": f"{context.kit.plain}{os.pathsep}{context.environment['PATH']}"}


def assignments(texts: Iterable[str], environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the assignments for make's command line, which override those in a Makefile.

    They are the compilers of the target; its pkg-config and linker, if a Makefile names plain ones,
    with the flags after them; and this machine's compilers, if a Makefile uses the target's in
    their place (``HOSTCC = $(CC)``).

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
    """Return this machine's compiler if the variable's name asks for it."""
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
    """Whether plain pkg-config must be the target's, as a Makefile calls it without a variable.

    :raises ProjectError: a Makefile also calls it for this machine's programs
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
            "a Makefile calls pkg-config under one name both for programs of this machine and for"
            " those of the platform",
            "call $(PKG_CONFIG) for the platform's programs: plain pkg-config is this machine's",
        )
    return bool(lines) and not own
