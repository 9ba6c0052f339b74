"""What is for this machine is built with its own tools: plain names, the variables of build tools, and commands that work on files."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.build_c import projects

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

SOURCE = "int answer(void) { return 42; }\n"
MAIN = "int answer(void);\nint main(void) { return answer() != 42; }\n"
TARGETS = (
    ("linux/arm64", "gcc"),
    pytest.param("linux/arm64", "clang", marks=pytest.mark.slow),
    ("windows/amd64", "gcc"),
    pytest.param("linux/s390x", "zig", marks=pytest.mark.slow),
    ("darwin/arm64", "zig"),
)


@pytest.mark.parametrize("platform", ["linux/arm64", "windows/amd64"])
def test_plain_names_are_those_of_this_machine(platform: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform)
    for name in ("cc", "c++", "gcc", "g++", "ld", "pkg-config"):
        found = xxpy(
            "exec", "--platform", platform, "--", "sh", "-c", f"command -v {name}"
        ).stdout.strip()
        assert not found.startswith(str(kit)), name
        assert (
            found
            == subprocess.run(
                ["sh", "-c", f"command -v {name}"], capture_output=True, text=True, check=True
            ).stdout.strip()
        )
    variables = json.loads(xxpy("env", "--platform", platform, "--format", "json").stdout)
    assert not [
        name
        for name in variables
        if name.startswith("PKG_CONFIG_") and name != "PKG_CONFIG_FOR_BUILD"
    ]
    assert {variables[name] for name in ("CC_FOR_BUILD", "BUILD_CC", "HOSTCC", "HOST_CC")} == {
        "/usr/bin/cc"
    }
    assert {variables[name] for name in ("AR_FOR_BUILD", "HOSTAR", "HOST_AR")} == {"/usr/bin/ar"}


def test_inside_itself(xxpy: Xxpy) -> None:
    """The folder of another kit on PATH holds none of this machine's tools."""
    inner = "import json, os; print(json.dumps([os.environ[name] for name in ('CC_FOR_BUILD', 'HOST_AR', 'PKG_CONFIG_FOR_BUILD')]))"
    words = ("exec", "--platform", "windows/amd64", "--", "python3", "-c", inner)
    once = xxpy(*words).stdout
    nested = xxpy("exec", "--platform", "linux/arm64", "--", "python3", "-m", "xxpy", *words)
    assert nested.stdout == once != "", nested.stderr


@pytest.mark.parametrize(("platform", "family"), TARGETS)
def test_archives_of_both_machines_by_one_name(platform: str, family: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", family)
    (xxpy.folder / "answer.c").write_text(SOURCE)
    (xxpy.folder / "main.c").write_text(MAIN)
    steps = (
        '"$CC" -c answer.c -o target.o && ar rc libtarget.a target.o && ranlib libtarget.a && "$CC" main.c libtarget.a -o target.out',
        "cc -c answer.c -o own.o && ar rc libown.a own.o && ranlib libown.a && cc main.c libown.a -o own.out && ./own.out",
        'ar --version && nm -g libown.a && nm -g own.o && nm -g "target.o" && nm -g libtarget.a',
        "cp own.o a.o && strip own.o && cp own.out b.out && strip ./own.out && ./own.out",
    )
    for step in steps:
        done = xxpy("exec", "--platform", platform, "--cc", family, "--", "sh", "-ec", step)
        assert done.returncode == 0, f"{step}: {done.stdout}{done.stderr}"
    assert xxpy("verify", "--platform", platform, "libtarget.a").returncode == 0
    assert xxpy("verify", "--platform", "local", "libown.a", "own.o").returncode == 0
    assert (kit / "bin/ar").read_text().count("exec ") == 2


def test_what_is_installed_may_be_missing(xxpy: Xxpy) -> None:
    """Without this machine's binutils the target's serve alone."""
    folder = xxpy.folder / "bin"
    folder.mkdir()
    for name in ("env", "sh", "python3"):
        (folder / name).symlink_to(xxpy.run("sh", "-c", f"command -v {name}").stdout.strip())
    kit = xxpy(
        "kit", "path", "--platform", "linux/s390x", "--cc", "zig", PATH=str(folder)
    ).stdout.strip()
    assert kit, "no kit"
    assert xxpy.run("sh", "-c", f"grep -c exec '{kit}/bin/ar'").stdout == "1\n"


def test_cargo_under_exec_builds_its_scripts_for_this_machine(xxpy: Xxpy) -> None:
    """A build script that itself compiles C for this machine, and a program with C for the target."""
    triple = "aarch64-unknown-linux-gnu"
    projects.write(
        xxpy.folder,
        {
            "Cargo.toml": '[package]\nname = "own"\nversion = "0.1.0"\nedition = "2021"\n',
            "src/main.rs": 'fn main() { println!("{}", 8 * std::mem::size_of::<usize>()); }\n',
            "build.rs": "use std::process::Command;\nfn main() {\n"
            '    let cc = std::env::var("HOST_CC").unwrap();\n    let out = std::env::var("OUT_DIR").unwrap();\n'
            '    for cc in [cc, "cc".to_string()] {\n'
            '        assert!(Command::new(cc).args(["-x", "c", "own.c", "-o"]).arg(format!("{out}/own")).status().unwrap().success());\n'
            '        assert!(Command::new(format!("{out}/own")).status().unwrap().success());\n    }\n}\n',
            "own.c": "int main(void) { return 0; }\n",
        },
    )
    done = xxpy("exec", "--platform", "linux/arm64", "--", "cargo", "build", "--target", triple)
    assert done.returncode == 0, done.stderr
    assert xxpy("verify", "--platform", "linux/arm64", f"target/{triple}/debug/own").returncode == 0
