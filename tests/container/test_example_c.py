"""The example in C: its Dockerfile takes zlib of each target from Debian, and the programs need it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.container.lab import images
from tests.container.lab.commands import run
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

EXAMPLE: Final = Path(__file__).resolve().parents[2] / "examples/c"
PLATFORMS: Final = ("linux/amd64", "linux/arm64")
TABLE: Final = resources.table()


def test_its_dockerfile(docker: Docker, xx: Path, tmp_path: Path) -> None:
    base = images.whole_debian(docker, "12", "bookworm", with_apt=True)
    source = shutil.copytree(
        EXAMPLE, tmp_path / "c", ignore=shutil.ignore_patterns("dist", "bin", "build")
    )
    given: dict[str, Path | str] = {"debian:bookworm": f"docker-image://{base}", "xx": xx}
    docker.build(
        source,
        "--platform",
        ",".join(PLATFORMS),
        "--output",
        tmp_path / "bin",
        contexts=given,
        timeout=1800,
    )
    for name in PLATFORMS:
        platform = parse(name, TABLE.words)
        program = tmp_path / "bin" / platform.folder / "hello"
        assert check(program, TABLE.row(platform), TABLE, Requirements()) == ()
        assert "[libz.so.1]" in run("readelf", "-d", program)
