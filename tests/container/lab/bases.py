"""Stand-ins for the base images that Dockerfiles name: ``golang``, ``rust``, ``gcc``, ``debian``, ``alpine``, distroless.

Images with compilers are there for this machine alone. Images to run in are there for every platform, but hold programs for this
machine alone. So a build for a foreign platform that succeeds has run nothing foreign out of a base image; and what it might
have compiled and run itself would have printed its system calls, because each image sets ``QEMU_STRACE``.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.container.lab import images
from tests.container.lab.place import one_at_a_time

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

RECIPES: Final = tuple(images.HERE / name for name in ("bases.Dockerfile", "runtime.Dockerfile"))
COMPILERS: Final = {
    "golang:1.26": "golang",
    "golang:1.26-bookworm": "golang",
    "golang:1.26-alpine": "golang-alpine",
    "rust:1.63": "rust",
    "rust:1.63-bookworm": "rust",
    "rust:1.63-slim-bookworm": "rust",
    "gcc:12": "gcc",
}
"""The names of images with compilers, and the stage of the recipe that stands for each."""

NODE: Final = ("node:22", "node:22-alpine", "node:22-bookworm-slim")
"""The names of images with Node.js and npm."""

RUNTIMES: Final = {
    "debian:bookworm": "debian",
    "debian:bookworm-slim": "debian",
    "alpine:3.20": "alpine",
    "gcr.io/distroless/static-debian12": "",
    "gcr.io/distroless/static-debian12:nonroot": "",
    "gcr.io/distroless/cc-debian12": "",
    "nginx:1.27-alpine": "alpine",
}
"""The names of images to run in; an empty stage is an image without programs for any platform."""

FOREIGN: Final = ("amd64", "arm64", "arm/v7")

SYSTEM_CALL: Final = re.compile(
    r"^#\d+ [\d.]+ (?:\d+ )?(?:brk|execve|mmap|openat|rt_sigaction|uname|exit_group|write)\(",
    re.MULTILINE,
)
"""A line that QEMU_STRACE prints into the log of a build in which a foreign program runs."""

SMALL: Final = {"golang:1.26": "golang-alpine", "alpine:3.20": "alpine"}
"""The base images that are made in seconds, for what needs a shell and Go."""


@one_at_a_time
def contexts(docker: Docker, *, small: bool = False) -> dict[str, Path | str]:
    """Return the named contexts that replace each base image, ``golang:1.26`` to ``docker-image://…``; images are made if missing.

    :param small: only those of :data:`SMALL`
    """
    recipe = _recipe()
    compilers = {"golang:1.26": SMALL["golang:1.26"]} if small else COMPILERS
    runtimes = {"alpine:3.20": SMALL["alpine:3.20"]} if small else RUNTIMES
    made = {
        stage: _stage(docker, stage, recipe)
        for stage in sorted({*compilers.values(), *runtimes.values()} - {""})
    }
    found = {name: made[stage] for name, stage in compilers.items()}
    found |= {
        name: _runtime(docker, stage, made.get(stage, ""), recipe)
        for name, stage in runtimes.items()
    }
    if not small:
        found |= dict.fromkeys(NODE, node(docker))
    return {name: f"docker-image://{image}" for name, image in found.items()}


@one_at_a_time
def node(docker: Docker) -> str:
    """Return the name of an image with Node.js and npm, made if it is missing."""
    recipe = images.HERE / "node.Dockerfile"
    name = f"xxpy-lab/node:{hashlib.sha256(recipe.read_bytes()).hexdigest()[:8]}"
    if not docker.has_image(name):
        debian = images.whole_debian(docker, "12", images.SUITE, with_apt=True)
        contexts: dict[str, Path | str] = {"debian": f"docker-image://{debian}"}
        docker.make_image(name, images.HERE, "--file", recipe, contexts=contexts)
    return name


@one_at_a_time
def stage(docker: Docker, name: str) -> str:
    """Return, as a named context has it, the image of a stage of the recipe; it is made if missing."""
    return f"docker-image://{_stage(docker, name, _recipe())}"


def _recipe() -> str:
    """Return what stands for the recipes in the names of the images."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in RECIPES)).hexdigest()[:8]


def _stage(docker: Docker, stage: str, recipe: str) -> str:
    name = f"xxpy-lab/base:{stage}-{recipe}"
    if not docker.has_image(name):
        given: dict[str, Path | str] = {"go": images.go_root(), "busybox": images.busybox()}
        if stage not in SMALL.values():
            given["whole-debian"] = (
                f"docker-image://{images.whole_debian(docker, '12', images.SUITE, with_apt=True)}"
            )
        docker.make_image(
            name, images.HERE, "--file", RECIPES[0], "--target", stage, contexts=given
        )
    return name


def _runtime(docker: Docker, stage: str, native: str, recipe: str) -> str:
    name = f"xxpy-lab/runtime:{stage or 'empty'}-{recipe}"
    if not docker.has_image(name):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "without-programs").touch()
            given: dict[str, Path | str] = {
                f"root-{platform.split('/')[0]}": folder for platform in FOREIGN
            }
            if native:
                given[f"root-{images.native()}"] = f"docker-image://{native}"
            platforms = ",".join(f"linux/{platform}" for platform in FOREIGN)
            docker.make_image(
                name, images.HERE, "--file", RECIPES[1], "--platform", platforms, contexts=given
            )
    return name
