"""Explain why a command of a build failed, and what to do about it."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.binary import is_binary
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.errors import BuildError, OutputError
from xxpy.machine import files, shortage
from xxpy.runner import missing
from xxpy.runner.plan import SHELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xxpy.errors import XxpyError
    from xxpy.runner.follow import Ended
    from xxpy.runner.plan import Step
    from xxpy.table.load import Table

_CANNOT_RUN: Final = re.compile(r"(?:^|\s)'?([^\s:']+)'?: ")
"""The beginning of messages of sh, make and emulators about a program that does not run."""


def failure(
    step: Step, argv: Sequence[str], ended: Ended, *, folder: Path, output: Path, table: Table
) -> XxpyError:
    """Return the error for a failed command.

    :param folder: the folder it ran in
    :param output: the folder for the results
    """
    name = Path(argv[1] if argv[0] == SHELL else argv[0]).name
    if ended.short is not None:
        places = [f"{output}, the cache of {name} or its temporary files"]
        return shortage.error(ended.short, f"for {step.platform}", places)
    if ended.status < 0:
        return BuildError(
            f"{name} was killed by {_signal(-ended.status)} while building for {step.platform}",
            "build fewer platforms at once: --jobs 1",
        )
    program = _foreign(step, ended.said, folder, table)
    if program is not None:
        return BuildError(
            f"the build for {step.platform} runs {program}, which it has built for that platform",
            "let the project build it with CC_FOR_BUILD, which xxpy sets, "
            "or install an emulator (qemu-user-static, wine)",
        )
    return BuildError(
        f"{name} failed for {step.platform} with exit status {ended.status}",
        _advice(step, ended.said),
    )


def output_error(error: OSError, folder: Path, logs: Path) -> OutputError:
    """Return the error for an output folder or a log that cannot be written."""
    short = shortage.of_error(error)
    if short is not None:
        return shortage.error(short, "", [f"{folder}, and for the cache, such as {logs}"])
    return OutputError(
        f"{error.filename or folder}: {files.reason(error)}",
        "check the output folder and its permissions",
    )


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"


def _foreign(step: Step, said: Iterable[str], folder: Path, table: Table) -> str | None:
    """Return the program for the platform that a command could not run, by its last lines."""
    for line in said:
        for word in _CANNOT_RUN.findall(line):
            path = folder / word
            if (
                _is_file(path)
                and is_binary(path)
                and not check(path, table.row(step.platform), table, Requirements())
            ):
                return str(word)
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # the word is too long for a name, or has a NUL
        return False


def _advice(step: Step, said: Iterable[str]) -> str:
    """Return what to do about the failure that the last lines of a command report, or ""."""
    lines = tuple(said)
    known = next(
        (remedy for words, remedy in step.remedies if any(words in line for line in lines)), None
    )
    if known is not None:
        return known
    what = missing.first(lines)
    return f"{what} is missing; {step.advice}" if what and step.advice else ""
