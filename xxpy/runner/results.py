"""How the build of a platform ended, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from xxpy.errors import OutputError, XxpyError
from xxpy.machine import files
from xxpy.runner import missing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xxpy.runner.outputs import Output
    from xxpy.runner.plan import Step
    from xxpy.table.platform import Platform

LOG_END: Final = 15
"""Lines of a log that are shown when a build fails."""


class Status(Enum):
    """How the build of one platform ended."""

    BUILT = "built"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one platform.

    :param seconds: wall time
    :param log: the file with all that the commands printed, or None where none ran
    :param error: why it failed, else None
    :param log_end: the last lines of the log of a failure
    """

    platform: Platform
    status: Status
    seconds: float
    log: Path | None
    outputs: tuple[Output, ...] = ()
    error: XxpyError | None = None
    log_end: tuple[str, ...] = ()


class Observer(Protocol):
    """Who is told how a build goes on; called from several threads, one call at a time."""

    def started(self, platform: Platform) -> None:
        """The build of a platform has begun."""

    def line(self, platform: Platform, text: str) -> None:
        """A command has printed a line."""

    def finished(self, result: Result) -> None:
        """The build of a platform has ended."""


def advice(step: Step, said: Iterable[str]) -> str:
    """Return what to do about what the last lines of a command say is wrong, or about the header, library or package that is missing."""
    lines = tuple(said)
    known = next((remedy for words, remedy in step.remedies if any(words in line for line in lines)), None)
    if known is not None:
        return known
    what = missing.first(lines)
    return f"{what} is missing; {step.advice}" if what and step.advice else ""


def output_error(error: OSError, folder: Path, logs: Path) -> OutputError:
    """Return the error of a build whose results cannot be written."""
    if files.is_full(error):
        return OutputError("no space is left on the disk", f"make room for {folder}, and for the cache, such as {logs}")
    return OutputError(f"{error.filename or folder}: {files.reason(error)}", "look at the output folder and its permissions")


def end_of(log: Path) -> tuple[str, ...]:
    """Return the last lines of a log, without the names of packages that went well."""
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(lines[-LOG_END:])
