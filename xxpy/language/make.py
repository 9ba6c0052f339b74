"""Projects with a Makefile: built in a copy, installed with DESTDIR where the Makefile knows it.

A Makefile whose install step does not know ``DESTDIR`` would write into this machine's folders; it is never run, and the programs and
libraries that ``make`` has made are taken from where they lie.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.language import c
from xxpy.plan import JOBS, STAGE, Plan

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.language.c import Context
    from xxpy.language.options import Options
    from xxpy.plan import Step
    from xxpy.table import Table

TITLE: Final = "Makefile"
NAMES: Final = ("GNUmakefile", "Makefile", "makefile")
_INSTALL: Final = re.compile(r"^install\s*:", re.MULTILINE)
_TEST: Final = re.compile(r"^(check|test)\s*:", re.MULTILINE)


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan.

    :raises ToolError: there is no make
    """
    program = c.need("make", "apt-get install make", options)
    text = c.text_of(next(folder / name for name in NAMES if (folder / name).is_file()))
    installs = _INSTALL.search(text) is not None and "DESTDIR" in text
    test = _TEST.search(text)

    def step(context: Context) -> Step:
        environment = context.environment
        # What the Makefile assigns with = is stronger than the environment; on the command line the compilers are stronger still. The
        # other tools stand under their plain names first on PATH, and Makefiles write flags behind these: AR = ar rcu.
        tools = tuple(f"{name}={environment[name]}" for name in ("CC", "CXX") if name in environment)
        further = tuple(word for word in context.arguments if not c.says((word,), *(f"{name.partition('=')[0]}=" for name in tools)))
        settings = (*(name for name in tools if not c.says(context.arguments, f"{name.partition('=')[0]}=")), *further)
        commands = [(program, f"-j{JOBS}", *settings)]
        if options.run_tests and test is not None:
            commands.append((program, test.group(1), *settings))
        if installs:
            variables = tuple(word for word in settings if "=" in word)
            commands.append((program, "install", f"DESTDIR={STAGE}", f"PREFIX={c.PREFIX}", f"prefix={c.PREFIX}", *variables))
        return c.installed(context, options, commands, c.SOURCE)

    why = "installed by make install DESTDIR=" if installs else "no install step that knows DESTDIR: programs and libraries are collected"
    return c.plan(folder, options, table, step, language="make", cxx=c.has_cxx(folder), copied=True, why=(f"Makefile: {why}",))
