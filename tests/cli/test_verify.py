"""``xxpy verify`` and ``xxpy inspect`` as people call them, on a program of this machine's compiler."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Place:
    """A folder with ``dist/linux_amd64/server``, in which the program runs."""

    folder: Path

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xxpy", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("program")
    (folder / "main.c").write_text(
        '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'
    )
    command = ["gcc", "-o", "server", "-Wl,-rpath,/opt/lib", "main.c"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "server"


@pytest.fixture
def place(program: Path, tmp_path: Path) -> Place:
    folder = tmp_path / "dist/linux_amd64"
    folder.mkdir(parents=True)
    shutil.copy(program, folder / "server")
    return Place(tmp_path)


def test_a_folder_says_its_platform(place: Place) -> None:
    got = place("verify", "--tree", "dist")
    assert (got.returncode, got.stdout) == (
        0,
        "linux/amd64  ✓  dist/linux_amd64/server\n1 file verified\n",
    )
    (place.folder / "dist/linux_amd64").rename(place.folder / "dist/linux_arm64")
    got = place("verify", "dist/linux_arm64/server")
    assert got.returncode == 6
    assert "the architecture amd64 does not match expected target architecture arm64" in got.stdout


def test_all_reasons_are_given(place: Place) -> None:
    flags = (
        "--static",
        "--libc",
        "musl",
        "--glibc-max",
        "2.2",
        "--no-rpath",
        "--needed-allow",
        "libm.*,libz.*",
    )
    got = place("verify", *flags, "dist/linux_amd64/server")
    assert got.returncode == 6
    reasons = [line.strip() for line in got.stdout.splitlines()[1:]]
    assert [reason.split()[:2] for reason in reasons] == [
        *(
            ["is", "not"],
            ["the", "interpreter"],
            ["needs", "glibc"],
            ["has", "the"],
            ["needs", "libc.so.6,"],
        ),
    ]
    assert (
        got.stderr
        == "error: 1 of 1 files failed verification\nhint: xxpy inspect FILE shows what a file is\n"
    )


@pytest.mark.parametrize(
    ("file", "hint"),
    [
        ("dist", ["hint: xxpy verify --tree dist verifies what is in it"]),
        ("nothing", []),
        ("main.c", ["hint: xxpy inspect FILE shows what a file is"]),
    ],
)
def test_the_hint_fits_what_was_named(place: Place, file: str, hint: list[str]) -> None:
    (place.folder / "main.c").write_text("int main;\n")
    got = place("verify", "-p", "linux/amd64", file)
    assert got.returncode == 6
    assert got.stderr.splitlines() == ["error: 1 of 1 files failed verification", *hint]


def test_the_platform_of_this_machine_is_noted(place: Place) -> None:
    shutil.copy(place.folder / "dist/linux_amd64/server", place.folder / "one")
    shutil.copy(place.folder / "one", place.folder / "two")
    got = place("verify", "one", "two", "dist/linux_amd64/server")
    assert (got.returncode, got.stderr) == (
        0,
        "note: one and 1 more: verified for this machine, linux/amd64; --platform names another\n",
    )
    assert place("verify", "-p", "linux/amd64", "one").stderr == ""


def test_the_same_from_the_configuration(place: Place) -> None:
    (place.folder / "xxpy.toml").write_text(
        '[verify]\nno-rpath = true\nglibc-max = "2.2"\n[platform."linux/amd64".verify]\nneeded-allow = []\nglibc-max = "99"\n'
    )
    got = place("verify", "--json", "dist/linux_amd64/server")
    (verdict,) = json.loads(got.stdout)
    assert (got.returncode, verdict["ok"], verdict["platform"]) == (6, False, "linux/amd64")
    assert [reason.split(": ")[1] for reason in verdict["reasons"]] == [
        "has the run path /opt/lib",
        "needs libc.so.6, which is not among the libraries allowed",
    ]
    got = place("verify", "--rpath", "--needed-allow", "libc.so.*", "dist/linux_amd64/server")
    assert got.returncode == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[verify]\nglibc-max = "new"\n', "glibc-max: 'new' is not a version such as 2.28"),
        ('[verify]\nlibc = "uclibc"\n', "libc is 'uclibc'"),
        ("[verify]\nglibc = 2\n", "unknown key glibc"),
        ("[verify]\nstatic = 1\n", "1 is not true or false"),
        ("verify = 3\n", "3 is not a table"),
    ],
)
def test_wrong_configuration(place: Place, text: str, message: str) -> None:
    (place.folder / "xxpy.toml").write_text(text)
    got = place("verify", "dist/linux_amd64/server")
    assert (got.returncode, got.stdout) == (7, "")
    assert message in got.stderr


def test_a_tree_has_other_files_too(place: Place) -> None:
    folder = place.folder / "dist/linux_amd64"
    (folder / "README").write_text("hello\n")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    got = place("verify", "--tree", "dist")
    assert got.returncode == 0
    assert got.stdout.endswith("2 other files are not binaries and were skipped\n")


@pytest.mark.parametrize("kind", ["empty", "library", "dangling", "fifo"])
def test_a_tree_fails_closed(place: Place, kind: str) -> None:
    path = place.folder / "dist/linux_amd64" / kind
    if kind == "empty":
        path.write_bytes(b"")
        path.chmod(0o755)
    elif kind == "library":
        path = path.with_suffix(".so")
        path.write_bytes(b"hello")
    elif kind == "dangling":
        path.symlink_to("nowhere")
    else:
        os.mkfifo(path)
    got = place("verify", "--tree", "dist")
    assert got.returncode == 6
    assert f"✗  dist/linux_amd64/{path.name}" in got.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("verify",), 2, "no file to verify"),
        (("verify", "--tree", "nowhere"), 2, "no such folder: nowhere"),
        (("verify", "--tree", "empty"), 6, "no binaries below empty"),
        (("verify", "--glibc-max", "2.x", "server"), 2, "'2.x' is not a version such as 2.28"),
        (("verify", "--float", "double", "server"), 2, "'double' is not one of"),
        (("verify", "dist"), 6, "1 of 1 files"),
        (("inspect", "nowhere"), 6, "nowhere: file not found"),
        (("inspect", "/dev/null"), 6, "/dev/null: a device, not a file"),
    ],
)
def test_wrong_calls(place: Place, arguments: tuple[str, ...], code: int, message: str) -> None:
    (place.folder / "empty").mkdir()
    got = place(*arguments)
    assert got.returncode == code
    assert message in got.stderr


def test_inspect_for_people_and_for_scripts(place: Place) -> None:
    got = place("inspect", "dist/linux_amd64/server")
    facts = dict(
        line.split(maxsplit=1)
        for line in got.stdout.splitlines()
        if not line.startswith(("run path", "minimum", "build", "debug"))
    )
    assert (facts["format"], facts["linkage"], facts["libc"]) == ("elf", "dynamic", "gnu")
    assert "run path      /opt/lib\n" in got.stdout
    (found,) = json.loads(place("inspect", "--json", "dist/linux_amd64/server").stdout)
    assert (found["needed"], found["run_path"], found["signed"]) == (
        ["libc.so.6"],
        ["/opt/lib"],
        None,
    )
