"""``xx-go`` with the real go: what it sets for every platform, and what it leaves alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from xxpy import wrappers
from xxpy.machine import resources
from xxpy.table.names import go_environment
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from pathlib import Path

TABLE = resources.table()
SETTINGS = ("GOOS", "GOARCH", "GOARM", "GOAMD64", "GOARM64", "GOMIPS", "GOMIPS64")
SHELLS = {"dash": ["dash"], "busybox": ["busybox", "sh"], "bash": ["bash"]}


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "xx-go"
    path.write_text(wrappers.render("xx-go", TABLE, resources.texts("templates", "commands/*.sh")))
    return path


def run(
    script: Path, *arguments: str, shell: str = "dash", path: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run xx-go with a small environment: the real PATH and HOME, and what the test sets."""
    kept = {
        name: os.environ[name]
        for name in ("HOME", "GOCACHE", "GOFLAGS", "GOPROXY")
        if name in os.environ
    }
    # clang of the machine that tests stays as it is; test_xx_go_clang sets it up in roots of its own.
    environment = {
        **kept,
        "PATH": path or os.environ["PATH"],
        "XX_GO_PREFER_C_COMPILER": "none",
        **variables,
    }
    return subprocess.run(
        [*SHELLS[shell], str(script), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def tool(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("key", [key for key, row in TABLE.rows.items() if row.go])
def test_every_platform_has_go_s_settings(key: str, script: Path) -> None:
    row = TABLE.row(parse(key, TABLE.words))
    answer = run(script, "env", "-json", *SETTINGS, TARGETPLATFORM=key)
    if (
        row.go is not None
        and row.go.until is not None
        and "unsupported GOOS/GOARCH" in answer.stderr
    ):
        return
    assert answer.returncode == 0, answer.stderr
    got = json.loads(answer.stdout)
    assert {name: got[name] for name in go_environment(row)} == go_environment(row)


@pytest.mark.parametrize("shell", SHELLS)
def test_shells_agree(shell: str, script: Path) -> None:
    for key in (
        "linux/arm/v6",
        "linux/amd64/v3",
        "linux/mips/softfloat",
        "wasi/wasm",
        "windows/arm64",
    ):
        got = run(script, "env", *SETTINGS, shell=shell, TARGETPLATFORM=key)
        assert got.stdout == run(script, "env", *SETTINGS, TARGETPLATFORM=key).stdout
        assert got.returncode == 0


def test_the_user_s_setting_wins_and_goos_does_not(script: Path) -> None:
    got = run(
        script,
        "env",
        "GOOS",
        "GOARCH",
        "GOARM",
        TARGETPLATFORM="linux/arm/v7",
        GOARM="5",
        GOOS="plan9",
        GOARCH="386",
    )
    assert got.stdout.split() == ["linux", "arm", "5"]
    assert run(script, "env", "GOARM", TARGETPLATFORM="linux/arm/v6", GOARM="").stdout.split() == [
        "6"
    ]


def test_cgo_enabled_stays_the_user_s(script: Path) -> None:
    assert (
        run(
            script, "env", "CGO_ENABLED", TARGETPLATFORM="linux/amd64", CGO_ENABLED="0"
        ).stdout.strip()
        == "0"
    )
    assert (
        run(
            script, "env", "CGO_ENABLED", TARGETPLATFORM="linux/arm64", CGO_ENABLED="1"
        ).stdout.strip()
        == "1"
    )


@pytest.mark.parametrize(
    ("platform", "message"),
    [
        ("linux/foo", "unsupported target: os=linux arch=foo variant="),
        ("freebsd/riscv64", "Go has no port for freebsd/riscv64"),
        ("linux/arm64/x/y", "malformed platform: linux/arm64/x/y"),
    ],
)
def test_what_go_cannot_do_fails(platform: str, message: str, script: Path) -> None:
    got = run(script, "env", TARGETPLATFORM=platform)
    assert (got.returncode, got.stdout, got.stderr.splitlines()[0]) == (1, "", message)


def test_without_go(script: Path, tmp_path: Path) -> None:
    tool(tmp_path / "bin", "uname", "echo x86_64")
    got = subprocess.run(
        [shutil.which("dash") or "dash", str(script), "build"],
        env={"PATH": str(tmp_path / "bin"), "CLANG": "/none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert got.returncode != 0
    assert "go: not found" in got.stderr


@pytest.fixture
def echo(tmp_path: Path) -> str:
    """Return a PATH on which go prints what it was given, and nothing but a shell is besides."""
    tool(
        tmp_path / "bin",
        "go",
        'for word; do printf "<%s>" "$word"; done; printf "|%s|%s|%s|%s" "${CC-}" "${CXX-}" "$GOOS" "${GOPATH-}"',
    )
    tool(tmp_path / "bin", "uname", "echo x86_64")
    for name in ("sh", "mkdir", "mv"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    return str(tmp_path / "bin")


def test_arguments_reach_go_byte_for_byte(script: Path, echo: str) -> None:
    words = [
        "build",
        "",
        "two words",
        "a\nb",
        "*",
        "it's",
        '"',
        "$(id)",
        "\\",
        "-ldflags=-X 'a=b'",
        "ü",
    ]
    for shell in SHELLS:
        program = shutil.which(SHELLS[shell][0]) or shell
        command = [program, *SHELLS[shell][1:], str(script), *words]
        got = subprocess.run(
            command,
            env={"PATH": echo, "CLANG": "/none", "TARGETPLATFORM": "linux/arm64"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert got.stdout.split("|")[0] == "".join(f"<{word}>" for word in words)


def test_exit_status_and_signal_pass_through(script: Path, tmp_path: Path) -> None:
    tool(tmp_path / "bin", "go", "exit 37")
    assert (
        run(
            script, path=f"{tmp_path}/bin:{os.environ['PATH']}", TARGETPLATFORM="linux/arm64"
        ).returncode
        == 37
    )
    tool(tmp_path / "bin", "go", "kill -TERM $$")
    assert (
        run(
            script, path=f"{tmp_path}/bin:{os.environ['PATH']}", TARGETPLATFORM="linux/arm64"
        ).returncode
        == -signal.SIGTERM
    )


@pytest.mark.parametrize(
    ("tools", "variables", "cc", "cxx"),
    [
        ((), {}, "", ""),
        (("aarch64-linux-gnu-gcc", "aarch64-linux-gnu-g++"), {}, "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-g++"),
        (("aarch64-linux-gnu-gcc",), {}, "aarch64-linux-gnu-gcc", ""),
        (("aarch64-linux-gnu-gcc", "zig"), {"XX_GO_PREFER_C_COMPILER": "zig"}, "zig cc -target aarch64-linux-gnu", "zig c++ -target aarch64-linux-gnu"),
        (("aarch64-linux-gnu-gcc", "zig"), {"XX_GO_PREFER_C_COMPILER": "gcc"}, "aarch64-linux-gnu-gcc", ""),
        (("zig",), {"XX_GO_PREFER_C_COMPILER": "none"}, "", ""),
        (("zig",), {"XX_GO_PREFER_C_COMPILER": "zig", "XX_LIBC": "musl"}, "zig cc -target aarch64-linux-musl", "zig c++ -target aarch64-linux-musl"),
        (("zig",), {"XX_GO_PREFER_C_COMPILER": "zig", "TARGETPLATFORM": "windows/amd64"}, "zig cc -target x86_64-windows-gnu", "zig c++ -target x86_64-windows-gnu"),
        (("zig",), {"XX_GO_PREFER_C_COMPILER": "zig", "TARGETPLATFORM": "linux/arm/v7"}, "zig cc -target arm-linux-gnueabihf", "zig c++ -target arm-linux-gnueabihf"),
    ],
)  # fmt: skip
def test_c_compilers(
    tools: tuple[str, ...],
    variables: dict[str, str],
    cc: str,
    cxx: str,
    script: Path,
    echo: str,
    tmp_path: Path,
) -> None:
    for name in tools:
        tool(tmp_path / "bin", name, "exit 1")
    # The names of compilers are those of the triple, which the distribution of this machine spells.
    environment = {
        "PATH": echo,
        "CLANG": "/none",
        "TARGETPLATFORM": "linux/arm64",
        "XX_VENDOR": "debian",
        **variables,
    }
    got = subprocess.run(
        [shutil.which("dash") or "dash", str(script), "x"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert got.stdout.split("|")[1:3] == [cc, cxx]


def test_what_go_install_makes_comes_first_on_path(script: Path, tmp_path: Path) -> None:
    tool(tmp_path / "bin", "go", 'echo "$PATH"')
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    assert (
        run(script, path=path, TARGETPLATFORM="linux/arm/v7", GOPATH="/go").stdout
        == f"/go/bin/linux_arm:{path}\n"
    )
    assert (
        run(script, path=path, TARGETPLATFORM="linux/arm/v7", GOPATH="/go", GOBIN="/x").stdout
        == f"{path}\n"
    )
    assert run(script, path=path, TARGETPLATFORM="linux/arm/v7").stdout == f"{path}\n"


def test_env_can_be_sourced(script: Path) -> None:
    kept = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "XX_GO_PREFER_C_COMPILER": "none",
        "TARGETPLATFORM": "linux/arm/v6",
    }
    line = f'source <(bash {script} env) && echo "$GOOS $GOARCH $GOARM"'
    got = subprocess.run(["bash", "-c", line], env=kept, capture_output=True, text=True, check=True)
    assert got.stdout == "linux arm 6\n"


def test_wrap_makes_plain_go_cross_compile_and_unwrap_takes_it_back(
    script: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "go/env"
    home = {"GOENV": str(settings)}

    def plain(*names: str) -> list[str]:
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **home}
        return subprocess.run(
            ["go", "env", *names], env=environment, capture_output=True, text=True, check=True
        ).stdout.split()

    before = plain("GOOS", "GOARCH", "GOARM")
    settings.parent.mkdir()
    settings.write_text("# mine\nGOPRIVATE=example.com\nGOARCH=386\n")
    assert run(script, "--wrap", TARGETPLATFORM="linux/arm/v6", **home).returncode == 0
    assert plain("GOOS", "GOARCH", "GOARM", "GOPRIVATE") == ["linux", "arm", "6", "example.com"]
    assert run(script, "--wrap", TARGETPLATFORM="windows/arm64", **home).returncode == 0
    assert plain("GOOS", "GOARCH", "GOPRIVATE") == ["windows", "arm64", "example.com"]
    assert settings.read_text().count("# xx-go --wrap") == 1
    assert run(script, "--unwrap", **home).returncode == 0
    assert settings.read_text() == "# mine\nGOPRIVATE=example.com\nGOARCH=386\n"
    settings.unlink()
    assert run(script, "--wrap", TARGETPLATFORM="linux/s390x", **home).returncode == 0
    assert plain("GOOS", "GOARCH") == ["linux", "s390x"]
    assert run(script, "--unwrap", **home).returncode == 0
    assert plain("GOOS", "GOARCH", "GOARM") == before
    assert sorted(path.name for path in settings.parent.iterdir()) == ["env"]


def test_wrap_needs_a_file(script: Path) -> None:
    got = run(script, "--wrap", TARGETPLATFORM="linux/arm64", GOENV="off")
    assert got.returncode == 1
    assert "go has no file of settings" in got.stderr


def test_no_process_but_go(script: Path) -> None:
    for variables, others in (({"TARGETPLATFORM": "linux/arm64"}, []), ({}, ["uname"])):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "XX_GO_PREFER_C_COMPILER": "none",
            **variables,
        }
        command = [
            "strace",
            "-f",
            "-qq",
            "-e",
            "trace=execve",
            "-e",
            "status=successful",
            "dash",
            str(script),
            "env",
            "GOARCH",
        ]
        traced = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stderr
        started = [
            line.split('"')[1].rsplit("/", 1)[-1]
            for line in traced.splitlines()
            if "execve(" in line
        ]
        assert started == ["dash", *others, "go"]
