"""What cross-compiling Rust in a Dockerfile saves: examples/rust built by its two Dockerfiles for one foreign platform, in one run.

Each build starts from nothing but the base images. The step that compiles is compared as well as the whole build, which installs clang
and the target's libc besides. Under QEMU it takes many minutes.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.emulation import MACHINES
from bench.measure import Result
from tests.container.lab import daemon, emulation, images, rust
from tests.container.lab.commands import run

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

EXAMPLE: Final = Path(__file__).resolve().parents[1] / "examples/rust"
STEP: Final = re.compile(r"^#(\d+) \[.* RUN (?:xx-)?cargo build ", re.MULTILINE)
"""The line of BuildKit's log that begins the step that compiles."""


def _measure(docker: Docker, way: str, image: str, wrappers: Path) -> tuple[float, float]:
    """Return the seconds of a whole build, and of the step that compiles."""
    platform = f"linux/{images.foreign()}"
    runtime = rust.libc(docker, (images.foreign(),))
    given = ("--build-arg", f"RUST_IMAGE={image}", "--build-arg", f"RUNTIME_IMAGE={runtime}")
    options = ("--file", EXAMPLE / way, "--platform", platform, *given, "--no-cache", "--output", "type=cacheonly")
    began = time.monotonic()
    log = docker.build(EXAMPLE, *options, contexts={"xx": wrappers})
    whole = time.monotonic() - began
    number = STEP.findall(log)[0]
    return whole, float(re.findall(rf"^#{number} DONE ([0-9.]+)s", log, re.MULTILINE)[0])


def results() -> list[Result]:
    """Build both ways and compare."""
    given = daemon.given()
    is_given = given.answers()
    was_there = is_given or daemon.own().answers()
    docker = given if is_given else daemon.start()
    registered = emulation.register((MACHINES[images.foreign()],))
    try:
        with tempfile.TemporaryDirectory() as scratch:
            run(sys.executable, "-m", "xxpy", "wrappers", "export", scratch)
            cross = _measure(docker, "Dockerfile", rust.image(docker), Path(scratch))
            emulated = _measure(docker, "Dockerfile.emulated", rust.foreign_image(docker), Path(scratch))
    finally:
        emulation.forget(registered)
        if not was_there:
            daemon.stop()
    return [
        Result("Rust cross-compiled, the step that compiles", cross[1], None, "s"),
        Result("Dockerfile.emulated, against that", emulated[1] / cross[1], None, "×"),
        Result("Dockerfile.emulated, against Dockerfile, the whole build", emulated[0] / cross[0], None, "×"),
    ]
