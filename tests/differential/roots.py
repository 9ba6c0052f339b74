"""Small root folders in which the scripts run as in an image: one shell, one os-release, one machine.

A root holds a shell with its libraries, the rendered scripts, and a ``uname`` that answers what the test wants. Programs run
in it by ``chroot``, as root or inside a user namespace, so nothing of the machine that tests is seen.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from xxpy import wrappers
from xxpy.machine import resources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SHELLS: Final = ("dash", "busybox", "bash")

IDENTITIES: Final[Mapping[str, tuple[str, str]]] = {
    "debian-12": ("debian", "12"),
    "debian-13": ("debian", "13"),
    "ubuntu": ("ubuntu", "24.04"),
    "alpine": ("alpine", "3.22.0"),
    "fedora": ("fedora", "42"),
    "centos": ("centos", "9"),
    "rocky": ("rocky", "9.5"),
    "ol": ("ol", "9.5"),
    "rhel": ("rhel", "9.5"),
    "almalinux": ("almalinux", "9.5"),
    "none": ("unknown", ""),
}
"""Each system that the scripts run on: its ID and VERSION_ID; ``none`` has no os-release."""


@dataclass(frozen=True)
class Root:
    """One root folder."""

    path: Path

    def run(
        self, *command: str, environment: Mapping[str, str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the root with nothing but *environment* set."""
        return subprocess.run(
            self.command(*command),
            env={"PATH": "/usr/bin:/bin", **(environment or {})},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, *command: str) -> list[str]:
        """Return what runs a command in the root."""
        return [*_enter(), str(self.path), *command]


def _enter() -> Sequence[str]:
    chroot = shutil.which("chroot", path="/usr/sbin:/usr/bin:/sbin:/bin") or "chroot"
    return [chroot] if os.geteuid() == 0 else ["unshare", "--map-root-user", chroot]


@cache
def _rendered() -> Mapping[str, str]:
    return wrappers.render_all(resources.table(), resources.texts("templates", "commands/*.sh"))


def _libraries(program: str) -> list[str]:
    """Return the libraries that a program loads, its loader included."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return re.findall(r"(/\S+) \(0x", listed)


def make(folder: Path, shell: str, identity: str, machine: str = "x86_64") -> Root:
    """Make a root below *folder* with the scripts of the installed table."""
    program = shutil.which(shell)
    assert program is not None, f"{shell} is not installed"
    root = folder / f"{shell}-{identity}-{machine}"
    for name in ("bin", "usr/bin", "etc", "tmp"):
        (root / name).mkdir(parents=True)
    for library in _libraries(program):
        copy = root / library.lstrip("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, copy)
    shutil.copy(program, root / "bin" / shell)
    (root / "bin" / "sh").symlink_to(shell)
    distribution, version = IDENTITIES[identity]
    if identity != "none":
        quote = '"' if version else ""
        (root / "etc/os-release").write_text(
            f'NAME="A system"\nID={distribution}\nVERSION_ID={quote}{version}{quote}\nID_LIKE="rhel fedora"\n'
        )
    for path, text in _rendered().items():
        (root / path).write_text(text)
        (root / path).chmod(0o755)
    uname = root / "usr/bin/uname"
    uname.write_text(f"#!/bin/sh\necho {machine}\n")
    uname.chmod(0o755)
    return Root(root)
