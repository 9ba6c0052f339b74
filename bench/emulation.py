"""What cross-compiling in a Dockerfile saves: the example's image, built in three ways.

Each build starts with an empty compiler cache, so the cache mounts of the Dockerfiles are left out.
It takes a few minutes, and needs Docker, or root on Debian to set it up.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.measure import Result
from tests.container.lab import daemon, emulation, images
from tests.container.lab.commands import run

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

EXAMPLE: Final = Path(__file__).resolve().parents[1] / "examples/go-server"
WAYS: Final = ("Dockerfile.emulated", "Dockerfile", "Dockerfile.xx")
CACHE_MOUNT: Final = re.compile(r"--mount=type=cache,\S+\s*\\?\s*")
MACHINES: Final = {"arm64": "aarch64", "amd64": "x86_64"}
"""QEMU's names of the architectures that may be the foreign one."""


def measure(docker: Docker, platform: str) -> dict[str, float]:
    """Return the seconds that each way takes to build the example for a platform."""
    image = images.go(docker)
    seconds = {}
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        shutil.copytree(EXAMPLE, source)
        wrappers = Path(scratch) / "xx"
        run(sys.executable, "-m", "xxpy", "wrappers", "export", wrappers)
        for way in WAYS:
            recipe = source / way
            recipe.write_text(CACHE_MOUNT.sub("", recipe.read_text()))
            options = (
                "--file",
                recipe,
                "--platform",
                platform,
                "--build-arg",
                f"GO_IMAGE={image}",
                "--no-cache",
            )
            began = time.monotonic()
            docker.build(
                source, *options, "--output", Path(scratch) / "output", contexts={"xx": wrappers}
            )
            seconds[way] = time.monotonic() - began
    return seconds


def results() -> list[Result]:
    """Build the example in three ways and compare the times with the cross-compiling one's."""
    with daemon.running() as docker, emulation.registered((MACHINES[images.foreign()],)):
        seconds = measure(docker, f"linux/{images.foreign()}")
    plain = seconds["Dockerfile"]
    return [
        Result("Dockerfile.xx, against Dockerfile", seconds["Dockerfile.xx"] / plain, 1.1, "×"),
        Result(
            "Dockerfile.emulated, against Dockerfile",
            seconds["Dockerfile.emulated"] / plain,
            None,
            "×",
        ),
    ]
