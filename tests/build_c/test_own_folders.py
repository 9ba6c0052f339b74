"""Libraries that programs would load from a folder of the build: refused, or named without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.build_c import projects
from tests.toolchain.test_link_macos import headers

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

MACOS: Final = "darwin/arm64,darwin/amd64"
WORD: Final = 'const char *word(void) { return "word"; }\n'
MAIN: Final = "const char *word(void);\nint main(void) { return !word(); }\n"
CMAKE: Final = """cmake_minimum_required(VERSION 3.16)
project(hello C)
add_library(word SHARED word.c)
set_target_properties(word PROPERTIES VERSION 1.2.3 SOVERSION 1)
add_executable(hello main.c)
target_link_libraries(hello word)
install(TARGETS hello word)
"""
MAKE: Final = """all: hello
libword.so: word.c
\t$(CC) -shared -fPIC %s -o $(CURDIR)/$@ word.c
hello: main.c libword.so
\t$(CC) -o $@ main.c $(CURDIR)/libword.so
"""


@pytest.mark.parametrize("more", ["", "enable_language(ASM CXX)\n"])
def test_a_library_of_cmake_for_macos(more: str, xxpy: Xxpy) -> None:
    """Other languages are enabled after the first: CMake looks for its tools again."""
    projects.write(xxpy.folder, {"word.c": WORD, "main.c": MAIN, "CMakeLists.txt": CMAKE + more})
    done = xxpy("build", "--platform", MACOS)
    assert done.returncode == 0, done.stdout + done.stderr
    for folder in ("darwin_arm64", "darwin_amd64"):
        for name in ("bin/hello", "lib/libword.1.2.3.dylib"):
            found = headers(xxpy.folder / "dist" / folder / name, "--dylibs-used")
            names = set(re.findall(r"^\t(\S+)", found, re.MULTILINE))
            assert names == {"@rpath/libword.1.dylib", "/usr/lib/libSystem.B.dylib"}


@pytest.mark.parametrize(
    ("platform", "option"),
    [
        ("linux/arm64", "-Wl,-soname,libword.so"),
        ("freebsd/amd64", "-Wl,-soname,libword.so"),
        ("darwin/arm64", "-Wl,-install_name,@rpath/libword.so"),
    ],
)
def test_a_path_of_this_machine(platform: str, option: str, xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, {"word.c": WORD, "main.c": MAIN, "Makefile": MAKE % ""})
    done = xxpy("build", "--platform", platform)
    assert done.returncode == 6
    assert re.search(r"hello starts only on this machine: it loads /\S+/libword\.so\n", done.stderr)
    assert f"{option}\n" in done.stderr
    assert not (xxpy.folder / "dist").exists()
    (xxpy.folder / "Makefile").write_text(MAKE % option)
    done = xxpy("build", "--platform", platform)
    assert done.returncode == 0, done.stdout + done.stderr
