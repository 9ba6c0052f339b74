"""An emulator is offered to build tools only where a program of the platform was seen to run with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.build_c import projects
from tests.build_c.machine import path_without

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kit.conftest import Xxpy

PLATFORM = "linux/arm64"
EMULATORS = ("qemu-aarch64", "qemu-aarch64-static")
HELLO = "int main(void) { return 0; }\n"
CARGO = {
    "Cargo.toml": '[package]\nname = "own"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/main.rs": "fn main() {}\n",
}


def instead_of_qemu(xxpy: Xxpy, script: str) -> Path:
    """Put a script in the place of QEMU, and return the file into which it writes how it was called."""
    place = xxpy.folder.parent / "bin"
    path = path_without(place, *EMULATORS)
    log = xxpy.folder.parent / "calls"
    (place / EMULATORS[0]).write_text(f"#!/bin/sh\necho \"$*\" >> '{log}'\n{script}\n")
    (place / EMULATORS[0]).chmod(0o755)
    xxpy.variables["PATH"] = path
    return log


BROKEN = {
    "no loader": "echo \"qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory\" >&2; exit 255",
    "silent": "exit 3",
    "killed": "kill -SEGV $$",
    "absent interpreter": "exec /no/such/qemu",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_one_that_runs_nothing_is_not_offered(kind: str, xxpy: Xxpy) -> None:
    instead_of_qemu(xxpy, BROKEN[kind])
    kit = xxpy.kit(PLATFORM, "--cc", "gcc")
    assert "\nexe_wrapper" not in (kit / "meson-cross.ini").read_text()
    assert "EMULATOR" not in (kit / "toolchain.cmake").read_text()
    assert "runner" not in (kit / "cargo-config.toml").read_text()
    assert not list((kit / "bin").glob("*-run"))
    assert "RUNNER" not in xxpy("env", "--platform", PLATFORM, "--cc", "gcc").stdout
    assert "none: qemu-aarch64" in xxpy("kit", "show", "--platform", PLATFORM, "--cc", "gcc").stdout


@pytest.mark.parametrize("kind", ["meson", "cmake", "autotools", "make"])
def test_a_project_is_built_all_the_same_and_its_tests_are_refused(kind: str, xxpy: Xxpy) -> None:
    instead_of_qemu(xxpy, BROKEN["no loader"])
    projects.write(xxpy.folder, projects.ALL[kind])
    done = xxpy("build", "--platform", PLATFORM, "--cc", "gcc")
    assert done.returncode == 0, done.stdout + done.stderr
    done = xxpy("build", "--platform", PLATFORM, "--cc", "gcc", "--run-tests")
    assert done.returncode == 5
    assert "programs for linux/arm64 do not run on this machine" in done.stderr
    assert "ld-linux-aarch64" in done.stderr


def test_tests_of_cargo_are_refused_likewise(xxpy: Xxpy) -> None:
    instead_of_qemu(xxpy, BROKEN["no loader"])
    projects.write(xxpy.folder, CARGO)
    done = xxpy("build", "--platform", PLATFORM, "--cc", "gcc", "--run-tests")
    assert done.returncode == 5, done.stderr
    assert "do not run on this machine" in done.stderr


def test_it_is_tried_once(xxpy: Xxpy) -> None:
    log = instead_of_qemu(xxpy, "exit 0")
    for _ in range(2):
        kit = xxpy.kit(PLATFORM, "--cc", "gcc")
    assert len(log.read_text().splitlines()) == 1
    assert "\nexe_wrapper" in (kit / "meson-cross.ini").read_text()
    runner = json.loads(
        xxpy("env", "--platform", PLATFORM, "--cc", "gcc", "--format", "json").stdout
    )
    assert runner["CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER"] == "aarch64-linux-gnu-run"
    (xxpy.folder.parent / "bin" / EMULATORS[0]).write_text("#!/bin/sh\n# another one\nexit 1\n")
    assert (
        "\nexe_wrapper" not in (xxpy.kit(PLATFORM, "--cc", "gcc") / "meson-cross.ini").read_text()
    )


def test_a_loader_that_is_not_there_needs_no_trial(xxpy: Xxpy) -> None:
    done = xxpy("kit", "show", "--platform", "linux/s390x", "--cc", "zig")
    assert "the loader /lib/ld64.so.1 is not in /" in done.stdout, done.stdout + done.stderr
