"""Explain why a command of a build failed, and what to do about it."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.binary import is_binary
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.errors import BuildError, OutputError
from xxpy.machine import files, shortage
from xxpy.runner import causes, compile_errors, configure_log, missing
from xxpy.runner.diagnosis import Diagnosis
from xxpy.runner.plan import SHELL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from xxpy.errors import XxpyError
    from xxpy.runner.follow import Ended
    from xxpy.runner.plan import Step
    from xxpy.table.columns import Row
    from xxpy.table.model import Table

_CANNOT_RUN: Final = re.compile(r"(?:^|\s)'?([^\s:']+)'?:(?=\s)")
"""The beginning of messages of sh, make and emulators about a program that does not run."""

_SPEAKERS: Final = frozenset({"ninja", "make", "gmake", "cmake", "meson"})
"""The build tools that begin their messages with their names; a project may build one itself."""

_ENTERED: Final = re.compile(r"make\S*: (?:Entering|Leaving) directory '(.+)'$")
"""What a make prints that another one has started."""

_CONFIGURE: Final = "configure"
_REPORT: Final = re.compile(
    r"\berror(?:\[\w+\])?: (?!in [`'])"  # compilers, linkers, cargo, Autoconf but for its folder
    r"|\bERROR: "  # Meson
    r"|^CMake Error"
    r"|undefined (?:reference|symbol)"  # linkers
    r"|^\S*\bld(?:\.\w+)?: (?!.*(?:warning: |in function |skipping incompatible ))"  # GNU ld
    r"|^\S+:\d+(?::\d+)?: (?!warning|note|remark|In )"  # Go
    r"|: \*\*\* "  # make
)
"""Lines with which tools report an error."""


def failure(
    step: Step,
    argv: Sequence[str],
    ended: Ended,
    *,
    folder: Path,
    output: Path,
    work: Path,
    table: Table,
    log: Path | None = None,
) -> XxpyError:
    """Return the error for a failed command.

    :param folder: the folder it ran in
    :param output: the folder for the results
    :param work: the folder for the work folders of the project
    :param log: the whole log of the build
    """
    name = Path(argv[1] if argv[0] == SHELL else argv[0]).name
    if ended.short is not None:
        places = [f"{output}, the cache of {name} or its temporary files"]
        return shortage.error(ended.short, "", places, evidence=shortage.line(ended.said))
    if ended.status < 0:
        return BuildError(
            f"{name} was killed by {_signal(-ended.status)}",
            "build fewer platforms at once: --jobs 1",
        )

    def failed(evidence: str) -> str:
        """Return the error of a compiler in a line, or else the status."""
        lines = compile_errors.around(ended.said, evidence, log)
        said = compile_errors.headline(lines, evidence, (folder, output.parent))
        if not said and evidence and name.endswith(_CONFIGURE):
            return f"{name}: {evidence}"  # a script of its own; the last line says why it ends
        return said or f"{name} failed with exit status {ended.status}"

    found = (
        _foreign(step, ended.said, (folder, output, work), table)
        or _configured(step, name, folder)
        or _known(step, failed, ended, log)
    )
    return BuildError(found.cause, found.fix, evidence=found.evidence)


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


def _foreign(
    step: Step, said: Iterable[str], folders: Sequence[Path], table: Table
) -> Diagnosis | None:
    """Return the diagnosis of a command that could not run a program for the platform.

    :param folders: the folder that it ran in, and others in which a build makes programs
    """
    row = table.row(step.platform)
    lines = list(said)
    entered = [Path(found[1]) for line in lines if (found := _ENTERED.search(line))]
    places = list(dict.fromkeys([folders[0], *reversed(entered)]))
    for line in lines:
        for word in _CANNOT_RUN.findall(line):
            if word in _SPEAKERS:
                continue
            # The shell does not find ./gen if the compiler has written gen.exe.
            candidates = (path for place in places for path in _files(place, word, row))
            path = next(filter(_is_file, candidates), None)
            if (
                path is not None
                and os.access(path, os.X_OK)
                and any(path.is_relative_to(folder) for folder in folders)
                and is_binary(path)
                and not check(path, row, table, Requirements())
            ):
                written = f"{word}{path.name.removeprefix(Path(word).name)}"
                return Diagnosis(
                    f"the build runs {written}, which it has built for {step.platform}",
                    line.strip(),
                    "let the project build it with CC_FOR_BUILD, which xxpy sets, "
                    "or install an emulator (qemu-user-static, wine)",
                )
    return None


def _files(folder: Path, word: str, row: Row) -> Iterator[Path]:
    """Yield the files that a word of a message may name, with the suffix of programs too."""
    yield folder / word
    if row.file.program_suffix:
        yield folder / f"{word}{row.file.program_suffix}"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # the word is too long for a name, or has a NUL
        return False


def _configured(step: Step, name: str, folder: Path) -> Diagnosis | None:
    """Return why the last test of a configure script failed, if the compiler refuses its C.

    What is missing for the target, a test is to find out; the script says it in words of its own.
    """
    if not name.startswith("configure"):
        return None
    found = causes.search(configure_log.last_test(folder), str(step.platform))
    return next((one.diagnosis for one in found if not one.general), None)


def _known(step: Step, failed: Callable[[str], str], ended: Ended, log: Path | None) -> Diagnosis:
    """Return the diagnosis of a failure by the last lines of the command.

    :param failed: returns what to report of a line if the cause is not known
    """
    told = _told(step.remedies, ended, failed)
    if told is not None:
        return told
    platform = str(step.platform)
    near = causes.search(ended.said, platform)
    found = near or _in_log(log, platform)
    if found and not found[0].general:
        return found[0].diagnosis
    for line in ended.said:
        what = missing.first([line])
        if what is not None:
            return Diagnosis(f"{what} is missing", line.strip(), step.advice())
    evidence = compile_errors.further_up(_evidence(ended.said), log)
    if found and (near or compile_errors.placed(evidence) is None):
        return found[0].diagnosis
    guessed = _told(step.guesses, ended, failed)
    return guessed or Diagnosis(failed(evidence), evidence, "")


def _told(
    messages: Iterable[tuple[str, str]], ended: Ended, failed: Callable[[str], str]
) -> Diagnosis | None:
    """Return the diagnosis by the first of the messages that a command has printed, if any."""
    for words, remedy in messages:
        line = next((line for line in ended.said if words in line), None)
        if line is not None:
            return Diagnosis(failed(line.strip()), line.strip(), remedy)
    return None


def _in_log(log: Path | None, platform: str) -> tuple[causes.Found, ...]:
    """Return the causes that the whole log of a build shows; the end of it shows none."""
    if log is None:
        return ()
    try:
        with log.open("rb") as file:
            return causes.read(file, platform).found
    except OSError:
        return ()


def _evidence(said: Sequence[str]) -> str:
    """Return the first line that reports an error, or else the last line.

    >>> _evidence(["a.c:1:2: warning: x", "./a.go:3:15: undefined: y", "exit 1"])
    './a.go:3:15: undefined: y'
    >>> _evidence(["building", "no luck", ""])
    'no luck'
    """
    lines = [line.strip() for line in said if line.strip()]
    return next(filter(_REPORT.search, lines), lines[-1] if lines else "")
