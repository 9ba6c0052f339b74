"""CMake projects: their tests, folders and packages that are missing, and what to do about them."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from tests.build_c import projects

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

MAIN: Final = "int main(void) { return 0; }\n"
BEGIN: Final = (
    "cmake_minimum_required(VERSION 3.16)\nproject(hello C)\nadd_executable(hello main.c)\n"
)
END: Final = "install(TARGETS hello)\n"
ARCHIVE: Final = (
    "which an archive leaves out: build a clone made with git clone --recurse-submodules"
)


def hints(done: subprocess.CompletedProcess[str]) -> list[str]:
    return re.findall(r"^ *hint: (.*)$", f"{done.stdout}{done.stderr}", re.MULTILINE)


def test_tests_are_built_if_they_are_run(xxpy: Xxpy) -> None:
    tests = """include(CTest)
if(BUILD_TESTING)
  add_executable(trial trial.c)
  add_test(NAME trial COMMAND trial)
endif()
"""
    trial = "#ifdef _WIN32\n#error not here\n#endif\nint main(void) { return 0; }\n"
    files = {"main.c": MAIN, "trial.c": trial, "CMakeLists.txt": BEGIN + tests + END}
    projects.write(xxpy.folder, files)
    done = xxpy("build", "--platform", "linux/arm64,windows/amd64")
    assert done.returncode == 0, done.stdout + done.stderr
    done = xxpy("build", "--platform", "windows/amd64", "--", "-DBUILD_TESTING=ON")
    assert "error: #error not here" in done.stderr
    for more in ((), ("--incremental",), ("--incremental", "--run-tests")):
        done = xxpy("build", "--platform", "linux/arm64", *more)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "tests passed" in done.stdout


@pytest.mark.parametrize("listed", [True, False])
def test_a_folder_that_an_archive_leaves_out(xxpy: Xxpy, *, listed: bool) -> None:
    top = """option(HELLO_TRIALS "Build the trials." ON)
if(HELLO_TRIALS)
  add_subdirectory(trials)
endif()
option(NO_SPEED "Leave out the measurements." OFF)
if(NOT NO_SPEED)
  add_subdirectory("${CMAKE_CURRENT_SOURCE_DIR}/deps/speed")
endif()
"""
    files = {
        "main.c": MAIN,
        "CMakeLists.txt": BEGIN + top + END,
        "trials/CMakeLists.txt": "# if(A)\nadd_subdirectory(gtest)\n",
    }
    module = '[submodule "speed"]\n\tpath = deps/speed\n\turl = https://example.org/speed\n'
    projects.write(xxpy.folder, files | ({".gitmodules": module} if listed else {}))
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode == 1
    words = "xxpy build … -- -DHELLO_TRIALS=OFF -DNO_SPEED=ON"
    if listed:
        assert hints(done) == [
            f"deps/speed are submodules, {ARCHIVE}",
            f"or build without what needs the folder: {words}",
        ]
    else:
        assert hints(done) == [f"build without what needs the folder: {words}"]
    done = xxpy("build", "--platform", "linux/arm64", *words.split()[3:])
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_project_that_installs_only_headers(xxpy: Xxpy) -> None:
    top = """cmake_minimum_required(VERSION 3.16)
project(hello C)
option(HELLO_LIBRARY "Build the library." OFF)
if(HELLO_LIBRARY)
  add_library(hello main.c)
  install(TARGETS hello)
endif()
install(FILES hello.h TYPE INCLUDE)
"""
    projects.write(xxpy.folder, {"main.c": MAIN, "hello.h": "", "CMakeLists.txt": top})
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode == 1
    assert "linux/arm64 failed: the build left no program and no library\n" in done.stderr
    (hint,) = hints(done)
    assert hint.startswith("it installs only headers, which need no compiler")
    done = xxpy("build", "--platform", "linux/arm64", "--", "-DHELLO_LIBRARY=ON")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_folder_that_every_build_needs(xxpy: Xxpy) -> None:
    files = {"main.c": MAIN, "CMakeLists.txt": f"{BEGIN}add_subdirectory(deps/speed)\nset()\n{END}"}
    module = '[submodule "speed"]\n\tpath = deps/speed\n'
    projects.write(xxpy.folder, files | {".gitmodules": module, ".git/HEAD": ""})
    done = xxpy("build", "--platform", "linux/arm64")
    assert "which is not an existing directory." in done.stderr
    assert hints(done) == [
        "fetch the submodules deps/speed: git submodule update --init --recursive"
    ]


def test_an_option_without_which_a_missing_package_is_not_needed(xxpy: Xxpy) -> None:
    top = """option(HELLO_SSL "Use OpenSSL." ON)
if(UNIX AND HELLO_SSL)
  find_package(OpenSSL REQUIRED)
endif()
option(HELLO_ICU "Use ICU." ON)
if(HELLO_ICU)
  find_package(ICU REQUIRED)
endif()
"""
    projects.write(xxpy.folder, {"main.c": MAIN, "CMakeLists.txt": BEGIN + top + END})
    for platform in ("freebsd/amd64", "linux/arm64"):
        done = xxpy("build", "--platform", platform)
        *first, without, later = hints(done)
        assert first
        assert without == "or build without it: xxpy build … -- -DHELLO_SSL=OFF"
        assert later == "CMake has not looked for these yet: ICU (-DHELLO_ICU=OFF)"
    words = ("--", "-DHELLO_SSL=OFF", "-DHELLO_ICU=OFF")
    done = xxpy("build", "--platform", "freebsd/amd64", *words)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_project_that_wants_a_new_windows(xxpy: Xxpy) -> None:
    """Without a release, CMake compares an empty text, and zeromq defines an empty _WIN32_WINNT."""
    check = "if(NOT CMAKE_SYSTEM_VERSION VERSION_GREATER_EQUAL 6.1)\n  message(FATAL_ERROR old)\nendif()\n"
    projects.write(xxpy.folder, {"main.c": MAIN, "CMakeLists.txt": BEGIN + check + END})
    done = xxpy("build", "--platform", "windows/amd64")
    assert done.returncode == 0, done.stdout + done.stderr


def test_another_build_system_of_the_project(xxpy: Xxpy) -> None:
    files = {"main.c": MAIN, "CMakeLists.txt": f"{BEGIN}include(left_out.cmake)\n{END}"}
    projects.write(xxpy.folder, files | {"configure": "#!/bin/sh\nexit 1\n", "configure.in": ""})
    done = xxpy("build", "--platform", "linux/arm64")
    said = "CMakeLists.txt:4: include could not find requested file: left_out.cmake"
    assert said in done.stderr
    assert hints(done) == ["the project has configure too: --language autotools"]


def test_libraries_of_macos_whose_headers_are_known(xxpy: Xxpy) -> None:
    top = """find_package(ZLIB REQUIRED)
find_package(Iconv REQUIRED)
find_library(EDIT edit)
if(EDIT)
  message(FATAL_ERROR "a library without headers")
endif()
target_link_libraries(hello ZLIB::ZLIB Iconv::Iconv)
"""
    main = """#include <iconv.h>
#include <zlib.h>
int main(void) { return zlibVersion() == NULL || iconv_open("UTF-8", "ASCII") == NULL; }
"""
    projects.write(xxpy.folder, {"main.c": main, "CMakeLists.txt": BEGIN + top + END})
    done = xxpy("build", "--platform", "darwin/arm64,darwin/amd64")
    assert done.returncode == 0, done.stdout + done.stderr
    program = xxpy.folder / "dist/darwin_arm64/bin/hello"
    libraries = subprocess.run(
        ["llvm-objdump", "--macho", "--dylibs-used", program],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "/usr/lib/libz.1.dylib" in libraries
    assert "/usr/lib/libiconv.2.dylib" in libraries


def test_a_test_that_the_build_runs(xxpy: Xxpy) -> None:
    top = """option(HELLO_WITH_TESTS "Build the tests." ON)
option(HELLO_CONTEST "Something else." ON)
option(HELLO_SLOW_TESTS "More of them." OFF)
if(HELLO_WITH_TESTS)
  add_executable(minitestserver main.c)
  add_custom_command(TARGET minitestserver POST_BUILD COMMAND minitestserver)
endif()
"""
    projects.write(xxpy.folder, {"main.c": MAIN, "CMakeLists.txt": BEGIN + top + END})
    done = xxpy("build", "--platform", "darwin/arm64")
    assert hints(done)[0] == "leave out the tests: xxpy build … -- -DHELLO_WITH_TESTS=OFF"
    done = xxpy("build", "--platform", "darwin/arm64", "--", "-DHELLO_WITH_TESTS=OFF")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_test_that_does_not_compile_with_meson(xxpy: Xxpy) -> None:
    build = """project('hello', 'c')
executable('hello', 'main.c', install: true)
if get_option('unit_tests')
  executable('try', 'tests/try.c')
endif
"""
    options = "option('unit_tests', type: 'boolean', value: true)\noption('tests', type : 'feature', value : 'disabled')\n"
    files = {"main.c": MAIN, "tests/try.c": "int main(void) { return no; }\n", "meson.build": build}
    projects.write(xxpy.folder, files | {"meson_options.txt": options})
    done = xxpy("build", "--platform", "linux/arm64")
    assert hints(done) == ["leave out the tests: xxpy build … -- -Dunit_tests=false"]
    done = xxpy("build", "--platform", "linux/arm64", "--", "-Dunit_tests=false")
    assert done.returncode == 0, done.stdout + done.stderr
