"""Programs for Windows, macOS, WASI and musl, static ones for Linux, and such as run on an old glibc."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import wasmtime

from tests.build_c import projects
from tests.build_c.machine import path_without
from xxpy import Platform
from xxpy.machine import resources

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

pytestmark = pytest.mark.slow

SOURCES = {
    "hello.c": '#include <stdio.h>\nint main(void) { printf("%d bits\\n", (int)(8 * sizeof(void *))); return 0; }\n',
    "hello.cc": '#include <iostream>\nint main() { std::cout << 8 * sizeof(void *) << " bits\\n"; }\n',
}
WINDOWS = ("windows/amd64", "windows/386", "windows/arm64")
GCC = WINDOWS[:2]
"""Those for which Debian has mingw-w64."""

WINE = {"windows/amd64"}
"""Platforms whose programs run on this machine: wine's package for 32-bit programs would be one of a foreign architecture."""

MACOS = ("darwin/amd64", "darwin/arm64")


def folder(platform: str) -> str:
    return f"dist/{platform.replace('/', '_')}"


def build(xxpy: Xxpy, source: str, *options: str, **variables: str) -> None:
    (xxpy.folder / source).write_text(SOURCES[source])
    done = xxpy("build", source, *options, **variables)
    assert done.returncode == 0, done.stdout + done.stderr


def inspect(xxpy: Xxpy, path: str) -> dict[str, object]:
    (found,) = json.loads(xxpy("inspect", "--json", path).stdout)
    assert isinstance(found, dict)
    return found


TWO_FOLDERS = {
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(hello C CXX)\n"
    "add_library(own SHARED own.c)\nadd_executable(program program.cc)\n"
    "target_link_libraries(program own)\nadd_executable(tool hello.cc)\n"
    "add_executable(plain hello.c)\n"
    "install(TARGETS own program RUNTIME DESTINATION bin)\n"
    "install(TARGETS tool DESTINATION tools)\ninstall(TARGETS plain DESTINATION plain)\n",
    "own.c": "static __thread int mine = 8;\nint own(void) { return mine; }\n",
    "program.cc": '#include <iostream>\nextern "C" int own();\n'
    'int main() { std::cout << own() * sizeof(void *) << " bits\\n"; }\n',
    **SOURCES,
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("cc", "platform"),
    [*(("gcc", platform) for platform in GCC), *(("zig", platform) for platform in WINDOWS)],
)
def test_windows(cc: str, platform: str, source: str, xxpy: Xxpy) -> None:
    build(xxpy, source, "--platform", platform, "--cc", cc, "--static")
    program = f"{folder(platform)}/hello.exe"
    assert xxpy("verify", "--platform", platform, program).returncode == 0
    if platform in WINE:
        assert xxpy("run", "--platform", platform, program).stdout.split() == ["64", "bits"]


@pytest.mark.parametrize("platform", GCC)
def test_the_runtime_of_gcc_is_beside_what_needs_it(platform: str, xxpy: Xxpy) -> None:
    """Twice, because the second build takes the first one's results."""
    projects.write(xxpy.folder, TWO_FOLDERS)
    for _ in range(2):
        done = xxpy("build", "--platform", platform, "--cc", "gcc", "--reuse")
        assert done.returncode == 0, done.stdout + done.stderr
        place = xxpy.folder / folder(platform)
        found = sorted(path.relative_to(place).as_posix() for path in place.rglob("*.*"))
        gcc = next(name.split("/")[1] for name in found if "libgcc" in name)
        runtime = [gcc, "libstdc++-6.dll", "libwinpthread-1.dll"]
        assert found == sorted(
            [
                "plain/plain.exe",
                "bin/program.exe",
                "bin/libown.dll",
                *(f"bin/{name}" for name in runtime),
                *(f"tools/{name}" for name in ("tool.exe", *runtime)),
            ]
        )
        if platform in WINE:
            for name in ("bin/program.exe", "tools/tool.exe"):
                ran = xxpy("run", "--platform", platform, str(place / name))
                assert (ran.returncode, ran.stdout.split()) == (0, ["64", "bits"]), ran.stderr


@pytest.mark.parametrize("source", SOURCES)
def test_windows_by_clang_with_a_sysroot(source: str, xxpy: Xxpy) -> None:
    """One folder with all of Debian's mingw-w64, which clang 14 does not find where Debian has it."""
    own = Path("/usr/x86_64-w64-mingw32")
    (libraries,) = Path("/usr/lib/gcc/x86_64-w64-mingw32").glob("*-win32")
    root = xxpy.folder / "sysroot"
    (root / "lib/gcc/x86_64-w64-mingw32").mkdir(parents=True)
    (root / "include").symlink_to(own / "include")
    for library in (own / "lib").iterdir():
        (root / "lib" / library.name).symlink_to(library)
    (root / "lib/gcc/x86_64-w64-mingw32" / libraries.name.removesuffix("-win32")).symlink_to(
        libraries
    )
    assert xxpy("sysroot", "import", "--platform", "windows/amd64", "sysroot").returncode == 0
    build(xxpy, source, "--platform", "windows/amd64", "--cc", "clang", "--sysroot", "sysroot")
    assert (
        xxpy("verify", "--platform", "windows/amd64", "dist/windows_amd64/hello.exe").returncode
        == 0
    )


RESOURCE = {
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(hello C RC)\nadd_library(word SHARED word.c)\n"
    "add_executable(use main.c use.rc)\ntarget_link_libraries(use word)\n"
    "install(TARGETS word use RUNTIME DESTINATION bin LIBRARY DESTINATION lib ARCHIVE DESTINATION lib)\n",
    "use.rc": '#include <windows.h>\n1 RCDATA BEGIN "a word of the resources" END\n',
    **projects.SOURCES,
}


@pytest.mark.parametrize("platform", WINDOWS)
def test_a_dll_its_import_library_and_resources(platform: str, xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, RESOURCE)
    done = xxpy("build", "--platform", platform, "--cc", "zig")
    assert done.returncode == 0, done.stdout + done.stderr
    place = xxpy.folder / folder(platform)
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} >= {
        "bin/libword.dll",
        "bin/use.exe",
        "lib/libword.dll.a",
    }
    assert b"a word of the resources" in (place / "bin/use.exe").read_bytes()
    if platform in WINE:
        ran = xxpy("run", "--platform", platform, str(place / "bin/use.exe"))
        assert (ran.returncode, ran.stdout.split()) == (0, ["64", "bits"]), ran.stderr


@pytest.mark.parametrize("platform", WINDOWS)
def test_cgo_for_windows(platform: str, xxpy: Xxpy) -> None:
    """Debian 12's wine lacks a library that Go's own start needs, so the programs are examined and not run."""
    projects.write(xxpy.folder, projects.CGO)
    done = xxpy("build", "--cgo", "--platform", platform, "--cc", "zig")
    assert done.returncode == 0, done.stdout + done.stderr
    found = inspect(xxpy, f"{folder(platform)}/hello.exe")
    assert found["format"] == "pe"
    assert "api-ms-win-crt-stdio" in json.dumps(found["needed"])


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("platform", MACOS)
def test_macos_without_an_sdk(platform: str, source: str, xxpy: Xxpy) -> None:
    build(xxpy, source, "--platform", platform, MACOSX_DEPLOYMENT_TARGET="12.3")
    found = inspect(xxpy, f"{folder(platform)}/hello")
    assert (found["format"], found["minimum_os"], found["architecture"]) == (
        "macho",
        "12.3",
        platform.partition("/")[2],
    )
    assert "/usr/lib/libSystem.B.dylib" in json.dumps(found["needed"])
    assert found["signed"] or platform != "darwin/arm64"


@pytest.mark.parametrize("platform", MACOS)
def test_cgo_for_macos(platform: str, xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, projects.CGO)
    done = xxpy("build", "--cgo", "--platform", platform)
    assert done.returncode == 0, done.stdout + done.stderr
    found = inspect(xxpy, f"{folder(platform)}/hello")
    assert found["format"] == "macho"
    assert found["signed"] or platform != "darwin/arm64"


STUB = """--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: /usr/lib/libSystem.B.dylib
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ _printf, _puts, dyld_stub_binder ]
...
"""


@pytest.mark.parametrize("way", ["--sdk", "--sysroot", "sysroot import"])
@pytest.mark.parametrize("platform", MACOS)
def test_macos_by_clang_and_lld_with_an_sdk(platform: str, way: str, xxpy: Xxpy) -> None:
    """Apple's SDK may not be passed on: this folder has what a program of one line needs of it."""
    for path, text in {
        "usr/include/stdio.h": "int printf(const char *, ...);\n",
        "usr/lib/libSystem.tbd": STUB,
    }.items():
        (xxpy.folder / "Mac.sdk" / path).parent.mkdir(parents=True, exist_ok=True)
        (xxpy.folder / "Mac.sdk" / path).write_text(text)
    if way == "sysroot import":
        assert xxpy("sysroot", "import", "--platform", platform, "Mac.sdk").returncode == 0
    options = {
        "--sdk": ("--sdk", "Mac.sdk"),
        "--sysroot": ("--sysroot", "./Mac.sdk"),
        "sysroot import": ("--sysroot", "Mac-sdk"),
    }[way]
    build(
        xxpy,
        "hello.c",
        "--platform",
        platform,
        "--cc",
        "clang",
        *options,
        MACOSX_DEPLOYMENT_TARGET="12.3",
    )
    found = inspect(xxpy, f"{folder(platform)}/hello")
    assert (found["minimum_os"], found["needed"]) == ("12.3", ["/usr/lib/libSystem.B.dylib"])
    assert found["signed"] or platform != "darwin/arm64"


@pytest.mark.parametrize("source", SOURCES)
def test_musl(source: str, xxpy: Xxpy) -> None:
    build(xxpy, source, "--platform", "linux/arm64", "--libc", "musl", "--static")
    assert (
        xxpy("verify", "--static", "--platform", "linux/arm64", "dist/linux_arm64/hello").returncode
        == 0
    )
    assert xxpy("run", "--platform", "linux/arm64", "dist/linux_arm64/hello").stdout == "64 bits\n"


@pytest.mark.parametrize("source", SOURCES)
def test_wasi(source: str, xxpy: Xxpy) -> None:
    build(xxpy, source, "--platform", "wasi/wasm")
    program = "dist/wasi_wasm/hello.wasm"
    assert xxpy("verify", "--platform", "wasi/wasm", program).returncode == 0
    engine = wasmtime.Engine()
    linker, store, settings = wasmtime.Linker(engine), wasmtime.Store(engine), wasmtime.WasiConfig()
    settings.stdout_file = str(xxpy.folder / "stdout")
    linker.define_wasi()
    store.set_wasi(settings)
    start = linker.instantiate(
        store, wasmtime.Module.from_file(engine, str(xxpy.folder / program))
    ).exports(store)["_start"]
    assert isinstance(start, wasmtime.Func)
    start(store)
    assert (xxpy.folder / "stdout").read_text() == "32 bits\n"


STATIC = {
    "gcc": (("--cc", "gcc", "--static"), {}),
    "static-pie": (("--cc", "gcc"), {"CFLAGS": "-O2 -fPIE", "LDFLAGS": "-static-pie"}),
}


@pytest.mark.parametrize("way", STATIC)
def test_static(way: str, xxpy: Xxpy) -> None:
    options, variables = STATIC[way]
    build(xxpy, "hello.c", "--platform", "linux/arm64", *options, **variables)
    assert (
        xxpy("verify", "--static", "--platform", "linux/arm64", "dist/linux_arm64/hello").returncode
        == 0
    )
    assert xxpy("run", "--platform", "linux/arm64", "dist/linux_arm64/hello").stdout == "64 bits\n"


def test_the_oldest_glibc(xxpy: Xxpy) -> None:
    build(xxpy, "hello.c", "--platform", "linux/arm64", "--cc", "zig", "--libc", "gnu.2.28")
    assert (
        xxpy(
            "verify", "--glibc-max", "2.28", "--platform", "linux/arm64", "dist/linux_arm64/hello"
        ).returncode
        == 0
    )
    (xxpy.folder / "new.c").write_text(
        "#include <stdlib.h>\nint main(void) { return (int)arc4random(); }\n"
    )
    refused = xxpy(
        "build", "new.c", "--platform", "linux/arm64", "--cc", "zig", "--libc", "gnu.2.28"
    )
    assert refused.returncode == 1
    assert "arc4random" in refused.stderr


THREADS = "#include <mutex>\n#include <thread>\nint main() { std::mutex m; std::thread t([&] { std::lock_guard<std::mutex> held(m); }); t.join(); }\n"


@pytest.mark.parametrize("platform", GCC)
def test_threads_of_mingw(platform: str, xxpy: Xxpy) -> None:
    """Of both variants the one with threads is taken, whatever the alternatives say; without it the other one serves."""
    (xxpy.folder / "threads.cc").write_text(THREADS)
    done = xxpy("build", "--platform", platform, "--cc", "gcc", "threads.cc")
    assert done.returncode == 0, done.stdout + done.stderr
    triple = {"windows/amd64": "x86_64", "windows/386": "i686"}[platform] + "-w64-mingw32"
    xxpy.variables["PATH"] = path_without(xxpy.folder.parent / "bin", f"{triple}-g++-posix")
    shown = xxpy("kit", "show", "--platform", platform, "--cc", "gcc").stdout
    assert f"/{triple}-gcc," in shown
    build(xxpy, "hello.cc", "--platform", platform, "--cc", "gcc")


def test_meson_links_a_shared_library_for_macos_with_its_options(xxpy: Xxpy) -> None:
    meson = (
        "project('word', 'c')\nword = shared_library('word', 'word.c', version: '1.2.3')\n"
        "executable('prog', 'main.c', link_with: word, install: true)\n"
    )
    files = {
        "meson.build": meson,
        "word.c": "int word(void) { return 0; }\n",
        "main.c": "int word(void);\nint main(void) { return word(); }\n",
    }
    projects.write(xxpy.folder, files)
    done = xxpy("build", "--platform", "darwin/arm64,darwin/amd64")
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_option_that_only_gcc_knows_for_windows(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, {"main.c": "int main(void) { return 0; }\n"})
    words = ("sh", "-c", "$CC -mwin32 -o 'a b' main.c && $CC '-###' -mwin32 -c main.c")
    done = xxpy("exec", "--cc", "zig", "--platform", "windows/amd64", "--", *words)
    assert done.returncode == 0, done.stderr
    assert (xxpy.folder / "a b.exe").is_file()
    assert "mwin32" not in done.stderr


def test_headers_of_macos_that_zig_lacks(xxpy: Xxpy) -> None:
    zig = resources.table().row(Platform.parse("darwin/arm64")).zig
    headers = () if zig is None else zig.headers
    assert headers
    text = "".join(f"#include <{name}>\n" for name in headers)
    used = """int main(void) {
  char name[8];
  struct sockaddr_sys place = {.ss_sysaddr = AF_SYS_CONTROL};
  struct nlist symbols[] = {{.n_type = N_EXT}};
  return getxattr("a", XATTR_FINDERINFO_NAME, name, sizeof name, 0, XATTR_NOFOLLOW) < 0
      && readpassphrase("? ", name, sizeof name, RPP_ECHO_OFF) == NULL && place.ss_len == 0 && symbols->n_sect == 0 && SYS_getentropy == 500;
}
"""
    projects.write(xxpy.folder, {"main.c": text + used})
    words = ("sh", "-c", "$CC -Werror -o main main.c && $CXX -Werror -xc++ -std=c++20 -c main.c")
    done = xxpy("exec", "--cc", "zig", "--platform", "darwin/arm64", "--", *words)
    assert done.returncode == 0, done.stderr


def test_options_of_the_ranlib_of_macos(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, {"a.c": "int a;\n"})
    words = ("sh", "-c", '$CC -c a.c && $AR Scr liba.a a.o && $RANLIB "$@" liba.a', "sh")
    options = ("-no_warning_for_no_symbols", "-c")
    done = xxpy("exec", "--cc", "zig", "--platform", "darwin/arm64", "--", *words, *options)
    assert done.returncode == 0, done.stderr
    assert b"_a" in (xxpy.folder / "liba.a").read_bytes()
    done = xxpy("exec", "--cc", "zig", "--platform", "freebsd/amd64", "--", *words, *options)
    assert done.returncode != 0


def test_an_option_that_static_linking_does_not_need_is_no_error(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, {"main.c": "int main(void) { return 0; }\n"})
    words = ("sh", "-c", "$CC -Werror -rdynamic -o main main.c")
    options = ("--cc", "zig", "--libc", "musl", "--platform", "linux/arm64")
    done = xxpy("exec", *options, "--", *words)
    assert done.returncode == 0, done.stderr
    assert xxpy("verify", "--platform", "linux/arm64", "--static", "main").returncode == 0


def test_terminals_of_macos_have_their_header(xxpy: Xxpy) -> None:
    text = """#include <util.h>
#include <stddef.h>
int main(void) { int descriptor; return forkpty(&descriptor, NULL, NULL, NULL) < 0; }
"""
    projects.write(xxpy.folder, {"main.c": text, "own/main.c": text, "own/util.h": text[19:]})
    words = ("sh", "-c", "$CC -o main main.c && $CXX -x c++ -c main.c && ! $CC -Iown -c main.c")
    done = xxpy("exec", "--cc", "zig", "--platform", "darwin/arm64", "--", *words)
    assert done.returncode == 0, done.stderr
    assert "undeclared function 'forkpty'" in done.stderr


LIBTOOL = {
    "configure.ac": """AC_INIT([speaks], [1])
AC_CONFIG_SRCDIR([speaks.cc])
AM_INIT_AUTOMAKE([foreign])
AC_CANONICAL_HOST
LT_INIT([win32-dll])
AC_PROG_CXX
AM_CONDITIONAL([WINDOWS], [case $host_os in mingw*) :;; *) false;; esac])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
""",
    "Makefile.am": """lib_LTLIBRARIES = libspeaks.la
libspeaks_la_SOURCES = speaks.cc
libspeaks_la_LDFLAGS = -no-undefined
if WINDOWS
libspeaks_la_LIBADD = -lws2_32
endif
bin_PROGRAMS = listens
listens_SOURCES = listens.cc
listens_LDADD = libspeaks.la
""",
    "speaks.cc": """#include <memory>
#include <sstream>
std::string say(std::shared_ptr<double> number) { std::ostringstream text; text << *number; return text.str(); }
""",
    "listens.cc": """#include <iostream>
#include <memory>
#include <string>
std::string say(std::shared_ptr<double>);
int main() { std::cout << say(std::make_shared<double>(1.5)) << std::endl; }
""",
}


def test_shared_libraries_of_libtool(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, LIBTOOL)
    done = xxpy.run("autoreconf", "-i")
    assert done.returncode == 0, done.stderr
    platforms = "linux/arm64,linux/arm/v7,windows/amd64,darwin/arm64"
    done = xxpy("build", "--cc", "zig", "--platform", platforms)
    assert done.returncode == 0, done.stdout + done.stderr
    for library in (
        "linux_arm64/lib/libspeaks.so.0.0.0",
        "linux_arm_v7/lib/libspeaks.so.0.0.0",
        "windows_amd64/bin/libspeaks-0.dll",
        "darwin_arm64/lib/libspeaks.0.dylib",
    ):
        assert (xxpy.folder / "dist" / library).is_file(), library
