"""``xxpy build`` in a Go module: what comes out, and how it is shown."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.build.conftest import Xxpy, tree

PLATFORMS = "linux/amd64,linux/arm/v7,windows/amd64,darwin/arm64,wasi/wasm"


def test_every_main_package_for_every_platform(xxpy: Xxpy, module: Path) -> None:
    done = xxpy("build", "--platform", PLATFORMS)
    assert done.returncode == 0, done.stderr
    assert tree(module / "dist") == sorted([
        *(f"{folder}/" for folder in ("darwin_arm64", "linux_amd64", "linux_arm_v7", "wasi_wasm", "windows_amd64")),
        *(f"{folder}/{name}" for folder in ("darwin_arm64", "linux_amd64", "linux_arm_v7") for name in ("hello", "tool")),
        *(f"windows_amd64/{name}.exe" for name in ("hello", "tool")),
        *(f"wasi_wasm/{name}.wasm" for name in ("hello", "tool")),
    ])  # fmt: skip
    assert xxpy("verify", "--tree", "dist").returncode == 0
    assert (
        subprocess.run(
            [str(module / "dist/linux_amd64/hello")], capture_output=True, text=True, check=True
        ).stderr
        == "hello\n"
    )


def test_plain_lines_without_a_terminal(xxpy: Xxpy) -> None:
    lines = xxpy(
        "build", "--platform", "linux/amd64,windows/386", "--jobs", "1"
    ).stdout.splitlines()
    assert re.fullmatch(r"hello · go \S+ · CGO off · 2 platforms, 1 at a time", lines[0])
    started = [line for line in lines if line.endswith("started")]
    ended = "\n".join(line for line in lines if "✓" in line)
    assert [line.split()[0] for line in started] == ["linux/amd64", "windows/386"]
    assert re.search(r"linux/amd64 +✓ +dist/linux_amd64/hello +\d\.\d MB +static +\d+\.\d s", ended)
    assert re.search(r"windows/386 +✓ +dist/windows_386/hello\.exe +\d\.\d MB +\d+\.\d s", ended)
    assert re.fullmatch(r"2 of 2 built and verified · \d+\.\d s", lines[-1])
    assert "\x1b" not in "".join(lines)


def test_live_lines_on_a_terminal(xxpy: Xxpy, module: Path) -> None:
    reader, writer = pty.openpty()
    environment = {**xxpy.environment, "TERM": "xterm", "COLUMNS": "120"}
    environment.pop("NO_COLOR", None)
    child = subprocess.Popen(
        [sys.executable, "-m", "xxpy", "build", "-p", "linux/amd64"],
        cwd=module,
        env=environment,
        stdout=writer,
        stderr=writer,
    )
    os.close(writer)
    shown = b""
    while True:
        try:
            part = os.read(reader, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(reader)
    assert child.wait() == 0
    text = shown.decode()
    assert "\x1b[" in text
    assert "1 of 1 built and verified" in text
    assert "dist/linux_amd64/hello" in text


def test_json_events(xxpy: Xxpy) -> None:
    events = [
        json.loads(line)
        for line in xxpy("build", "--json", "-p", "linux/amd64,linux/arm64").stdout.splitlines()
    ]
    assert [event["event"] for event in events if event["event"] in {"begin", "end"}] == [
        "begin",
        "end",
    ]
    finished = {event["platform"]: event for event in events if event["event"] == "finish"}
    assert finished.keys() == {"linux/amd64", "linux/arm64"}
    assert {output["linkage"] for event in finished.values() for output in event["outputs"]} == {
        "static"
    }
    assert all(
        Path(output["path"]).stat().st_size == output["size"]
        for event in finished.values()
        for output in event["outputs"]
    )
    assert (events[-1]["built"], events[-1]["failed"]) == (2, 0)


def test_dry_run_prints_the_plan_and_builds_nothing(xxpy: Xxpy, module: Path) -> None:
    plan = json.loads(
        xxpy(
            "build", "--dry-run", "-p", "linux/arm/v6,windows/arm64", "--", "-tags", "netgo"
        ).stdout
    )
    assert [step["platform"] for step in plan["steps"]] == ["linux/arm/v6", "windows/arm64"]
    assert plan["steps"][0]["environment"] == {
        "GOOS": "linux",
        "GOARCH": "arm",
        "GOARM": "6",
        "CGO_ENABLED": "0",
    }
    (command,) = plan["steps"][0]["commands"]
    assert command[1:] == [
        "build",
        "-v",
        "-trimpath",
        "-o",
        "{stage}/",
        "-tags=netgo",
        "example.com/hello",
        "example.com/hello/cmd/tool",
    ]
    assert not (module / "dist").exists()


def test_explain_says_which_go_and_why(xxpy: Xxpy) -> None:
    text = xxpy("build", "--explain", "-p", "linux/arm64").stdout
    assert re.match(r"go \S+ chosen: /\S+/go, from PATH\ncgo off: ", text)


def test_go_s_own_arguments_and_packages(xxpy: Xxpy, module: Path) -> None:
    assert xxpy("build", "-p", "linux/amd64", "--", "-ldflags=-s -w", "./cmd/tool").returncode == 0
    assert tree(module / "dist") == ["linux_amd64/", "linux_amd64/tool"]
    refused = xxpy("build", "-p", "linux/amd64", "--", "-o", "x")
    assert (refused.returncode, refused.stderr.splitlines()[0]) == (
        2,
        "error: -o among the arguments of go build",
    )


def test_all_leaves_out_what_go_cannot_do_and_says_so(xxpy: Xxpy) -> None:
    plan = json.loads(xxpy("build", "--dry-run", "-p", "all").stdout)
    built = {step["platform"] for step in plan["steps"]}
    assert len(built) > 35
    every = json.loads(xxpy("build", "--dry-run", "-p", "all", "--variants").stdout)
    assert len(every["steps"]) > 2 * len(built)
    assert {"ios/arm64", "freebsd/riscv64", "android/386"} <= plan["left_out"].keys()
    assert "linux/riscv64" in built
    named = xxpy("build", "--dry-run", "-p", "ios/arm64")
    assert (named.returncode, named.stderr.splitlines()[0]) == (
        5,
        "error: Go links programs for ios/arm64 only with the C compiler of its SDK",
    )


def test_the_same_source_gives_the_same_bytes(xxpy: Xxpy, module: Path, tmp_path: Path) -> None:
    assert xxpy("build", "-p", "linux/arm64,windows/amd64", "-o", "one").returncode == 0
    moved = tmp_path / "elsewhere/hello"
    moved.parent.mkdir()
    module.rename(moved)
    again = Xxpy(moved, tmp_path / "cache")
    assert again("build", "-p", "linux/arm64,windows/amd64", "-o", "two").returncode == 0
    for name in ("linux_arm64/hello", "linux_arm64/tool", "windows_amd64/hello.exe"):
        assert (moved / "one" / name).read_bytes() == (moved / "two" / name).read_bytes()


def test_the_machine_s_own_platform_is_what_nobody_asked_for(xxpy: Xxpy, module: Path) -> None:
    assert xxpy("build").returncode == 0
    (folder,) = (module / "dist").glob("[!.]*")
    assert (
        subprocess.run([str(folder / "hello")], capture_output=True, text=True, check=True).stderr
        == "hello\n"
    )


def test_configuration_and_flags(xxpy: Xxpy, module: Path) -> None:
    (module / "xxpy.toml").write_text(
        'platforms = ["linux/arm/*"]\noutput = "bin"\npackages = ["./cmd/tool"]\narguments = ["-tags=netgo"]\n'
        '[environment]\nGOFLAGS = "-mod=mod"\n[platform."linux/arm/7"]\nenvironment = { GOARM = "7,softfloat" }\narguments = ["-race=false"]\n'
    )
    plan = json.loads(xxpy("build", "--dry-run").stdout)
    steps = {step["platform"]: step for step in plan["steps"]}
    assert steps.keys() == {"linux/arm/v5", "linux/arm/v6", "linux/arm/v7", "linux/arm/v8"}
    assert steps["linux/arm/v7"]["environment"]["GOARM"] == "7,softfloat"
    assert steps["linux/arm/v7"]["commands"][0][-3:] == ["-race=false", "-tags=netgo", "./cmd/tool"]
    assert steps["linux/arm/v6"]["commands"][0][-2:] == ["-tags=netgo", "./cmd/tool"]
    assert plan["output"] == str(module / "bin")
    assert json.loads(xxpy("build", "--dry-run", "-p", "linux/s390x", "-o", "x").stdout)[
        "output"
    ] == str(module / "x")


def test_verbose_prints_commands_that_can_be_pasted(xxpy: Xxpy, module: Path) -> None:
    lines = xxpy(
        "build", "--verbose", "-p", "linux/arm64", "--", "-ldflags=-X 'main.x=y z'"
    ).stdout.splitlines()
    (line,) = (line.removeprefix("+ ") for line in lines if line.startswith("+ "))
    pasted = subprocess.run(
        ["sh", "-c", line], cwd=module, capture_output=True, text=True, check=False
    )
    assert pasted.returncode == 0, pasted.stderr
    assert "{" not in line


@pytest.mark.parametrize("arguments", [["--static"], ["--static", "--no-cgo"]])
def test_static_is_verified(xxpy: Xxpy, arguments: list[str]) -> None:
    assert xxpy("build", "-p", "linux/amd64,windows/amd64", *arguments).returncode == 0


def test_a_dynamic_program_fails_with_static(xxpy: Xxpy, module: Path) -> None:
    (module / "main.go").write_text(
        'package main\n\n// int one(void) { return 1; }\nimport "C"\n\nfunc main() { println(C.one()) }\n'
    )
    assert xxpy("build", "-p", "local", "--cgo").returncode == 0
    assert xxpy("build", "-p", "local", "--cgo", "--static", "-o", "static").returncode == 0
    assert (
        xxpy(
            "build", "-p", "local", "--cgo", "--static", "-o", "merged", "--", "-ldflags=-w"
        ).returncode
        == 0
    )
    (module / "xxpy.toml").write_text("static = true\n")
    refused = xxpy(
        "build", "-p", "local", "--cgo", "-o", "other", "--", "-ldflags=-linkmode=internal"
    )
    assert refused.returncode == 2
    assert "-linkmode=internal" in refused.stderr
    assert not (module / "other").exists()


def test_a_program_that_is_dynamic_all_the_same_fails_with_static(xxpy: Xxpy, module: Path) -> None:
    refused = xxpy("build", "-p", "local", "--static", "-o", "other", "--", "-buildmode=pie")
    assert refused.returncode == 6
    assert "is not statically linked" in refused.stderr
    assert not (module / "other").exists()


def test_logs_lie_in_the_cache(xxpy: Xxpy, tmp_path: Path) -> None:
    for begin in ("$ ", "the results of the last build"):
        assert xxpy("build", "-p", "linux/arm64").returncode == 0
        (log,) = (tmp_path / "cache").rglob("linux_arm64.log")
        assert log.read_text().startswith(begin)


def test_quiet_prints_nothing(xxpy: Xxpy) -> None:
    done = xxpy("build", "-q", "-p", "linux/amd64")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_c_archive_comes_with_its_header(xxpy: Xxpy, module: Path) -> None:
    (module / "main.go").write_text(
        'package main\n\nimport "C"\n\n//export Answer\nfunc Answer() int { return 42 }\n\nfunc main() {}\n'
    )
    done = xxpy("build", "-p", "local", "--cgo", "--", "-buildmode=c-archive", ".")
    assert done.returncode == 0, done.stderr
    assert {path.suffix for path in (module / "dist").glob("[!.]*/*") if path.is_file()} == {
        ".a",
        ".h",
    }


def test_what_the_configuration_asks_of_binaries(xxpy: Xxpy, module: Path) -> None:
    (module / "xxpy.toml").write_text(
        '[verify]\nx86-64-level = "v2"\n[platform."linux/amd64/v3".verify]\nx86-64-level = "v3"\n'
        '[platform."linux/amd64"]\nenvironment = { GOAMD64 = "v3" }\n'
    )
    assert xxpy("build", "--platform", "linux/amd64/v3").returncode == 0
    done = xxpy("build", "--platform", "linux/amd64")
    assert done.returncode == 2
    assert "GOAMD64=v3 asks for more than linux/amd64 has (v1)" in done.stderr
    assert "build for linux/amd64/v3" in done.stderr
    assert not (module / "dist/linux_amd64").exists()
