"""The example's Dockerfiles under a real BuildKit: binaries, an image index, containers that answer, emulation."""

from __future__ import annotations

import http.client
import json
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.container.example import CROSS, EMULATED, EXAMPLE, build
from tests.container.lab import images
from tests.container.lab.commands import LabError, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.container.lab.daemon import Docker

FILES = {
    "linux_amd64/go-server": "ELF 64-bit LSB executable, x86-64,",
    "linux_arm64/go-server": "ELF 64-bit LSB executable, ARM aarch64,",
    "linux_arm_v7/go-server": "ELF 32-bit LSB executable, ARM, EABI5",
    "linux_riscv64/go-server": "ELF 64-bit LSB executable, UCB RISC-V, double-float ABI,",
    "linux_s390x/go-server": "ELF 64-bit MSB executable, IBM S/390,",
    "linux_ppc64le/go-server": "ELF 64-bit LSB executable, 64-bit PowerPC",
    "windows_amd64/go-server.exe": "PE32+ executable (console) x86-64",
    "darwin_arm64/go-server": "Mach-O 64-bit arm64 executable",
}
"""Each file of a build, and what ``file`` says of it."""
FEW_FILES = ("linux_amd64", "linux_s390x", "windows_amd64", "darwin_arm64")
"""The folders of those that are not only built at night; Go's standard library takes long to compile."""

FEW = ("linux/amd64", "linux/arm/v7", "linux/s390x")
ALL = (
    "linux/amd64",
    "linux/arm64",
    "linux/arm/v6",
    "linux/arm/v7",
    "linux/ppc64le",
    "linux/riscv64",
    "linux/s390x",
)
"""The platforms of the image; each answers with its own name. ``FEW`` of them are not only tried at night."""
PATIENCE = 60.0


def said_by_file(path: Path) -> str:
    return run("file", "--brief", path)


def test_its_own_tests_pass() -> None:
    run("go", "-C", EXAMPLE, "vet", "./...")
    run("go", "-C", EXAMPLE, "test", "./...")


@pytest.mark.parametrize("folders", [FEW_FILES, pytest.param(None, marks=pytest.mark.slow)])
@pytest.mark.parametrize("way", CROSS)
def test_one_build_gives_one_folder_a_platform(
    way: str,
    folders: tuple[str, ...] | None,
    docker: Docker,
    go_image: str,
    xx: Path,
    tmp_path: Path,
) -> None:
    files = {
        name: said
        for name, said in FILES.items()
        if folders is None or name.split("/")[0] in folders
    }
    platforms = ",".join(name.split("/")[0].replace("_", "/") for name in files)
    build(docker, way, platforms, go_image, xx, "--output", tmp_path / "bin")
    found = {
        path.relative_to(tmp_path / "bin").as_posix(): path
        for path in (tmp_path / "bin").rglob("*")
        if path.is_file()
    }
    assert found.keys() == files.keys()
    for name, path in found.items():
        assert said_by_file(path).startswith(files[name]), name
        assert "dynamically linked" not in said_by_file(path), name
    run(sys.executable, "-m", "xxpy", "verify", "--static", "--tree", tmp_path / "bin")


def test_both_ways_and_emulation_give_the_same_bytes(
    docker: Docker, go_image: str, xx: Path, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    shutil.copytree(EXAMPLE, source)
    platform = f"linux/{images.foreign()}"
    # All builds share a cache. The standard library is in it after this, for to compile it under QEMU takes minutes; the program is new.
    build(docker, "Dockerfile", platform, go_image, xx, "--output", "type=cacheonly")
    (source / "new.go").write_text(
        f'package main\n\nfunc init() {{ levels["{secrets.token_hex()}"] = levels[""] }}\n'
    )
    programs = []
    for way in (EMULATED, *CROSS):
        build(docker, way, platform, go_image, xx, "--output", tmp_path / way, source=source)
        programs.append((tmp_path / way / "go-server").read_bytes())
    assert len(set(programs)) == 1


@pytest.mark.slow
def test_the_compiler_itself_runs_under_emulation(
    docker: Docker, go_image: str, tmp_path: Path
) -> None:
    recipe = tmp_path / "Dockerfile"
    text = (EXAMPLE / EMULATED).read_text()
    recipe.write_text(re.sub(r"--mount=type=cache,\S+\s*\\\s*", "", text))
    assert "--mount" not in recipe.read_text()
    platform = f"linux/{images.foreign()}"
    options = (
        "--platform",
        platform,
        "--build-arg",
        f"GO_IMAGE={go_image}",
        "--no-cache",
        "--output",
        tmp_path / "bin",
    )
    docker.build(EXAMPLE, "--file", recipe, *options)
    assert said_by_file(tmp_path / "bin/go-server").startswith(
        FILES[f"linux_{images.foreign()}/go-server"]
    )


class Server(NamedTuple):
    """The example's image, in the image store."""

    image: str
    platforms: tuple[str, ...]


@pytest.fixture(scope="module", params=[FEW, pytest.param(ALL, marks=pytest.mark.slow)], ids=len)
def server(
    request: pytest.FixtureRequest, docker: Docker, go_image: str, xx: Path
) -> Iterator[Server]:
    """Return the example's image for some Linux platforms, and for all of them."""
    made = Server("xxpy-lab/go-server:test", request.param)
    build(docker, "Dockerfile.xx", ",".join(made.platforms), go_image, xx, "--tag", made.image)
    yield made
    docker.run("image", "rm", "--force", made.image)


def free_port() -> int:
    """Return 8080, or another port where that is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", 8080))
        except OSError:
            probe.bind(("", 0))
        return int(probe.getsockname()[1])


def answer(port: int) -> str:
    """Return what the server answers, once it does."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("GET", "/")
                return connection.getresponse().read().decode()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_containers_answer_with_their_platform(
    docker: Docker,
    qemu: None,  # noqa: ARG001
    server: Server,
) -> None:
    for platform in server.platforms:
        port = free_port()
        options = (
            "--platform",
            platform,
            "--network",
            "host",
            *(() if port == 8080 else ("--env", f"PORT={port}")),
        )
        container = docker.run("run", "--detach", "--read-only", *options, server.image).strip()
        try:
            assert answer(port) == f"Hello from {platform}\n"
            docker.run("stop", "--time", "20", container)
            status = docker.run("inspect", "--format", "{{.State.ExitCode}}", container).strip()
            assert status == "0", "it stops when asked to"
        finally:
            docker.run("rm", "--force", container)


def test_it_listens_on_8080(docker: Docker, qemu: None, server: Server) -> None:  # noqa: ARG001
    platform = server.platforms[-1]
    container = docker.run(
        "run", "--detach", "--platform", platform, "--network", "none", server.image
    ).strip()
    try:
        end = time.monotonic() + PATIENCE
        said = ""
        while "listens" not in said and time.monotonic() < end:
            time.sleep(0.1)
            said = subprocess.run(
                ["docker", "logs", container],
                env=docker.variables,
                capture_output=True,
                text=True,
                check=True,
            ).stderr
        assert f"{platform} listens on [::]:8080" in said
    finally:
        docker.run("rm", "--force", container)


def test_the_image_is_an_index(
    docker: Docker, go_image: str, xx: Path, server: Server, tmp_path: Path
) -> None:
    stored, exported = tmp_path / "stored.tar", tmp_path / "exported.tar"
    docker.run("image", "save", "--output", stored, server.image)
    build(
        docker,
        "Dockerfile.xx",
        ",".join(server.platforms),
        go_image,
        xx,
        "--provenance=false",
        "--output",
        f"type=oci,dest={exported}",
    )
    for archive in (stored, exported):
        assert_index(archive, server.platforms)


def assert_index(archive: Path, expected: tuple[str, ...]) -> None:
    """Check, as skopeo reads it, that an archive of an image has every platform, each with its configuration."""
    index = json.loads(run("skopeo", "inspect", "--raw", f"oci-archive:{archive}"))
    found = [entry["platform"] for entry in index["manifests"]]
    platforms = [
        "/".join(filter(None, map(platform.get, ("os", "architecture", "variant"))))
        for platform in found
    ]
    # BuildKit's attestations stand in the index as manifests of no platform.
    assert sorted(platform for platform in platforms if platform != "unknown/unknown") == sorted(
        expected
    )
    for platform in expected:
        system, architecture, *variant = platform.split("/")
        chosen = [
            "--override-os",
            system,
            "--override-arch",
            architecture,
            *(("--override-variant", variant[0]) if variant else ()),
        ]
        configuration = json.loads(
            run("skopeo", *chosen, "inspect", "--config", f"oci-archive:{archive}")
        )
        assert configuration["architecture"] == architecture
        assert configuration["config"]["ExposedPorts"] == {"8080/tcp": {}}


def test_a_wrong_binary_fails_the_build(
    docker: Docker, go_image: str, xx: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "Dockerfile"
    recipe.write_text(
        f"FROM --platform=$BUILDPLATFORM {go_image}\n"
        "COPY --from=xx / /\nWORKDIR /src\nRUN printf 'package main\\nfunc main() {}\\n' >main.go && go build -o program main.go\n"
        "ARG TARGETPLATFORM\nRUN xx-verify program\n"
    )
    with pytest.raises(LabError, match="does not match expected target architecture"):
        docker.build(tmp_path, "--platform", f"linux/{images.foreign()}", contexts={"xx": xx})
