"""What the tests with real containers share: a Docker, base images, QEMU, the commands as a build context."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.container.lab import daemon, emulation, images
from tests.container.lab.commands import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.container.lab.daemon import Docker

KEEP: Final = "XXPY_LAB_KEEP"
"""When this variable is set, what the tests started keeps running after them."""

MACHINES: Final = ("aarch64", "arm", "ppc64le", "riscv64", "s390x")
"""QEMU's names of the machines whose programs the tests run."""


@pytest.fixture(scope="session")
def docker() -> Iterator[Docker]:
    """The Docker that answers, or the lab's own, which is stopped afterwards if it was started for the tests."""
    with daemon.running(keep=bool(os.environ.get(KEEP))) as found:
        yield found


@pytest.fixture(scope="session")
def qemu() -> Iterator[None]:
    """Foreign programs run."""
    with emulation.registered(MACHINES, keep=bool(os.environ.get(KEEP))):
        yield


@pytest.fixture(scope="session")
def go_image(docker: Docker, qemu: None) -> str:  # noqa: ARG001 - the foreign half of the image runs a program
    """An image with Go, for this machine and a foreign one."""
    return images.go(docker)


@pytest.fixture(scope="session")
def xx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands, as ``COPY --from=xx`` finds them."""
    folder = tmp_path_factory.mktemp("xx")
    run(sys.executable, "-m", "xxpy", "wrappers", "export", folder)
    return folder
