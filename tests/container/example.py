"""The example server as the tests build it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

EXAMPLE: Final = Path(__file__).resolve().parents[2] / "examples/go-server"
CROSS: Final = ("Dockerfile", "Dockerfile.xx")
EMULATED: Final = "Dockerfile.emulated"


def build(
    docker: Docker,
    way: str,
    platforms: str,
    go_image: str,
    xx: Path,
    *options: str | Path,
    source: Path = EXAMPLE,
) -> str:
    """Build the example, or a changed copy of it, from one of its Dockerfiles and return BuildKit's log."""
    chosen = (
        "--file",
        source / way,
        "--platform",
        platforms,
        "--build-arg",
        f"GO_IMAGE={go_image}",
    )
    return docker.build(source, *chosen, *options, contexts={"xx": xx})
