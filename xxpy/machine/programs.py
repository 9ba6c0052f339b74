"""Programs of this machine: find one on PATH, run it and read its output."""

from __future__ import annotations

import os
import selectors
import shlex
import shutil
import subprocess
import time
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy import bounds
from xxpy.errors import OutputError, ToolError
from xxpy.machine import limits, processes, remembered, resources, said, shortage, trust

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xxpy.machine.limits import Limits

_TICK: Final = 0.2
"""Seconds between two checks of a running tool."""

_CHUNK: Final = 1 << 16
_SHORT: Final = 80
"""Characters of a command that a hint can repeat."""

_SUB_MAKE: Final = frozenset({"MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL"})
"""What a make tells the makes that it starts (GNU make's manual, "Recursive Use of make")."""

_SETTLED: Final = 2_000_000_000
"""Nanoseconds after which a folder that has not changed is at rest."""


def which(name: str, environment: Mapping[str, str] | None = None) -> str | None:
    """Return the absolute path of the program *name* on PATH, or None.

    Relative folders of PATH are ignored (:mod:`xxpy.machine.trust`). Links are kept, because a
    program may behave according to its name.
    """
    return finder(environment)(name)


def finder(environment: Mapping[str, str] | None = None) -> Callable[[str], str | None]:
    """Return what finds several programs as :func:`which` does; it looks at PATH once."""
    path = trust.search_path(environment)
    times = _times(path)

    def find(name: str) -> str | None:
        found = _found(name, path, times)
        if found is None or not trust.allows(found):
            return None
        return os.path.abspath(found)  # noqa: PTH100 - keeps links

    return find


@lru_cache(maxsize=4096)
def _found(name: str, path: str, _at: object) -> str | None:
    """Return where a program is, as the folders of PATH were then."""
    return shutil.which(name, path=path)


def inherited() -> dict[str, str]:
    """Return this process's environment as a build gets it.

    If a make has started xxpy, its options and variables are not those of the project's make: they
    might be for another kind of make, and would change the result without being asked for.
    """
    given = dict(os.environ)
    if "MAKELEVEL" not in given:
        return given
    return {name: value for name, value in given.items() if name not in _SUB_MAKE}


def _times(path: str) -> object:
    """Return when the folders of PATH last changed, by which an earlier search is found again.

    Of a folder that has just changed, the next change may have the same time, so the object that is
    returned then equals no other.
    """
    times = []
    for folder in path.split(os.pathsep):
        try:
            times.append(os.stat(folder).st_mtime_ns)  # noqa: PTH116 - called a thousand times
        except OSError:
            times.append(0)
    return tuple(times) if max(times, default=0) < time.time_ns() - _SETTLED else object()


def output(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    folder: str | None = None,
) -> str:
    """Run a tool and return its output.

    :raises ToolError: it cannot be started or fails; the message has the line that says why
    :raises OutputError: it fails because the disk is full
    """
    done = watch(command, _nothing, environment=environment, folder=folder)
    if done.status != 0:
        raise _failed(command, done)
    return done.output


def _failed(command: Sequence[str], done: Done) -> ToolError:
    """Return the error for a tool that has failed, with the line that says why."""
    told = done.errors.strip()
    tool, why = " ".join(command[:2]), said.cause(told)
    message = f"{tool} failed: {why}" if why else f"{tool} failed with exit status {done.status}"
    again = shlex.join(command)
    hint = f"all that it says: {again}" if "\n" in told and len(again) <= _SHORT else ""
    return ToolError(message, hint, said=told)


def answer(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return what a tool prints about itself, such as its version.

    It is asked once; the answer is kept in the user's cache until the tool or the environment
    changes (:mod:`xxpy.machine.remembered`).

    :raises ToolError: it cannot be started or fails
    """
    return _answer(tuple(command), tuple(sorted(environment.items())))


def forget() -> None:
    """Forget in this process what tools have answered; the user's cache keeps it."""
    _answer.cache_clear()


@cache
def _answer(command: tuple[str, ...], environment: tuple[tuple[str, str], ...]) -> str:
    given = dict(environment)
    tool = remembered.tool(command[0])
    if tool is None:
        return _said(command, given)
    effective = remembered.environment(trust.environment(given) or given)
    folder = resources.cache_path(remembered.TRIALS)
    entry = remembered.place(folder, "answer", command, tool, effective)
    data = remembered.recall(entry)
    if data is not None:
        return data.decode("utf-8", "surrogateescape")
    said = _said(command, given)
    remembered.keep(entry, said.encode("utf-8", "surrogateescape"))
    return said


def _said(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return what a tool prints, or of one that prints nothing, its messages (``gcc -v``).

    :raises ToolError: it cannot be started or fails
    """
    done = watch(command, _nothing, environment=environment)
    if done.status != 0:
        raise _failed(command, done)
    return done.output or done.errors


class Done(NamedTuple):
    """The exit status of a tool and what it printed."""

    status: int
    output: str
    errors: str


def watch(
    command: Sequence[str],
    tick: Callable[[], None],
    *,
    environment: Mapping[str, str] | None = None,
    folder: str | None = None,
    seconds: float | None = None,
) -> Done:
    """Run a tool, and call *tick* several times a second until it ends.

    An exception from *tick* stops the tool.

    :param seconds: how long it may take
    :raises ToolError: it cannot be started, or exceeds a limit
    :raises ProjectError: it only reads a project, and exceeds a limit
    :raises OutputError: it fails because the disk is full
    """
    allowed = limits.current()
    allowed = allowed if seconds is None else replace(allowed, seconds=seconds)
    try:
        child = processes.start(command, environment=environment, folder=folder)
    except (OSError, ValueError) as error:  # a word with a NUL is a ValueError
        raise ToolError(
            f"{command[0]} cannot be started: {getattr(error, 'strerror', None) or error}"
        ) from error
    with child:
        try:
            allowed.hold(child)
            name = " ".join((Path(command[0]).name, *command[1:2]))
            done = _Reader(child, allowed, tick).read(name)
        except BaseException:
            processes.stop([child])
            raise
        finally:
            processes.ended(child)
    _look_for_room(command[0], done)
    if done.status and allowed.out_of_memory(done.status, done.errors):
        most = bounds.size(allowed.memory or 0)
        raise allowed.refusal(" ".join(command[:2]), f"needs more than {most} of memory")
    return done


def _look_for_room(name: str, done: Done) -> None:
    """Check whether a tool failed because there was no room to write.

    :raises OutputError: it did
    """
    short = (
        shortage.of_text(done.errors) or shortage.of_status(done.status) if done.status else None
    )
    if short is not None:
        failure = shortage.error(short, f"for {name}", ["its cache", "TMPDIR"])
        lines = [line for line in done.errors.splitlines() if shortage.of_text(line)]
        raise OutputError(failure.message, "\n".join((*lines[-1:], failure.hint)))


class _Reader:
    """Reads what a tool prints until it ends, within limits."""

    def __init__(
        self, child: subprocess.Popen[str], allowed: Limits, tick: Callable[[], None]
    ) -> None:
        self.child = child
        self.allowed = allowed
        self.tick = tick
        self.begin = self.told = time.monotonic()

    def read(self, name: str) -> Done:
        """Return the exit status of the tool and what it printed.

        :raises ToolError: it takes too long or prints too much
        """
        printed = {
            stream: bytearray()
            for stream in (self.child.stdout, self.child.stderr)
            if stream is not None
        }
        with selectors.DefaultSelector() as ready:
            for stream in printed:
                ready.register(stream, selectors.EVENT_READ)
            while ready.get_map():
                for key, _ in ready.select(_TICK):
                    data = os.read(key.fd, _CHUNK)
                    if not data:
                        ready.unregister(key.fileobj)
                    printed[key.fileobj] += data  # type: ignore[index] # what was registered
                    if sum(map(len, printed.values())) > self.allowed.output:
                        raise self.allowed.refusal(
                            name, f"prints more than {bounds.size(self.allowed.output)}"
                        )
                self._look(name)
        while self.child.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                self.child.wait(_TICK)
            self._look(name)
        self.tick()
        output, errors = (
            _text(printed[stream]) if stream else ""
            for stream in (self.child.stdout, self.child.stderr)
        )
        return Done(self.child.returncode, output, errors)

    def _look(self, name: str) -> None:
        """Call *tick* if it is due.

        :raises ToolError: the tool takes too long
        """
        now = time.monotonic()
        if self.allowed.seconds is not None and now - self.begin > self.allowed.seconds:
            raise self.allowed.refusal(
                name, f"does not end within {self.allowed.seconds:.0f} seconds"
            )
        if now - self.told >= _TICK:
            self.told = now
            self.tick()


def _text(data: bytearray) -> str:
    """Return text with the line ends of this system; bytes that are not text survive (PEP 383)."""
    return data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")


def _nothing() -> None:
    """Do nothing."""
