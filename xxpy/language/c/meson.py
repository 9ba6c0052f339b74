"""Meson projects: set up with the kit's cross file, compiled, and installed with DESTDIR."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.language import texts
from xxpy.language.c import common, marks
from xxpy.runner.plan import JOBS, STAGE, Plan, Tests

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.language.c.common import Context
    from xxpy.language.options import Options
    from xxpy.runner.plan import Step
    from xxpy.table.model import Table

_PROJECT: Final = re.compile(r"project\s*\(([^)]*)\)")


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan.

    :raises ToolError: meson or ninja is missing
    """
    program = common.need("meson", options)
    common.need("ninja", options)

    def step(context: Context) -> Step:
        """Return the step for one platform."""
        settings = (*_settings(context, static=options.static), *context.arguments)
        commands = [
            (program, "setup", *settings, common.BUILD, str(folder)),
            (program, "compile", "-C", common.BUILD, "-j", JOBS),
        ]
        words = (program, "test", "-C", common.BUILD, "--no-rebuild", "--print-errorlogs")
        tests = Tests(words, r"^(Ok|Expected Fail):\s+[1-9]")
        commands += [tests.command] if options.run_tests else []
        commands.append((program, "install", "-C", common.BUILD, "--no-rebuild"))
        return common.installed(
            context,
            options,
            commands,
            common.BUILD,
            tests,
            DESTDIR=STAGE,
            **common.children_native(context, options),
        )

    found = _PROJECT.search(texts.text_of(folder / marks.MESON))
    return common.plan(
        folder,
        options,
        table,
        step,
        language="meson",
        cxx=found is not None and "cpp" in found.group(1),
    )


def _settings(context: Context, *, static: bool | None) -> list[str]:
    """Return the settings for a platform that the user's arguments do not make themselves."""
    arguments = context.arguments
    settings = [f"--cross-file={context.kit.folder / 'meson-cross.ini'}"]
    if not common.says(arguments, "--prefix", "-Dprefix="):
        settings.append(f"--prefix={common.PREFIX}")
    if not common.says(arguments, "--libdir", "-Dlibdir="):
        settings.append("--libdir=lib")
    if not common.says(arguments, "--buildtype", "-Dbuildtype=", "-Doptimization="):
        settings.append("--buildtype=release")
    if static and not common.says(arguments, "--default-library", "-Ddefault_library="):
        settings += ["--default-library=static", "--prefer-static"]
    return settings
