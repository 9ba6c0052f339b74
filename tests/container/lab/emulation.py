"""QEMU for programs of other machines: registered with the kernel, so that containers need not hold it.

Debian's ``qemu-user-static`` brings a line for each machine in ``/usr/lib/binfmt.d``. Where systemd runs they are
registered already; elsewhere, as in a container, this does it. The flag F makes the kernel open QEMU at once, outside
the container.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.container.lab.commands import LabError, run
from tests.container.lab.place import shared

if TYPE_CHECKING:
    from collections.abc import Iterator

KERNEL: Final = Path("/proc/sys/fs/binfmt_misc")
LINES: Final = Path("/usr/lib/binfmt.d")


def register(machines: tuple[str, ...]) -> list[str]:
    """Make the kernel start foreign programs with QEMU, and return those machines that were not registered before.

    :param machines: QEMU's names, such as ``aarch64``
    :raises LabError: no QEMU for one of them, or no right to register it
    """
    missing = [name for name in machines if not (KERNEL / f"qemu-{name}").exists()]
    if not missing:
        return []
    if os.geteuid() != 0:
        raise LabError(
            f"QEMU is not registered for {', '.join(missing)}, and only root can do that"
        )
    if not (KERNEL / "register").exists():
        run("mount", "-t", "binfmt_misc", "binfmt_misc", KERNEL)
        missing = [name for name in machines if not (KERNEL / f"qemu-{name}").exists()]
    for name in missing:
        line = LINES / f"qemu-{name}.conf"
        if not line.is_file():
            raise LabError(f"{line} is missing; install qemu-user-static")
        (KERNEL / "register").write_text(line.read_text().strip())
    return missing


@contextmanager
def registered(machines: tuple[str, ...], *, keep: bool = False) -> Iterator[None]:
    """Let foreign programs run; what was not registered before is forgotten when no process needs it.

    :param machines: QEMU's names, such as ``aarch64``
    :param keep: forget nothing
    :raises LabError: no QEMU for one of them, or no right to register it
    """

    def begin() -> list[str]:
        missing = register(machines)
        return [] if keep else missing

    with shared("emulation", begin, forget):
        yield


def forget(machines: list[str]) -> None:
    """Undo :func:`register`."""
    for name in machines:
        entry = KERNEL / f"qemu-{name}"
        if entry.exists():
            entry.write_text("-1")
