"""``xxpy kit``: what lies in a kit, how it is made, and who may make it at once."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.conftest import Xxpy
from tests.unit.table_copy import texts

HELLO = '#include <stdio.h>\nint main(void) { printf("%zu\\n", sizeof(void *)); return 0; }\n'


def triple_of(kit: Path) -> str:
    return str(json.loads((kit / "kit.json").read_text())["triple"])


@pytest.mark.parametrize(("family", "word"), [("clang", "clang"), ("gcc", "gcc"), ("zig", "clang")])
def test_what_lies_in_a_kit(family: str, word: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit("local", "--cc", family)
    triple = triple_of(kit)
    commands = {path.name for path in (kit / "bin").iterdir()}
    cxx = {"clang": "clang++", "gcc": "g++"}[word]
    assert {
        f"{triple}-{name}"
        for name in ("cc", "c++", word, cxx, "ar", "ranlib", "objcopy", "objdump", "pkg-config")
    } <= commands
    assert not {"cc", "c++", "ld", "pkg-config"} & commands, "plain names are this machine's"
    files = {path.name for path in kit.iterdir() if path.is_file()}
    assert {
        "toolchain.cmake",
        "meson-cross.ini",
        "cargo-config.toml",
        "env.sh",
        "go.env",
        "kit.json",
    } <= files
    assert (f"{triple}.cfg" in files) == (family != "gcc")


@pytest.mark.parametrize("family", ["clang", "gcc"])
def test_its_compiler_compiles(family: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit("local", "--cc", family)
    (xxpy.folder / "a file.c").write_text(HELLO)
    done = xxpy.run(str(kit / "bin" / f"{triple_of(kit)}-cc"), "a file.c", "-o", "a program")
    assert done.returncode == 0, done.stderr
    assert xxpy.run("./a program").stdout == "8\n"


def test_the_scripts_are_clean(xxpy: Xxpy) -> None:
    for family in ("clang", "gcc", "zig"):
        kit = xxpy.kit("local", "--cc", family)
        scripts = [str(path) for path in (kit / "bin").iterdir()]
        done = subprocess.run(
            [Path(sys.executable).with_name("shellcheck"), "-s", "sh", *scripts],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("linux/riscv64", ("--target=riscv64-unknown-linux-gnu", "-march=rv64gc", "-mabi=lp64d")),
        pytest.param(
            "linux/arm/v7",
            ("--target=armv7-unknown-linux-gnueabihf", "-march=armv7-a", "-mfpu=vfpv3-d16"),
            marks=pytest.mark.slow,
        ),
        pytest.param("linux/s390x", ("--target=s390x-unknown-linux-gnu",), marks=pytest.mark.slow),
    ],
)
def test_zig_takes_what_others_say_of_the_target(
    platform: str, words: tuple[str, ...], xxpy: Xxpy
) -> None:
    """The crate cc says these to each compiler that behaves like clang; every other word arrives as it is."""
    kit = xxpy.kit(platform, "--cc", "zig")
    (xxpy.folder / "a file.c").write_text("int x = X;\n")
    done = xxpy.run(
        str(kit / "bin" / f"{triple_of(kit)}-cc"),
        *words,
        '-DX=" *"[0]',
        "-E",
        "a file.c",
        "-o",
        "out put",
    )
    assert done.returncode == 0, done.stderr
    assert 'int x = " *"[0];' in (xxpy.folder / "out put").read_text()
    assert (
        xxpy.run(
            str(kit / "bin" / f"{triple_of(kit)}-cc"), *words, "-c", "a file.c", "-DX=1"
        ).returncode
        == 0
    )
    assert xxpy("verify", "--platform", platform, "a file.o").returncode == 0


def test_a_kit_is_made_once(xxpy: Xxpy) -> None:
    kit = xxpy.kit("local")
    before = {path: path.stat().st_mtime_ns for path in kit.rglob("*")}
    assert xxpy.kit("local") == kit
    assert {path: path.stat().st_mtime_ns for path in kit.rglob("*")} == before


def test_another_input_is_another_kit(xxpy: Xxpy) -> None:
    assert (
        len(
            {
                xxpy.kit("linux/amd64", "--cc", "zig", "--libc", libc)
                for libc in ("gnu", "gnu.2.17", "musl")
            }
        )
        == 3
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('rust = { gnu = "aarch64-unknown-linux-gnu"', 'rust = { gnu = "aarch64-other-linux-gnu"'),
        (
            'meson = { cpu_family = "aarch64", cpu = "aarch64" }',
            'meson = { cpu_family = "aarch64", cpu = "other" }',
        ),
        (
            'go = { arch = "arm64", baseline',
            'go = { arch = "arm64", settings = { GOARM64 = "v8.0" }, baseline',
        ),
    ],
)
def test_whatever_ends_up_in_a_kit_is_in_its_name(
    before: str, after: str, xxpy: Xxpy, tmp_path: Path
) -> None:
    def kit(table: Path) -> Path:
        done = xxpy(
            "kit", "path", "--platform", "linux/arm64", "--cc", "zig", XXPY_TOOLCHAINS=str(table)
        )
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.strip())

    copies = tmp_path / "same", tmp_path / "changed"
    for copy in copies:
        copy.mkdir()
        for name, text in texts().items():
            (copy / name).write_text(
                text.replace(before, after) if copy.name == "changed" else text
            )
    folders = [kit(copy) for copy in (*copies, copies[0])]
    assert folders[0] == folders[2] != folders[1]
    found = [
        {path.relative_to(folder): path.read_text() for path in folder.rglob("*") if path.is_file()}
        for folder in folders[:2]
    ]
    assert found[0] != {
        path: text.replace(folders[1].name, folders[0].name) for path, text in found[1].items()
    }


def test_what_a_kill_left_is_made_anew(xxpy: Xxpy) -> None:
    kit = xxpy.kit("local")
    whole = {path.name for path in (kit / "bin").iterdir()}
    (kit / "bin" / f"{triple_of(kit)}-cc").unlink()
    (kit / "kit.json").unlink()
    assert xxpy.kit("local") == kit
    assert {path.name for path in (kit / "bin").iterdir()} == whole


def test_many_processes_make_the_same_kit(xxpy: Xxpy) -> None:
    command = [sys.executable, "-m", "xxpy", "kit", "path", "--platform", "local"]
    children = [
        subprocess.Popen(
            command, cwd=xxpy.folder, env=xxpy.environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    folders = {child.communicate()[0] for child in children}
    assert {child.returncode for child in children} == {0}
    (folder,) = folders
    assert Path(folder.strip(), "kit.json").is_file()
    assert [path.name for path in Path(folder.strip()).parent.iterdir() if path.is_dir()] == [
        Path(folder.strip()).name
    ]


def test_a_cache_with_spaces_and_quotes(tmp_path: Path) -> None:
    folder = tmp_path / "it's a $folder"
    folder.mkdir()
    xxpy = Xxpy(folder)
    kit = xxpy.kit("local", "--cc", "clang")
    (folder / "a.c").write_text(HELLO)
    done = xxpy(
        "exec", "--platform", "local", "--cc", "clang", "--", "sh", "-c", '"$CC" a.c -o a && ./a'
    )
    assert (done.returncode, done.stdout) == (0, "8\n"), done.stderr
    sourced = xxpy.run("sh", "-c", '. "$1" && "$CC" a.c -o b && ./b', "sh", str(kit / "env.sh"))
    assert (sourced.returncode, sourced.stdout) == (0, "8\n"), sourced.stderr


def test_show_list_remove(xxpy: Xxpy) -> None:
    shown = xxpy("kit", "show", "--platform", "local").stdout
    assert re.search(r"^  clang \S+ +chosen: ", shown, re.MULTILINE)
    record = json.loads(xxpy("kit", "show", "--platform", "local", "--json").stdout)
    assert record["compiler"]["name"] == "clang"
    assert [kit["folder"] for kit in json.loads(xxpy("kit", "list", "--json").stdout)] == [
        record["folder"]
    ]
    assert record["platform"] in xxpy("kit", "list").stdout
    assert xxpy("kit", "remove").returncode == 2
    assert xxpy("kit", "remove", "--all").returncode == 0
    assert not Path(record["folder"]).exists()
    assert xxpy("kit", "list").stdout == ""


def test_pkg_config_never_sees_the_build_machine(xxpy: Xxpy) -> None:
    places = xxpy.folder / "native"
    places.mkdir()
    (places / "thing.pc").write_text("Name: thing\nDescription: thing\nVersion: 1\nLibs: -lthing\n")
    assert xxpy.run("pkg-config", "--exists", "thing", PKG_CONFIG_PATH=str(places)).returncode == 0
    done = xxpy("exec", "--platform", "linux/riscv64", "--cc", "zig", "--", "sh", "-c", "pkg-config --exists thing && ! $PKG_CONFIG --exists thing",
                PKG_CONFIG_PATH=str(places))  # fmt: skip
    assert done.returncode == 0, "plain pkg-config is this machine's"


def test_cmake_finds_pkg_config_as_often_as_it_asks(xxpy: Xxpy) -> None:
    asks = "find_package(PkgConfig REQUIRED)\n"
    (xxpy.folder / "CMakeLists.txt").write_text(
        f"cmake_minimum_required(VERSION 3.10)\nproject(twice NONE)\n{asks}{asks}"
    )
    kit = xxpy.kit("local")
    done = xxpy.run("cmake", "--toolchain", str(kit / "toolchain.cmake"), "-B", "build", ".")
    assert done.returncode == 0, done.stderr
    found = f"PKG_CONFIG_EXECUTABLE:FILEPATH={kit}/bin/{triple_of(kit)}-pkg-config"
    assert found in (xxpy.folder / "build/CMakeCache.txt").read_text().splitlines()


def test_the_environment_in_every_format(xxpy: Xxpy) -> None:
    options = ("--platform", "linux/riscv64", "--cc", "zig")
    variables = json.loads(xxpy("env", *options, "--format", "json").stdout)
    assert variables["CC"] == "riscv64-linux-gnu-clang"
    assert variables["CC_FOR_BUILD"].startswith("/")
    assert variables["PATH"].startswith(str(xxpy.kit("linux/riscv64", "--cc", "zig") / "bin"))
    (xxpy.folder / "env.sh").write_text(xxpy("env", *options).stdout)
    assert (
        xxpy.run("sh", "-c", ". ./env.sh && command -v $CC").stdout.strip()
        == f"{variables['PATH'].split(':')[0]}/{variables['CC']}"
    )
    (xxpy.folder / "cross.mk").write_text(
        xxpy("env", *options, "--format", "make").stdout + "show:\n\t@echo $$CC $$GOARCH\n"
    )
    assert xxpy.run("make", "-s", "-f", "cross.mk", "show").stdout == f"{variables['CC']} riscv64\n"
    assert (
        f"CC={variables['CC']}" in xxpy("env", *options, "--format", "github").stdout.splitlines()
    )


def test_the_compiler_for_helper_programs_keeps_its_linker(xxpy: Xxpy) -> None:
    (xxpy.folder / "a.c").write_text(HELLO)
    done = xxpy(
        "exec",
        "--platform",
        "windows/amd64",
        "--cc",
        "gcc",
        "--",
        "sh",
        "-c",
        '"$CC_FOR_BUILD" a.c -o a && ./a',
    )
    assert (done.returncode, done.stdout) == (0, "8\n"), done.stderr


def test_flags_of_the_user_are_kept(xxpy: Xxpy) -> None:
    done = xxpy(
        "exec", "--platform", "local", "--", "sh", "-c", 'echo "$CFLAGS"', CFLAGS="-O1 -DNAME='a b'"
    )
    assert done.stdout == "-O1 -DNAME='a b'\n"


def test_a_shell(xxpy: Xxpy) -> None:
    shell = xxpy.folder / "shell"
    shell.write_text('#!/bin/sh\necho "$XXPY_PLATFORM $CC"\n')
    shell.chmod(0o755)
    assert (
        xxpy("shell", "--platform", "linux/riscv64", "--cc", "zig", SHELL=str(shell)).stdout
        == "linux/riscv64 riscv64-linux-gnu-clang\n"
    )


def test_where_no_compiler_is(xxpy: Xxpy) -> None:
    (xxpy.folder / "empty").mkdir()
    asked = xxpy(
        "kit", "show", "--platform", "linux/arm/v5", "--cc", "gcc", PATH=str(xxpy.folder / "empty")
    )
    assert asked.returncode == 5
    assert "there is no C compiler for linux/arm/v5" in asked.stderr
    assert "apt-get install g++-arm-linux-gnueabi" in asked.stderr
    silent = xxpy(
        "exec",
        "--platform",
        "linux/arm/v5",
        "--",
        sys.executable,
        "-c",
        "import os; print(os.environ['GOARM'])",
        PATH=str(xxpy.folder / "empty"),
    )
    assert (silent.returncode, silent.stdout) == (0, "5\n")
    assert "note: there is no C compiler for linux/arm/v5" in silent.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--platform", "ios/arm64"), 5, "only Xcode has"),
        (("--platform", "linux/arm64", "--cc", "tcc"), 2, "unknown compiler tcc"),
        (("--platform", "linux/arm64", "--libc", "uclibc"), 2, "unknown libc uclibc"),
        (
            ("--platform", "linux/amd64", "--cc", "clang", "--libc", "gnu.2.28"),
            5,
            "not glibc 2.28 or older",
        ),
        (("--platform", "android/arm64"), 5, "fix: Android's NDK"),
        (("--platform", "darwin/arm64", "--cc", "clang"), 5, "no SDK folder"),
        (
            ("--platform", "linux/loong64", "--cc", "clang"),
            5,
            "lacks the back-end loongarch64 (LLVM 16 has it)",
        ),
    ],
)
def test_what_cannot_be_made(arguments: tuple[str, ...], code: int, words: str, xxpy: Xxpy) -> None:
    done = xxpy("kit", "path", *arguments, ANDROID_NDK_HOME="")
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr


def test_a_clang_under_another_name(xxpy: Xxpy) -> None:
    place = xxpy.folder / "bin"
    place.mkdir()
    real = xxpy.run("sh", "-c", "command -v clang").stdout.strip()
    (place / "clang-19").symlink_to(Path(real).resolve())
    (place / "clang++-19").symlink_to(Path(real).resolve())
    (place / "ld").symlink_to("/usr/bin/ld")
    assert (
        f"{place}/clang-19"
        in xxpy("kit", "show", "--platform", "local", "--cc", "clang", PATH=str(place)).stdout
    )
    assert (
        f"{place}/clang-19"
        in xxpy(
            "kit", "show", "--platform", "local", "--cc", "clang", CLANG=f"{place}/clang-19"
        ).stdout
    )
    assert (
        "not found: /no/clang (CLANG)"
        in xxpy("kit", "show", "--platform", "local", "--cc", "clang", CLANG="/no/clang").stderr
    )


def test_nothing_stands_between_the_command_and_clang(xxpy: Xxpy) -> None:
    kit = xxpy.kit("local", "--cc", "clang")
    (xxpy.folder / "a.c").write_text("int x;\n")
    log = xxpy.folder / "trace"

    def processes(*words: str) -> int:
        done = xxpy.run(
            "strace", "-f", "-qq", "-e", "trace=clone,clone3,fork,vfork", "-o", str(log), *words
        )
        assert done.returncode == 0, done.stderr
        return len(log.read_text().splitlines())

    assert processes(str(kit / "bin" / f"{triple_of(kit)}-clang"), "-c", "a.c") == processes(
        "clang", "-c", "a.c"
    )


@pytest.mark.parametrize(
    ("family", "platform"),
    [("clang", "linux/arm64"), ("gcc", "linux/arm64"), ("zig", "linux/arm/v7")],
)
def test_the_linker_knows_its_target_without_objects(
    family: str, platform: str, xxpy: Xxpy
) -> None:
    """Projects put files into objects so; Meson's find the tools by their plain names."""
    kit = xxpy.kit(platform, "--cc", family)
    (xxpy.folder / "a.txt").write_text("text\n")
    words = ("-z", "noexecstack", "-r", "-b", "binary", "a.txt", "-o", "a.o")
    assert xxpy.run(str(kit / "bin" / f"{triple_of(kit)}-ld"), *words).returncode == 0
    rename = (str(kit / "bin" / f"{triple_of(kit)}-objcopy"), "--add-symbol", "text=.data:0")
    assert xxpy.run(*rename, "a.o", "b.o").returncode == 0
    assert xxpy("verify", "--platform", platform, "a.o", "b.o").returncode == 0
    cross = (kit / "meson-cross.ini").read_text()
    for name in ("ld", "objcopy", "objdump", "readelf"):
        assert f"\n{name} = ['{kit}/bin/{triple_of(kit)}-{name}', ]" in cross


@pytest.mark.parametrize(
    ("libc", "width"),
    [
        ("gnu.2.28", 0),
        pytest.param("gnu.2.33", 0, marks=pytest.mark.slow),
        pytest.param("gnu.2.34", 8, marks=pytest.mark.slow),
    ],
)
def test_time_of_64_bits_needs_a_libc_that_has_it(libc: str, width: int, xxpy: Xxpy) -> None:
    """A configure script asks by compiling; linking would fail much later."""
    kit = xxpy.kit("linux/arm/v7", "--cc", "zig", "--libc", libc)
    compiler = (str(kit / "bin" / f"{triple_of(kit)}-cc"), "-D_FILE_OFFSET_BITS=64", "-c", "a.c")
    (xxpy.folder / "a.c").write_text(
        '#include <time.h>\n_Static_assert(sizeof(time_t) == WIDTH, "width");\n'
    )
    done = xxpy.run(*compiler, "-DWIDTH=8", "-D_TIME_BITS=64")
    assert (done.returncode == 0) == bool(width), done.stderr
    assert width or "_TIME_BITS=64 needs glibc 2.34" in done.stderr
    assert xxpy.run(*compiler, "-DWIDTH=4").returncode == 0


RESOURCE = """#include <windows.h>
WORD VERSIONINFO
FILEVERSION 1,2,3,NUMBER
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904b0"
    BEGIN
      VALUE "ProductName", "hello\\0"
    END
  END
END
"""


@pytest.mark.parametrize(
    ("family", "platform"),
    [
        ("gcc", "windows/amd64"),
        ("zig", "windows/amd64"),
        *(
            pytest.param("zig", platform, marks=pytest.mark.slow)
            for platform in ("windows/386", "windows/arm64")
        ),
    ],
)
def test_windows_resources(family: str, platform: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", family)
    folder = xxpy.folder / "a folder"
    folder.mkdir()
    (folder / "a.rc").write_text(RESOURCE)
    for name in (f"{triple_of(kit)}-windres", "windres"):
        done = xxpy.run(
            str(kit / "bin" / name),
            "-DWORD=1",
            "-D",
            "NUMBER=4",
            "a folder/a.rc",
            "-O",
            "coff",
            f"{name}.o",
        )
        assert done.returncode == 0, done.stderr
        assert struct.pack("<4H", 2, 1, 4, 3) in (xxpy.folder / f"{name}.o").read_bytes()
        assert xxpy("verify", "--platform", platform, f"{name}.o").returncode == 0
    assert "RC_COMPILER" in (kit / "toolchain.cmake").read_text()
    assert "windres" in (kit / "meson-cross.ini").read_text()


@pytest.mark.parametrize(
    ("variables", "version"),
    [
        ({}, "11.0"),
        ({"MACOSX_DEPLOYMENT_TARGET": "12.3"}, "12.3"),
        ({"MACOSX_DEPLOYMENT_TARGET": "12.3", "MACOSX_VERSION_MIN": "13.0"}, "13.0"),
    ],
)
def test_the_deployment_target(variables: dict[str, str], version: str, xxpy: Xxpy) -> None:
    xxpy.variables.update(variables)
    assert triple_of(xxpy.kit("darwin/arm64", "--cc", "zig")) == f"arm64-apple-macos{version}"


def test_what_another_system_has_changes_nothing(xxpy: Xxpy) -> None:
    """One command line is for many platforms."""
    assert xxpy.kit("windows/amd64", "--cc", "gcc", "--libc", "gnu.2.28") == xxpy.kit(
        "windows/amd64", "--cc", "gcc"
    )
    assert xxpy.kit("linux/arm64", "--cc", "clang", "--ndk", ".", "--sdk", ".") == xxpy.kit(
        "linux/arm64", "--cc", "clang"
    )


@pytest.mark.parametrize(
    ("flag", "missing"),
    [
        ("-Wl,--dynamic-linker=/lib/ld-musl-aarch64.so.1", "/lib/ld-musl-aarch64.so.1"),
        ("-Wl,--dynamic-linker=/opt/ld.so", "/opt/ld.so"),
        ("-Wl,-z,now", ""),
        ("-static", ""),
    ],
)
def test_a_program_whose_loader_is_missing(flag: str, missing: str, xxpy: Xxpy) -> None:
    (xxpy.folder / "a.c").write_text(HELLO)
    assert xxpy.run("aarch64-linux-gnu-gcc", flag, "a.c").returncode == 0
    done = xxpy("run", "a.out")
    assert (done.returncode, done.stdout) == ((5, "") if missing else (0, "8\n")), done.stderr
    assert not missing or f"the loader {missing} is not in /usr/aarch64-linux-gnu" in done.stderr


def test_a_program_that_is_not_there(xxpy: Xxpy) -> None:
    done = xxpy("run", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no such file: nowhere" in done.stderr
