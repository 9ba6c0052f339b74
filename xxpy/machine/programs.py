"""Programs of this machine: find one on PATH, run one and read what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy.errors import OutputError, ToolError
from xxpy.machine import files, processes, trust

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


_TICK: Final = 0.2
"""How often a tool is looked after, in seconds."""


def which(name: str, environment: Mapping[str, str] | None = None) -> str | None:
    """Return the absolute path of the program *name* on PATH, or None; relative folders do not count (:mod:`xxpy.machine.trust`)."""
    found = shutil.which(name, path=trust.search_path(environment))
    return None if found is None or not trust.allows(found) else os.path.abspath(found)  # noqa: PTH100 - links stay as they are: a name may choose the tool


def output(command: Sequence[str], *, environment: Mapping[str, str] | None = None, folder: str | None = None) -> str:
    """Run a tool that answers at once and return what it prints.

    :raises ToolError: it cannot be started or fails; the hint holds what it says
    :raises OutputError: it says that the disk is full
    """
    done = watch(command, _nothing, environment=environment, folder=folder)
    if done.status != 0 and files.says_full(done.errors):
        raise OutputError(f"no space is left on the disk for {command[0]}", done.errors.strip())
    if done.status != 0:
        raise ToolError(f"{' '.join(command[:2])} failed with exit status {done.status}", done.errors.strip())
    return done.output


def answer(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return what a tool says of itself, such as its version: as :func:`output`, asked once in a process.

    :raises ToolError: it cannot be started or fails
    """
    return _answer(tuple(command), tuple(sorted(environment.items())))


@cache
def _answer(command: tuple[str, ...], environment: tuple[tuple[str, str], ...]) -> str:
    return output(command, environment=dict(environment))


class Done(NamedTuple):
    """How a tool ended and what it said."""

    status: int
    output: str
    errors: str


def watch(
    command: Sequence[str], tick: Callable[[], None], *, environment: Mapping[str, str] | None = None, folder: str | None = None
) -> Done:
    """Run a tool that takes a while, and call *tick* some times a second until it ends; whatever *tick* raises stops it.

    :raises ToolError: it cannot be started
    """
    try:
        child = processes.start(command, environment=environment, folder=folder)
    except OSError as error:
        raise ToolError(f"{command[0]} cannot be started: {error.strerror}") from error
    with child:
        try:
            while True:
                try:
                    said, errors = child.communicate(timeout=_TICK)
                except subprocess.TimeoutExpired:
                    tick()
                else:
                    tick()
                    return Done(child.returncode, said, errors)
        except BaseException:
            processes.stop([child])
            raise
        finally:
            processes.ended(child)


def _nothing() -> None:
    """Let time pass."""
