"""The build machine: its platform, its distribution, and the tools on its PATH."""

from __future__ import annotations

import os
import platform as _platform
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy import files, processes, trust
from xxpy.errors import OutputError, ToolError, UnsupportedPlatformError
from xxpy.platform import Platform, parse
from xxpy.target import NO_DISTRIBUTION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xxpy.platform import Vocabulary

_CONTAINERS: Final = "linux"
"""The system whose machines a Linux container runs on; what `platform.system` calls it in lower case."""

_HANDLERS: Final = Path("/proc/sys/fs/binfmt_misc")
_QEMU: Final = "qemu-"

_TICK: Final = 0.2
"""How often a tool is looked after, in seconds."""


@dataclass(frozen=True, slots=True)
class Release:
    """``ID``, ``VERSION_ID`` and ``VERSION_CODENAME`` of os-release; ``unknown`` and "" without one."""

    id: str
    version: str
    codename: str = ""


def platform(words: Vocabulary) -> Platform:
    """Return the platform of the build machine.

    :raises UnsupportedPlatformError: no row knows its system or its machine word (``uname -m``)
    """
    system = _platform.system().lower()
    machine = _platform.machine().lower()
    try:
        return parse(f"{system}/{machine}", words, typed=True)
    except UnsupportedPlatformError as error:
        raise UnsupportedPlatformError(
            f"this machine is {system}/{machine}, which no row of the table knows",
            "name the platform: --platform linux/amd64",
        ) from error


def release() -> Release:
    """Return the distribution that this machine runs."""
    try:
        found = _platform.freedesktop_os_release()
    except OSError:
        return Release(NO_DISTRIBUTION, "")
    return Release(found.get("ID") or NO_DISTRIBUTION, found.get("VERSION_ID", ""), found.get("VERSION_CODENAME", ""))


def kernel() -> str:
    """Return the release of the kernel, ``6.1.0``."""
    return _platform.release()


def handlers() -> dict[str, str]:
    """Return QEMU's handlers that the kernel has, by QEMU's name of their machine, with their flags.

    The kernel lists them as files (https://docs.kernel.org/admin-guide/binfmt-misc.html)::

        enabled
        interpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P
        flags: POF
    """
    found = {}
    for path in sorted(_HANDLERS.glob(f"{_QEMU}*")):
        with suppress(OSError):
            lines = path.read_text("ascii", errors="replace").splitlines()
            flags = next((line.partition(":")[2].strip() for line in lines if line.startswith("flags")), "")
            if "enabled" in lines:
                found[path.name.removeprefix(_QEMU)] = flags
    return found


def which(name: str, environment: Mapping[str, str] | None = None) -> str | None:
    """Return the absolute path of the program *name* on PATH, or None; relative folders of PATH are passed over (:mod:`xxpy.trust`)."""
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
