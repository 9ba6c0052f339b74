"""Which way a platform goes, and the files and commands for more than one machine."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from xxpy.configuration import Image
from xxpy.errors import ConfigurationError
from xxpy.fleet import matrix
from xxpy.fleet.strategy import Means, Strategy, decide, named
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.table.platform import Platform

TABLE = resources.table()


def platform(text: str) -> Platform:
    return parse(text, TABLE.words)


MEANS = Means(
    platform("linux/amd64"),
    {"arm", "mips"},
    {"farm": (platform("linux/arm64"), platform("linux/arm/v7"))},
    {
        platform(text): "no compiler"
        for text in (
            "linux/arm64",
            "linux/arm/v5",
            "linux/arm/v7",
            "linux/mips",
            "linux/s390x",
            "ios/arm64",
        )
    },
)


@pytest.mark.parametrize(
    ("key", "wanted", "chosen", "node", "why"),
    [
        ("linux/amd64", None, Strategy.NATIVE, "", "this machine is linux/amd64"),
        ("linux/386", None, Strategy.NATIVE, "", "this machine is linux/amd64"),
        ("linux/amd64/v3", None, Strategy.CROSS, "", "a compiler on this machine targets it"),
        ("linux/riscv64", None, Strategy.CROSS, "", "a compiler on this machine targets it"),
        ("linux/arm64", None, Strategy.NODE, "farm", "node farm has it"),
        ("linux/arm/v7", Strategy.EMULATION, Strategy.EMULATION, "", "set in xxpy.toml"),
        ("linux/amd64", Strategy.CROSS, Strategy.CROSS, "", "set in xxpy.toml"),
        ("linux/arm64", Strategy.NODE, Strategy.NODE, "farm", "set in xxpy.toml"),
        ("linux/arm/v5", None, Strategy.EMULATION, "", "qemu-arm is registered"),
        ("linux/mips", None, Strategy.EMULATION, "", "qemu-mips is registered"),
        (
            "linux/s390x",
            None,
            None,
            "",
            "this machine is linux/amd64; no compiler; no node has it; qemu-s390x is not registered with the kernel",
        ),
        (
            "ios/arm64",
            None,
            None,
            "",
            "this machine is linux/amd64; no compiler; no node has it; QEMU cannot run its programs",
        ),
    ],
)
def test_strategies(
    key: str, wanted: Strategy | None, chosen: Strategy | None, node: str, why: str
) -> None:
    found = decide(platform(key), wanted, MEANS, TABLE)
    assert (found.strategy, found.node, found.why) == (chosen, node, why)


@pytest.mark.parametrize(
    ("key", "wanted", "why"),
    [
        ("linux/arm64", Strategy.CROSS, "no compiler"),
        ("linux/arm64", Strategy.NATIVE, "this machine is linux/amd64"),
        ("linux/s390x", Strategy.NODE, "no node has it"),
        ("windows/amd64", Strategy.EMULATION, "QEMU cannot run its programs"),
    ],
)
def test_a_strategy_that_is_wanted_and_impossible(key: str, wanted: Strategy, why: str) -> None:
    found = decide(platform(key), wanted, MEANS, TABLE)
    assert (found.strategy, found.why) == (None, f"strategy is {wanted.value}: {why}")


def test_an_unknown_strategy() -> None:
    with pytest.raises(ConfigurationError) as caught:
        named("emulate", "xxpy.toml: strategy")
    assert (caught.value.message, caught.value.hint) == (
        "xxpy.toml: strategy: unknown strategy emulate",
        "did you mean emulation?",
    )


def test_a_deprecated_strategy() -> None:
    notes: list[str] = []
    assert named("here", "xxpy.toml: strategy", notes.extend) is Strategy.NATIVE
    assert notes == ['xxpy.toml: strategy: "here" is deprecated; write "native"']


def xxpy(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xxpy", *words]
    return subprocess.run(
        command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that is its Dockerfile, so that every platform can be cross-compiled."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "xxpy.toml").write_text(
        'platforms = ["linux/arm64", "linux/riscv64", "darwin/arm64"]\n[image]\ncontexts = { xx = "xx" }\n'
    )
    return tmp_path


def test_the_matrix(project: Path) -> None:
    expected = [("linux/arm64", "linux-arm64", "ubuntu-24.04-arm", True), ("linux/riscv64", "linux-riscv64", "big", False),
                ("darwin/arm64", "darwin-arm64", "macos-15", True)]  # fmt: skip
    jobs = json.loads(xxpy("matrix", "--runner", "big", folder=project).stdout)
    assert [
        (job["platform"], job["pair"], job["runner"], job["native"]) for job in jobs
    ] == expected
    assert json.loads(
        xxpy("matrix", "--format", "github", "--runner", "big", folder=project).stdout
    ) == {"include": jobs}
    gitlab = json.loads(xxpy("matrix", "--format", "gitlab", folder=project).stdout)
    assert [job["RUNNER"] for job in gitlab] == [
        "saas-linux-small-arm64",
        "saas-linux-small-amd64",
        "saas-macos-medium-m1",
    ]


@pytest.mark.parametrize(
    ("service", "schema", "name"),
    [("github", "github-workflows", "image.yml"), ("gitlab", "gitlab-ci", ".gitlab-ci.yml")],
)
def test_a_workflow_is_what_its_service_takes(
    service: str, schema: str, name: str, project: Path
) -> None:
    done = xxpy("matrix", "--format", service, "--workflow", "--output", name, folder=project)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "note: left out of the image, which has no such systems: darwin/arm64\n"
    judge = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        f"vendor.{schema}",
        str(project / name),
    ]
    judged = subprocess.run(judge, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout
    document = yaml.safe_load((project / name).read_text())
    if service == "github":
        jobs = document["jobs"]["build"]["strategy"]["matrix"]["include"]
        assert [job["runner"] for job in jobs] == [
            "ubuntu-24.04-arm",
            "ubuntu-24.04",
        ], "images are built on Linux"
    else:
        assert [job["PLATFORM"] for job in document["build"]["parallel"]["matrix"]] == [
            "linux/arm64",
            "linux/riscv64",
        ]
    text = (project / name).read_text()
    assert "test -x xx/usr/bin/xx-info" in text, "a checkout has no address for other machines"
    assert "run xxpy" not in text, "a name alone may be anybody's"


@pytest.mark.parametrize("service", matrix.FORMATS)
def test_a_workflow_takes_the_commands_from_a_pinned_source(service: str) -> None:
    source = "xxpy @ git+https://git.example/xxpy@" + "0" * 40
    texts = resources.texts("templates", "**/*.j2")
    image = Image(contexts={"xx": "xx"})
    text = matrix.workflow(service, [], image, texts, source)
    assert source in text
    assert "--spec" in text
    other = Image(contexts={"xx": "docker-image://registry.example/xx@sha256:1"})
    assert "pipx" not in matrix.workflow(service, [], other, texts, source)


@pytest.mark.parametrize("words", [("bake",), ("matrix", "--format", "github", "--workflow")])
def test_an_image_needs_a_dockerfile_and_a_system_that_containers_have(
    words: tuple[str, ...], project: Path
) -> None:
    named = xxpy(*words, "-p", "linux/amd64,windows/amd64", folder=project)
    assert (named.returncode, named.stdout) == (2, "")
    assert "images are for linux/*, not for windows/amd64" in named.stderr
    (project / "Dockerfile").unlink()
    (project / "go.mod").write_text("module server\n")
    (project / "main.go").write_text("package main\n\nfunc main() {}\n")
    done = xxpy(*words, folder=project)
    assert (done.returncode, done.stdout) == (8, "")
    assert done.stderr.splitlines()[0] == "error: there is no Dockerfile: Dockerfile"
    (project / "xxpy.toml").write_text('platforms = ["linux/amd64"]\n[image]\ndockerfile = "d/x"\n')
    assert "there is no Dockerfile: d/x" in xxpy(*words, folder=project).stderr


def test_the_scripts_of_a_workflow_are_clean(project: Path, tmp_path: Path) -> None:
    document = yaml.safe_load(
        xxpy("matrix", "--format", "github", "--workflow", folder=project).stdout
    )
    scripts = [
        step["run"] for job in document["jobs"].values() for step in job["steps"] if "run" in step
    ]
    assert len(scripts) == 4
    for number, script in enumerate(scripts):
        (tmp_path / f"{number}.sh").write_text(
            f"#!/bin/bash\nset -e\nexport DIGEST TAGS IMAGE VERSION\n{script}"
        )
    subprocess.run(["shellcheck", *map(str, sorted(tmp_path.glob("*.sh")))], check=True)


NODE = "ssh://me@arm.example=linux/arm64,linux/arm/v7"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ((), ["docker buildx create --driver docker-container --name xxpy", "docker buildx use xxpy", "docker buildx inspect --bootstrap xxpy"]),
        (("--node", NODE, "--name", "many"), [
            "docker buildx create --driver docker-container --name many",
            "docker buildx create --driver docker-container --name many --append --node node0 --platform linux/arm64,linux/arm/v7 ssh://me@arm.example",
            "docker buildx use many", "docker buildx inspect --bootstrap many",
        ]),
        (("--driver", "remote", "--node", "tcp://a:1=linux/amd64", "--node", "tcp://b:1=linux/arm64"), [
            "docker buildx create --driver remote --name xxpy --node node0 --platform linux/amd64 tcp://a:1",
            "docker buildx create --driver remote --name xxpy --append --node node1 --platform linux/arm64 tcp://b:1",
            "docker buildx use xxpy", "docker buildx inspect --bootstrap xxpy",
        ]),
        (("--driver", "kubernetes", "--node", "=linux/arm64"), [
            "docker buildx create --driver kubernetes --name xxpy --node node0 --platform linux/arm64",
            "docker buildx use xxpy", "docker buildx inspect --bootstrap xxpy",
        ]),
        (("--driver", "kubernetes"), [
            "docker buildx create --driver kubernetes --name xxpy --bootstrap",
            "docker buildx use xxpy", "docker buildx inspect --bootstrap xxpy",
        ]),
        (("--driver", "cloud", "--endpoint", "me/fast"), ["docker buildx create --driver cloud me/fast", "docker buildx use cloud-me-fast"]),
    ],
)  # fmt: skip
def test_builders(words: tuple[str, ...], lines: list[str], tmp_path: Path) -> None:
    done = xxpy("builder", *words, folder=tmp_path)
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, lines, "")


def test_nodes_come_from_the_configuration_and_nothing_needs_trust(project: Path) -> None:
    (project / "xxpy.toml").write_text(
        '[node."a; b"]\nendpoint = "ssh://$(x)"\nplatforms = ["linux/s390x"]\n'
    )
    words = [shlex.split(line) for line in xxpy("builder", folder=project).stdout.splitlines()]
    assert words[1][-4:] == ["a; b", "--platform", "linux/s390x", "ssh://$(x)"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("builder", "--node", "ssh://arm"), 2, "--node ssh://arm: the platforms are missing"),
        (("builder", "--node", "=linux/arm64"), 2, "node node0 has no endpoint"),
        (
            ("builder", "--node", "ssh://arm=linux/arm46"),
            3,
            "unknown architecture arm46 in linux/arm46",
        ),
        (("builder", "--driver", "remote"), 2, "the remote driver needs nodes"),
        (("builder", "--driver", "cloud"), 2, "the cloud driver needs a builder"),
        (("bake", "nowhere"), 8, "no such folder or file: nowhere"),
        (("bake", "empty"), 8, "nothing to build in empty"),
        (("bake", "--output", "empty"), 9, "empty cannot be written"),
        (("matrix", "--workflow"), 2, "--workflow needs a CI service"),
        (("plan", "-p", "linux/amd64,linux/arm46"), 3, "unknown architecture arm46 in linux/arm46"),
        (("plan", "wrong"), 7, "xxpy.toml: strategy: unknown strategy croos"),
        (("plan", "closed"), 5, "no strategy works for linux/arm64"),
    ],
)
def test_what_is_refused(words: tuple[str, ...], code: int, message: str, project: Path) -> None:
    for name, text in {
        "empty": None,
        "wrong": 'strategy = "croos"',
        "closed": '[platform."linux/arm64"]\nstrategy = "node"\n',
    }.items():
        (project / name).mkdir()
        if text is not None:
            (project / name / "Dockerfile").touch()
            (project / name / "xxpy.toml").write_text(f'platforms = ["linux/arm64"]\n{text}\n')
    done = xxpy(*words, folder=project)
    said = next(line for line in done.stderr.splitlines() if line.startswith("error:"))
    assert (done.returncode, message in said) == (code, True), done.stderr


def test_plan_as_people_and_machines_read_it(project: Path) -> None:
    assert (
        xxpy("plan", "-p", "windows/arm64", folder=project).stdout
        == "windows/arm64  cross      a compiler on this machine targets it\n"
    )
    found = json.loads(xxpy("plan", "--json", folder=project).stdout)
    assert [(one["platform"], one["strategy"], one["node"]) for one in found][1] == (
        "linux/riscv64",
        "cross",
        None,
    )
