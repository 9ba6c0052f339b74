"""A program of one C or C++ file: ``xxpy build hello.c``, or a folder with a single source."""

from __future__ import annotations

import shlex
from functools import partial
from typing import TYPE_CHECKING

from xxpy.errors import ProjectError, UsageError
from xxpy.language.c import common, marks
from xxpy.language.c.remarks import remedy
from xxpy.runner.plan import STAGE, Plan, Step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.language.c.common import Context
    from xxpy.language.options import Options
    from xxpy.table.model import Table


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan: one call of the compiler per platform.

    :raises ProjectError: there is no source, or more than one
    """
    found = [folder / name for name in options.packages] or marks.sources(folder)
    if len(found) != 1:
        raise ProjectError(
            f"{len(found)} C and C++ files in {folder}, and no build system",
            "name the one that is a program: xxpy build main.c   or write a Makefile",
        )
    (path,) = found
    if not path.is_file():
        raise ProjectError(f"no such file: {path}")
    cxx = path.suffix in marks.CXX_SUFFIXES

    def step(context: Context) -> Step:
        """Return the step for one platform."""
        environment = context.environment
        compiler = context.kit.environment["CXX" if cxx else "CC"]
        flags = _words("CXXFLAGS" if cxx else "CFLAGS", environment)
        link = _words("LDFLAGS", environment if environment.get("LDFLAGS") else options.environment)
        command = (
            compiler,
            *flags,
            path.name,
            "-o",
            f"{STAGE}/{path.stem}{context.kit.target.row.file.program_suffix}",
            *link,
        )
        return Step(
            context.platform,
            ((*command, *context.arguments),),
            environment,
            advice=partial(remedy, context.kit),
            runtime=context.kit.runtime,
        )

    return common.plan(folder, options, table, step, language="c", cxx=cxx, places=(str(folder),))


def _words(name: str, environment: Mapping[str, str]) -> list[str]:
    """Return the words of a variable, split as a shell does.

    :raises UsageError: a quote is not closed
    """
    text = environment.get(name, "")
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(
            f"{name}={text} cannot be split into words: {error}",
            "close the quote, or write \\ before it",
        ) from error
