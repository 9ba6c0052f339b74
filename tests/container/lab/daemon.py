"""The Docker of the tests: the one that answers, or one of our own from Debian packages beside the system.

A Docker will do if it has BuildKit, buildx and the containerd image store, which alone holds images for several
platforms. Ours is unpacked below the lab's folder and keeps everything there; the system's packages stay as they are.
It has no bridge network, so builds and containers use the machine's (``--network host``), with any Docker.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.container.lab import debian
from tests.container.lab.commands import LabError, run
from tests.container.lab.place import folder, shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PACKAGES: Final = ("docker.io", "docker-cli", "docker-buildx", "containerd")
SUITE: Final = "trixie"
"""The first suite with buildx and the containerd image store; its packages run on Debian 12 too."""
NEEDED: Final = ("runc", "iptables")
"""Programs that dockerd starts and the system must have."""
IMAGE_STORE: Final = "io.containerd.snapshotter.v1"
SETTINGS: Final = {
    "features": {"containerd-snapshotter": True},
    "bridge": "none",
    "iptables": False,
    "ip6tables": False,
    "builder": {"gc": {"enabled": True, "defaultKeepStorage": "8GB"}},
}
"""Those of the lab's own daemon. What builds leave behind is kept in bounds; the images are not counted."""
LOST: Final = "no active session for"
"""What a build ends with when its client was given up; what it has built is in the cache."""
PATIENCE: Final = 60.0
KEPT: Final = "2h"
"""How long the lab's own daemon keeps a step of a build that nobody uses: layers that an image shares
do not count for its limit, and grew to 40 GB."""

_started: Final[list[subprocess.Popen[bytes]]] = []
"""What this process started; Python warns of a child that is forgotten while it runs."""


@dataclass(frozen=True)
class Docker:
    """A Docker that can be driven.

    :param variables: the whole environment of its command line
    """

    variables: Mapping[str, str]

    def run(self, *arguments: str | Path, timeout: float | None = None) -> str:
        """Return what ``docker ARGUMENTS`` prints.

        :raises LabError: it fails
        """
        return run("docker", *arguments, environment=self.variables, timeout=timeout)

    def build(
        self,
        context: Path,
        *arguments: str | Path,
        contexts: Mapping[str, Path | str] | None = None,
        timeout: float | None = None,
    ) -> str:
        """Run ``docker buildx build`` over a folder and return its log.

        :param contexts: named contexts, such as ``xx``: folders, or ``docker-image://NAME``
        :raises LabError: it fails
        """
        named = [
            word
            for name, folder in (contexts or {}).items()
            for word in ("--build-context", f"{name}={folder}")
        ]
        command = (
            "docker",
            "buildx",
            "build",
            "--network",
            "host",
            "--progress",
            "plain",
            *named,
            *arguments,
            context,
        )
        try:
            return run(*command, environment=self.variables, timeout=timeout, with_errors=True)
        except LabError as error:
            # BuildKit gives up a client that does not answer for some seconds, as happens while compilers take all cores.
            if LOST not in str(error):
                raise
        return run(*command, environment=self.variables, timeout=timeout, with_errors=True)

    def make_image(
        self,
        name: str,
        context: Path,
        *arguments: str | Path,
        contexts: Mapping[str, Path | str] | None = None,
        timeout: float | None = None,
    ) -> None:
        """Build an image of this name and keep it, with its layers as they are: nobody downloads them, so packing would only cost time.

        :raises LabError: it fails
        """
        self.build(
            context,
            "--output",
            f"type=image,name={name},compression=uncompressed",
            *arguments,
            contexts=contexts,
            timeout=timeout,
        )

    def has_image(self, name: str) -> bool:
        """Whether an image is there."""
        return bool(self.run("image", "ls", "--quiet", name).strip())

    def answers(self) -> bool:
        """Whether there is a daemon, with all that the tests need."""
        try:
            self.run("buildx", "version")
            return IMAGE_STORE in json.dumps(
                json.loads(self.run("info", "--format", "{{json .DriverStatus}}"))
            )
        except LabError:
            return False


def given() -> Docker:
    """Return the Docker that the environment names, or the system's."""
    return Docker(os.environ)


def own() -> Docker:
    """Return the lab's own Docker, whether it is there or not."""
    home = folder() / "docker"
    path = os.pathsep.join(
        (
            str(home / "root/usr/bin"),
            str(home / "root/usr/sbin"),
            os.environ.get("PATH", os.defpath),
        )
    )
    chosen = {
        "DOCKER_HOST": f"unix://{home}/socket",
        "DOCKER_CONFIG": str(home / "config"),
        "PATH": path,
    }
    return Docker(
        {name: value for name, value in os.environ.items() if name != "DOCKER_CONTEXT"} | chosen
    )


def start() -> Docker:
    """Start the lab's own Docker; what it needs is downloaded the first time.

    :raises LabError: it cannot be had, with the end of its log
    """
    docker = own()
    if docker.answers():
        return docker
    if os.geteuid() != 0:
        raise LabError(
            "no Docker with the containerd image store answers, and only root can start one: set DOCKER_HOST, or run as root"
        )
    missing = [
        name
        for name in NEEDED
        if shutil.which(name, path=docker.variables["PATH"] + ":/usr/sbin:/sbin") is None
    ]
    if missing:
        raise LabError(
            f"not installed: {', '.join(missing)}; tests/packages.txt lists the Debian packages that the tests need"
        )
    home = folder() / "docker"
    _install(home)
    (home / "daemon.json").write_text(json.dumps(SETTINGS))
    options = {
        "--config-file": "daemon.json",
        "--data-root": "data",
        "--exec-root": "run",
        "--pidfile": "pid",
    }
    paths = [word for option, name in options.items() for word in (option, str(home / name))]
    with (home / "log").open("wb") as log:
        daemon = subprocess.Popen(
            ["dockerd", "--host", f"unix://{home}/socket", *paths],
            env=docker.variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _started.append(daemon)
    end = time.monotonic() + PATIENCE
    while not docker.answers():
        if daemon.poll() is not None or time.monotonic() > end:
            daemon.kill()
            last = (home / "log").read_text(errors="replace").splitlines()[-10:]
            raise LabError("\n".join(("dockerd did not start:", *last)))
        time.sleep(0.2)
    return docker


@contextmanager
def running(*, keep: bool = False) -> Iterator[Docker]:
    """Give the Docker that answers, or the lab's own, which the last process stops if the first one started it.

    :param keep: let it run on
    """
    docker = given()
    if docker.answers():
        yield docker
        return

    def begin() -> list[str]:
        was_there = own().answers()
        start()
        return [] if was_there or keep else ["dockerd"]

    with shared("docker", begin, lambda started: stop() if started else None):
        yield own()


def _install(home: Path) -> None:
    root = home / "root"
    if not root.is_dir():
        part = home / "root.part"
        shutil.rmtree(part, ignore_errors=True)
        debian.unpack(SUITE, debian.machine(), PACKAGES, part)
        shutil.rmtree(home / "root.part.apt")
        part.rename(root)
    plugins = home / "config/cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    plugin = next(root.glob("usr/**/cli-plugins/docker-buildx"))
    (plugins / "docker-buildx").unlink(missing_ok=True)
    (plugins / "docker-buildx").symlink_to(plugin)


def stop() -> None:
    """Stop the lab's own Docker, if it runs; what it holds stays for the next time."""
    pidfile = folder() / "docker/pid"
    if not pidfile.is_file():
        return
    process = int(pidfile.read_text())
    name = Path(f"/proc/{process}/comm")
    # After a crash of the machine the number may be somebody else's.
    if not name.is_file() or name.read_text().strip() != "dockerd":
        pidfile.unlink()
        return
    if own().answers():
        own().run("buildx", "prune", "--force", "--all", "--filter", f"until={KEPT}")
    os.kill(process, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    # dockerd removes its file when it is done.
    while pidfile.exists() and time.monotonic() < end:
        time.sleep(0.1)
    while _started:
        _started.pop().wait(PATIENCE)
    # dockerd leaves the names of its networks mounted.
    for network in sorted((folder() / "docker/run/netns").glob("*")):
        if os.path.ismount(network):
            run("umount", network)
