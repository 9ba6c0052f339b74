"""``xxpy build`` in a Cargo workspace: what comes out, and everything that goes wrong."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.rust.conftest import FILES, Xxpy, write
from xxpy.machine import resources
from xxpy.table.platform import Platform

FOREIGN = "linux/arm64"


def made(workspace: Path) -> list[str]:
    return sorted(
        path.relative_to(workspace / "dist").as_posix()
        for path in (workspace / "dist").glob("[!.]*/**/*")
        if path.is_file()
    )


def run(*command: str | Path) -> str:
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=True
    ).stdout


def targets(architecture: str) -> str:
    """Return Rust's target for an architecture of Linux."""
    row = resources.table().row(Platform("linux", architecture))
    assert row.rust is not None
    assert row.rust.gnu is not None
    return row.rust.gnu


def library_root(cache: Path) -> Path:
    return next(cache.glob("xxpy/sysroots/aarch64-linux-gnu/*/root"))


def test_every_program_for_every_platform(xxpy: Xxpy, workspace: Path, cache: Path) -> None:
    done = xxpy("build", "-p", f"linux/amd64,{FOREIGN}", "--", "--features", "tool/loud")
    assert done.returncode == 0, done.stderr
    assert made(workspace) == [
        f"linux_{name}/{program}" for name in ("amd64", "arm64") for program in ("app", "tool")
    ]
    assert xxpy("verify", "--tree", "dist").returncode == 0
    # The build script has run here, and the program is for there.
    assert run(workspace / "dist/linux_amd64/app") == "42 x86_64\n"
    assert (
        run("qemu-aarch64-static", "-L", library_root(cache), workspace / "dist/linux_arm64/app")
        == "42 x86_64\n"
    )
    assert (
        run("qemu-aarch64-static", "-L", library_root(cache), workspace / "dist/linux_arm64/tool")
        == "LOUD\n"
    )
    assert sorted(path.name for path in workspace.iterdir()) == [
        "Cargo.lock",
        "Cargo.toml",
        "app",
        "dist",
        "shapes",
        "tool",
    ]


@pytest.mark.slow
def test_the_same_source_gives_the_same_bytes(
    xxpy: Xxpy, workspace: Path, tmp_path: Path, cache: Path
) -> None:
    other = write(tmp_path / "another place" / "shop", FILES)
    for folder in (workspace, other):
        done = Xxpy(folder, cache)("build", "-p", FOREIGN, "--", "--lib", "--bins")
        assert done.returncode == 0, done.stderr
    assert made(workspace) == [
        f"linux_arm64/{name}" for name in ("app", "libshapes.a", "libshapes.so", "tool")
    ]
    for name in made(workspace):
        if not name.endswith(
            ".a"
        ):  # an archive holds the objects of the standard library's own build under names made by chance
            assert (workspace / "dist" / name).read_bytes() == (
                other / "dist" / name
            ).read_bytes(), name
        assert str(tmp_path).encode() not in (workspace / "dist" / name).read_bytes(), name
    assert xxpy("build", "-p", FOREIGN, "--", "--lib", "--bins").returncode == 0


def test_packages_profiles_and_flags(xxpy: Xxpy, workspace: Path) -> None:
    (workspace / "xxpy.toml").write_text('packages = ["tool"]\n')
    plan = json.loads(
        xxpy("build", "-p", "linux/amd64/v3", "--dry-run", "--", "--profile", "dev").stdout
    )
    (words,) = plan["steps"][0]["commands"]
    assert ("--release" in words, words[-4:]) == (False, ["--package", "tool", "--profile", "dev"])
    assert any("target-cpu=x86-64-v3" in word for word in words)
    plan = json.loads(
        xxpy(
            "build", "-p", "linux/amd64", "--dry-run", "--static", RUSTFLAGS="-C debuginfo=1"
        ).stdout
    )
    variables = plan["steps"][0]["environment"]
    assert variables["CARGO_ENCODED_RUSTFLAGS"].startswith("-C\x1fdebuginfo=1\x1f")
    assert variables["CARGO_ENCODED_RUSTFLAGS"].endswith("\x1f-C\x1ftarget-feature=+crt-static")
    assert f" -ffile-prefix-map={workspace}=. " in variables["CFLAGS_x86_64_unknown_linux_gnu"]
    assert xxpy("build", "-p", "linux/amd64", "--static").returncode == 0
    assert made(workspace) == ["linux_amd64/tool"]


def test_what_the_user_has_set_stays(xxpy: Xxpy, workspace: Path) -> None:
    (workspace / "Cargo.toml").write_text(
        '[workspace]\nmembers = ["app", "tool", "shapes"]\ndefault-members = ["tool"]\n'
    )
    users = {
        "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER": "/usr/bin/gcc",
        "CC_x86_64_unknown_linux_gnu": "my-cc",
        "CARGO_TARGET_DIR": "objects",
    }
    step = json.loads(xxpy("build", "-p", "linux/amd64", "--dry-run", **users).stdout)["steps"][0]
    assert "--workspace" not in step["commands"][0]
    assert {name: step["environment"].get(name) for name in users} == {
        "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER": None,
        "CC_x86_64_unknown_linux_gnu": None,
        "CARGO_TARGET_DIR": str(workspace / "objects"),
    }
    (workspace / ".cargo").mkdir()
    (workspace / ".cargo/config.toml").write_text(
        '[build]\nrustflags = ["--cfg", "unread"]\n[target.x86_64-unknown-linux-gnu]\nrustflags = ["--cfg", "kept"]\n'
    )
    with (workspace / "tool/src/main.rs").open("a") as file:
        file.write('#[cfg(any(unread, not(kept)))]\ncompile_error!("other flags");\n')
    done = xxpy("build", "-p", "linux/amd64", **users | {"CC_x86_64_unknown_linux_gnu": "gcc"})
    assert done.returncode == 0, done.stderr
    assert made(workspace) == ["linux_amd64/tool"]
    assert (workspace / "objects/x86_64-unknown-linux-gnu/release/tool").is_file()


@pytest.mark.parametrize(
    ("platform", "compiler", "header"),
    [
        ("windows/amd64", "auto", "windows.h"),
        pytest.param(FOREIGN, "zig", "sys/epoll.h", marks=pytest.mark.slow),
    ],
)
def test_bindgen_reads_the_target_s_headers(
    platform: str, compiler: str, header: str, xxpy: Xxpy, tmp_path: Path
) -> None:
    xxpy(
        "build", "-p", platform, "--cc", compiler
    )  # which fetches the standard library; a dry run only reads
    plan = json.loads(xxpy("build", "-p", platform, "--cc", compiler, "--dry-run").stdout)
    variables = plan["steps"][0]["environment"]
    (arguments,) = (
        value for name, value in variables.items() if name.startswith("BINDGEN_EXTRA_CLANG_ARGS_")
    )
    (tmp_path / "a.h").write_text(
        f"#include <stdint.h>\n#include <stdio.h>\n#include <{header}>\nFILE *open_it(size_t size);\n"
    )
    run("clang", *shlex.split(arguments), "-fsyntax-only", tmp_path / "a.h")


def test_why_this_way(xxpy: Xxpy) -> None:
    xxpy("build", "-p", FOREIGN)  # which fetches the standard library; an explanation only reads
    lines = xxpy("build", "-p", f"linux/amd64,{FOREIGN}", "--explain").stdout.splitlines()
    assert lines[0].startswith("rustc 1.") and lines[0].split(", from ")[1].startswith(  # noqa: PT018 - one line
        "Debian's package "
    )
    assert any(
        line.startswith(
            f"{FOREIGN} → aarch64-unknown-linux-gnu: standard library from libstd-rust-dev:arm64 "
        )
        for line in lines
    )
    lines = xxpy(
        "build", "-p", "openbsd/amd64", "--explain", "--", "-Z", "build-std"
    ).stdout.splitlines()
    assert "openbsd/amd64 → x86_64-unknown-openbsd: standard library from its own source" in lines


def test_a_sysroot_of_the_users_with_a_standard_library(
    xxpy: Xxpy, workspace: Path, cache: Path, tmp_path: Path
) -> None:
    assert xxpy("build", "-p", FOREIGN).returncode == 0  # Debian's is in the cache now
    other = Xxpy(workspace, tmp_path / "another cache")
    done = other(
        "sysroot", "import", "--platform", FOREIGN, "--name", "device", str(library_root(cache))
    )
    assert done.returncode == 0, done.stderr
    assert "from the sysroot" not in other("build", "-p", FOREIGN, "--explain").stdout
    lines = other("build", "-p", FOREIGN, "--explain", "--sysroot", "device").stdout.splitlines()
    assert (
        f"{FOREIGN} → aarch64-unknown-linux-gnu: standard library from the sysroot device" in lines
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message", "hint"),
    [
        (["-p", "openbsd/amd64"], 5, "Rust has no standard library for openbsd/amd64 (x86_64-unknown-openbsd)", "fix: a nightly Rust with rust-src"),
        (["-p", "linux/arm64", "--libc", "musl"], 5, "Rust has no standard library for linux/arm64 (aarch64-unknown-linux-musl)", "fix: rustup target add aarch64-unknown-linux-musl"),
        (["-p", "windows/arm/v7"], 5, "Rust builds for windows/arm/v7 only as thumbv7a-pc-windows-msvc, with Microsoft's linker", "build it on Windows"),
        (["-p", "linux/mips64/softfloat"], 5, "Rust has no target for linux/mips64/softfloat with gnu", "xxpy info rust-target"),
        (["-p", "linux/amd64", "--", "--target", "x"], 2, "--target among the arguments of cargo build", "name platforms with --platform"),
    ],
)  # fmt: skip
def test_wrong_questions(
    arguments: list[str], code: int, message: str, hint: str, xxpy: Xxpy, workspace: Path
) -> None:
    done = xxpy("build", *arguments)
    lines = done.stderr.splitlines()
    assert (done.returncode, lines[0]) == (code, f"error: {message}"), done.stderr
    assert any(line.startswith(f"hint: {hint}") for line in lines)
    assert not (workspace / "dist").exists()


def test_the_tests_run_where_the_program_would(xxpy: Xxpy, workspace: Path) -> None:
    (workspace / "Cargo.toml").write_text('[workspace]\nmembers = ["tool"]\n')
    with (workspace / "tool/src/main.rs").open("a") as file:
        file.write(
            '#[test]\nfn runs_there() {\n    assert_eq!(std::env::consts::ARCH, "aarch64");\n}\n'
        )
    done = xxpy("build", "-p", f"linux/amd64,{FOREIGN}", "--run-tests", "--keep-going")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "error: 1 of 2 platforms failed: linux/amd64", (
        done.stderr
    )
    assert made(workspace) == ["linux_arm64/tool"]
    log = xxpy.log(FOREIGN)
    assert "test runs_there ... ok" in log
    assert "/qemu-aarch64-static" in log.split("cargo test")[1].splitlines()[0]


def test_tests_that_nothing_runs(xxpy: Xxpy, tmp_path: Path, workspace: Path) -> None:
    for name in ("cargo", "rustc"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    done = xxpy("build", "-p", FOREIGN, "--run-tests", PATH=str(tmp_path))
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        5,
        f"error: nothing on this machine runs the tests for {FOREIGN}",
    )
    assert "set CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER" in done.stderr
    assert not (workspace / "dist").exists()


def test_no_cargo(xxpy: Xxpy, tmp_path: Path) -> None:
    done = xxpy("build", "-p", "linux/amd64", PATH=str(tmp_path))
    assert (done.returncode, done.stderr.splitlines()[0]) == (5, "error: cargo: not found on PATH")
    assert "apt-get install cargo rustc" in done.stderr


def test_no_linker(xxpy: Xxpy, tmp_path: Path) -> None:
    for name in ("cargo", "rustc"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    done = xxpy("build", "-p", "linux/amd64", "--cc", "gcc", PATH=str(tmp_path))
    assert (done.returncode, done.stderr.splitlines()[0].split(" (")[0]) == (
        5,
        "error: there is no C compiler for linux/amd64",
    )


def test_a_library_without_a_program(xxpy: Xxpy, workspace: Path) -> None:
    (workspace / "Cargo.toml").write_text('[workspace]\nmembers = ["shapes"]\n')
    done = xxpy("build", "-p", "linux/amd64")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        8,
        f"error: no program in {workspace}",
    )
    assert "xxpy build -- --lib" in done.stderr
    (workspace / "Cargo.toml").write_text("[workspace\n")
    assert xxpy("build", "-p", "linux/amd64").returncode == 8


def test_one_platform_fails_and_the_others_go_on(xxpy: Xxpy, workspace: Path) -> None:
    with (workspace / "tool/src/main.rs").open("a") as file:
        file.write('#[cfg(target_arch = "aarch64")]\ncompile_error!("not there");\n')
    done = xxpy("build", "-p", f"{FOREIGN},linux/amd64", "--keep-going")
    assert done.returncode == 1
    assert "error: not there" in done.stderr
    assert done.stderr.splitlines()[-1] == f"error: 1 of 2 platforms failed: {FOREIGN}"
    assert made(workspace) == ["linux_amd64/app", "linux_amd64/tool"]


def test_a_lock_that_is_out_of_date(xxpy: Xxpy, workspace: Path) -> None:
    assert xxpy("build", "-p", "linux/amd64").returncode == 0
    with (workspace / "tool/Cargo.toml").open("a") as file:
        file.write('\n[dependencies]\nshapes = { path = "../shapes" }\n')
    done = xxpy("build", "-p", "linux/amd64", "--", "--locked")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        8,
        "error: cargo cannot fetch the crates: Cargo.lock does not fit Cargo.toml",
    )
    assert "hint: cargo update --workspace" in done.stderr
    frozen = xxpy("build", "-p", "linux/amd64", "--", "--frozen")
    assert frozen.stderr == done.stderr
    assert xxpy("build", "-p", "linux/amd64").returncode == 0


def test_crates_that_cannot_be_had(xxpy: Xxpy, workspace: Path) -> None:
    with (workspace / "tool/Cargo.toml").open("a") as file:
        file.write('\n[dependencies]\nno-such-crate-anywhere = "1"\n')
    done = xxpy("build", "-p", "linux/amd64", "--", "--offline")
    error, *hints = done.stderr.splitlines()
    assert done.returncode == 8
    assert error.startswith("error: cargo cannot fetch the crates: ")
    assert "no-such-crate-anywhere" in error
    assert all(line != "hint: " and "error:" not in line for line in hints)


def test_a_lock_of_a_newer_cargo(xxpy: Xxpy, workspace: Path) -> None:
    (workspace / "Cargo.lock").write_text("version = 99\n")
    done = xxpy("build", "-p", "linux/amd64")
    assert done.stderr.splitlines()[0].startswith("error: cargo cannot fetch the crates: ")
    assert "hint: error" not in done.stderr
    assert not (workspace / "dist").exists()


def test_a_project_that_asks_for_another_rust(xxpy: Xxpy, workspace: Path) -> None:
    (workspace / "rust-toolchain.toml").write_text('[toolchain]\nchannel = "1.2"\n')
    done = xxpy("build", "-p", "linux/amd64")
    assert done.returncode == 5
    assert done.stderr.startswith(
        "error: rust-toolchain.toml asks for Rust 1.2, and /usr/bin/rustc is 1."
    )
    assert xxpy("build", "-p", "linux/amd64", "--dry-run", RUSTUP_TOOLCHAIN="any").returncode == 0
    rustup = shutil.which("rustup")
    if rustup is not None:
        managed = {
            "PATH": f"{Path(rustup).parent}:/usr/bin:/bin",
            "RUSTUP_DIST_SERVER": "http://127.0.0.1:9",
            "RUSTUP_AUTO_INSTALL": "0",
        }
        done = xxpy("build", "-p", "linux/amd64", **managed)
        assert (done.returncode, done.stderr.splitlines()[0]) == (
            5,
            "error: rust-toolchain.toml asks for Rust 1.2, which is not installed",
        )
        (workspace / "rust-toolchain.toml").unlink()
        have = run(rustup, "target", "list", "--installed").split()
        name = next(name for name in ("s390x", "loong64", "ppc64le") if targets(name) not in have)
        done = xxpy("build", "-p", f"linux/{name}", **managed)
        assert (done.returncode, done.stderr.splitlines()[0]) == (
            5,
            f"error: Rust has no standard library for linux/{name} ({targets(name)})",
        )
        assert "rustup target failed: " in done.stderr, "rustup's own words"
        assert "backtrace" not in done.stderr
        assert done.stderr.splitlines()[-1].startswith("hint: fix: apt-get install cargo rustc")
