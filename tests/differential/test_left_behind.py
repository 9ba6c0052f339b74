"""What ``kill -9`` leaves of an ``xx-*`` command: the next run removes it, and nothing that a living one works on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.differential import aside
from xxpy import wrappers
from xxpy.machine import resources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SHELLS = {"dash": ["dash"], "busybox": ["busybox", "sh"], "bash": ["bash"]}
SOURCES = "deb http://a/b s main\n"
RESTRICTED = "deb [arch=amd64] http://a/b s main\n"


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scripts")
    made = wrappers.render_all(resources.table(), resources.texts("templates", "commands/*.sh"))
    for path, text in made.items():
        (folder / path.rpartition("/")[2]).write_text(text)
    return folder


class Run:
    """Commands in a folder of their own, some of whose tools end the shell that starts them."""

    def __init__(self, scripts: Path, folder: Path, shell: str) -> None:
        self.scripts, self.folder, self.shell = scripts, folder, SHELLS[shell]
        for name in ("tools", "work"):
            (folder / name).mkdir()
        self.work = folder / "work"

    def tool(self, name: str, text: str) -> None:
        path = self.folder / "tools" / name
        path.write_text(f"#!/bin/sh\n{text.replace('REAL', shutil.which(name) or name)}\n")
        path.chmod(0o755)

    def variables(self, further: Mapping[str, str]) -> dict[str, str]:
        own = {
            "PATH": f"{self.folder / 'tools'}:{os.environ['PATH']}",
            "HOME": str(self.work),
            "TMPDIR": str(self.work),
            "GOENV": str(self.work / "env"),
            "XX_GO_PREFER_C_COMPILER": "none",
            "TARGETPLATFORM": "linux/arm64",
        }
        return own | dict(further)

    def words(self, name: str, *arguments: str) -> list[str]:
        return [*self.shell, str(self.scripts / name), *arguments]

    def __call__(
        self, name: str, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.words(name, *arguments),
            env=self.variables(variables),
            cwd=self.work,
            capture_output=True,
            text=True,
            check=False,
        )

    def hidden(self) -> set[str]:
        return {path.name for path in self.work.iterdir() if path.name.startswith(".xxpy-")}


@pytest.fixture(params=SHELLS)
def run(request: pytest.FixtureRequest, scripts: Path, tmp_path: Path) -> Run:
    return Run(scripts, tmp_path, request.param)


KILL = "kill -9 $PPID"
PLACES = {"before": f"{KILL}; sleep 0.1; exit 1", "after": f'REAL "$@"; {KILL}'}


def apt(run: Run) -> subprocess.CompletedProcess[str]:
    return run("xx-apt-get", "--fix-source-file", "sources.list", "amd64")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("tool", ["cp", "mv"])
def test_apt_s_sources(tool: str, place: str, run: Run) -> None:
    sources = run.work / "sources.list"
    sources.write_text(SOURCES)
    sources.chmod(0o640)
    run.tool(tool, PLACES[place])
    assert apt(run).returncode == -signal.SIGKILL
    assert sources.read_text() in {SOURCES, RESTRICTED}
    run.tool(tool, 'exec REAL "$@"')
    assert apt(run).returncode == 0
    assert (sources.read_text(), sources.stat().st_mode & 0o777) == (RESTRICTED, 0o640)
    assert run.hidden() == set()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("verb", ["--wrap", "--unwrap"])
@pytest.mark.parametrize("tool", ["cp", "mv"])
def test_go_s_settings(tool: str, verb: str, place: str, run: Run) -> None:
    settings = run.work / "env"
    settings.write_text("GOPRIVATE=mine\n")
    settings.chmod(0o600)
    if verb == "--unwrap":
        assert run("xx-go", "--wrap").returncode == 0
    whole = settings.read_text()
    # mv replaces the shell.
    killer = KILL if tool == "cp" else "kill -9 $$"
    run.tool(tool, PLACES[place].replace(KILL, killer))
    assert run("xx-go", verb).returncode == -signal.SIGKILL
    run.tool(tool, 'exec REAL "$@"')
    now = settings.read_text()
    assert run("xx-go", verb).returncode == 0
    assert now in {whole, settings.read_text()}
    assert ("GOARCH=arm64" in settings.read_text()) == (verb == "--wrap")
    assert settings.stat().st_mode & 0o777 == 0o600
    assert run.hidden() == set()


@pytest.mark.parametrize("tool", ["clang", "llvm-rc", "llvm-cvtres"])
def test_windows_resources(tool: str, run: Run) -> None:
    (run.work / "a.rc").write_text("1 RCDATA { 7 }\n")
    words = ("xx-windres", "a.rc", "a.o")
    windows = {"TARGETPLATFORM": "windows/amd64"}
    run.tool(tool, f'REAL "$@"; {KILL}')
    assert run(*words, **windows).returncode == -signal.SIGKILL
    assert len(run.hidden()) == 1
    run.tool(tool, 'exec REAL "$@"')
    done = run(*words, **windows)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert run.hidden() == set()


def test_who_is_gone_and_who_is_not(run: Run) -> None:
    ended = subprocess.Popen(["true"])
    while "\nState:\tZ" not in (status := f"\n{_status(ended.pid)}") and "\nState:" in status:
        time.sleep(0.01)
    here = os.getpid()
    kept = {
        aside.name(here),
        f"{aside.name(here)}.tar",
        aside.name(here, 1, "0badb007-1"),
        aside.name(4194305, 1, aside.life() + "0"),
        f".xxpy-{here}-0-unknown",
        ".xxpy-abcd_123",
        ".xxpy-1bcd_123",
        ".xxpy-keep",
    }
    gone = {
        aside.name(4194305, 1),
        f"{aside.name(4194305, 1)}.tar",
        aside.name(here, aside.start(here) + 1),
        aside.name(ended.pid),
        ".xxpy-7-0-unknown0",
        ".xxpy-7-12345",
        aside.name(here, 2, "0badb007-1"),
    }
    old = {".xxpy-7-0-unknown0", ".xxpy-7-12345", aside.name(here, 2, "0badb007-1")}
    for name in kept | gone:
        (run.work / name / "some folder").mkdir(parents=True)
    for name in old:
        os.utime(run.work / name, (0, 0))
    (run.work / "sources.list").write_text(SOURCES)
    assert apt(run).returncode == 0
    ended.wait()
    assert run.hidden() == kept


def _status(process: int) -> str:
    with open(f"/proc/{process}/status") as file:  # noqa: PTH123 - a file of the kernel
        return file.read()


def test_nothing_is_started_where_nothing_was_left(run: Run) -> None:
    """Neither what is at work beside it nor what is from elsewhere makes a process more."""
    counts = []
    for names in ((), (aside.name(os.getpid()), ".xxpy-abcd_123")):
        for name in names:
            (run.work / name).mkdir()
        (run.work / "sources.list").write_text(SOURCES)
        traced = subprocess.run(
            ["strace", "-f", "-qq", "-e", "trace=execve", "-e", "signal=none", "-e", "status=successful",
             *run.words("xx-apt-get", "--fix-source-file", "sources.list", "amd64")],
            env=run.variables({}), cwd=run.work, capture_output=True, text=True, check=True,
        )  # fmt: skip
        counts.append(traced.stderr.count("execve("))
    assert counts == [3, 3], "the shell, cp and mv"


def test_one_at_work_in_another_container(run: Run) -> None:
    """Its process number means nothing here, or another process."""
    (run.work / "sources.list").write_text(SOURCES)
    (run.work / "others.list").write_text(SOURCES)
    os.mkfifo(run.folder / "go")
    run.tool(
        "mv",
        f'[ -e {run.folder}/waits ] || {{ : >{run.folder}/waits; read -r _ <{run.folder}/go; }}; exec REAL "$@"',
    )
    rights = [] if os.geteuid() == 0 else ["--map-root-user"]
    slow = subprocess.Popen(
        ["unshare", *rights, "--pid", "--fork", "--mount-proc",
         *run.words("xx-apt-get", "--fix-source-file", "others.list", "amd64")],
        env=run.variables({}), cwd=run.work, text=True, stderr=subprocess.PIPE,
    )  # fmt: skip
    while not (run.folder / "waits").exists():
        time.sleep(0.01)
    (made,) = run.hidden()
    assert apt(run).returncode == 0
    assert run.hidden() == {made}
    (run.folder / "go").write_text("\n")
    _, errors = slow.communicate()
    assert (slow.returncode, errors) == (0, "")
    assert (run.work / "others.list").read_text() == RESTRICTED
    assert run.hidden() == set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_stop_or_a_full_disk_leaves_nothing(number: signal.Signals, run: Run) -> None:
    (run.work / "sources.list").write_text(SOURCES)
    run.tool("mv", f"kill -{int(number)} $PPID; sleep 0.2; exit 1")
    assert apt(run).returncode == 1
    assert run.hidden() == set()
    run.tool("mv", "echo 'mv: No space left on device' >&2; exit 1")
    done = apt(run)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "sources.list cannot be written")
    assert run.hidden() == set()
    assert (run.work / "sources.list").read_text() == SOURCES
