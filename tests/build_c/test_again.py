"""Second builds: ``--reuse`` with nothing changed, and ``--incremental``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xxpy.machine import resources
from xxpy.request import inputs
from xxpy.runner.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kit.conftest import Xxpy

PLATFORMS = "linux/amd64,linux/arm64"
MAKEFILE = """\
CFLAGS += -DWORD='"$(WORD)"'
hello: main.o more.o
\t$(CC) -o $@ main.o more.o
%.o: %.c
\techo compiling $<
\t$(CC) $(CFLAGS) -c -o $@ $<
"""
MAIN = '#include <stdio.h>\nint more(void);\nint main(void) { return puts("one" WORD) < more(); }\n'
CMAKE = """\
cmake_minimum_required(VERSION 3.16)
project(hello C)
add_executable(hello main.c more.c)
install(TARGETS hello)
"""


@pytest.fixture
def project(xxpy: Xxpy) -> Xxpy:
    """Return the program in a project with a Makefile."""
    xxpy.variables["PATH"] = f"{xxpy.folder.parent}/tools:/usr/bin:/bin"
    (xxpy.folder.parent / "tools").mkdir()
    for name, text in (("Makefile", MAKEFILE), ("main.c", MAIN), ("more.c", MORE)):
        (xxpy.folder / name).write_text(text)
    return xxpy


MORE = '#include "more.h"\nint more(void) { return LEAST; }\n'


@pytest.fixture(autouse=True)
def _header(xxpy: Xxpy) -> None:
    (xxpy.folder / "more.h").write_text("#define LEAST 0\n")


def built(xxpy: Xxpy, *options: str, **variables: str) -> dict[str, bool]:
    """Build, and return for each platform whether its results were reused."""
    done = xxpy("build", "--json", "--platform", PLATFORMS, *options, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return {one["platform"]: one["reused"] for one in events if one["event"] == "finish"}


def reused(xxpy: Xxpy, *options: str, **variables: str) -> bool:
    """Build with --reuse, and return whether all results were reused; some never are."""
    found = set(built(xxpy, "--reuse", *options, **variables).values())
    assert len(found) == 1
    return found.pop()


def program(xxpy: Xxpy) -> str:
    """Return what the built program prints."""
    (found,) = (xxpy.folder / "dist/linux_amd64").rglob("hello")
    return xxpy.run(str(found)).stdout.strip()


def cache(xxpy: Xxpy) -> Path:
    return Path(xxpy.variables["XDG_CACHE_HOME"]) / "xxpy"


def log(xxpy: Xxpy) -> str:
    (found,) = cache(xxpy).glob("logs/*/linux_amd64.log")
    return found.read_text()


def git(xxpy: Xxpy, *words: str) -> None:
    own = ("-c", "user.name=me", "-c", "user.email=me@example.com")
    subprocess.run(["git", *own, *words], cwd=xxpy.folder, check=True, capture_output=True)


def test_nothing_changed(project: Xxpy) -> None:
    assert not reused(project)
    first = (project.folder / "dist/linux_arm64/hello").read_bytes()
    assert reused(project)
    assert not any(built(project).values()), "only on request"
    done = project("build", "--reuse", "--platform", PLATFORMS)
    assert "2 of 2 built and verified, 2 of them reused" in done.stdout
    assert (project.folder / "dist/linux_arm64/hello").read_bytes() == first
    assert program(project) == "one"


@pytest.mark.parametrize(
    "change",
    [
        "source",
        pytest.param("added", marks=pytest.mark.slow),
        pytest.param("removed", marks=pytest.mark.slow),
        pytest.param("mode", marks=pytest.mark.slow),
        "variable",
        pytest.param("variable of xxpy.toml", marks=pytest.mark.slow),
        pytest.param("argument", marks=pytest.mark.slow),
        pytest.param("compiler", marks=pytest.mark.slow),
        "program on PATH",
        pytest.param("requirement", marks=pytest.mark.slow),
        pytest.param("table", marks=pytest.mark.slow),
    ],
)
def test_what_changes_is_built_again(project: Xxpy, change: str) -> None:
    folder = project.folder
    (folder / "notes").write_text("notes\n")
    assert not reused(project)
    assert reused(project)
    options, variables = OPTIONS.get(change, ()), {}
    if change == "variable":
        variables["WORD"] = "two"
    elif change == "table":
        variables["XXPY_TOOLCHAINS"] = str(folder.parent / "toolchains")
        shutil.copytree(resources.folder("toolchains"), variables["XXPY_TOOLCHAINS"])
    elif change not in OPTIONS:
        CHANGES[change](folder)
    assert not reused(project, *options, **variables)
    if "variable" in change or change == "argument":
        assert program(project) == "onetwo"
    assert reused(project, *options, **variables)


def unseen(folder: Path) -> None:
    """Change a file so that its size and its time stay as they are."""
    before = (folder / "more.h").stat()
    (folder / "more.h").write_text("#define LEAST 1\n")
    os.utime(folder / "more.h", ns=(before.st_atime_ns, before.st_mtime_ns))


def new_program(folder: Path) -> None:
    tool = folder.parent / "tools/generator"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)


def configured(text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "xxpy.toml").write_text(text)


OPTIONS = {"argument": ("--", "WORD=two"), "compiler": ("--cc", "gcc")}
CHANGES: dict[str, Callable[[Path], object]] = {
    "source": unseen,
    "added": lambda folder: (folder / "new").touch(),
    "removed": lambda folder: (folder / "notes").unlink(),
    "mode": lambda folder: (folder / "notes").chmod(0o755),
    "variable of xxpy.toml": configured('environment = { WORD = "two" }\n'),
    "requirement": configured("[verify]\nno-rpath = true\n"),
    "program on PATH": new_program,
}


def test_the_state_of_the_repository_and_folders_outside_count(project: Xxpy) -> None:
    outside = project.folder.parent / "outside"
    outside.mkdir()
    (outside / "x.h").write_text("\n")
    makefile = project.folder / "Makefile"
    makefile.write_text(f"CFLAGS += -I../outside\n{MAKEFILE}")
    git(project, "init")
    assert not reused(project)
    assert reused(project)
    git(project, "add", "main.c")
    assert not reused(project)
    git(project, "commit", "-m", "x")
    assert not reused(project)
    assert reused(project)
    git(project, "tag", "v1")
    assert not reused(project)
    (outside / "x.h").write_text("// changed\n")
    assert not reused(project)
    assert reused(project)


def test_a_damaged_result_and_one_of_another_project_are_not_used(project: Xxpy) -> None:
    assert not reused(project)
    for kept in cache(project).glob("results/*/linux_*/files/hello"):
        data = bytearray(kept.read_bytes())
        kept.unlink()
        data[-1] ^= 1
        kept.write_bytes(data)
    assert not reused(project)
    assert reused(project)
    with (project.folder / "dist/linux_amd64/hello").open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\1")
    assert program(project) == "one"
    found = built(project, "--reuse")
    assert found == {"linux/amd64": False, "linux/arm64": True}


def test_a_failed_build_keeps_nothing(project: Xxpy) -> None:
    assert not reused(project)
    (project.folder / "more.c").write_text("int more(void) { return }\n")
    assert project("build", "--reuse", "--platform", PLATFORMS).returncode == 1
    (project.folder / "more.c").write_text(MORE)
    assert reused(project)


def incremental(xxpy: Xxpy, *options: str, **variables: str) -> set[str]:
    """Build with --incremental, and return the sources that were compiled."""
    built(xxpy, "--incremental", *options, **variables)
    return {
        name
        for name in ("main.c", "more.c")
        if f"compiling {name}" in log(xxpy) or f"{name}.o" in log(xxpy)
    }


BOTH = {"main.c", "more.c"}


@pytest.mark.parametrize("system", ["make", "cmake"])
def test_only_what_changed_is_compiled(project: Xxpy, system: str) -> None:
    folder = project.folder
    if system == "cmake":
        (folder / "CMakeLists.txt").write_text(CMAKE)
        (folder / "main.c").write_text(MAIN.replace("WORD", '""'))
    assert incremental(project) == BOTH
    assert incremental(project) == set()
    assert program(project) == "one"
    (folder / "main.c").write_text((folder / "main.c").read_text().replace("one", "two"))
    assert incremental(project) == {"main.c"}
    assert program(project) == "two"
    (folder / "more.h").write_text("#define LEAST (-1)\n")
    # A Makefile does not say who includes a header, so everything is compiled.
    assert incremental(project) == (BOTH if system == "make" else {"more.c"})


@pytest.mark.parametrize(
    "change",
    [
        "older",
        pytest.param("added", marks=pytest.mark.slow),
        pytest.param("removed", marks=pytest.mark.slow),
        pytest.param("makefile", marks=pytest.mark.slow),
        "included",
        "variable",
        pytest.param("compiler", marks=pytest.mark.slow),
        pytest.param("failed", marks=pytest.mark.slow),
    ],
)
def test_what_make_may_miss_begins_anew(project: Xxpy, change: str) -> None:
    folder = project.folder
    (folder / "notes").write_text("notes\n")
    (folder / "part.c").write_text("#define PART 1\n")
    (folder / "more.c").write_text('#include "part.c"\n' + MORE)
    options: list[str] = []
    variables: dict[str, str] = {}
    assert incremental(project) == BOTH
    assert incremental(project) == set()
    if change == "older":
        (folder / "new").write_text(MAIN.replace("one", "old"))
        os.utime(folder / "new", (1, 1))
        (folder / "new").replace(folder / "main.c")
        assert incremental(project) == {"main.c"}, "the copy is new"
        assert program(project) == "old"
        return
    if change == "added":
        (folder / "new.h").touch()
    elif change == "removed":
        (folder / "notes").unlink()
    elif change == "makefile":
        (folder / "Makefile").write_text(f"{MAKEFILE}# changed\n")
    elif change == "included":
        (folder / "part.c").write_text("#define PART 2\n")
    elif change == "variable":
        variables["WORD"] = "two"
    elif change == "compiler":
        options += ["--cc", "gcc"]
    else:
        (folder / "main.c").write_text("int main(void) { return }\n")
        done = project("build", "--incremental", "--platform", PLATFORMS)
        assert done.returncode == 1
        (folder / "main.c").write_text(MAIN)
    assert incremental(project, *options, **variables) == BOTH
    assert incremental(project, *options, **variables) == set()


def test_an_older_source_is_noticed_where_the_project_is_not_copied(project: Xxpy) -> None:
    folder = project.folder
    (folder / "CMakeLists.txt").write_text(CMAKE)
    (folder / "main.c").write_text(MAIN.replace("WORD", '""'))
    assert incremental(project) == BOTH
    (folder / "new").write_text(MAIN.replace("WORD", '""').replace("one", "old"))
    os.utime(folder / "new", (1, 1))
    (folder / "new").replace(folder / "main.c")
    assert incremental(project) == BOTH
    assert program(project) == "old"


@pytest.mark.slow
def test_a_target_that_is_gone_is_not_delivered(project: Xxpy) -> None:
    folder = project.folder
    text = CMAKE.replace("install(TARGETS hello)\n", "")
    (folder / "main.c").write_text(MAIN.replace("WORD", '""'))
    (folder / "CMakeLists.txt").write_text(f"{text}add_executable(second main.c more.c)\n")
    incremental(project)
    assert sorted(path.name for path in (folder / "dist/linux_amd64").iterdir()) == [
        "hello",
        "second",
    ]
    incremental(project, "--output", "again")
    assert len(list((folder / "again/linux_amd64").iterdir())) == 2
    (folder / "CMakeLists.txt").write_text(text)
    incremental(project, "--output", "third")
    assert [path.name for path in (folder / "third/linux_amd64").iterdir()] == ["hello"]


@pytest.mark.slow
def test_pruning_removes_the_work_folder_and_the_results(project: Xxpy) -> None:
    built(project, "--reuse", "--incremental")
    sizes = json.loads(project.good("cache", "info", "--json"))["kinds"]
    assert sizes["results"] > 0
    assert sizes["work"] > 0
    project.good("cache", "prune", "--max-size", "0")
    sizes = json.loads(project.good("cache", "info", "--json"))["kinds"]
    assert (sizes["results"], sizes["work"]) == (0, 0)
    assert incremental(project) == BOTH


@pytest.mark.slow
def test_two_builds_at_once_wait_for_each_other(project: Xxpy) -> None:
    started = [
        project.start("build", "--incremental", "--platform", PLATFORMS, "--output", name)
        for name in ("a", "b")
    ]
    said = [one.communicate(timeout=240)[1] for one in started]
    assert [one.returncode for one in started] == [0, 0], said
    for name in ("a", "b"):
        assert (project.folder / name / "linux_arm64/hello").is_file()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("go.mod", "module a\nreplace b => OUTSIDE\n"),
        ("go.work", "go 1.21\nuse (\n\t./a\n\tOUTSIDE\n)\n"),
        ("Cargo.toml", '[dependencies]\nb = { path = "OUTSIDE" }\n'),
    ],
)
def test_modules_that_a_manifest_names_absolutely_count(
    name: str, text: str, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    (tmp_path / "module").mkdir()
    outside.mkdir()
    (tmp_path / "module" / name).write_text(text.replace("OUTSIDE", str(outside)))
    plan = Plan("a", "go", "go", (), tmp_path / "module", tmp_path / "dist", ())
    found = inputs.Inputs(plan, {}, {})
    assert not found.keys()
    assert found.unchanged()
    (outside / "b").write_text("")
    assert not found.unchanged()
