"""BuildKit daemons as the nodes of one builder: ``buildkitd`` built from its Go module, each pinned to its platforms."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.container.lab.commands import LabError, run
from tests.container.lab.place import folder, one_at_a_time

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULE: Final = Path(__file__).resolve().parent / "buildkitd"
PACKAGE: Final = "github.com/moby/buildkit/cmd/buildkitd"
PATIENCE: Final = 60.0


@one_at_a_time
def program() -> Path:
    """Return ``buildkitd``, built the first time."""
    made = folder() / "buildkitd" / "buildkitd"
    if not made.is_file():
        made.parent.mkdir(parents=True, exist_ok=True)
        part = made.with_suffix(".part")
        run(
            "go",
            "build",
            "-C",
            MODULE,
            "-o",
            part,
            PACKAGE,
            environment={**os.environ, "CGO_ENABLED": "0"},
        )
        part.rename(made)
    return made


@contextmanager
def node(place: Path, platforms: str) -> Iterator[str]:
    """Run a BuildKit that builds for *platforms*, and yield the endpoint of it."""
    place.mkdir()
    endpoint = f"unix://{place}/socket"
    options: list[str | Path] = [
        "--root",
        place / "root",
        "--addr",
        endpoint,
        "--oci-worker-platform",
        platforms,
        "--containerd-worker=false",
        "--oci-worker-net",
        "host",
    ]
    with (place / "log").open("wb") as log:
        daemon = subprocess.Popen(
            [program(), *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + PATIENCE
        while not (place / "socket").exists():
            if daemon.poll() is not None or time.monotonic() > end:
                raise LabError(
                    f"buildkitd did not start:\n{(place / 'log').read_text(errors='replace')[-2000:]}"
                )
            time.sleep(0.1)
        yield endpoint
    finally:
        daemon.terminate()
        daemon.wait(PATIENCE)
        shutil.rmtree(place / "root", ignore_errors=True)
