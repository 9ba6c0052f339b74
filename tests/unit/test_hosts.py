"""What runs on Windows and macOS as build machines, on hosts that are simulated.

A process gets the names, and loses the modules, functions and constants, that the system has and
has not. A job of CI runs the same commands on the real ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = """
import os, platform, signal, subprocess, sys, tempfile
import platformdirs, filelock, click, rich.console, jinja2, pathlib, selectors, shutil, tomllib, difflib  # as on Linux
sys.platform = "win32"
platform.system = lambda: "Windows"
platform.machine = lambda: "AMD64"
def none(*_, **__): raise AssertionError("not on Windows")
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
for name in ("geteuid", "getuid", "getpgid", "killpg", "uname", "fchmod", "setsid", "O_CLOEXEC", "O_NONBLOCK", "O_NOFOLLOW", "O_DIRECTORY"):
    if hasattr(os, name): delattr(os, name)
for name in ("SIGHUP", "SIGKILL", "SIGXFSZ", "SIGCHLD", "SIGPIPE"):
    if hasattr(signal, name): delattr(signal, name)
os.O_NOINHERIT = os.O_BINARY = 0
subprocess.Popen = none
platform.freedesktop_os_release = lambda: (_ for _ in ()).throw(OSError("none"))
sys.path.insert(0, {root!r})
from xxpy.cli.group import run
sys.exit(run(sys.argv[1:]))
"""
MACOS = """
import platform, sys, urllib.request  # as on Linux
sys.platform = "darwin"
platform.system = lambda: "Darwin"
platform.machine = lambda: "arm64"
platform.freedesktop_os_release = lambda: (_ for _ in ()).throw(OSError("none"))
sys.path.insert(0, {root!r})
from xxpy.cli.group import run
sys.exit(run(sys.argv[1:]))
"""
HOSTS = {"windows/amd64": WINDOWS, "darwin/arm64": MACOS}


def xxpy(host: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", HOSTS[host].format(root=str(ROOT)), *arguments],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("host", HOSTS)
def test_what_reads_runs(host: str, tmp_path: Path) -> None:
    assert xxpy(host, tmp_path, "info", "platform").stdout == f"{host}\n"
    assert (
        xxpy(host, tmp_path, "info", "triple", "-p", "linux/arm64", "-d", "debian").stdout
        == "aarch64-linux-gnu\n"
    )
    assert "linux/riscv64" in xxpy(host, tmp_path, "platforms").stdout
    program = str(Path(sys.executable).resolve())
    found = json.loads(xxpy(host, tmp_path, "inspect", "--json", program).stdout)
    assert found[0]["os"] == ["linux"]
    assert xxpy(host, tmp_path, "verify", "-p", "linux/arm64", program).returncode == 6
    own = (
        found[0]["architecture"][0]
        if isinstance(found[0]["architecture"], list)
        else found[0]["architecture"]
    )
    assert xxpy(host, tmp_path, "verify", "-p", f"linux/{own}", program).returncode == 0


@pytest.mark.parametrize("host", HOSTS)
def test_dockerfiles_are_checked_converted_and_written(host: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        "FROM golang AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /x .\n\nFROM scratch\nCOPY --from=build /x /x\n"
    )
    (tmp_path / "go.mod").write_text("module x\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    assert "XX101" in xxpy(host, tmp_path, "dockerfile", "check").stdout
    assert "BUILDPLATFORM" in xxpy(host, tmp_path, "dockerfile", "convert").stdout
    done = xxpy(host, tmp_path, "dockerfile", "new", "--language", "go", "-o", "New")
    assert done.returncode == 0, done.stderr
    assert "FROM" in (tmp_path / "New").read_text()
    assert xxpy(host, tmp_path, "wrappers", "export", "xx").returncode == 0
    assert len(list((tmp_path / "xx/usr/bin").iterdir())) > 10
    assert xxpy(host, tmp_path, "wrappers", "show", "xx-info").stdout.startswith("#!")


@pytest.mark.parametrize("host", HOSTS)
def test_a_configuration_is_written(host: str, tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.org/x\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    done = xxpy(host, tmp_path, "init")
    assert done.returncode == 0, done.stderr
    written = tomllib.loads((tmp_path / "xxpy.toml").read_text(encoding="utf-8"))
    assert "linux/amd64" in written["platforms"]


@pytest.mark.parametrize(
    "command",
    [
        ["build"],
        ["exec", "--", "true"],
        ["kit", "path"],
        ["doctor"],
        ["sysroot", "add", "zlib1g-dev"],
        ["shell"],
    ],
)
def test_what_does_not_run_on_windows_says_so_in_one_line(
    command: list[str], tmp_path: Path
) -> None:
    (tmp_path / "x.c").write_text("int main(void) { return 0; }\n")
    done = xxpy("windows/amd64", tmp_path, *command)
    error, *hints = done.stderr.splitlines()
    assert done.returncode == 5
    assert error == f"error: xxpy {command[0]} does not run on Windows"
    assert hints[0].startswith("hint: use WSL 2")
