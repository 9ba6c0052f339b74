"""Facts about the build machine: its platform, its distribution, its kernel and its emulators."""

from __future__ import annotations

import platform as _platform
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.errors import UnsupportedPlatformError
from xxpy.table.platform import Platform, parse
from xxpy.table.target import NO_DISTRIBUTION

if TYPE_CHECKING:
    from xxpy.table.words import Vocabulary


_HANDLERS: Final = Path("/proc/sys/fs/binfmt_misc")
_QEMU: Final = "qemu-"


@dataclass(frozen=True, slots=True)
class Release:
    """``ID``, ``VERSION_ID`` and ``VERSION_CODENAME`` of os-release.

    Without that file they are ``unknown`` and "".
    """

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
    """Return the release of this machine's distribution."""
    try:
        found = _platform.freedesktop_os_release()
    except OSError:
        return Release(NO_DISTRIBUTION, "")
    return Release(
        found.get("ID") or NO_DISTRIBUTION,
        found.get("VERSION_ID", ""),
        found.get("VERSION_CODENAME", ""),
    )


def kernel() -> str:
    """Return the release of the kernel, such as ``6.1.0``."""
    return _platform.release()


def handlers() -> dict[str, str]:
    """Return the kernel's handlers for QEMU, by QEMU's name of the machine, with their flags.

    The kernel lists them as files (https://docs.kernel.org/admin-guide/binfmt-misc.html)::

        enabled
        interpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P
        flags: POF
    """
    found = {}
    for path in sorted(_HANDLERS.glob(f"{_QEMU}*")):
        with suppress(OSError):
            lines = path.read_text("ascii", errors="replace").splitlines()
            flags = next(
                (line.partition(":")[2].strip() for line in lines if line.startswith("flags")), ""
            )
            if "enabled" in lines:
                found[path.name.removeprefix(_QEMU)] = flags
    return found
