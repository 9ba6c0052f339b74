"""What a kill may leave, at chosen places: the commands of a build, its folders, and what was built before."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.build.conftest import Xxpy, tree

if TYPE_CHECKING:
    from collections.abc import Callable

PLATFORM = "linux/amd64"
FOLDER = "linux_amd64"


@pytest.fixture
def project(tmp_path: Path) -> Xxpy:
    """A project of make whose program returns its version; version 1 waits until somebody says go."""
    folder = tmp_path / "p"
    folder.mkdir()
    for version in "12":
        source = tmp_path / f"{version}.c"
        source.write_text(f"int main(void) {{ return {version}; }}\n")
        subprocess.run(["cc", "-o", tmp_path / f"app{version}", source], check=True)
    (folder / "x.c").write_text("")
    (folder / "v.txt").write_text("1")
    at = str(tmp_path)
    (folder / "Makefile").write_text(
        f".SILENT:\nall:\n\t[ $$(cat v.txt) = 2 ] || while [ ! -e {at}/go ]; do sleep 0.05; done\n"
        f"\tcp {at}/app$$(cat v.txt) $(CURDIR)/app\n\ttouch {at}/done$$(cat v.txt)\n"
        "install:\n\tmkdir -p $(DESTDIR)$(PREFIX)/bin; cp app $(DESTDIR)$(PREFIX)/bin/\n"
    )
    return Xxpy(folder, tmp_path / "cache")


def wait(is_so: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def workers(project: Xxpy) -> list[int]:
    """Return the processes whose folder is a work folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            place = path.readlink()
        except OSError:
            continue
        if place.is_relative_to(project.cache / "xxpy/work"):
            found.append(int(path.parent.name))
    return found


def guard_of(process: int) -> int:
    """Return the shell that outlives xxpy."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        fields = path.read_text().rpartition(") ")[2].split()
        if int(fields[1]) == process and b"descriptor=" in (path.parent / "cmdline").read_bytes():
            return int(path.parent.name)
    raise AssertionError


def begun(project: Xxpy) -> subprocess.Popen[str]:
    """Start a build of version 1 and return it when make runs."""
    child = project.start("build", "-q", "-p", PLATFORM)
    wait(lambda: len(workers(project)) > 1)
    return child


def version(project: Xxpy) -> int:
    (program,) = (path for path in (project.folder / "dist").rglob("app") if path.is_file())
    return subprocess.run([program], check=False).returncode


def test_commands_end_with_xxpy(project: Xxpy) -> None:
    child = begun(project)
    child.kill()
    child.communicate()
    wait(lambda: not workers(project), 2)
    (project.folder / "v.txt").write_text("2")
    done = project("build", "-p", PLATFORM)
    assert done.returncode == 0, done.stderr
    assert version(project) == 2
    assert tree(project.folder / "dist") == [f"{FOLDER}/", f"{FOLDER}/bin/", f"{FOLDER}/bin/app"]


def test_a_build_takes_another_folder_than_commands_that_go_on(
    project: Xxpy, tmp_path: Path
) -> None:
    child = begun(project)
    os.kill(guard_of(child.pid), signal.SIGKILL)
    child.kill()
    child.communicate()
    left = workers(project)
    assert left, "nobody was there to kill them"
    (project.folder / "v.txt").write_text("2")
    done = project("build", "-p", PLATFORM)
    assert done.returncode == 0, done.stderr
    assert version(project) == 2
    (tmp_path / "go").touch()
    wait(lambda: (tmp_path / "done1").exists() and not workers(project))
    assert version(project) == 2
    assert project("build", "-p", PLATFORM).returncode == 0
    assert version(project) == 2


def test_a_build_waits_for_commands_that_end(project: Xxpy, tmp_path: Path) -> None:
    child = begun(project)
    os.kill(guard_of(child.pid), signal.SIGKILL)
    child.kill()
    child.communicate()
    (project.folder / "v.txt").write_text("2")
    second = project.start("build", "-q", "-p", PLATFORM)
    time.sleep(1)
    (tmp_path / "go").touch()
    assert second.communicate()[1] == ""
    assert version(project) == 2
    assert (
        not (project.cache / "xxpy/work")
        .joinpath(*(next((project.cache / "xxpy/work").iterdir()).name, f"{FOLDER}.2"))
        .exists()
    )


def test_a_server_that_a_command_started_is_left_alone_and_delays_nobody(
    project: Xxpy, tmp_path: Path
) -> None:
    (tmp_path / "go").touch()
    makefile = project.folder / "Makefile"
    makefile.write_text(
        makefile.read_text().replace(
            "install:\n",
            f"install:\n\tsetsid sleep 30 >/dev/null 2>&1 & echo $$! >>{tmp_path}/servers\n",
        )
    )
    try:
        for _ in range(2):
            begin = time.monotonic()
            assert project("build", "-p", PLATFORM).returncode == 0
            assert time.monotonic() - begin < 5
        servers = [int(line) for line in (tmp_path / "servers").read_text().split()]
        assert all(Path(f"/proc/{server}").exists() for server in servers)
    finally:
        for line in (tmp_path / "servers").read_text().split():
            os.kill(int(line), signal.SIGKILL)


def test_a_command_that_has_made_a_group_of_its_own_ends_too(project: Xxpy) -> None:
    makefile = project.folder / "Makefile"
    makefile.write_text(makefile.read_text().replace("while [", "timeout 60 sleep 60; while ["))
    child = begun(project)
    wait(lambda: len(workers(project)) > 3)
    child.kill()
    child.communicate()
    wait(lambda: not workers(project), 2)


def test_what_nobody_holds_is_swept_and_the_rest_is_not(xxpy: Xxpy, module: Path) -> None:
    dist = module / "dist"
    for name in (".xxpy-abandond", ".xxpy-4711-oldstyle", ".xxpy-inuse_00", ".xxpy-notes"):
        (dist / name).mkdir(parents=True)
        (dist / name / "file").touch()
    descriptor = os.open(dist / ".xxpy-inuse_00", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    assert xxpy("build", "-q", "-p", PLATFORM).returncode == 0
    os.close(descriptor)
    assert {path.name for path in dist.iterdir()} == {
        FOLDER,
        ".xxpy",
        ".xxpy-inuse_00",
        ".xxpy-notes",
    }
    assert xxpy("build", "-q", "-p", PLATFORM).returncode == 0
    assert {path.name for path in dist.iterdir()} == {FOLDER, ".xxpy", ".xxpy-notes"}


RENAMES = "rename,renameat,renameat2"


@pytest.mark.parametrize("exchange", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_kill_at_each_rename_leaves_the_folder_as_it_was_or_as_it_is(
    exchange: bool, xxpy: Xxpy, module: Path
) -> None:
    def programs() -> tuple[str, ...]:
        return tuple(
            subprocess.run(
                [module / "dist" / FOLDER / name], capture_output=True, text=True, check=False
            ).stderr
            for name in ("hello", "tool")
        )

    def write(text: str) -> None:
        (module / "greet/greet.go").write_text(
            f'// Package greet holds words.\npackage greet\n\nconst Greeting = "{text}"\n'
        )
        tool = 'package main\n\nimport "example.com/hello/greet"\n\nfunc main() { println(greet.Greeting) }\n'
        (module / "cmd/tool/main.go").write_text(tool)

    write("one")
    assert xxpy("build", "-q", "-p", PLATFORM).returncode == 0
    (module / "dist" / FOLDER / "mine").write_text("the user's\n")
    write("two")
    lacking = [] if exchange else ["-e", "inject=renameat2:error=EINVAL"]
    seen = set()
    for step in range(1, 20):
        call = RENAMES if exchange else "rename,renameat"
        command = [
            "strace",
            "-f",
            "-qq",
            "-o",
            str(module.parent / "trace"),
            "-e",
            f"trace={RENAMES}",
            *lacking,
        ]
        command += [
            "-e",
            f"inject={call}:signal=KILL:when={step}",
            sys.executable,
            "-m",
            "xxpy",
            "build",
            "-q",
            "-p",
            PLATFORM,
        ]
        done = subprocess.run(
            command, cwd=module, env=xxpy.environment, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            break
        if (module / "dist" / FOLDER).is_dir():
            assert programs() in {("one\n", "one\n"), ("two\n", "two\n")}
            seen.add(programs())
        else:
            assert not exchange, "there is always a folder where two can be exchanged"
            assert xxpy("build", "-q", "-p", "linux/arm64").returncode == 0
            assert programs() == ("one\n", "one\n"), "the next build puts it back"
    assert programs() == ("two\n", "two\n")
    assert ("one\n", "one\n") in seen
    assert (module / "dist" / FOLDER / "mine").read_text() == "the user's\n"
    assert not [name for name in tree(module / "dist") if name.startswith(".xxpy-")]


def test_files_of_the_user_and_of_other_builds_stay(xxpy: Xxpy, module: Path) -> None:
    assert xxpy("build", "-q", "-p", PLATFORM).returncode == 0
    folder = module / "dist" / FOLDER
    (folder / "notes").mkdir()
    (folder / "notes/a.txt").write_text("a")
    (folder / "link").symlink_to("hello")
    (folder / "dangling").symlink_to("nowhere")
    folder.chmod(0o750)
    before = (folder / "notes/a.txt").stat()
    assert xxpy("build", "-q", "-p", PLATFORM, "--", "./cmd/tool").returncode == 0
    assert tree(folder) == ["dangling", "hello", "link", "notes/", "notes/a.txt", "tool"]
    assert (folder / "link").readlink() == Path("hello")
    assert (folder.stat().st_mode & 0o7777, (folder / "notes/a.txt").stat().st_ino) == (
        0o750,
        before.st_ino,
    )


def test_a_folder_that_is_a_link_or_a_mount_is_filled(
    xxpy: Xxpy, module: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (module / "dist").mkdir()
    (module / "dist" / FOLDER).symlink_to(tmp_path / "elsewhere")
    assert xxpy("build", "-q", "-p", PLATFORM).returncode == 0
    assert (module / "dist" / FOLDER).is_symlink()
    assert tree(tmp_path / "elsewhere") == ["hello", "tool"]
    (module / "dist" / FOLDER).unlink()
    (module / "dist" / FOLDER).mkdir()
    script = f"mount -t tmpfs none dist/{FOLDER}; {sys.executable} -m xxpy build -q -p {PLATFORM} && ls dist/{FOLDER}"
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script],
        cwd=module,
        env=xxpy.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "hello\ntool\n"), done.stderr


def test_a_file_where_a_folder_is_to_be(xxpy: Xxpy, module: Path) -> None:
    (module / "dist" / FOLDER / "hello").mkdir(parents=True)
    done = xxpy("build", "-q", "-p", PLATFORM)
    assert (done.returncode, "is a folder, but the build makes a file there" in done.stderr) == (
        9,
        True,
    )
    shutil.rmtree(module / "dist" / FOLDER)
    (module / "dist" / FOLDER).touch()
    done = xxpy("build", "-q", "-p", PLATFORM)
    assert (done.returncode, "is a file, but the build needs a folder there" in done.stderr) == (
        9,
        True,
    )


def test_outputs_are_on_the_disk_before_they_get_their_names(xxpy: Xxpy, module: Path) -> None:
    trace = module.parent / "trace"
    command = [
        "strace",
        "-f",
        "-qq",
        "-y",
        "-o",
        str(trace),
        "-e",
        f"trace=fsync,{RENAMES}",
        sys.executable,
        "-m",
        "xxpy",
        "build",
        "-q",
        "-p",
        PLATFORM,
    ]
    subprocess.run(command, cwd=module, env=xxpy.environment, check=True)
    lines = trace.read_text().splitlines()
    placed = next(
        number
        for number, line in enumerate(lines)
        if re.search(rf'rename.*"[^"]*/dist/{FOLDER}"', line)
    )
    for name in ("hello", "tool"):
        assert any("fsync" in line and f"/{name}>" in line for line in lines[:placed])
    assert any("fsync" in line and "/dist>" in line for line in lines[placed:])


@pytest.mark.parametrize("number", [1, 3, 9, 20])
def test_a_kit_that_was_half_removed_is_never_taken_for_whole(
    number: int, xxpy: Xxpy, module: Path
) -> None:
    kit = Path(xxpy("kit", "path", "-p", "linux/arm64").stdout.strip())
    whole = tree(kit)
    command = [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=unlinkat",
        "-e",
        f"inject=unlinkat:signal=KILL:when={number}",
    ]
    subprocess.run(
        [*command, sys.executable, "-m", "xxpy", "kit", "remove", "--all"],
        cwd=module,
        env=xxpy.environment,
        check=False,
    )
    again = Path(xxpy("kit", "path", "-p", "linux/arm64").stdout.strip())
    assert (again, tree(again)) == (kit, whole)
    assert not list(kit.parent.glob(".xxpy-*"))
