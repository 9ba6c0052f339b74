"""Linking for macOS: Apple's words become those of zig's linker or go to lld, and Apple's libraries are stubs where no SDK is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.toolchain.test_base import command
from xxpy.compiler.base import macos, order, parts
from xxpy.compiler.base.order import Zig
from xxpy.machine import resources

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

TABLE = resources.table()
LIBRARY = parts.find("python-zig", os.environ).library
PLATFORMS = ("darwin/arm64", "darwin/amd64")
START = (
    "-dynamic",
    "-arch",
    "arm64",
    "-platform_version",
    "macos",
    "11.0.0",
    "11.0.0",
    "-syslibroot",
    "/base/root",
)
WITHOUT_RUST = f"{Path(sys.executable).parent}:/usr/bin:/bin"
"""A PATH without rustup, so that zig's linker links."""

SAID = {
    "a.o -o x": "a.o -o x",
    "a.o -dylib -install_name @rpath/x.dylib -compatibility_version 1 -current_version 2.3": "a.o -dynamiclib -Xlinker -install_name "
    "-Xlinker @rpath/x.dylib -Xlinker -compatibility_version -Xlinker 1.0 -Xlinker -current_version -Xlinker 2.3",
    "a.o -demangle -lto_library /x -mllvm -foo -lc++ -lSystem": "a.o -lc++ -lSystem",
    "a.o -L/x -L y -F/z -framework A -weak_framework B": "a.o -L/x -Ly -F/z -framework A -weak_framework B",
    "a.o -rpath /a,b -dead_strip -undefined dynamic_lookup -force_load l.a": "a.o -Xlinker -rpath -Xlinker /a,b -Xlinker -dead_strip "
    "-Xlinker -undefined -Xlinker dynamic_lookup -Xlinker -force_load -Xlinker l.a",
    "a.o -single_module": "a.o",
    "-filelist files": "one.o two words.o",
}
"""What zig is told of options of Apple's linker."""

REFUSED = (
    "a.o -bundle", "a.o -exported_symbols_list x", "a.o -unexported_symbol x", "a.o -ObjC", "a.o -all_load", "a.o -sectcreate a b c",
    "a.o -order_file x", "a.o -undefined suppress", "a.o -flat_namespace", "@rsp", "a.o -current_version x", "a.o -arch x86_64", "a.o -o",
    "a.o -platform_version ios 1 1", "a.o -map x", "a.o -r", "",
)  # fmt: skip


def script(folder: Path, lld: str | None) -> str:
    row = TABLE.rows[next(one for one in TABLE.rows if str(one) == PLATFORMS[0])]
    made = order.Order(
        "aarch64-macos.11.0", None, "triple", (), "macho", "", apple=macos.needs(row, lld)
    )
    path = folder / "ld"
    own = Zig("zig", "0", (str(LIBRARY), ""))
    path.write_text(macos.linker(own, made, folder / "base").script)
    (folder / "base").mkdir(exist_ok=True)
    (folder / "base/absent.txt").write_text("_pipe2 27.0\n")
    return str(path)


def zig(folder: Path, text: str) -> dict[str, str]:
    """Return an environment in which zig is a script."""
    (folder / "zig").write_text(f"#!/bin/sh\n{text}")
    (folder / "zig").chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_what_zig_is_told(shell: str, tmp_path: Path) -> None:
    environment = zig(tmp_path, "printf '%s\\n' \"$@\"\n")
    (tmp_path / "files").write_text("one.o\ntwo words.o\n")
    for words, expected in SAID.items():
        call = [shell, script(tmp_path, None), *START, *words.split(" ")]
        done = subprocess.run(
            call, cwd=tmp_path, capture_output=True, text=True, check=True, env=environment
        )
        assert (
            done.stdout
            == "\n".join(
                [
                    "cc",
                    "-target",
                    "aarch64-macos.11.0.0",
                    *expected.replace("two words", "two\0words").split(" "),
                ]
            ).replace("\0", " ")
            + "\n"
        ), words


@pytest.mark.parametrize("lld", [True, False])
def test_install_names_of_what_is_linked_by_its_path(lld: bool, tmp_path: Path) -> None:
    """rustc gives a shared library none, so that the linker would take the path of this machine."""
    environment = zig(tmp_path, "printf '%s\\n' \"$@\"\n")
    linker = script(tmp_path, str(tmp_path / "zig") if lld else None)

    def named(*words: str, **variables: str) -> list[str]:
        call = ["dash", linker, *START, "a.o", *words]
        done = subprocess.run(
            call,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            env=environment | variables,
        )
        return re.findall(r"^-install_name\n(?:-Xlinker\n)?(.*)$", done.stdout, re.MULTILINE)

    library = ("-dylib", "-o", "/a b/libc.dylib")
    asked = {"XXPY_INSTALL_NAMES": "@rpath"}
    assert named(*library, **asked) == ["@rpath/libc.dylib"]
    assert named(*library) == []
    assert named(*library[1:], **asked) == []
    assert named("-dylib", "-o", "libc.dylib", **asked) == []
    assert named(*library, "-install_name", "/own", **asked) == ["/own"]


@pytest.mark.parametrize("lld", [None, "/opt/ld64.lld"])
def test_the_script_is_clean(lld: str | None, tmp_path: Path) -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run(
        [shellcheck, "-s", "sh", script(tmp_path, lld)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_what_zig_does_not_do_is_refused(tmp_path: Path) -> None:
    environment = zig(tmp_path, "exit 0\n")
    for words in REFUSED:
        call = ["dash", script(tmp_path, None), *START, *words.split()]
        done = subprocess.run(
            call, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
        )
        assert (done.returncode, done.stderr.startswith("ld: error: ")) == (1, True), words


def test_words_arrive_as_they_are(tmp_path: Path) -> None:
    names = [" a b.o", "$(touch ran).o", "a'b\"c.o", "*.o", "line\nend.o", "a;b.o", "ä.o"]
    environment = zig(tmp_path, "printf '%s\\0' \"$@\"\n")
    for lld in (None, str(tmp_path / "zig")):
        call = ["dash", script(tmp_path, lld), *START, *names, "-o", "$x y"]
        done = subprocess.run(call, cwd=tmp_path, capture_output=True, check=True, env=environment)
        found = [os.fsdecode(word) for word in done.stdout.split(b"\0")[:-1]]
        assert found[-len(names) - 2 :] == [*names, "-o", "$x y"]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("words", [("a.o", ""), ("a\037b.o",), ("-o", "\037"), ("-rpath", "")])
def test_words_that_would_be_lost_are_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    environment = zig(tmp_path, "exit 0\n")
    for lld in (None, str(tmp_path / "zig")):
        call = ["dash", script(tmp_path, lld), *START, "a.o", *words]
        done = subprocess.run(
            call, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
        )
        assert (done.returncode, done.stderr.startswith("ld: error: ")) == (1, True)


@pytest.mark.parametrize("lld", [True, False])
def test_many_files_stay_in_order(lld: bool, tmp_path: Path) -> None:
    """More than a piece of the list has."""
    environment = zig(tmp_path, "printf '%s\\n' \"$@\"\n")
    for number in (1, 63, 64, 65, 128, 1000):
        names = [f"file {index}.o" for index in range(number)]
        call = ["dash", script(tmp_path, str(tmp_path / "zig") if lld else None), *START, *names]
        done = subprocess.run(
            call, cwd=tmp_path, capture_output=True, text=True, check=True, env=environment
        )
        assert done.stdout.splitlines()[-number:] == names


def test_symbols_are_left_to_the_loader_only_with_a_stub(tmp_path: Path) -> None:
    """Everything else than a missing symbol is an error with a stub, too."""
    log = 'printf "%s\\n" "$*" >>log\ncase $* in *dynamic_lookup*) exit 0 ;; esac\n'
    lines = 'echo "error: undefined symbol: _a" >&2\necho "    note: referenced by a.o" >&2\n'
    lines += '[ -e one ] || echo "error: undefined symbol: _b" >&2\necho ">>> referenced by new (check_error::new+0x4)" >&2\n'
    environment = zig(
        tmp_path, f"{log}{lines}[ ! -e more ] || echo 'error: bad object' >&2\nexit 1\n"
    )
    (tmp_path / "base/stubs/usr/lib").mkdir(parents=True)
    (tmp_path / "base/stubs/usr/lib/libobjc.tbd").touch()
    call = ["dash", script(tmp_path, None), *START, "a.o"]

    def link(*words: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "log").unlink(missing_ok=True)
        return subprocess.run(
            [*call, *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )

    done = link("-lobjc")
    assert done.returncode == 0
    assert done.stderr.startswith("ld: 2 symbols are left to the loader")
    assert len((tmp_path / "log").read_text().splitlines()) == 2
    (tmp_path / "one").touch()
    assert link("-lobjc").stderr.startswith("ld: 1 symbol is left to the loader")
    (tmp_path / "one").unlink()
    for words in ((), ("-lother",)):
        assert link(*words).returncode == 1
        assert "dynamic_lookup" not in (tmp_path / "log").read_text()
    (tmp_path / "own").mkdir()
    (tmp_path / "own/libobjc.dylib").touch()
    assert link("-lobjc", "-Lown").returncode == 1
    (tmp_path / "more").touch()
    done = link("-lobjc")
    assert done.returncode == 1
    assert "bad object" in done.stderr


C = """#include <math.h>
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv) { return printf("%zu %f\\n", strlen(argv[0]), sin(argc)) < 0; }
"""
OBJC = 'void *objc_getClass(const char *);\nint CFNope(void);\nint main(void) { return objc_getClass("NSObject") == 0 || CFNope(); }\n'
CXX = '#include <iostream>\n#include <stdexcept>\nint main() { try { throw std::runtime_error("x"); } catch (std::exception &e) { std::cout << e.what(); } }\n'


def headers(program: Path, *options: str) -> str:
    return subprocess.run(
        ["llvm-objdump", "--macho", *options, program], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("rust", [True, False])
def test_functions_of_newer_releases_of_macos(rust: bool, xxpy: Xxpy) -> None:
    """A check of configure does not find them, which declares a function itself."""
    if not rust:
        xxpy.variables["PATH"] = WITHOUT_RUST
    (xxpy.folder / "check.c").write_text("char mkfifoat();\nint main() { return mkfifoat(); }\n")
    (xxpy.folder / "fd.c").write_text(
        "#include <sys/select.h>\nint main(int n, char **v) { fd_set all; FD_ZERO(&all); FD_SET(n, &all); return 0; }\n"
    )
    old = command(xxpy.kit("darwin/amd64", "--cc", "zig"), "clang")
    for more in ((), ("-framework", "CoreFoundation", "-lobjc")):
        done = xxpy.run(old, "check.c", *more, "-o", "check")
        assert done.returncode != 0
        assert "ld: note: only macOS 13.0 and newer has _mkfifoat\n" in done.stderr
    (xxpy.folder / "never.c").write_text("char accept4();\nint main() { return accept4(); }\n")
    done = xxpy.run(old, "never.c", "-framework", "CoreFoundation", "-o", "never")
    assert done.returncode != 0
    assert "ld: note: no macOS has _accept4\n" in done.stderr
    done = xxpy.run(old, "fd.c", "-o", "fd")
    assert done.returncode == 0, done.stderr
    xxpy.variables["MACOSX_DEPLOYMENT_TARGET"] = "13.0"
    new = command(xxpy.kit("darwin/amd64", "--cc", "zig"), "clang")
    done = xxpy.run(new, "check.c", "-o", "check")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("rust", [True, False])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_programs(platform: str, rust: bool, xxpy: Xxpy) -> None:
    """By rustup's lld and by zig's linker: C, C++, a library, and what Apple ships."""
    if not rust:
        xxpy.variables["PATH"] = WITHOUT_RUST
    kit = xxpy.kit(platform, "--cc", "zig")
    cc, cxx = command(kit, "clang"), command(kit, "clang++")
    for name, text in {
        "a.c": C,
        "o.c": OBJC,
        "a.cc": CXX,
        "l.c": "int l(void) { return 1; }\n",
    }.items():
        (xxpy.folder / name).write_text(text)
    for words in (
        (cc, "-O2", "a.c", "-o", "a"),
        (cxx, "a.cc", "-o", "b"),
        (cc, "-shared", "l.c", "-o", "l.dylib", "-Wl,-install_name,@rpath/l.dylib"),
    ):
        done = xxpy.run(*words)
        assert done.returncode == 0, done.stderr
        assert xxpy("verify", "--platform", platform, words[words.index("-o") + 1]).returncode == 0
    assert "@rpath/l.dylib" in headers(xxpy.folder / "l.dylib", "--dylib-id")
    undefined = subprocess.run(
        ["llvm-nm", "-u", xxpy.folder / "a"], capture_output=True, text=True, check=True
    ).stdout
    assert {"_strlen", "_sin", "_printf"} <= set(undefined.split())
    signed = "LC_CODE_SIGNATURE" in headers(xxpy.folder / "a", "--private-headers")
    assert signed == (platform == PLATFORMS[0])
    done = xxpy.run(cc, "o.c", "-o", "o", "-lobjc", "-framework", "CoreFoundation")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\b2 symbols are left to the loader", done.stderr)
    used = headers(xxpy.folder / "o", "--dylibs-used")
    assert "/usr/lib/libobjc.A.dylib" in used
    assert "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation" in used
    refused: tuple[tuple[str, ...], ...] = (
        ("o.c",),
        ("o.c", "-lobjc", "-lnope"),
        ("a.c", "-framework", "Nope"),
        ("a.c", "-r"),
    )
    for given in refused:
        assert xxpy.run(cc, *given, "-o", "x").returncode != 0, given
