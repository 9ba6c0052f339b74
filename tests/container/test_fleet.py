"""Beyond one machine, for real: what buildx says to the files, and two BuildKit daemons as the nodes of one builder."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import pages
from tests.container.lab import images, nodes
from tests.container.lab.commands import run
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

PAGE = Path(__file__).resolve().parents[2] / "docs/fleet.md"

CONFIGURATION = """
platforms = ["linux/amd64", "linux/arm64", "linux/s390x"]

[image]
dockerfile = "Dockerfile.xx"
tags = ["registry.example/app:1.0", "registry.example/app:latest"]
cache = "registry.example/app:cache"
contexts = { xx = "./xx" }
arguments = { GREETING = "a $${b} %{c} \\"d\\"" }

[node.arm]
endpoint = "ssh://me@arm.example"
platforms = ["linux/arm64"]

[platform."linux/arm64"]
strategy = "node"
"""

WHERE = """package main

import (
	"os"
)

func main() {
	os.WriteFile("/where", []byte(os.Getenv("BUILDPLATFORM")+" "+os.Getenv("TARGETPLATFORM")), 0o644)
}
"""


def xxpy(*words: str | Path, folder: Path) -> str:
    return run("env", "--chdir", folder, sys.executable, "-m", "xxpy", *words)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A Go module with a configuration for several machines."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "go.mod").write_text("module app\n\ngo 1.21\n")
    (folder / "main.go").write_text(WHERE)
    (folder / "Dockerfile.xx").write_text("FROM scratch\n")
    (folder / "xxpy.toml").write_text(CONFIGURATION)
    return folder


@pytest.mark.parametrize("format_", ["json", "hcl"])
def test_bake_accepts_the_file_and_echoes_the_plan(
    format_: str, docker: Docker, project: Path
) -> None:
    name = f"docker-bake.{format_}"
    xxpy("bake", "--format", format_, "--output", name, folder=project)
    echo = run(
        "env",
        "--chdir",
        project,
        "docker",
        "buildx",
        "bake",
        "--file",
        name,
        "--print",
        "image",
        "image-node-arm",
        environment=docker.variables,
    )
    targets = json.loads(echo)["target"]
    assert targets["image"] == {
        "context": ".",
        "dockerfile": "Dockerfile.xx",
        "contexts": {"xx": "./xx"},
        "args": {"GREETING": 'a $${b} %{c} "d"'},
        "tags": ["registry.example/app:1.0", "registry.example/app:latest"],
        "platforms": ["linux/amd64", "linux/arm64", "linux/s390x"],
        "cache-from": ["type=registry,ref=registry.example/app:cache"],
        "cache-to": ["type=registry,ref=registry.example/app:cache,mode=max"],
        "attest": ["type=provenance,mode=max", "type=sbom"],
    }
    assert targets["image-node-arm"]["platforms"] == ["linux/arm64"]
    assert "tags" not in targets["image-node-arm"]


def test_an_image_without_a_daemon_loads_and_runs(
    docker: Docker,
    qemu: None,  # noqa: ARG001 - the foreign half runs
    tmp_path: Path,
) -> None:
    folder = tmp_path / "hello"
    folder.mkdir()
    (folder / "go.mod").write_text("module hello\n\ngo 1.21\n")
    (folder / "main.go").write_text(
        'package main\n\nimport (\n\t"fmt"\n\t"os"\n\t"runtime"\n)\n\nfunc main() { fmt.Println(runtime.GOARCH, os.Getuid(), os.Getenv("A")) }\n'
    )
    platforms = [f"linux/{images.native()}", f"linux/{images.foreign()}"]
    xxpy("build", "--platform", ",".join(platforms), folder=folder)
    name = "xxpy-lab/hello:test"
    xxpy(
        "image",
        "--output",
        "hello.tar",
        "--tag",
        name,
        "--user",
        "65532",
        "--env",
        "A=b",
        folder=folder,
    )
    inspected = json.loads(run("skopeo", "inspect", "--raw", f"oci-archive:{folder}/hello.tar"))
    assert [
        "/".join((one["platform"]["os"], one["platform"]["architecture"]))
        for one in inspected["manifests"]
    ] == sorted(platforms)
    docker.run("load", "--input", folder / "hello.tar")
    try:
        for platform in platforms:
            said = docker.run("run", "--rm", "--network", "host", "--platform", platform, name)
            assert said.split() == [platform.split("/")[1], "65532", "b"]
    finally:
        docker.run("image", "rm", "--force", name)


def test_the_image_of_the_commands_serves_a_build(
    docker: Docker, go_image: str, tmp_path: Path
) -> None:
    xxpy("wrappers", "image", "--output", "xx.tar", "--tag", "xxpy-lab/xx:test", folder=tmp_path)
    docker.run("load", "--input", tmp_path / "xx.tar")
    context = tmp_path / "context"
    context.mkdir()
    (context / "Dockerfile").write_text(
        f"FROM --platform=$BUILDPLATFORM {go_image} AS build\nCOPY --from=xxpy-lab/xx:test / /\n"
        "ARG TARGETPLATFORM\nRUN xx-info triple >/triple\nFROM scratch\nCOPY --from=build /triple /\n"
    )
    try:
        docker.build(
            context, "--platform", "linux/riscv64,windows/amd64", "--output", tmp_path / "out"
        )
    finally:
        docker.run("image", "rm", "--force", "xxpy-lab/xx:test")
    found = {
        path.parent.name: path.read_text().strip() for path in (tmp_path / "out").rglob("triple")
    }
    assert found == {
        "linux_riscv64": "riscv64-unknown-linux-gnu",
        "windows_amd64": "x86_64-w64-mingw32",
    }


@pytest.mark.slow
def test_each_platform_is_built_on_its_node(
    docker: Docker,
    qemu: None,  # noqa: ARG001 - one node is foreign
    project: Path,
    tmp_path: Path,
) -> None:
    native, foreign = f"linux/{images.native()}", f"linux/{images.foreign()}"
    xxpy("build", "--platform", f"{native},{foreign}", folder=project)
    (project / "Dockerfile").write_text(
        "FROM scratch AS run\nARG TARGETOS TARGETARCH\nCOPY dist/${TARGETOS}_$TARGETARCH/app /app\n"
        'ARG BUILDPLATFORM TARGETPLATFORM\nRUN ["/app"]\nFROM scratch\nCOPY --from=run /where /\n'
    )
    with nodes.node(tmp_path / "one", native) as one, nodes.node(tmp_path / "two", foreign) as two:
        given = ("--node", f"{one}={native}", "--node", f"{two}={foreign}")
        script = xxpy("builder", "--driver", "remote", "--name", "xxpy-lab", *given, folder=project)
        try:
            for line in script.splitlines():
                if " use " not in line:
                    run(*shlex.split(line), environment=docker.variables)
            out = tmp_path / "out"
            command = (
                "docker",
                "buildx",
                "build",
                "--builder",
                "xxpy-lab",
                "--platform",
                f"{native},{foreign}",
                "--output",
                out,
                project,
            )
            run(*command, environment=docker.variables)
        finally:
            subprocess.run(
                ["docker", "buildx", "rm", "xxpy-lab"],
                env=docker.variables,
                check=False,
                capture_output=True,
            )
    found = {path.parent.name: path.read_text() for path in out.rglob("where")}
    assert found == {
        platform.replace("/", "_"): f"{platform} {platform}" for platform in (native, foreign)
    }


def test_doctor_sees_this_docker(docker: Docker, qemu: None) -> None:  # noqa: ARG001 - the kernel has handlers
    found = {
        check["name"]: check
        for check in json.loads(
            run(sys.executable, "-m", "xxpy", "doctor", "--json", environment=docker.variables)
        )
    }
    assert {
        found[name]["state"] for name in ("docker", "buildx", "image store", "kernel", "emulators")
    } == {"good"}
    assert f"linux/{images.foreign()}" in found["emulators"]["found"]
    assert any(name.startswith("builder ") for name in found)
    for compiler, platform in {
        "go": "windows/arm64",
        "gcc": f"linux/{images.native()}",
        "zig": "darwin/arm64",
    }.items():
        assert found[compiler]["state"] == "good"
        assert platform in found[compiler]["found"]
    assert "ios" not in found["zig"]["found"]
    alone = {**os.environ, "PATH": f"{os.path.dirname(sys.executable)}"}  # noqa: PTH120 - no docker there
    without = json.loads(run(sys.executable, "-m", "xxpy", "doctor", "--json", environment=alone))
    assert (without[0]["name"], without[0]["state"]) == ("docker", "missing")


def test_the_page(docker: Docker, project: Path, tmp_path: Path) -> None:
    commands = pages.command(tmp_path / "commands")
    path = os.pathsep.join((str(commands), docker.variables["PATH"]))
    text = PAGE.read_text("utf-8")
    (configuration,) = pages.texts(text, "toml")
    (project / "xxpy.toml").write_text(configuration)
    (project / "Dockerfile").write_text("FROM scratch\n")
    blocks = pages.texts(text, "sh")
    for block in blocks:
        run(
            "env",
            "--chdir",
            project,
            "sh",
            "-e",
            "-c",
            block,
            environment={**docker.variables, "PATH": path},
        )
    assert len(blocks) == 4
    assert {"docker-bake.hcl", ".github", "app.oci.tar", "dist"} <= {
        path.name for path in project.iterdir()
    }


def test_the_example_of_emulation(docker: Docker, go_image: str) -> None:
    platforms = f"linux/{images.native()},linux/{images.foreign()}"
    name = "xxpy-lab/arch:test"
    docker.build(
        PAGE.parents[1] / "examples/emulation",
        "--platform",
        platforms,
        "--build-arg",
        f"BASE={go_image}",
        "--tag",
        name,
    )
    table = resources.table()
    try:
        for text in platforms.split(","):
            said = docker.run("run", "--rm", "--network", "host", "--platform", text, name)
            assert said.strip() == table.row(parse(text, table.words)).uname.machine
    finally:
        docker.run("image", "rm", "--force", name)
