"""Meson projects: set up with the kit's cross file, compiled, and installed with DESTDIR."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.build.plan import JOBS, STAGE, Plan
from xxpy.language import c

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.build.plan import Step
    from xxpy.language.c import Context
    from xxpy.language.options import Options
    from xxpy.table.load import Table

TITLE: Final = "Meson project"
MARKER: Final = "meson.build"
_PROJECT: Final = re.compile(r"project\s*\(([^)]*)\)")


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan.

    :raises ToolError: there is no meson or no ninja
    """
    program = c.need("meson", "apt-get install meson, or pip install meson", options)
    c.need("ninja", "apt-get install ninja-build, or pip install ninja", options)

    def step(context: Context) -> Step:
        arguments = context.arguments
        settings = [f"--cross-file={context.kit.folder / 'meson-cross.ini'}"]
        if not c.says(arguments, "--prefix", "-Dprefix="):
            settings.append(f"--prefix={c.PREFIX}")
        if not c.says(arguments, "--libdir", "-Dlibdir="):
            settings.append("--libdir=lib")
        if not c.says(arguments, "--buildtype", "-Dbuildtype=", "-Doptimization="):
            settings.append("--buildtype=release")
        if options.static and not c.says(arguments, "--default-library", "-Ddefault_library="):
            settings += ["--default-library=static", "--prefer-static"]
        commands = [
            (program, "setup", *settings, *arguments, c.BUILD, str(folder)),
            (program, "compile", "-C", c.BUILD, "-j", JOBS),
        ]
        if options.run_tests:
            commands.append((program, "test", "-C", c.BUILD, "--no-rebuild", "--print-errorlogs"))
        commands.append((program, "install", "-C", c.BUILD, "--no-rebuild"))
        return c.installed(context, options, commands, c.BUILD, DESTDIR=STAGE, **c.children_native(context, options))

    found = _PROJECT.search(c.text_of(folder / MARKER))
    return c.plan(folder, options, table, step, language="meson", cxx=found is not None and "cpp" in found.group(1))
