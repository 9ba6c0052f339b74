"""Conan and vcpkg build packages with a kit, and the results are for its platform."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

CONAN = Path(sys.executable).with_name("conan")
WORD = {
    "conanfile.py": """\
from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout


class Word(ConanFile):
    name, version = "word", "1.0"
    settings = "os", "arch", "compiler", "build_type"
    package_type = "static-library"
    exports_sources = "*"

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeToolchain(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        self.cpp_info.libs = ["word"]
""",
    "CMakeLists.txt": """\
cmake_minimum_required(VERSION 3.15)
project(word CXX)
add_library(word word.cc)
target_include_directories(word PUBLIC .)
install(TARGETS word)
install(FILES word.h TYPE INCLUDE)
""",
    "word.h": "#include <string>\nstd::string word();\n",
    "word.cc": '#include "word.h"\nstd::string word() { return "word"; }\n',
}
MAIN = '#include <iostream>\n#include "word.h"\nint main() { std::cout << word() << std::endl; }\n'
APP_CMAKE = {
    "conanfile.py": """\
from conan import ConanFile
from conan.tools.cmake import CMake, cmake_layout


class App(ConanFile):
    name, version = "app", "1.0"
    settings = "os", "arch", "compiler", "build_type"
    requires = "word/1.0"
    generators = "CMakeToolchain", "CMakeDeps"

    def layout(self):
        cmake_layout(self)

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()
        cmake.ctest(cli_args=["--verbose"])
""",
    "CMakeLists.txt": """\
cmake_minimum_required(VERSION 3.15)
project(app CXX)
enable_testing()
find_package(word REQUIRED CONFIG)
add_executable(app app.cc)
target_link_libraries(app word::word)
add_test(NAME says COMMAND app)
""",
    "app.cc": MAIN,
}
APP_MESON = {
    "conanfile.py": """\
from conan import ConanFile
from conan.tools.layout import basic_layout
from conan.tools.meson import Meson


class App(ConanFile):
    name, version = "app", "1.0"
    settings = "os", "arch", "compiler", "build_type"
    requires = "word/1.0"
    generators = "MesonToolchain", "PkgConfigDeps"

    def layout(self):
        basic_layout(self)

    def build(self):
        meson = Meson(self)
        meson.configure()
        meson.build()
        meson.test()
""",
    "meson.build": """\
project('app', 'cpp')
word = dependency('word')
app = executable('app', 'app.cc', dependencies: word)
test('says', app)
""",
    "app.cc": MAIN,
}


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


class Conan:
    """Conan with a home of its own, and the profile of a kit for the host."""

    def __init__(self, xxpy: Xxpy, kit: Path) -> None:
        self.xxpy = xxpy
        self.kit = kit
        self.home = xxpy.folder / "conan"
        if not self.home.exists():
            self("profile", "detect", profiles=False)
            # No recipe of these tests comes from elsewhere.
            self("remote", "disable", "*", profiles=False)

    def __call__(self, *words: str, profiles: bool = True) -> str:
        named = ("--profile:host", str(self.kit / "conan.profile"), "--profile:build", "default")
        done = self.xxpy.run(
            str(CONAN), *words, *(named if profiles else ()), CONAN_HOME=str(self.home)
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.mark.parametrize(
    "platform",
    [
        "linux/arm64",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("linux/riscv64", "linux/arm/v7", "windows/amd64", "darwin/arm64")
        ),
    ],
)
def test_conan_builds_a_package_and_a_program_that_needs_it(platform: str, xxpy: Xxpy) -> None:
    conan = Conan(xxpy, xxpy.kit(platform, "--cc", "zig"))
    said = conan("create", str(write(xxpy.folder / "word", WORD)))
    assert "warning" not in said, "Conan's own flags suit the compiler"
    app = write(xxpy.folder / "app", APP_CMAKE)
    said = conan("build", str(app))
    (program,) = (path for path in app.rglob("app*") if path.suffix in {"", ".exe"} and path.is_file())  # fmt: skip
    assert xxpy("verify", "--platform", platform, str(program)).returncode == 0
    if platform.startswith("linux/"):
        assert "1: word" in said, "the emulator runs the tests"
        (library,) = conan.home.rglob("p/lib/libword.a")
        assert xxpy("verify", "--platform", platform, str(library)).returncode == 0


@pytest.mark.slow
def test_conan_builds_with_meson_and_finds_packages_by_pkg_config(xxpy: Xxpy) -> None:
    conan = Conan(xxpy, xxpy.kit("linux/arm64", "--cc", "zig"))
    conan("create", str(write(xxpy.folder / "word", WORD)))
    app = write(xxpy.folder / "app", APP_MESON)
    said = conan("build", str(app))
    assert "1/1 says" in said, "the emulator runs the tests"
    (made,) = app.glob("build*/app")
    assert xxpy("verify", "--platform", "linux/arm64", str(made)).returncode == 0


def test_conan_keeps_packages_of_unlike_targets_apart(xxpy: Xxpy) -> None:
    """Conan has no setting for the level of a processor, for a libc or for the oldest glibc."""
    word = write(xxpy.folder / "word", WORD)

    def identity(*options: str) -> str:
        conan = Conan(xxpy, xxpy.kit(*options))
        done = xxpy.run(
            str(CONAN), "graph", "info", str(word), "--format", "json",
            "--profile:host", str(conan.kit / "conan.profile"), "--profile:build", "default",
            CONAN_HOME=str(conan.home),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return str(json.loads(done.stdout)["graph"]["nodes"]["0"]["package_id"])

    plain = identity("linux/amd64", "--cc", "clang")
    assert identity("linux/amd64", "--cc", "clang") == plain
    assert len({plain, identity("linux/amd64/v3", "--cc", "clang"), identity("linux/amd64/v2", "--cc", "clang")}) == 3  # fmt: skip


def test_a_kit_path_that_conan_would_expand_is_refused(xxpy: Xxpy) -> None:
    done = xxpy("kit", "path", "--platform", "local", XDG_CACHE_HOME=str(xxpy.folder / "{{ 1 }}"))
    assert done.returncode != 0
    assert "would be expanded by Conan" in done.stderr


def test_packages_of_a_package_manager_are_found_beside_those_of_the_kit(xxpy: Xxpy) -> None:
    """The plain pkg-config of a kit does not read PKG_CONFIG_PATH, which is this machine's."""
    kit = xxpy.kit("linux/riscv64", "--cc", "zig")
    places = xxpy.folder / "packages"
    places.mkdir()
    (places / "thing.pc").write_text(
        "Name: thing\nDescription: thing\nVersion: 1\nLibs: -L/some/where -lthing\n"
    )
    done = xxpy.run(
        str(kit / "packages/pkg-config"), "--libs", "thing", PKG_CONFIG_PATH=str(places)
    )
    assert (done.returncode, done.stdout.strip()) == (0, "-L/some/where -lthing"), done.stderr
    (own,) = (kit / "bin").glob("*-pkg-config")
    assert xxpy.run(str(own), "--exists", "thing", PKG_CONFIG_PATH=str(places)).returncode != 0
    assert xxpy.run(str(kit / "packages/pkg-config"), "--exists", "other").returncode != 0


PORT = """\
# What vcpkg's scripts do with a triplet: read it, and give its variables to the build of a port.
include("${TRIPLET_FILE}")
foreach(name IN ITEMS TARGET_ARCHITECTURE CMAKE_SYSTEM_NAME CRT_LINKAGE LIBRARY_LINKAGE MAKE_BUILD_TRIPLET)
  message("${name}=${VCPKG_${name}}")
endforeach()
message("CONFIG_SITE=$ENV{CONFIG_SITE}")
execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${SOURCE}/build
    -DCMAKE_TOOLCHAIN_FILE=${VCPKG_CHAINLOAD_TOOLCHAIN_FILE}
    -DVCPKG_TARGET_ARCHITECTURE=${VCPKG_TARGET_ARCHITECTURE}
    -DVCPKG_CXX_FLAGS=-DGIVEN -DVCPKG_CXX_FLAGS_RELEASE=-O1
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${SOURCE}/build COMMAND_ERROR_IS_FATAL ANY)
"""


@pytest.mark.parametrize(
    ("platform", "system", "architecture", "host"),
    [
        ("linux/arm64", "Linux", "arm64", "aarch64-linux-gnu"),
        pytest.param(
            *("windows/amd64", "MinGW", "x64", "x86_64-w64-mingw32"), marks=pytest.mark.slow
        ),
    ],
)
def test_a_vcpkg_triplet(
    platform: str, system: str, architecture: str, host: str, xxpy: Xxpy
) -> None:
    kit = xxpy.kit(platform, "--cc", "gcc")
    (triplet,) = (kit / "vcpkg").iterdir()
    word = write(xxpy.folder / "word", WORD)
    (xxpy.folder / "port.cmake").write_text(PORT)
    done = xxpy.run(
        "cmake", f"-DTRIPLET_FILE={triplet}", f"-DSOURCE={word}", "-P", "port.cmake"
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {
        f"TARGET_ARCHITECTURE={architecture}",
        f"CMAKE_SYSTEM_NAME={system}",
        f"MAKE_BUILD_TRIPLET=--host={host}",
        f"CONFIG_SITE={kit / 'config.site'}",
    } <= set(done.stderr.splitlines())
    (command,) = json.loads((word / "build/compile_commands.json").read_text())
    words = command["command"].split()
    assert {"-DGIVEN", "-O1"} <= set(words)
    assert ("-fPIC" in words) == platform.startswith("linux/")
    (library,) = (word / "build").glob("*.a")
    assert xxpy("verify", "--platform", platform, str(library)).returncode == 0


def test_a_triplet_has_a_name_that_vcpkg_allows(xxpy: Xxpy) -> None:
    (triplet,) = (xxpy.kit("linux/arm64/v8.2", "--cc", "gcc") / "vcpkg").iterdir()
    assert triplet.name == "xxpy-linux-arm64v8-2.cmake"
