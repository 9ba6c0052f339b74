"""One request, one answer: whatever xxpy.toml or the command line says, build, exec, env, shell and kit make the same of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

OWN = frozenset({"CFLAGS", "CXXFLAGS", "SOURCE_DATE_EPOCH", "ZERO_AR_DATE", "CARGO_BUILD_TARGET"})
"""What only a build of C has: flags that keep its paths out of the result, and the target of a cargo
that its Makefile calls."""

GO = {
    "go.mod": "module example.com/hello\n\ngo 1.21\n",
    "main.go": 'package main\n\nimport "C"\n\nfunc main() {}\n',
}
C = {"hello.c": "int main(void) { return 0; }\n"}

SETTINGS = {
    "nothing": ("", []),
    "cc": ('cc = "zig"', ["--cc", "zig"]),
    "libc": ('cc = "zig"\nlibc = "musl"', ["--cc", "zig", "--libc", "musl"]),
    "triple": (
        'cc = "zig"\nlibc = "musl"',
        ["--cc", "zig", "--target", "aarch64-unknown-linux-musl"],
    ),
    "floor": ('libc = "gnu.2.17"', ["--target", "aarch64-linux-gnu.2.17"]),
    "static": ('cc = "gcc"\nstatic = true', ["--cc", "gcc", "--static"]),
    "sysroot": ('sysroot = { name = "./root" }', ["--sysroot", "./root"]),
    "environment": ('[environment]\nWORD = "two words"\nTARGETVARIANT = "x"', None),
    "platform": (
        '[platform."linux/arm64"]\nenvironment = { WORD = "own", CC = "mine" }\n[environment]\nWORD = "of all"',
        None,
    ),
    "platform sysroot": ('[platform."linux/arm64"]\nsysroot = { name = "./root" }', None),
}

FAST = frozenset({"libc", "sysroot", "environment", "platform"})


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def answers(xxpy: Xxpy, *flags: str, platform: str = "linux/arm64") -> dict[str, dict[str, str]]:
    """Return the variables that each command gives."""
    words = [
        *(() if any(flag == "--target" for flag in flags) else ("--platform", platform)),
        *flags,
    ]
    # A plan alone tries nothing, so it does not know yet whether an emulator runs programs.
    place = xxpy("kit", "path", *words).stdout.strip()
    built = xxpy("build", "--dry-run", *words)
    assert built.returncode == 0, built.stderr
    shell = xxpy.folder / "shell"
    shell.write_text("#!/bin/sh\nenv -0\n")
    shell.chmod(0o755)
    env = xxpy("env", *words, "--format", "json")
    assert env.returncode == 0, env.stderr
    texts = {
        "exec": xxpy("exec", *words, "--", "env", "-0").stdout,
        "shell": xxpy("shell", *words, SHELL=str(shell)).stdout,
    }
    return {
        "build": json.loads(built.stdout)["steps"][0]["environment"],
        "env": json.loads(env.stdout),
        "kit": {"PATH": f"{place}/bin"},
        **{
            name: dict(line.split("=", 1) for line in text.split("\0") if "=" in line)
            for name, text in texts.items()
        },
    }


def agree(found: dict[str, dict[str, str]]) -> None:
    built = {
        name: value.removeprefix("ccache ")
        for name, value in found["build"].items()
        if name not in OWN
    }
    for command in ("exec", "shell"):
        assert {name: found[command].get(name) for name in built} == built
        assert found["env"].items() <= found[command].items()
    assert found["exec"]["PATH"].split(":")[0] == found["kit"]["PATH"]


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in FAST else pytest.mark.slow) for name in SETTINGS],
)
def test_a_setting_counts_for_each_command(name: str, xxpy: Xxpy) -> None:
    settings, flags = SETTINGS[name]
    write(xxpy.folder, {**C, "xxpy.toml": settings + "\n"})
    root(xxpy.folder / "root")
    found = answers(xxpy)
    agree(found)
    record = json.loads((Path(found["kit"]["PATH"]).parent / "kit.json").read_text())
    assert record["sysroot"] == (str(xxpy.folder / "root") if "sysroot" in name else None)
    if flags is not None:
        (xxpy.folder / "xxpy.toml").unlink()
        said = answers(xxpy, *flags)
        agree(said)
        assert said == found


@pytest.mark.parametrize(
    ("settings", "flags", "variables", "enabled"),
    [
        ("", [], {}, "0"),
        ("cgo = true", [], {}, "1"),
        ("cgo = true", ["--no-cgo"], {}, "0"),
        ("", ["--cgo"], {}, "1"),
        ("", [], {"CGO_ENABLED": "1"}, "1"),
        ("[environment]\nCGO_ENABLED = '1'", [], {}, "1"),
        ("cgo = false", [], {"CGO_ENABLED": "1"}, "0"),
        ("cgo = true\nstatic = true\ncc = 'gcc'", [], {}, "1"),
    ],
)  # fmt: skip
def test_cgo(
    settings: str, flags: list[str], variables: dict[str, str], enabled: str, xxpy: Xxpy
) -> None:
    write(xxpy.folder, {**GO, "xxpy.toml": settings + "\n"})
    xxpy.variables.update(variables)
    found = answers(xxpy, *flags)
    agree(found)
    assert found["build"]["CGO_ENABLED"] == enabled
    if "static" in settings:
        done = xxpy("exec", "--platform", "linux/arm64", "--", "go", "build", "-o", "program", ".")
        assert done.returncode == 0, done.stderr
        assert xxpy("verify", "--static", "--platform", "linux/arm64", "program").returncode == 0


def test_from_a_folder_below_and_with_another_file(xxpy: Xxpy) -> None:
    write(
        xxpy.folder,
        {
            **GO,
            "xxpy.toml": "[environment]\nWORD = 'own'\n",
            "docs/x.md": "",
            "other.toml": "[environment]\nWORD = 'other'\n",
        },
    )
    for words, value in (
        (["-C", "docs"], "own"),
        (["--config", "other.toml"], "other"),
        (["-C", "docs", "--config", "../other.toml"], "other"),
    ):
        assert xxpy("exec", *words, "--", "sh", "-c", 'echo "$WORD"').stdout == f"{value}\n"


def test_the_deployment_target_of_a_platform(xxpy: Xxpy) -> None:
    own = '[platform."darwin/arm64"]\nenvironment = { MACOSX_DEPLOYMENT_TARGET = "12.3" }\n'
    write(xxpy.folder, {**C, "xxpy.toml": f'cc = "zig"\n{own}'})
    found = answers(xxpy, platform="darwin/arm64")
    agree(found)
    assert found["build"]["CC"].removeprefix("ccache ") == "arm64-apple-macos12.3-clang"


@pytest.mark.parametrize(
    ("settings", "code", "message"),
    [
        (
            "cgo = true\n[environment]\nCGO_ENABLED = '0'",
            7,
            "xxpy.toml: environment: CGO_ENABLED is '0', but cgo is true",
        ),
        (
            "[platform.'linux/arm64']\nenvironment = { CGO_ENABLED = '1' }",
            7,
            "xxpy.toml: platform.linux/arm64: environment: CGO_ENABLED is '1'",
        ),
        ("sysroot = { name = 'nowhere' }", 2, "linux/arm64 has no sysroot nowhere"),
        ("sysroot = { name = './nowhere' }", 2, "no such folder: "),
        (
            "sysroot = { name = 'debian', packages = ['zlib1g-dev'] }",
            7,
            "xxpy.toml: sysroot: name means an existing sysroot",
        ),
        ("libc = 'uclibc'", 7, "xxpy.toml: libc: unknown libc uclibc"),
        ("cc = 'tcc'", 2, "unknown compiler tcc"),
    ],
)
def test_what_is_wrong_is_wrong_for_each_command(
    settings: str, code: int, message: str, xxpy: Xxpy
) -> None:
    write(xxpy.folder, {**C, "xxpy.toml": settings + "\n"})
    for words in (
        ["build", "--dry-run"],
        ["env"],
        ["exec"],
        ["shell"],
        ["kit", "path"],
        ["kit", "show"],
    ):
        done = xxpy(
            *words,
            "--platform",
            "linux/arm64",
            *(["true"] if words == ["exec"] else []),
            SHELL="/bin/true",
        )
        assert (done.returncode, done.stdout) == (code, ""), words
        assert done.stderr.startswith(f"error: {message}"), done.stderr


def test_no_compiler_is_an_error_where_something_is_asked_of_it(xxpy: Xxpy) -> None:
    write(xxpy.folder, GO)
    empty = xxpy.folder / "empty"
    empty.mkdir()
    (empty / "env").symlink_to("/usr/bin/env")
    done = xxpy("exec", "--platform", "linux/arm/v5", "--", "env", PATH=str(empty))
    assert (done.returncode, "CGO_ENABLED=0\n" in done.stdout, "CC is not set" in done.stderr) == (
        0,
        True,
        True,
    )
    for settings in ("cgo = true", "libc = 'musl'", "static = true", "cc = 'gcc'"):
        write(xxpy.folder, {"xxpy.toml": settings + "\n"})
        assert (
            xxpy("exec", "--platform", "linux/arm/v5", "--", "env", PATH=str(empty)).returncode == 5
        )


def test_a_triple_and_flags(xxpy: Xxpy) -> None:
    folder = xxpy.kit("linux/arm64", "--cc", "zig", "--libc", "gnu.2.28")
    assert xxpy(
        "kit", "path", "--cc", "zig", "--target", "aarch64-linux-gnu.2.28"
    ).stdout.strip() == str(folder)
    assert xxpy(
        "kit", "path", "--cc", "zig", "--target", "aarch64-linux-gnu", "--libc", "gnu.2.28"
    ).stdout.strip() == str(folder)
    for words, message in (
        (
            ["--target", "aarch64-linux-gnu", "--libc", "musl"],
            "--target aarch64-linux-gnu is for gnu, but --libc for musl",
        ),
        (
            ["--target", "aarch64-linux-gnu", "--platform", "linux/amd64"],
            "--platform and --target name two platforms: linux/amd64, linux/arm64",
        ),
        (
            ["--platform", "linux/amd64,linux/arm64"],
            "'linux/amd64,linux/arm64' is a list of platforms",
        ),
        (["--platform", "all"], "'all' is a list of platforms"),
    ):
        assert xxpy("kit", "path", *words).stderr.startswith(f"error: {message}")


def root(folder: Path) -> None:
    """Make a folder that is a sysroot for linux/arm64: that of this machine's cross packages."""
    (folder / "usr/lib").mkdir(parents=True)
    (folder / "usr/include").symlink_to("/usr/aarch64-linux-gnu/include")
    for path in ("/usr/aarch64-linux-gnu/lib/crt1.o", "/usr/aarch64-linux-gnu/lib/libc.so.6"):
        (folder / "usr/lib" / path.rpartition("/")[2]).symlink_to(path)
    for path in ("crti.o", "crtn.o", "libc_nonshared.a", "ld-linux-aarch64.so.1"):
        (folder / "usr/lib" / path).symlink_to(f"/usr/aarch64-linux-gnu/lib/{path}")
    (folder / "usr/lib/libc.so").symlink_to("libc.so.6")
