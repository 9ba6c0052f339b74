"""Build tools of several ages: Debian's, and the newest of PyPI."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.build_c import projects

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kit.conftest import Xxpy

RC = "1 VERSIONINFO\nFILEVERSION 1,0,0,0\nBEGIN\nEND\n"
RESOURCES = {
    "meson": {
        "meson.build": "project('hello', 'c')\nwin = import('windows')\n"
        "executable('hello', 'hello.c', win.compile_resources('hello.rc', args: '-DX=1'), install: true)\n",
    },
    "cmake": {
        "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(hello C RC)\nadd_executable(hello hello.c hello.rc)\ninstall(TARGETS hello)\n",
    },
}


@pytest.fixture(scope="session")
def newest(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder of programs with the newest Meson and CMake of PyPI."""
    root = (
        tmp_path_factory.getbasetemp()
        if worker_id == "master"
        else tmp_path_factory.getbasetemp().parent
    )
    folder = root / "newest"
    with FileLock(root / "newest.lock"):
        if not (folder / "done").exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            subprocess.run(
                [
                    folder / "bin/pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "meson",
                    "cmake",
                ],
                check=True,
            )
            (folder / "done").touch()
    return folder / "bin"


@pytest.mark.parametrize("age", ["debian", pytest.param("newest", marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", RESOURCES)
@pytest.mark.parametrize("family", ["gcc", pytest.param("zig", marks=pytest.mark.slow)])
def test_resources_of_windows(
    family: str, kind: str, age: str, xxpy: Xxpy, request: pytest.FixtureRequest
) -> None:
    if age == "newest":
        xxpy.variables["PATH"] = (
            f"{request.getfixturevalue('newest')}{os.pathsep}{os.environ['PATH']}"
        )
    projects.write(
        xxpy.folder,
        {**RESOURCES[kind], "hello.c": "int main(void) { return 0; }\n", "hello.rc": RC},
    )
    done = xxpy("build", "--cc", family, "--platform", "windows/amd64")
    assert done.returncode == 0, done.stdout + done.stderr
    program = xxpy.folder / "dist/windows_amd64/bin/hello.exe"
    assert ".rsrc" in xxpy.run("objdump", "-h", str(program)).stdout


@pytest.mark.parametrize("kind", ["meson", "cmake"])
def test_the_newest_builds_and_tests_for_a_foreign_platform(
    kind: str, newest: Path, xxpy: Xxpy
) -> None:
    xxpy.variables["PATH"] = f"{newest}{os.pathsep}{os.environ['PATH']}"
    projects.write(xxpy.folder, projects.ALL[kind])
    done = xxpy("build", "--platform", "linux/arm64", "--run-tests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert xxpy("run", "dist/linux_arm64/bin/hello").stdout == "64 bits\n"
