"""A platform that cannot be built is that platform's result: it keeps no other from being built."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.build.conftest import Xxpy, tree
from tests.build_c.machine import free_port, path_without

if TYPE_CHECKING:
    from pathlib import Path

POSSIBLE = "linux/amd64,linux/arm64"
SDK = "Go links programs for ios/arm64 only with the C compiler of its SDK"


def test_nothing_is_compiled_before_every_impossible_platform_is_named(
    xxpy: Xxpy, module: Path
) -> None:
    done = xxpy("build", "-p", f"{POSSIBLE},ios/arm64,ios/amd64")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "error: ios/arm64, ios/amd64 cannot be built",
        f"hint: ios/arm64: {SDK}",
        "hint:   leave out the platform, or use that SDK for Go libraries",
        "hint: ios/amd64: no row of the table is ios/amd64",
        "hint:   did you mean ios/arm64?",
        "hint: xxpy build --keep-going builds the other 2 platforms",
    ]
    assert not (module / "dist").exists()


def test_keep_going_builds_the_others_and_still_fails(xxpy: Xxpy, module: Path) -> None:
    done = xxpy("build", "-p", f"{POSSIBLE},ios/arm64", "--keep-going", "--", "./cmd/tool")
    assert done.returncode == 5
    assert tree(module / "dist") == [
        "linux_amd64/",
        "linux_amd64/tool",
        "linux_arm64/",
        "linux_arm64/tool",
    ]
    assert "2 of 3 built and verified, 1 refused" in done.stdout
    assert f"ios/arm64 cannot be built: {SDK}\n  hint: leave out the platform" in done.stderr
    assert done.stderr.splitlines()[-1] == "error: 1 of 3 platforms failed: ios/arm64"


def test_machines_read_it_too(xxpy: Xxpy) -> None:
    done = xxpy(
        "build", "-p", "linux/amd64,ios/arm64", "--keep-going", "--json", "--", "./cmd/tool"
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[0]["refused"]["ios/arm64"]["message"] == SDK
    (refused,) = [
        event for event in events if event["event"] == "finish" and event["platform"] == "ios/arm64"
    ]
    assert refused["diagnosis"].keys() == {"cause", "evidence", "fix"}
    assert refused["diagnosis"]["cause"] == refused["error"]
    assert (refused["status"], refused["error"], refused["log"], refused["outputs"]) == (
        "refused",
        SDK,
        None,
        [],
    )
    assert (events[-1]["built"], events[-1]["refused"], events[-1]["failed"]) == (1, 1, 0)
    plan = xxpy("build", "-p", "linux/amd64,ios/arm64,netbsd/*", "--dry-run")
    document = json.loads(plan.stdout)
    assert (plan.returncode, document["refused"].keys(), "ios/arm64" in document["left_out"]) == (
        5,
        {"ios/arm64"},
        False,
    )
    assert {"linux/amd64", "netbsd/amd64"} <= {step["platform"] for step in document["steps"]}


def test_each_platform_is_explained(xxpy: Xxpy) -> None:
    done = xxpy("build", "-p", f"ios/arm64,{POSSIBLE}", "--explain")
    lines = done.stdout.splitlines()[2:]
    assert lines[:3] == [
        "linux/amd64 → GOOS=linux GOARCH=amd64",
        "linux/arm64 → GOOS=linux GOARCH=arm64",
        f"ios/arm64 cannot be built: {SDK}",
    ]
    assert (done.returncode, done.stderr.splitlines()[0]) == (5, "error: ios/arm64 cannot be built")


def test_every_command_gives_each_platform_its_own_answer(xxpy: Xxpy, module: Path) -> None:
    words = ("-p", "linux/amd64,linux/arm64/v8.1,ios/arm64,ios/amd64")
    plan = xxpy("plan", *words)
    assert [line.split()[1] for line in plan.stdout.splitlines()] == [
        "native",
        "cross",
        "none",
        "none",
    ]
    assert (plan.returncode, plan.stderr.splitlines()[0]) == (
        5,
        "error: no strategy works for ios/arm64, ios/amd64",
    )
    (module / "Dockerfile").write_text("FROM scratch\n")
    bake = xxpy("bake", *words)
    assert (bake.returncode, bake.stdout, bake.stderr.splitlines()[0]) == (
        2,
        "",
        "error: images are for linux/*, not for ios/arm64, ios/amd64",
    )
    bake = xxpy("bake", "-p", "linux/amd64,linux/arm64/v8.1")
    targets = {
        name: target.get("platforms") for name, target in json.loads(bake.stdout)["target"].items()
    }
    assert targets == {
        "docker-metadata-action": None, "image": ["linux/amd64", "linux/arm64/v8.1"],
        "image-native": ["linux/amd64"], "image-cross": ["linux/arm64/v8.1"],
    }  # fmt: skip
    matrix = xxpy("matrix", *words)
    assert [(job["platform"], job["strategy"]) for job in json.loads(matrix.stdout)] == [
        ("linux/amd64", "native"),
        ("linux/arm64/v8.1", "cross"),
    ]
    assert (matrix.returncode, SDK in matrix.stderr) == (5, True)
    (module / "xxpy.toml").write_text('[platform."linux/arm64"]\nstrategy = "node"\n')
    plan = xxpy("plan", "-p", POSSIBLE)
    assert [line.split()[1] for line in plan.stdout.splitlines()] == ["native", "none"]
    assert "strategy is node: no node has it" in plan.stdout


def test_only_one_platform_says_its_own_reason(xxpy: Xxpy) -> None:
    for words in (
        ("ios/arm64",),
        ("ios/*",),
        ("ios/arm64", "--keep-going"),
        ("ios/arm64", "--dry-run"),
    ):
        done = xxpy("build", "-p", *words)
        assert (done.returncode, done.stderr.splitlines()[0]) == (5, f"error: {SDK}")
    both = xxpy("build", "-p", "ios/arm64,ios/amd64", "--keep-going")
    assert (both.returncode, both.stderr.splitlines()[0]) == (
        1,
        "error: ios/arm64, ios/amd64 cannot be built",
    )


@pytest.fixture
def program(tmp_path: Path) -> Xxpy:
    """A program in C, with the machine's own compiler and no other, so that foreign platforms have none."""
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "hello.c").write_text("int main(void) { return 0; }\n")
    path = path_without(
        tmp_path / "bin",
        "clang",
        "zig",
        "aarch64-linux-gnu-gcc",
        "riscv64-linux-gnu-gcc",
        "s390x-linux-gnu-gcc",
    )
    return Xxpy(folder, tmp_path / "cache", {"PATH": path})


@pytest.mark.parametrize(
    ("platform", "settings", "code", "message"),
    [
        ("linux/s390x", "", 5, "there is no C compiler for linux/s390x"),
        (
            "linux/riscv64",
            '[platform."linux/riscv64".sysroot]\ndistribution = "debian:bookworm"\n',
            3,
            "Debian 12 (bookworm) has no packages for linux/riscv64",
        ),
        (
            "linux/arm64",
            '[platform."linux/arm64".sysroot]\ndistribution = "debian:bookworm"\n',
            16,
            "the package lists of debian:bookworm for arm64 cannot be fetched",
        ),
        ("freebsd/arm64", "", 5, "there is no C compiler for freebsd/arm64"),
    ],
    ids=["no compiler", "no packages", "no package lists", "no compiler for the system"],
)
def test_every_reason_is_the_platform_s_own(
    platform: str, settings: str, code: int, message: str, program: Xxpy
) -> None:
    (program.folder / "xxpy.toml").write_text(settings)
    (program.folder / "apt.conf").write_text('Acquire::Retries "0";\n')
    program.variables |= dict.fromkeys(
        ("http_proxy", "https_proxy"), f"http://127.0.0.1:{free_port()}"
    )
    program.variables |= {"APT_CONFIG": str(program.folder / "apt.conf")}
    words = ("--cc", "gcc")
    refused = program("build", "-p", f"linux/amd64,{platform}", *words)
    assert (refused.returncode, f"error: {platform} cannot be built" in refused.stderr) == (
        code,
        True,
    ), refused.stderr
    assert "xxpy build --keep-going builds linux/amd64" in refused.stderr
    assert not (program.folder / "dist").exists()
    done = program("build", "-p", f"linux/amd64,{platform}", "--keep-going", *words)
    assert (done.returncode, message in done.stderr) == (code, True), done.stderr
    assert tree(program.folder / "dist") == ["linux_amd64/", "linux_amd64/hello"]
    (program.folder / "xxpy.toml").write_text(f'cc = "gcc"\n{settings}')
    plan = program("plan", "-p", f"linux/amd64,{platform}")
    assert plan.stdout.startswith("linux/amd64 ")
    assert plan.stdout.splitlines()[0].split()[1] == "native"


def test_cgo_for_one_platform_only(xxpy: Xxpy, module: Path, tmp_path: Path) -> None:
    xxpy.variables["PATH"] = path_without(tmp_path / "bin", "clang", "zig", "s390x-linux-gnu-gcc")
    done = xxpy(
        "build",
        "-p",
        "linux/amd64,linux/s390x",
        "--cgo",
        "--cc",
        "gcc",
        "--keep-going",
        "--",
        "./cmd/tool",
    )
    assert done.returncode == 5
    assert (
        "linux/s390x cannot be built: cgo is on: there is no C compiler for linux/s390x"
        in done.stderr
    )
    assert tree(module / "dist") == ["linux_amd64/", "linux_amd64/tool"]


def test_what_only_a_build_can_know_is_not_called_impossible(program: Xxpy) -> None:
    (program.folder / "xxpy.toml").write_text(
        '[platform."linux/arm64".sysroot]\ndistribution = "debian:bookworm"\n'
    )
    done = program("build", "-p", "linux/amd64,linux/arm64", "--explain")
    assert (done.returncode, done.stderr) == (
        5,
        "error: linux/arm64 cannot be judged before a build\n",
    )
    assert (
        "linux/arm64: what can be built is unknown until the sysroot of debian:bookworm for linux/arm64 is made"
        in done.stdout
    )
    plan = program("plan", "-p", "linux/amd64,linux/arm64")
    assert [line.split()[1] for line in plan.stdout.splitlines()] == ["native", "cross"]
