"""This machine with a ``/usr`` and an ``/etc`` to try things on: what is written there is written aside, into an overlay.

The commands and the compilers are the real ones; tools can be added and taken away, and the system can be another by name.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.differential.roots import IDENTITIES
from xxpy import wrappers
from xxpy.machine import resources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LAYERED: Final = ("usr", "etc")
"""The folders whose changes are kept apart from this machine's."""
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - an overlay needs a file system that is no overlay itself
PATH: Final = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True)
class Machine:
    """One state of the machine, kept in *folder* between its runs: ``root`` is its root, ``work`` is where commands run.

    :param shown: further folders of this machine that are seen in it, at the same place
    """

    folder: Path
    shown: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        for name in ("root/dev", "root/proc", "root/tmp", "root/room", "work/home"):
            (self.folder / name).mkdir(parents=True)
        (self.root / "tmp").chmod(0o1777)
        for name in LAYERED:
            for path in (self.root / name, self.folder / name, self.folder / f"{name}.work"):
                path.mkdir()
        for name in ("bin", "lib", "lib64", "sbin"):
            if Path("/", name).is_symlink():
                (self.root / name).symlink_to(f"usr/{name}")
        for path in self.shown:
            (self.root / path.relative_to("/")).mkdir(parents=True)

    @property
    def root(self) -> Path:
        """The root folder: what lies below it outside the layered folders."""
        return self.folder / "root"

    @property
    def work(self) -> Path:
        """The folder in which commands run."""
        return self.folder / "work"

    def path(self, name: str) -> Path:
        """Return where a changed file below a layered folder is."""
        return self.folder / name.lstrip("/")

    def start(
        self,
        command: Sequence[str],
        variables: Mapping[str, str],
        prefix: Sequence[str] = (),
        *,
        read_only: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command with nothing but *variables* set.

        :param prefix: what starts it, such as ``setpriv``
        :param read_only: whether ``/usr`` and ``/etc`` cannot be written
        """
        environment = {"PATH": PATH, "HOME": "/room/home", **variables}
        words = [
            *prefix,
            "env",
            "-i",
            *(f"{name}={value}" for name, value in environment.items()),
            *command,
        ]
        layers = [
            f"mount -t overlay overlay -o lowerdir=/{name},upperdir=../{name},workdir=../{name}.work {name}"
            + (f" && mount -o remount,ro {name}" if read_only else "")
            for name in LAYERED
        ]
        shown = [
            f"mount --bind {shlex.quote(str(path))} .{shlex.quote(str(path))}"
            for path in self.shown
        ]
        mounts = [
            *layers,
            *shown,
            "mount --rbind /dev dev",
            "mount --rbind /proc proc",
            "mount --bind ../work room",
        ]
        script = " && ".join((*mounts, 'exec chroot . env --chdir /room "$@"'))
        return subprocess.run(
            [*_unshare(), "sh", "-c", script, "sh", *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.root,
        )

    def tried(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command that may fail."""
        return self.start(command, variables)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command that succeeds."""
        done = self.start(command, variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def sh(self, script: str, **variables: str) -> str:
        """Run sh text that stops at the first failure, and return what it prints."""
        return self.run("sh", "-ec", script, **variables).stdout

    def tool(self, name: str, text: str = "exit 1") -> None:
        """Add a program to ``/usr/bin``."""
        path = self.path(name if "/" in name else f"usr/bin/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        # What was taken away is a device there.
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def started(self, *command: str, **variables: str) -> int:
        """Run a command and return how many processes it started."""
        self.run(
            "strace", "-f", "-qq", "-o", "/room/log", "-e", "trace=process", *command, **variables
        )
        # A thread is no process.
        started = re.findall(
            r"(?m)^\d+ +(?:clone3?|v?fork)\((.*)$", (self.work / "log").read_text()
        )
        return sum("CLONE_THREAD" not in flags for flags in started)


def _unshare() -> Sequence[str]:
    return ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "-m"]


@cache
def _rendered() -> Mapping[str, str]:
    return wrappers.render_all(resources.table(), resources.texts("templates", "commands/*.sh"))


def make(
    folder: Path,
    identity: str = "debian-12",
    shell: str = "dash",
    without: Sequence[str] = (),
    shown: Sequence[Path] = (),
) -> Machine:
    """Make a machine with the commands of the installed table, clang and llvm, but no compiler or linker for anything foreign.

    :param without: patterns of further programs in ``/usr/bin`` that it does not have
    :param shown: further folders of this machine that it has
    """
    machine = Machine(folder, tuple(shown))
    distribution, version = IDENTITIES[identity]
    (folder / "etc/os-release").write_text(f"ID={distribution}\nVERSION_ID={version}\n")
    for path, text in _rendered().items():
        machine.tool(path, text.removeprefix("#!/bin/sh\n"))
    program = shutil.which(shell)
    assert program is not None, f"{shell} is not installed"
    own = subprocess.run(
        ["gcc", "-dumpmachine"], capture_output=True, text=True, check=True
    ).stdout.strip()
    away = " ".join(f"/usr/bin/{pattern}" for pattern in without)
    machine.sh(
        f'ln -sf "$(readlink -f {program})" /bin/sh; rm -f {away}\n'
        f"for tool in /usr/bin/*-linux-gnu*-* /usr/bin/*-mingw32-*; do case $tool in */{own}-*) ;; *) rm -f $tool ;; esac; done"
    )
    return machine
