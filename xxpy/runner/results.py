"""The results of a build, and the observer that follows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from xxpy.runner.diagnosis import Diagnosis

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.errors import XxpyError
    from xxpy.runner.outputs import Output
    from xxpy.table.platform import Platform


class Status(Enum):
    """How the build of one platform ended."""

    BUILT = "built"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one platform.

    :param seconds: wall time
    :param log: the file with the output of the commands, or None if none ran
    :param error: why it failed, or None; its class tells the exit code
    :param log_end: the last lines of the log, if it failed
    :param reused: whether the results are those of an earlier build, verified again
    :param tested: whether the project's tests have passed
    :param removed: the files of earlier builds that this one does not make, and that were removed
    """

    platform: Platform
    status: Status
    seconds: float
    log: Path | None
    outputs: tuple[Output, ...] = ()
    error: XxpyError | None = None
    log_end: tuple[str, ...] = ()
    reused: bool = False
    tested: bool = False
    removed: tuple[Path, ...] = ()

    @property
    def diagnosis(self) -> Diagnosis | None:
        """Why it failed, in parts, or None."""
        return None if self.error is None else Diagnosis.of(self.error)


class Observer(Protocol):
    """Follows a build; called from several threads, one call at a time."""

    def started(self, platform: Platform) -> None:
        """The build of a platform has begun."""

    def line(self, platform: Platform, text: str) -> None:
        """A command has printed a line."""

    def finished(self, result: Result) -> None:
        """The build of a platform has ended."""
