"""What goes wrong: each thing has its own message and exit code, and earlier output stays as it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.build.conftest import Xxpy, tree
from xxpy import extras

EARLIER = "earlier"


@pytest.fixture
def earlier(module: Path) -> dict[str, bytes]:
    """Put earlier output in place and return it."""
    for name in ("dist/linux_amd64/hello", "dist/linux_arm64/hello"):
        path = module / name
        path.parent.mkdir(parents=True)
        path.write_text(EARLIER)
    return output(module)


def output(module: Path) -> dict[str, bytes]:
    return {
        path.relative_to(module).as_posix(): path.read_bytes()
        for path in (module / "dist").rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("arguments", "code", "message", "hint"),
    [
        (["-p", "linux/vax"], 3, "unknown architecture vax in linux/vax", "xxpy platforms"),
        (["-p", "linux/amd64,"], 3, "an empty item in the list of platforms 'linux/amd64,'", "write linux/amd64,linux/arm64"),
        (["-p", "linux/amd64//"], 3, "malformed platform 'linux/amd64//'", "did you mean linux/amd64?"),
        (["nowhere"], 8, "no such folder or file: nowhere", "name the folder"),
        (["cmd/tol"], 8, "no such folder or file: cmd/tol", "did you mean cmd/tool?"),
        (["linux/arm64,windows/amd64"], 8, "no such folder or file: linux/arm64,windows/amd64", "did you mean --platform linux/arm64,windows/amd64?"),
        (["arm64"], 8, "no such folder or file: arm64", "did you mean --platform arm64?"),
        (["--language", "gow"], 2, "unknown language gow", "did you mean go?"),
        (["-p", "freebsd/riscv64"], 5, "Go has no port for freebsd/riscv64", "go tool dist list"),
        (["-p", "linux/amd64", "-o", "go.mod"], 9, "", "name another one with --output"),
        (["-p", "linux/amd64", "-o", "go.mod/x"], 9, "", "name another one with --output"),
    ],
)  # fmt: skip
def test_wrong_questions(
    arguments: list[str],
    code: int,
    message: str,
    hint: str,
    xxpy: Xxpy,
    module: Path,
    earlier: dict[str, bytes],
) -> None:
    done = xxpy("build", *arguments)
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout if code != 9 else "") == (code, "")
    assert message in lines[-2] if code == 9 else lines[0] == f"error: {message}"
    assert lines[-1].startswith(f"hint: {hint}")
    assert output(module) == earlier


def test_no_project(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    done = Xxpy(folder, tmp_path / "cache")("build")
    assert done.returncode == 8
    assert done.stderr.startswith("error: nothing to build in .\nhint: no go.mod, ")


def test_two_languages(xxpy: Xxpy, module: Path) -> None:
    (module / "Cargo.toml").write_text(
        '[package]\nname = "x"\n[[bin]]\nname = "x"\npath = "x.rs"\n'
    )
    done = xxpy("build", "-p", "linux/amd64")
    assert done.returncode == 8
    assert "go.mod, Cargo.toml" in done.stderr
    assert xxpy("build", "-p", "linux/amd64", "--language", "go").returncode == 0
    (module / "xxpy.toml").write_text('language = "go"\n')
    assert xxpy("build", "-p", "linux/amd64").returncode == 0


def test_a_folder_that_cannot_be_read(xxpy: Xxpy, module: Path) -> None:
    locked = module.parent / "locked"
    locked.mkdir(mode=0o000)
    # Root may read everything as long as it has these capabilities.
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    command = [*drop, sys.executable, "-m", "xxpy", "build", str(locked)]
    done = subprocess.run(
        command, env=xxpy.environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        8,
        f"error: the folder {locked} cannot be read",
    )


def test_no_main_package(xxpy: Xxpy, module: Path) -> None:
    (module / "main.go").unlink()
    shutil.rmtree(module / "cmd")
    done = xxpy("build", "-p", "linux/amd64")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        8,
        f"error: no main package for linux/amd64 in {module}",
    )


def test_no_compiler(xxpy: Xxpy, tmp_path: Path) -> None:
    # A package of this name without a program hides the one of the extra.
    (tmp_path / "go").mkdir()
    (tmp_path / "go/__init__.py").touch()
    done = xxpy("build", "-p", "linux/amd64", PATH=str(tmp_path), PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stderr.splitlines()[0]) == (5, "error: go: not found on PATH")
    assert extras.command("go") in done.stderr


def test_a_compile_error(xxpy: Xxpy, module: Path, earlier: dict[str, bytes]) -> None:
    (module / "main.go").write_text("package main\n\nfunc main() { nonsense() }\n")
    done = xxpy("build", "-p", "linux/amd64,linux/arm64", "--keep-going")
    assert done.returncode == 1
    assert "undefined: nonsense" in done.stderr
    said = done.stdout + done.stderr
    assert "failed: main.go:3:15: undefined: nonsense" in done.stderr
    assert said.count("  ./main.go:3:15: undefined: nonsense") == 1
    assert done.stderr.count("full log: ") == 2
    log = Path(
        next(line.split("full log: ")[1] for line in done.stderr.splitlines() if "full log" in line)
    )
    assert "undefined: nonsense" in log.read_text()
    assert (
        done.stderr.splitlines()[-1] == "error: 2 of 2 platforms failed: linux/amd64, linux/arm64"
    )
    assert output(module) == earlier
    assert tree(module / "dist") == [
        "linux_amd64/",
        "linux_amd64/hello",
        "linux_arm64/",
        "linux_arm64/hello",
    ]


def test_one_platform_fails_and_the_others_go_on(xxpy: Xxpy, module: Path) -> None:
    (module / "only_windows.go").write_text("package main\n\nfunc init() { nonsense() }\n")
    done = xxpy("build", "-p", "linux/amd64,windows/amd64,darwin/arm64", "--keep-going")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "error: 1 of 3 platforms failed: windows/amd64"
    assert sorted(path.name for path in (module / "dist").glob("[!.]*")) == [
        "darwin_arm64",
        "linux_amd64",
    ]
    shutil.rmtree(module / "dist")
    words = ("--jobs", "1", "--no-reuse")
    done = xxpy("build", "-p", "windows/amd64,linux/amd64,darwin/arm64", *words)
    assert done.returncode == 1
    assert "1 failed, 2 cancelled" in done.stdout
    assert not (module / "dist").exists()


def test_a_full_disk(xxpy: Xxpy, module: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    inside = f"mount -t tmpfs -o size=300k tmpfs {small} && mkdir -p {small}/linux_amd64 && echo earlier >{small}/linux_amd64/hello && {sys.executable} -m xxpy build -p linux/amd64 -o {small}; code=$?; ls -A {small} {small}/linux_amd64; cat {small}/linux_amd64/hello; exit $code"
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", inside],
        cwd=module,
        env=xxpy.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 9, done.stderr
    assert "no space is left on the disk" in done.stderr
    assert done.stdout.endswith(f"{small}:\nlinux_amd64\n\n{small}/linux_amd64:\nhello\nearlier\n")


def slow(module: Path) -> None:
    """Make a build that takes long: go runs a compiler that sleeps and leaves a mark."""
    tool = module.parent / "toolexec"
    tool.write_text(
        f'#!/bin/sh\ncase "$*" in *-V=full*) exec "$@" ;; esac\necho $$ >>{module.parent}/pids\nsleep 60 & echo $! >>{module.parent}/pids\nwait\n'
    )
    tool.chmod(0o755)
    (module / "main.go").write_text(
        f'package main\n\nfunc main() {{ println("{time.time_ns()}") }}\n'
    )


def alive(module: Path) -> list[int]:
    pids = [int(line) for line in (module.parent / "pids").read_text().split()]
    return [
        pid
        for pid in pids
        if Path(f"/proc/{pid}").exists()
        and "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1][:3]
    ]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGHUP, 130)]
)
def test_an_interrupt_stops_every_child(
    number: signal.Signals, code: int, xxpy: Xxpy, module: Path, earlier: dict[str, bytes]
) -> None:
    slow(module)
    child = xxpy.start(
        "build", "-p", "linux/amd64,linux/arm64", "--", f"-toolexec={module.parent}/toolexec"
    )
    while (
        not (module.parent / "pids").exists()
        or len((module.parent / "pids").read_text().split()) < 2
    ):
        assert child.poll() is None, child.communicate()
        time.sleep(0.05)
    child.send_signal(number)
    _, errors = child.communicate()
    assert child.returncode == code
    assert errors.endswith("error: interrupted\n")
    assert "Traceback" not in errors
    assert alive(module) == []
    assert output(module) == earlier
    assert [name for name in tree(module / "dist") if name.startswith(".")] == []


def test_a_killed_child(xxpy: Xxpy, module: Path, earlier: dict[str, bytes]) -> None:
    fake = module.parent / "bin"
    fake.mkdir()
    real = shutil.which("go")
    (fake / "go").write_text(
        f'#!/bin/sh\nif [ "$1" = build ]; then kill -KILL $$; fi\nexec {real} "$@"\n'
    )
    (fake / "go").chmod(0o755)
    done = xxpy("build", "-p", "linux/amd64", PATH=f"{fake}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert "linux/amd64 failed: go was killed by SIGKILL\n" in done.stderr
    assert output(module) == earlier


def test_a_program_for_the_wrong_machine_is_caught(
    xxpy: Xxpy, module: Path, earlier: dict[str, bytes]
) -> None:
    (module / "xxpy.toml").write_text(
        '[platform."linux/arm64"]\nenvironment = { GOARCH = "amd64" }\n'
    )
    done = xxpy("build", "-p", "linux/arm64")
    assert done.returncode == 6
    assert "does not match expected target architecture arm64" in done.stderr
    assert output(module) == earlier


def test_what_a_killed_xxpy_left_is_swept(xxpy: Xxpy, module: Path) -> None:
    slow(module)
    child = xxpy.start("build", "-p", "linux/amd64", "--", f"-toolexec={module.parent}/toolexec")
    while not (module.parent / "pids").exists():
        assert child.poll() is None, child.communicate()
        time.sleep(0.05)
    child.kill()
    child.communicate()
    for pid in alive(module):
        os.kill(pid, signal.SIGKILL)
    assert [name for name in tree(module / "dist") if name.startswith(".xxpy-")]
    assert xxpy("build", "-p", "linux/amd64").returncode == 0
    assert [name for name in tree(module / "dist") if name.startswith(".")] == []


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("platfroms = []\n", "xxpy.toml: unknown key platfroms", "did you mean platforms?"),
        (
            'platforms = "linux/amd64"\n',
            "xxpy.toml: platforms: 'linux/amd64' is not a list of strings",
            "",
        ),
        (
            'platforms = ["linux/arm65"]\n',
            "xxpy.toml: platforms: unknown architecture arm65 in linux/arm65",
            "did you mean linux/arm64?",
        ),
        ('jobs = "two"\n', "xxpy.toml: jobs: 'two' is not a whole number above 0", ""),
        ("jobs = true\n", "xxpy.toml: jobs: true is not a whole number above 0", ""),
        ("jobs = 0\n", "xxpy.toml: jobs: 0 is not a whole number above 0", ""),
        (
            "environment = { A = 1 }\n",
            "xxpy.toml: environment: {'A': 1} is not a table of strings",
            "",
        ),
        (
            '[platform."linux/vax"]\n',
            "xxpy.toml: platform.linux/vax: unknown architecture vax in linux/vax",
            "xxpy platforms",
        ),
        (
            '[platform."linux/arm"]\n[platform."linux/arm/v7"]\n',
            "linux/arm/v7 is defined twice",
            "keep one of the tables",
        ),
        (
            '[platform."linux/amd64"]\ncgo = true\n',
            "xxpy.toml: platform.linux/amd64: unknown key cgo",
            "expected one of: arguments, environment",
        ),
        ("platforms = [\n", "is not TOML", ""),
    ],
)
def test_a_faulty_configuration(
    text: str, message: str, hint: str, xxpy: Xxpy, module: Path
) -> None:
    (module / "xxpy.toml").write_text(text)
    done = xxpy("build")
    assert done.returncode == 7
    assert message in done.stderr
    assert hint in done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [("tool = 3\n", ""), ("[tool]\nxxpy = 3\n", "pyproject.toml: tool.xxpy: 3 is not a table")],
)
def test_a_faulty_pyproject(text: str, message: str, xxpy: Xxpy, module: Path) -> None:
    (module / "pyproject.toml").write_text(text)
    done = xxpy("build", "--dry-run")
    assert (done.returncode, message in done.stderr) == (7 if message else 0, True)
    assert "Traceback" not in done.stderr


def test_two_configurations(xxpy: Xxpy, module: Path) -> None:
    (module / "xxpy.toml").write_text('output = "a"\n')
    (module / "pyproject.toml").write_text('[tool.xxpy]\noutput = "b"\n')
    assert xxpy("build").returncode == 7
    (module / "xxpy.toml").unlink()
    assert xxpy("build", "--dry-run").stdout.count(str(module / "b")) > 0
    (module / "pyproject.toml").write_text("[tool.other]\n")
    assert xxpy("build", "--dry-run").stdout.count(str(module / "dist")) > 0
