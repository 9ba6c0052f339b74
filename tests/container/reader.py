"""The reader of a page who has no registry at hand: a shell whose docker has the lab's images in place of those that the page names."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from tests import pages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.container.lab.daemon import Docker


def commands(folder: Path, docker: Docker, stand_ins: Mapping[str, str]) -> None:
    """Make ``xxpy`` and ``docker`` commands in a folder.

    :param stand_ins: the lab's image for each image that is named; builds have the machine's network
    """
    pages.command(folder)
    contexts = " ".join(
        f"--build-context {name}=docker-image://{image}" for name, image in stand_ins.items()
    )
    real = shutil.which("docker", path=docker.variables["PATH"])
    (folder / "docker").write_text(
        f'#!/bin/sh\ncase "$1 $2" in\n  "buildx build")\n    shift 2\n    set -- buildx build --network host {contexts} "$@"\n    ;;\nesac\n'
        f'exec {real} "$@"\n'
    )
    (folder / "docker").chmod(0o755)


def follow(text: str, folder: Path, docker: Docker, path: Path) -> None:
    """Run a block of a page, which must succeed.

    :param path: the folder with the commands
    """
    environment = {
        **docker.variables,
        "PATH": os.pathsep.join((str(path), docker.variables["PATH"])),
    }
    done = subprocess.run(
        ["sh", "-e", "-c", text],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stderr[-3000:]}"
