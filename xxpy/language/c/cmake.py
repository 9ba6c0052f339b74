"""CMake projects: configured with the kit's toolchain file, built, and installed with DESTDIR.

A preset is used if it is asked for: ``xxpy build -- --preset release``. The kit's toolchain file
takes precedence over the preset's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.errors import ToolError
from xxpy.language import texts
from xxpy.language.c import common, marks
from xxpy.machine import advice, programs
from xxpy.runner.plan import JOBS, STAGE, Plan, Tests

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.language.c.common import Context
    from xxpy.language.options import Options
    from xxpy.runner.plan import Step
    from xxpy.table.model import Table

_PROJECT: Final = re.compile(r"^\s*project\s*\(([^)]*)\)", re.IGNORECASE | re.MULTILINE)
_TESTING: Final = "-DBUILD_TESTING"
_LANGUAGES: Final = frozenset({"C", "CXX", "NONE", "ASM"})


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan.

    :raises ToolError: cmake, ctest for tests, or both ninja and make are missing
    """
    program = common.need("cmake", options)
    ninja = programs.which("ninja", options.environment)
    if ninja is None and programs.which("make", options.environment) is None:
        raise ToolError(
            "neither ninja nor make is on PATH", f"install one: {advice.install('ninja')}"
        )
    ctest = common.need("ctest", options, "cmake") if options.run_tests else ""

    def step(context: Context) -> Step:
        """Return the step for one platform."""
        settings = _settings(context, options, ninja=ninja is not None)
        commands = [
            (program, "-S", str(folder), "-B", common.BUILD, *settings, *context.arguments),
            (program, "--build", common.BUILD, "--parallel", JOBS),
        ]
        words = (ctest, "--test-dir", common.BUILD, "--output-on-failure")
        tests = Tests(words, r"tests passed.* out of [1-9]")
        commands += [tests.command] if options.run_tests else []
        commands.append((program, "--install", common.BUILD))
        return common.installed(
            context,
            options,
            commands,
            common.BUILD,
            tests,
            DESTDIR=STAGE,
            **common.children_native(context, options),
        )

    return common.plan(
        folder,
        options,
        table,
        step,
        language="cmake",
        cxx=_needs_cxx(texts.text_of(folder / marks.CMAKE)),
    )


def _settings(context: Context, options: Options, *, ninja: bool) -> list[str]:
    """Return the settings for a platform that the user's arguments do not make themselves.

    CMake's own variable for tests, which is on by default, is off unless the tests will be run.
    """
    arguments = context.arguments
    preset = common.says(arguments, "--preset")
    settings = [f"-DCMAKE_TOOLCHAIN_FILE={context.kit.folder / 'toolchain.cmake'}"]
    if ninja and not preset and not common.says(arguments, "-G"):
        settings.append("-GNinja")
    if not preset and not common.says(arguments, "-DCMAKE_BUILD_TYPE"):
        settings.append("-DCMAKE_BUILD_TYPE=Release")
    if not common.says(arguments, "-DCMAKE_INSTALL_PREFIX"):
        settings.append(f"-DCMAKE_INSTALL_PREFIX={common.PREFIX}")
    if options.static and not common.says(arguments, "-DBUILD_SHARED_LIBS"):
        settings.append("-DBUILD_SHARED_LIBS=OFF")
    if not preset and not common.says(arguments, _TESTING):
        settings.append(f"{_TESTING}={'ON' if options.run_tests else 'OFF'}")
    return settings


def _needs_cxx(text: str) -> bool:
    """Whether the project uses C++, as it does if it names no language.

    >>> texts = ("project(a C)", "project(a)", "project(a VERSION 1 LANGUAGES CXX)")
    >>> [_needs_cxx(text) for text in texts]
    [False, True, True]
    """
    found = _PROJECT.search(text)
    named = _LANGUAGES & set(found.group(1).split()[1:]) if found else set()
    return not named or "CXX" in named
