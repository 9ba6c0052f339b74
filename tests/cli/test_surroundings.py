"""What surrounds a command: standard streams, home, cache, disks, signals, odd names."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

XXPY = f"{sys.executable} -m xxpy"
RECORDS = {"tables", "trials", "CACHEDIR.TAG"}
"""What commands that only look may leave in the cache: what they have found out about the machine."""
ANSWERS = (
    "info triple -p linux/arm64",
    "platforms",
    "--help",
    "plan",
    "kit path -p linux/amd64",
    "kit list --json",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A program of one file, in a folder of its own."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "x.c").write_text("int main(void) { return 0; }\n")
    return folder


def sh(
    script: str, folder: Path, unset: tuple[str, ...] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a script with a cache beside its folder."""
    environment = {"XDG_CACHE_HOME": str(folder.parent / "cache"), **variables}
    kept = {
        name: value for name, value in {**os.environ, **environment}.items() if name not in unset
    }
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("command", ANSWERS)
def test_a_full_stdout_is_an_error(command: str, project: Path) -> None:
    for _ in range(2):  # the second answer of info is a remembered one
        done = sh(f"{XXPY} {command} >/dev/full", project)
        assert (done.returncode, done.stderr.splitlines()[0]) == (
            9,
            "error: standard output cannot be written: No space left on device",
        )


def test_a_full_stderr_keeps_the_exit_code(project: Path) -> None:
    assert sh(f"{XXPY} info triple -p linux/vax 2>/dev/full", project).returncode == 3
    assert sh(f"{XXPY} info --nonsense 2>/dev/full", project).returncode == 2


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str, project: Path) -> None:
    done = sh(f"{XXPY} build -p linux/amd64 {closed}", project)
    assert done.returncode == 0, done.stderr
    assert (project / "dist/linux_amd64/x").is_file()


def test_a_reader_that_has_seen_enough(project: Path) -> None:
    for command in ("platforms", "info -p linux/arm64", "--help", "kit list --json"):
        for _ in range(2):
            assert sh(f"{XXPY} {command} | head -1 >/dev/null", project).stderr == ""
    for command in ("info triple -p linux/arm64", "platforms"):
        assert sh(f"{XXPY} {command} | true", project).stderr == ""


@pytest.mark.parametrize(
    "command",
    [
        "doctor",
        "sysroot list",
        "kit list",
        "env -p linux/arm64",
        "completion bash",
        "platforms",
        "plan",
    ],
)
def test_what_only_looks_needs_no_cache_and_makes_none(command: str, project: Path) -> None:
    assert sh(f"{XXPY} {command}", project, XDG_CACHE_HOME="/proc/none").returncode == 0
    if command != "doctor":  # which tries every compiler
        assert sh(f"{XXPY} {command}", project, unset=("HOME", "XDG_CACHE_HOME")).returncode == 0
    if command.split(maxsplit=1)[0] not in {"env", "plan"}:  # which make kits
        assert sh(f"{XXPY} {command}", project).returncode == 0
        made = {path.name for path in (project.parent / "cache").glob("xxpy/*")}
        assert made <= RECORDS, "only small records of what was found out"


def test_without_a_home_a_build_has_a_cache_for_itself(project: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = sh(
        f"{XXPY} build -p linux/amd64",
        project,
        unset=("HOME", "XDG_CACHE_HOME"),
        TMPDIR=str(temporary),
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(
        "note: neither HOME nor XDG_CACHE_HOME is set: using the temporary cache "
    )
    assert (project / "dist/linux_amd64/x").is_file()
    assert list(temporary.iterdir()) == []
    done = sh(f"{XXPY} kit path -p linux/amd64", project, unset=("HOME", "XDG_CACHE_HOME"))
    assert (done.returncode, "neither HOME nor XDG_CACHE_HOME is set" in done.stderr) == (9, True)


def test_a_relative_cache_counts_for_nothing(project: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    assert (
        sh(
            f"{XXPY} build -q -p linux/amd64",
            project,
            XDG_CACHE_HOME="relative",
            HOME=str(tmp_path / "home"),
        ).returncode
        == 0
    )
    assert {path.name for path in project.iterdir()} == {"x.c", "dist"}


@pytest.mark.parametrize("place", [".cache", "build/cache", "dist/cache"])
def test_a_cache_in_the_project_is_not_copied_into_itself(place: str, project: Path) -> None:
    (project / "Makefile").write_text("all: x\nx: x.c\n\t$(CC) -o x x.c\n")
    for _ in range(2):
        done = sh(f"{XXPY} build -q -p linux/amd64", project, XDG_CACHE_HOME=str(project / place))
        assert done.returncode == 0, done.stderr
    assert len(list((project / place).rglob("*"))) < 200


@pytest.mark.parametrize(
    "name",
    [
        "a b",
        'd"d',
        "tab\tx",
        "a\nb",
        "it's",
        "back\\slash",
        "$HOME",
        "-dash",
        "semi;colon",
        "ünï",
        "#",
        "(x)",
    ],
)
def test_names_of_folders(name: str, project: Path) -> None:
    odd = project.parent / name
    project.rename(odd)
    done = sh(f"{XXPY} build -q -p linux/amd64", odd)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["CFLAGS", "LDFLAGS"])
def test_a_quote_that_is_not_closed(name: str, project: Path) -> None:
    done = sh(f"{name}='-DX=\"' {XXPY} build -q -p linux/amd64", project)
    assert (done.returncode, "cannot be split into words" in done.stderr) == (2, True)


def test_others_can_read_what_is_built_under_any_umask_that_lets_them(project: Path) -> None:
    assert sh(f"umask 022; {XXPY} build -q -p linux/amd64", project).returncode == 0
    assert (project / "dist/linux_amd64").stat().st_mode & 0o777 == 0o755
    assert sh(f"umask 077; {XXPY} build -q -p linux/arm64", project).returncode == 0
    assert (project / "dist/linux_arm64").stat().st_mode & 0o777 == 0o700


def test_a_command_that_fails_is_seen_where_sigchld_is_ignored(project: Path) -> None:
    (project / "Makefile").write_text("all:\n\tfalse\n")
    done = sh(f"trap '' CHLD; exec {XXPY} build -q -p linux/amd64", project)
    assert (done.returncode, "make failed" in done.stderr) == (1, True), done.stderr


SMALL = "mount -t tmpfs -o size={size} none {place} && {command}"


@pytest.mark.parametrize("size", ["4k", "40k", "200k"])
def test_a_full_cache_is_said_to_be_full(size: str, project: Path) -> None:
    cache = project.parent / "cache"
    cache.mkdir()
    (project / "data").write_bytes(os.urandom(300_000))
    (project / "Makefile").write_text("all: x\nx: x.c\n\t$(CC) -o x x.c\n")
    script = SMALL.format(size=size, place=cache, command=f"exec {XXPY} build -q -p linux/amd64")
    done = sh(f"unshare --map-root-user --mount sh -c '{script}'", project)
    assert (done.returncode, "no space is left" in done.stderr) == (9, True), done.stderr


def test_a_full_disk_under_an_image(project: Path) -> None:
    assert sh(f"{XXPY} build -q --static -p linux/amd64", project).returncode == 0
    small = project.parent / "small"
    small.mkdir()
    (small / "before").touch()
    (project / "data").write_bytes(os.urandom(300_000))
    command = f"{XXPY} image --add data:/data -o {small}/x.tar; echo $?; ls -A {small}"
    done = sh(
        f"unshare --map-root-user --mount sh -c '{SMALL.format(size='100k', place=small, command=command)}'",
        project,
    )
    assert done.stdout == "9\n"
    assert "no space is left" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
@pytest.mark.parametrize("layout", ["", "--layout"])
def test_a_signal_leaves_no_stage_of_an_image(
    number: signal.Signals, layout: str, project: Path
) -> None:
    assert sh(f"{XXPY} build -q --static -p linux/amd64", project).returncode == 0
    (project / "data").write_bytes(os.urandom(30_000_000))
    command = [
        sys.executable,
        "-m",
        "xxpy",
        "image",
        "--add",
        "data:/data",
        "-o",
        "x.oci",
        *([layout] if layout else []),
    ]
    words = ["/usr/bin/env", "--default-signal=INT", *command]
    with subprocess.Popen(
        words, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        while not any(path.stat().st_size > 100_000 for path in project.glob(".xxpy-*/**/tmp*")):
            assert child.poll() is None
            time.sleep(0.01)
        child.send_signal(number)
        _, said = child.communicate()
    assert "Traceback" not in said
    hidden = list(project.glob(".xxpy-*"))
    assert (child.returncode, len(hidden)) == (
        (-number, 1) if number == signal.SIGKILL else (130, 0)
    )
    assert not (project / "x.oci").exists()
    assert (
        subprocess.run(command, cwd=project, check=False, stdout=subprocess.DEVNULL).returncode == 0
    )
    assert list(project.glob(".xxpy-*")) == []


def test_what_was_ignored_stays_ignored(project: Path) -> None:
    (project / "Makefile").write_text(
        "all:\n\ttouch $(CURDIR)/../../../../../started; sleep 1; $(CC) -o x x.c\n"
    )
    words = ["nohup", sys.executable, "-m", "xxpy", "build", "-q", "-p", "linux/amd64"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(project.parent / "cache")}
    with subprocess.Popen(
        words, cwd=project, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        while not list(project.parent.rglob("started")):
            assert child.poll() is None
            time.sleep(0.02)
        child.send_signal(signal.SIGHUP)
        assert child.wait() == 0
