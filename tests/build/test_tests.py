"""``--run-tests``: the project's tests ran on each platform, or the build says why not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.build_c import projects
from tests.kit.conftest import Xxpy

if TYPE_CHECKING:
    from pathlib import Path

MAIN = {"main.c": "int main(void) { return 0; }\n"}
CMAKE = "cmake_minimum_required(VERSION 3.18)\nproject(p C)\nadd_executable(p main.c)\n"
CMAKE += "install(TARGETS p)\n"
MESON = "project('p', 'c')\nexe = executable('p', 'main.c', install: true)\n"
MAKE = "all: p\np: main.c\n\t$(CC) -o $@ main.c\n"
GO = {"go.mod": "module p\n\ngo 1.20\n", "main.go": "package main\n\nfunc main() {}\n"}
GO_TEST = 'package main\n\nimport "testing"\n\nfunc TestMain1(t *testing.T) {}\n'
RUST = {"Cargo.toml": '[package]\nname = "p"\nversion = "1.0.0"\nedition = "2021"\n'}

PROJECTS = {
    "cmake": (
        {**MAIN, "CMakeLists.txt": CMAKE},
        {"CMakeLists.txt": f"{CMAKE}enable_testing()\nadd_test(NAME t COMMAND p)\n"},
    ),
    "meson": ({**MAIN, "meson.build": MESON}, {"meson.build": f"{MESON}test('t', exe)\n"}),
    "make": (
        {**MAIN, "Makefile": f"{MAKE}check:\n"},
        {"Makefile": f"{MAKE}check: p\n\ttest -f p\n"},
    ),
    "go": (GO, {"main_test.go": GO_TEST}),
    "rust": (
        {**RUST, "src/main.rs": "fn main() {}\n"},
        {"src/main.rs": "fn main() {}\n#[test]\nfn one() {}\n"},
    ),
    "rust without a harness": (
        {**RUST, "src/main.rs": "fn main() {}\n"},
        {
            "Cargo.toml": RUST["Cargo.toml"] + '[[test]]\nname = "t"\nharness = false\n',
            "tests/t.rs": 'fn main() { println!("fine"); }\n',
        },
    ),
}


@pytest.fixture
def xxpy(tmp_path: Path) -> Xxpy:
    folder = tmp_path / "project"
    folder.mkdir()
    return Xxpy(folder, tmp_path / "cache")


@pytest.mark.parametrize("name", PROJECTS)
def test_tests_run_or_there_are_none(xxpy: Xxpy, name: str) -> None:
    without, tests = PROJECTS[name]
    projects.write(xxpy.folder, without)
    command = ("build", "--platform", "linux/amd64", "--run-tests")
    done = xxpy(*command)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "found no tests" in done.stderr
    assert "hint: leave out --run-tests" in done.stderr
    projects.write(xxpy.folder, tests)
    done = xxpy(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 built and verified, tests passed" in done.stdout
    (event,) = (
        one
        for one in map(json.loads, xxpy(*command, "--json").stdout.splitlines())
        if one["event"] == "finish"
    )
    assert event["tested"] is True


def test_a_makefile_without_a_goal_for_tests_is_refused(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, {**MAIN, "Makefile": MAKE})
    done = xxpy("build", "--platform", "linux/amd64", "--run-tests")
    assert done.returncode == 8
    assert "no goal named test or check" in done.stderr


@pytest.mark.parametrize("platform", ["linux/arm64", "linux/s390x"])
def test_go_needs_no_c_to_run_tests_elsewhere(xxpy: Xxpy, platform: str) -> None:
    projects.write(xxpy.folder, {**GO, "main_test.go": GO_TEST})
    assert "tests passed" in xxpy.good("build", "--platform", platform, "--run-tests")


def test_go_is_refused_where_nothing_runs_tests(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, {**GO, "main_test.go": GO_TEST})
    done = xxpy("build", "--platform", "darwin/arm64", "--run-tests")
    assert done.returncode == 5
    assert "nothing on this machine runs the tests for darwin/arm64" in done.stderr
    assert "without --run-tests" in done.stderr
