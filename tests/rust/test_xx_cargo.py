"""``xx-cargo`` in small systems: what reaches cargo, in every shell; the real compilers are in the other modules."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.differential.roots import SHELLS
from tests.rust.stage import Stage, stage
from xxpy.machine import resources
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from pathlib import Path

TABLE = resources.table()
ARM64 = "aarch64-unknown-linux-gnu"
TARGET = f"<--target={ARM64}>"
PREFIX = "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU"
SUFFIX = "aarch64_unknown_linux_gnu"
RUST_KEYS = [
    key for key, row in TABLE.rows.items() if row.rust and (row.rust.gnu or row.rust.target)
]


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def debian(tmp_path: Path, shell: str) -> Stage:
    """Return a Debian with a cross compiler and the standard library for linux/arm64."""
    made = stage(tmp_path, shell, targets=[ARM64, "x86_64-unknown-linux-gnu"])
    for name in ("gcc", "g++", "ar", "ranlib"):
        made.tool(f"aarch64-linux-gnu-{name}")
    return made


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (["build"], f"<build>{TARGET}"),
        (["build", "--release"], f"<build><--release>{TARGET}"),
        (["+nightly", "build"], f"<+nightly><build>{TARGET}"),
        (["test", "a b", "--", "--nocapture", "--", "x"], f"<test><a b>{TARGET}<--><--nocapture><--><x>"),
        (["rustc", "--", "-C", "opt-level=3"], f"<rustc>{TARGET}<--><-C><opt-level=3>"),
        (["run", "--release", "x", "--target-dir"], f"<run>{TARGET}<--release><x><--target-dir>"),
        (["r"], f"<r>{TARGET}"),
        (["run", "run", "--", "run"], f"<run>{TARGET}<run><--><run>"),
        (["chef", "cook", "--recipe-path", "r.json"], f"<chef><cook><--recipe-path><r.json>{TARGET}"),
        (["chef", "prepare"], "<chef><prepare>"),
        (["auditable", "build"], f"<auditable><build>{TARGET}"),
        (["install", "--path", "."], f"<install><--path><.>{TARGET}"),
        (["nextest", "run", "fetch"], f"<nextest><run><fetch>{TARGET}"),
        (["-Z", "unstable-options", "-C", "dir", "--color", "never", "build"], f"<-Z><unstable-options><-C><dir><--color><never><build>{TARGET}"),
        (["-v", "--offline", "b", "--target-dir=x"], f"<-v><--offline><b><--target-dir=x>{TARGET}"),
        (["build", "", "*", "a\nb", "it's", '"', "$(id)", "\\", "ü"], f"<build><><*><a\nb><it's><\"><$(id)><\\><ü>{TARGET}"),
        (["--version"], "<--version>"),
        (["-V"], "<-V>"),
        ([], ""),
        (["fetch", "--locked"], "<fetch><--locked>"),
        (["+stable", "fmt", "--", "--check"], "<+stable><fmt><--><--check>"),
        (["metadata", "--format-version=1"], "<metadata><--format-version=1>"),
        (["login"], "<login>"),
        (["build", "--target", "x86_64-unknown-linux-gnu"], "<build><--target><x86_64-unknown-linux-gnu>"),
        (["build", "--target=my.json"], "<build><--target=my.json>"),
        (["build", "--target", "a folder/my.json"], "<build><--target><a folder/my.json>"),
        (["build", "--", "--target=x"], f"<build>{TARGET}<--><--target=x>"),
    ],
)  # fmt: skip
def test_where_the_target_goes(given: list[str], wanted: str, tmp_path: Path) -> None:
    for name in SHELLS:
        made = stage(tmp_path, name, targets=[ARM64, "x86_64-unknown-linux-gnu"])
        done = made.root.run(
            "/usr/bin/xx-cargo", *given, environment={"TARGETPLATFORM": "linux/arm64"}
        )
        assert (done.returncode, done.stdout[: len(wanted) + 1]) == (0, f"{wanted}\n"), (
            name,
            done.stderr,
        )


def test_everything_that_crates_ask_for(debian: Stage) -> None:
    told = debian("build", TARGETPLATFORM="linux/arm64")
    assert told.errors == ""
    assert {name: value for name, value in told.environment.items() if name not in {"PATH", "PWD", "OLDPWD", "SHLVL", "_", "TARGETPLATFORM"}} == {
        f"{PREFIX}_LINKER": "aarch64-linux-gnu-gcc",
        f"CC_{SUFFIX}": "aarch64-linux-gnu-gcc",
        f"CXX_{SUFFIX}": "aarch64-linux-gnu-g++",
        f"AR_{SUFFIX}": "aarch64-linux-gnu-ar",
        f"RANLIB_{SUFFIX}": "aarch64-linux-gnu-ranlib",
        f"PKG_CONFIG_ALLOW_CROSS_{SUFFIX}": "1",
        f"PKG_CONFIG_LIBDIR_{SUFFIX}": "/usr/lib/aarch64-linux-gnu/pkgconfig:/usr/aarch64-linux-gnu/lib/pkgconfig:/usr/share/pkgconfig",
        f"BINDGEN_EXTRA_CLANG_ARGS_{SUFFIX}": "--target=aarch64-linux-gnu",
    }  # fmt: skip


def test_with_more_tools_there_is_more(debian: Stage) -> None:
    for name in (
        "aarch64-linux-gnu-clang",
        "aarch64-linux-gnu-clang++",
        "aarch64-linux-gnu-pkg-config",
        "cc",
        "g++",
        "ar",
        "qemu-aarch64-static",
    ):
        debian.tool(name)
    mark = debian.root.path / "usr/bin/aarch64-linux-gnu.cfg"  # of a clang that is set up
    mark.write_text("--target=aarch64-linux-gnu -fuse-ld=lld\n")
    loader = debian.root.path / "usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1"
    loader.parent.mkdir(parents=True)
    loader.touch()
    (debian.root.path / "usr/aarch64-linux-gnu/include").mkdir()
    found = debian("test", TARGETPLATFORM="linux/arm64").environment
    assert found[f"{PREFIX}_LINKER"] == found[f"CC_{SUFFIX}"] == "aarch64-linux-gnu-clang"
    assert found[f"CXX_{SUFFIX}"] == "aarch64-linux-gnu-clang++"
    assert found[f"PKG_CONFIG_{SUFFIX}"] == "aarch64-linux-gnu-pkg-config"
    assert f"PKG_CONFIG_LIBDIR_{SUFFIX}" not in found
    assert (found["HOST_CC"], found["HOST_CXX"], found["HOST_AR"]) == ("cc", "g++", "ar")
    assert (found[f"{PREFIX}_RUNNER"], found["QEMU_LD_PREFIX"]) == (
        "qemu-aarch64-static",
        "/usr/aarch64-linux-gnu",
    )
    assert (
        found[f"BINDGEN_EXTRA_CLANG_ARGS_{SUFFIX}"]
        == "--target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include"
    )


def test_what_the_user_set_stays(debian: Stage) -> None:
    debian.tool("qemu-aarch64")
    shutil.copy(shutil.which("printenv") or "printenv", debian.root.path / "usr/bin/printenv")
    users = {
        f"{PREFIX}_LINKER": "my-linker",
        f"{PREFIX}_RUNNER": "my runner",
        f"{PREFIX}_RUSTFLAGS": "-C link-arg='-Wl,x' \"y\"",
        f"CC_{SUFFIX}": "my-cc",
        f"BINDGEN_EXTRA_CLANG_ARGS_{SUFFIX}": "-I/mine",
        "QEMU_LD_PREFIX": "/mine",
        "HOST_CC": "my-host-cc",
    }
    debian.tool("printenv", f'test "$1" = {PREFIX}_RUSTFLAGS && echo "${PREFIX}_RUSTFLAGS"')
    found = debian(
        "build", TARGETPLATFORM="linux/arm64", XX_RUSTFLAGS="-C debuginfo=1", **users
    ).environment
    assert {name: found[name] for name in users} == {
        **users,
        f"{PREFIX}_RUSTFLAGS": users[f"{PREFIX}_RUSTFLAGS"] + " -C debuginfo=1",
    }
    # An empty variable is none.
    assert (
        debian("build", TARGETPLATFORM="linux/arm64", **{f"CC_{SUFFIX}": ""}).environment[
            f"CC_{SUFFIX}"
        ]
        == "aarch64-linux-gnu-gcc"
    )


def test_a_clang_that_cannot_be_set_up_is_no_error(debian: Stage) -> None:
    debian.tool("clang", "echo hello")
    told = debian("build", TARGETPLATFORM="linux/arm64")
    assert (told.status, told.environment[f"CC_{SUFFIX}"]) == (0, "aarch64-linux-gnu-gcc")
    assert told.errors.splitlines() == [
        "xx-cargo: /usr/bin/clang does not answer like clang: hello"
    ]


def test_flags_of_rustc(debian: Stage) -> None:
    name = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS"
    found = debian("build", TARGETPLATFORM="linux/amd64/v3", CFLAGS="-O1").environment
    assert (found[name], found["CFLAGS_x86_64_unknown_linux_gnu"]) == (
        "-C target-cpu=x86-64-v3",
        "-march=x86-64-v3 -O1",
    )
    assert (
        debian(
            "build", TARGETPLATFORM="linux/amd64/v3", XX_RUSTFLAGS="-C target-cpu=native"
        ).environment[name]
        == "-C target-cpu=native"
    )
    # cargo takes RUSTFLAGS alone where it is set, so what is ours goes there as well.
    found = debian(
        "build", TARGETPLATFORM="linux/amd64/v2", XX_RUSTFLAGS="-g", RUSTFLAGS="-C strip=none"
    ).environment
    assert (found["RUSTFLAGS"], found[name]) == (
        "-C strip=none -C target-cpu=x86-64-v2 -g",
        "-C target-cpu=x86-64-v2 -g",
    )
    assert (
        debian("build", TARGETPLATFORM="linux/amd64", RUSTFLAGS="-g").environment["RUSTFLAGS"]
        == "-g"
    )


def test_this_machine_s_own_target(debian: Stage) -> None:
    debian.tool("x86_64-linux-gnu-gcc")
    told = debian("build")
    assert told.arguments == "<build><--target=x86_64-unknown-linux-gnu>"
    assert (
        told.environment["CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER"] == "x86_64-linux-gnu-gcc"
    )
    assert [
        name
        for name in told.environment
        if name.startswith(("PKG_CONFIG", "HOST_", "BINDGEN", "QEMU"))
    ] == []


def test_the_user_s_own_target_is_prepared_instead(debian: Stage) -> None:
    told = debian(
        "build",
        "--target",
        ARM64,
        "--target=x86_64-unknown-linux-gnu",
        TARGETPLATFORM="linux/s390x",
    )
    assert told.arguments == f"<build><--target><{ARM64}><--target=x86_64-unknown-linux-gnu>"
    assert told.environment[f"CC_{SUFFIX}"] == "aarch64-linux-gnu-gcc"
    assert not [name for name in told.environment if "s390x" in name.lower()]


def test_a_linker_that_is_missing_is_named(debian: Stage) -> None:
    debian.standard_library("s390x-unknown-linux-gnu")
    assert (
        debian("build", TARGETPLATFORM="linux/s390x").environment[
            "CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER"
        ]
        == "s390x-linux-gnu-gcc"
    )


@pytest.mark.parametrize(
    ("identity", "rustup", "variables", "target"),
    [
        ("debian-12", False, {"TARGETPLATFORM": "linux/arm/v7"}, "armv7-unknown-linux-gnueabihf"),
        ("debian-12", False, {"TARGETPLATFORM": "linux/arm/v6"}, "arm-unknown-linux-gnueabi"),
        ("debian-12", False, {"TARGETPLATFORM": "linux/riscv64"}, "riscv64gc-unknown-linux-gnu"),
        ("debian-12", False, {"TARGETPLATFORM": "linux/riscv64", "RISCV64_TARGET_ARCH": "riscv64"}, "riscv64-unknown-linux-gnu"),
        ("debian-12", False, {"TARGETPLATFORM": "linux/arm64", "XX_LIBC": "musl"}, "aarch64-unknown-linux-musl"),
        ("debian-12", False, {"TARGETPLATFORM": "linux/arm64", "XX_VENDOR": "alpine"}, "aarch64-unknown-linux-gnu"),
        ("debian-12", False, {"TARGETPLATFORM": "windows/amd64"}, "x86_64-pc-windows-gnu"),
        ("debian-12", False, {"TARGETPLATFORM": "darwin/arm64"}, "aarch64-apple-darwin"),
        ("debian-12", False, {"TARGETPLATFORM": "wasi/wasm"}, "wasm32-wasip1"),
        ("debian-12", False, {"TARGETPLATFORM": "freebsd/amd64"}, "x86_64-unknown-freebsd"),
        ("fedora", False, {"TARGETPLATFORM": "linux/s390x"}, "s390x-unknown-linux-gnu"),
        ("none", False, {"TARGETPLATFORM": "linux/386"}, "i686-unknown-linux-gnu"),
        ("alpine", False, {"TARGETPLATFORM": "linux/arm64"}, "aarch64-alpine-linux-musl"),
        ("alpine", False, {"TARGETPLATFORM": "linux/arm64", "XX_VENDOR": "unknown"}, "aarch64-alpine-linux-musl"),
        ("alpine", False, {"TARGETPLATFORM": "linux/386"}, "i586-alpine-linux-musl"),
        ("alpine", False, {"TARGETPLATFORM": "windows/amd64"}, "x86_64-pc-windows-gnu"),
        ("alpine", True, {"TARGETPLATFORM": "linux/arm64"}, "aarch64-unknown-linux-musl"),
        ("alpine", True, {"TARGETPLATFORM": "linux/arm/v7"}, "armv7-unknown-linux-musleabihf"),
        ("alpine", True, {"TARGETPLATFORM": "linux/riscv64"}, "riscv64gc-unknown-linux-musl"),
    ],
)  # fmt: skip
def test_names_of_targets(
    identity: str, rustup: bool, variables: dict[str, str], target: str, tmp_path: Path, shell: str
) -> None:
    made = stage(tmp_path, shell, identity)
    if rustup:
        made.tool("rustup")
    told = made("--print-target-triple", **variables)
    assert (told.status, told.output, told.errors) == (0, f"{target}\n", "")


def test_every_target_of_the_table(tmp_path: Path) -> None:
    made = stage(tmp_path, "dash", "none")
    for key in RUST_KEYS:
        wanted = resolve(TABLE, parse(key, TABLE.words)).name("rust-target")
        assert made("--print-target-triple", TARGETPLATFORM=key).output == f"{wanted}\n"


def test_our_own_flags_stand_anywhere(debian: Stage) -> None:
    for words in (
        ["--print-target-triple"],
        ["build", "--print-target-triple"],
        ["--setup-target-triple", "build", "--print-target-triple"],
    ):
        assert debian(*words, TARGETPLATFORM="linux/arm64").output == f"{ARM64}\n"
    told = debian("build", "--setup-target-triple", TARGETPLATFORM="linux/arm64")
    assert (told.status, told.output, told.errors) == (0, "", "")


@pytest.mark.parametrize(
    ("identity", "tools", "command"),
    [
        ("debian-12", ["rustup"], f"rustup target add {ARM64}"),
        (
            "debian-12",
            ["xx-apt-get"],
            "xx-apt-get install -y --no-install-recommends libstd-rust-dev",
        ),
        (
            "debian-12",
            [],
            "apt-get -q -o DPkg::Lock::Timeout=600 install -y --no-install-recommends libstd-rust-dev:arm64",
        ),
        ("alpine", ["xx-apk"], "xx-apk add rust-stdlib"),
        ("alpine", ["rustup"], "rustup target add aarch64-unknown-linux-musl"),
        ("fedora", ["dnf"], f"dnf install -y rust-std-static-{ARM64}"),
    ],
)
def test_a_missing_standard_library_is_installed(
    identity: str, tools: list[str], command: str, tmp_path: Path, shell: str
) -> None:
    made = stage(tmp_path, shell, identity)
    where = "/usr/lib/rustlib/installed"
    installs = f'case "$*" in *add*architecture*|*print*|*update*) exit ;; esac; : >{where}/libstd-x.rlib; echo "${{0##*/}} $*" >{where}/by'
    (made.root.path / where.lstrip("/")).mkdir(parents=True)
    made.tool("rustc", f"echo {where}")
    made.without("xx-apt-get")
    for name in {"apt-get", "dpkg", *tools}:
        made.tool(name, installs)
    told = made("build", TARGETPLATFORM="linux/arm64")
    assert told.status == 0, told.errors
    assert told.arguments.startswith("<build><--target=aarch64-")
    assert (made.root.path / where.lstrip("/") / "by").read_text() == f"{command}\n"
    assert told.errors == f"+ {command}\n"
    # Where it is there nothing is installed.
    assert made("build", TARGETPLATFORM="linux/arm64").errors == ""


def test_a_package_that_the_release_lacks_leaves_no_trace(tmp_path: Path, shell: str) -> None:
    made = stage(tmp_path, shell)
    made.without("xx-apt-get")
    made.tool("rustc", "echo /nowhere")
    made.tool("dpkg", 'echo "$*" >>/tmp/dpkg')
    made.tool("apt-get", 'case "$*" in *install*) exit 100 ;; esac')
    told = made("build", TARGETPLATFORM="linux/riscv64")
    assert (told.status, told.output) == (1, "")
    assert (
        "the standard library of Rust for riscv64gc-unknown-linux-gnu is not there and cannot be installed: the package of debian"
        in told.errors
    )
    assert "hint: rustup target add riscv64gc-unknown-linux-gnu" in told.errors
    assert (made.root.path / "tmp/dpkg").read_text().splitlines() == [
        "--print-foreign-architectures", "--add-architecture riscv64", "--remove-architecture riscv64",
    ]  # fmt: skip


def test_targets_without_any_standard_library(tmp_path: Path, shell: str) -> None:
    made = stage(tmp_path, shell)
    made.tool("rustc", "echo /nowhere")
    assert "debian has no package of it" in made("build", TARGETPLATFORM="linux/arm/v6").errors
    made.tool("rustup")
    told = made("build", TARGETPLATFORM="openbsd/amd64")
    assert told.status == 1
    assert (
        "it is of tier 3, which rustup does not have\nhint: rustup component add rust-src"
        in told.errors
    )
    assert made("+nightly", "build", "-Zbuild-std", TARGETPLATFORM="openbsd/amd64").status == 0
    assert (
        made("+nightly", "build", "-Z", "build-std=std", TARGETPLATFORM="openbsd/amd64").status == 0
    )
    made.tool(
        "rustc",
        'echo "error: Error loading target specification: Could not find specification" >&2; exit 1',
    )
    assert "rustc cannot say where" in made("build", TARGETPLATFORM="linux/loong64").errors


def test_a_library_of_another_version_is_caught(tmp_path: Path, shell: str) -> None:
    made = stage(tmp_path, shell)
    made.tool("rustc", "echo /usr/lib/rustlib/elsewhere")
    made.tool("apt-get", "case $* in *indextargets*) echo arm64 ;; esac")
    made.tool("dpkg", "exit 0")
    told = made("build", TARGETPLATFORM="linux/arm64")
    assert (told.status, told.output) == (1, "")
    assert "hint: it must be of the very same version as rustc" in told.errors


@pytest.mark.parametrize(
    ("platform", "message"),
    [
        ("linux/foo", "unsupported target: os=linux arch=foo variant="),
        ("windows/arm", "Rust has no target for windows/arm/v7 with mingw32"),
        ("linux/arm64/x/y", "malformed platform: linux/arm64/x/y"),
    ],
)
def test_platforms_that_cannot_be(platform: str, message: str, debian: Stage) -> None:
    told = debian("build", TARGETPLATFORM=platform)
    assert (told.status, told.output, told.errors.splitlines()[0]) == (1, "", message)


def test_cargo_is_looked_for_first(debian: Stage) -> None:
    (debian.root.path / "usr/bin/cargo").unlink()
    for words in (["build"], ["--version"], ["--print-target-triple"]):
        told = debian(*words, TARGETPLATFORM="linux/s390x")
        assert (told.status, told.output, told.errors.splitlines()[0]) == (
            1,
            "",
            "cargo: not found",
        )


def test_exit_status_and_signal_pass_through(debian: Stage) -> None:
    debian.tool("cargo", "exit 37")
    assert debian("build", TARGETPLATFORM="linux/arm64").status == 37
    debian.tool("cargo", "kill -TERM $$")
    assert debian("build", TARGETPLATFORM="linux/arm64").status == -signal.SIGTERM


def test_a_toolchain_file_for_cmake(debian: Stage) -> None:
    for name in ("mkdir", "mv", "find", "id"):
        debian.tool(name, f'exec /bin/busybox {name} "$@"')
    program = shutil.which("busybox") or "busybox"
    for path in (program, *library_paths(program)):
        copy = debian.root.path / (path.lstrip("/") if path != program else "bin/busybox")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    debian.tool("cmake")
    name = f"CMAKE_TOOLCHAIN_FILE_{SUFFIX}"
    for home in ({"HOME": "/tmp/home"}, {"XDG_CACHE_HOME": "/tmp/cache folder"}):  # noqa: S108 - inside the root
        (debian.root.path / next(iter(home.values())).lstrip("/")).mkdir(parents=True)
        found = debian("build", TARGETPLATFORM="linux/arm64", **home).environment[name]
        assert found.startswith(next(iter(home.values())))
        assert (debian.root.path / found.lstrip("/")).read_text().splitlines() == [
            "set(CMAKE_SYSTEM_NAME Linux)",
            "set(CMAKE_SYSTEM_PROCESSOR aarch64)",
            "set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)",
            "set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)",
            "set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)",
        ]
        assert debian("build", TARGETPLATFORM="linux/arm64", **home).environment[name] == found
    (debian.root.path / "tmp/file").touch()
    told = debian("build", TARGETPLATFORM="linux/arm64", HOME="/tmp/file")  # noqa: S108
    assert (told.status, name in told.environment) == (0, False), told.errors


@pytest.mark.parametrize("tool", ["mkdir", "mv"])
def test_a_kill_while_cmake_s_file_is_made(tool: str, debian: Stage) -> None:
    program = shutil.which("busybox") or "busybox"
    for path in (program, *library_paths(program)):
        copy = debian.root.path / (path.lstrip("/") if path != program else "bin/busybox")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    for name in ("mkdir", "mv", "find", "id", "rm", "touch"):
        debian.tool(name, f'exec /bin/busybox {name} "$@"')
    debian.tool("cmake")
    (debian.root.path / "tmp/home").mkdir()
    home = {"HOME": "/tmp/home", "TARGETPLATFORM": "linux/arm64"}  # noqa: S108 - inside the root
    debian.tool(tool, "kill -9 $PPID")
    assert debian("build", **home).status == -signal.SIGKILL
    debian.tool(tool, f'exec /bin/busybox {tool} "$@"')
    folder = debian.root.path / "tmp/home/.cache/xxpy/cmake"
    left = list(folder.glob(".xxpy-*"))
    assert len(left) == (tool == "mv")
    for old in left:  # there is no /proc in this root, so only its age tells
        os.utime(old, (0, 0))
    found = debian("build", **home).environment[f"CMAKE_TOOLCHAIN_FILE_{SUFFIX}"]
    assert [str(made) for made in folder.iterdir()] == [str(debian.root.path / found.lstrip("/"))]


def library_paths(program: str) -> list[str]:
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return [word for word in listed.split() if word.startswith("/")]


def test_few_processes(debian: Stage) -> None:
    """The scripts may start three besides cargo; a fork for an answer of the shell itself is one."""
    enter = (
        ["chroot", str(debian.root.path)]
        if os.geteuid() == 0
        else ["unshare", "--map-root-user", "chroot", str(debian.root.path)]
    )
    debian.tool("cargo", "exit 0")
    command = [
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=process",
        "-e",
        "signal=none",
        *enter,
        "/usr/bin/xx-cargo",
        "build",
    ]
    for variables in ({"TARGETPLATFORM": "linux/arm64"}, {}):
        traced = subprocess.run(
            command,
            env={"PATH": "/usr/bin:/bin:/usr/sbin", **variables},
            capture_output=True,
            text=True,
            check=True,
        ).stderr
        assert (
            1
            <= sum(
                " = " in line
                and line.split("(")[0].split()[-1] in {"clone", "clone3", "fork", "vfork"}
                for line in traced.splitlines()
            )
            <= 3
        )
