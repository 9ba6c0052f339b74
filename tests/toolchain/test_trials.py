"""Trials of compilers are remembered until something changes that they depend on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.kit.conftest import Xxpy

STARTED = ("clang", "gcc", "zig", "ld", "as", "cc1", "collect2", "ld.lld")


@pytest.fixture
def xxpy(tmp_path: Path) -> Xxpy:
    (tmp_path / "small.c").write_text("int main(void) { return 0; }\n")
    return Xxpy(tmp_path, variables={"PATH": "/usr/bin:/bin"})


def started(xxpy: Xxpy, *arguments: str, **variables: str) -> list[str]:
    """Run the program and return the compilers and linkers that it starts."""
    log = xxpy.folder / "log"
    xxpy.wrapper = (
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=execve",
        "-e",
        "status=successful",
        "-o",
        str(log),
    )
    done = xxpy(*arguments, **variables)
    assert done.returncode == 0, done.stderr
    words = [line.split('"')[1] for line in log.read_text().splitlines() if 'execve("' in line]
    return [word for word in words if Path(word).name.endswith(STARTED) or "clang" in word]


PLAN = ("build", "small.c", "--dry-run", "--platform", "linux/amd64,linux/arm64,linux/arm/v7")


@pytest.mark.parametrize("cc", ["auto", "clang", "gcc", "zig"])
def test_a_second_plan_starts_no_compiler(xxpy: Xxpy, cc: str) -> None:
    assert started(xxpy, *PLAN, "--cc", cc)
    assert started(xxpy, *PLAN, "--cc", cc) == []


def test_a_plan_of_all_platforms_starts_no_compiler_again(xxpy: Xxpy) -> None:
    everything = ("build", "small.c", "--dry-run", "--platform", "all")
    assert started(xxpy, *everything)
    assert started(xxpy, *everything) == []


@pytest.mark.parametrize("change", ["libc", "environment", "removed"])
def test_what_changes_the_result_is_tried_again(xxpy: Xxpy, tmp_path: Path, change: str) -> None:
    root = tmp_path / "root"
    (root / "usr").mkdir(parents=True)
    for name in ("include", "lib"):
        shutil.copytree(f"/usr/aarch64-linux-gnu/{name}", root / "usr" / name, symlinks=True)
    script = root / "usr/lib/libc.so"
    script.write_text(script.read_text().replace("/usr/aarch64-linux-gnu/lib", "/usr/lib"))
    (root / "lib").symlink_to("usr/lib")
    plan = (
        "build",
        "small.c",
        "--dry-run",
        "--platform",
        "linux/arm64",
        "--cc",
        "clang",
        "--sysroot",
        str(root),
    )
    assert started(xxpy, *plan)
    assert started(xxpy, *plan) == []
    start = root / "usr/lib/crt1.o"
    if change == "environment":
        xxpy.variables["CPATH"] = "/nowhere"
    elif change == "libc":
        start.write_bytes(start.read_bytes())
    else:
        # The plan may succeed all the same, by the start file of the cross compiler's own libc.
        start.unlink()
    assert started(xxpy, *plan)
    assert started(xxpy, *plan) == []
