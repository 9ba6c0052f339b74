"""What the sources of a project lack, and with which options it builds without that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.build_c import projects
from xxpy.language import submodules
from xxpy.language.c import left_out, scripts

if TYPE_CHECKING:
    from pathlib import Path

MODULES = """[submodule "deps/one"]
\tpath = deps/one
\turl = https://example.org/one
[submodule "two"]
  url = https://example.org/two
  path = deps/two
[submodule "three"]
\tbranch
"""


def test_submodules_without_files(tmp_path: Path) -> None:
    assert submodules.lacking(tmp_path) == ()
    projects.write(tmp_path, {".gitmodules": MODULES, "deps/two/a.c": ""})
    assert submodules.lacking(tmp_path) == ("deps/one",)
    (tmp_path / "deps/one").mkdir()
    assert submodules.lacking(tmp_path) == ("deps/one",)
    assert "git clone --recurse-submodules" in submodules.fetching(tmp_path, ["deps/one"])
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")
    assert "git submodule update" in submodules.fetching(tmp_path, ["deps/one"])


@pytest.mark.parametrize("text", ["path = deps/one\n", "[submodule\n", "\0\xff[[", ""])
def test_a_list_of_submodules_that_git_would_not_read(text: str, tmp_path: Path) -> None:
    (tmp_path / ".gitmodules").write_text(text, "utf-8")
    assert submodules.lacking(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "line", "held"),
    [
        ("if(A)\nx()\nendif()\ny()", 2, ("A",)),
        ("if(A)\nx()\nendif()\ny()", 4, ()),
        ("if(A)\nx()\nelseif(B)\ny()\nelse()\nz()\nendif()", 4, ("B",)),
        ("if(A)\nx()\nelseif(B)\ny()\nelse()\nz()\nendif()", 6, ()),
        ("IF (A)\n# if(B)\n#[[ if(C)\n]] if(NOT (D))\nx()", 5, ("A", "NOT (D)")),
        ("endif()\nendif()\nx()", 3, ()),
    ],
)
def test_the_conditions_at_a_line_of_cmake(text: str, line: int, held: tuple[str, ...]) -> None:
    assert scripts.cmake_conditions(text, line) == held


@pytest.mark.parametrize(
    ("condition", "setting"),
    [
        ("WITH_SSL", "-DWITH_SSL=OFF"),
        ("NOT NO_SSL AND UNIX", "-DNO_SSL=ON"),
        ("UNIX AND WITH_SSL", "-DWITH_SSL=OFF"),
        ("NOT BUILD_SSL", None),
        ("BUILD_TESTING", "-DBUILD_TESTING=OFF"),
        ("UNIX", None),
        ("PLAIN", None),
        ("CACHED", "-DCACHED=OFF"),
    ],
)
def test_the_option_on_which_a_package_depends(
    condition: str, setting: str | None, tmp_path: Path
) -> None:
    top = """option(WITH_SSL "" ON)
option(NO_SSL "" OFF)
option(BUILD_SSL "" OFF)
set(PLAIN ON)
set(CACHED ON CACHE BOOL "")
"""
    text = f"{top}if({condition})\n  find_package(OpenSSL REQUIRED)\nendif()\n"
    projects.write(tmp_path, {"CMakeLists.txt": text})
    said = ["Call Stack (most recent call first):", "  CMakeLists.txt:7 (find_package)"]
    assert left_out.without_packages(said, tmp_path, "cmake") == (
        () if setting is None else (setting,)
    )


def test_packages_that_cmake_has_not_looked_for(tmp_path: Path) -> None:
    text = """option(SSL "" ON)
option(ICU "" ON)
option(THREADS "" ON)
option(XZ "" ON)
if(SSL)
  find_package(OpenSSL REQUIRED)
  find_package(Threads REQUIRED)
endif()
if(ICU)
  find_package(ICU 60 REQUIRED COMPONENTS uc)
endif()
if(THREADS)
  find_package(Threads REQUIRED)
endif()
if(XZ)
  pkg_check_modules(LZMA REQUIRED liblzma)
  find_package(Optional)
endif()
find_package(ZLIB REQUIRED)
"""
    projects.write(tmp_path, {"CMakeLists.txt": text})
    said = ["  CMakeLists.txt:6 (find_package)"]
    later = (("ICU", "-DICU=OFF"), ("LZMA", "-DXZ=OFF"))
    assert left_out.further_packages(said, tmp_path, "cmake") == later
    assert (
        left_out.further_packages(["  CMakeLists.txt:10 (find_package)"], tmp_path, "cmake")
        == (later[1:])
    )
    for line in (16, 19, 99):
        nothing = [f"  CMakeLists.txt:{line} (find_package)"]
        assert left_out.further_packages(nothing, tmp_path, "cmake") == ()


def test_no_option_if_one_of_the_folders_is_needed_in_any_case(tmp_path: Path) -> None:
    text = 'option(A "" ON)\nif(A)\nadd_subdirectory(a)\nendif()\nadd_subdirectory(b)\n'
    projects.write(tmp_path, {"CMakeLists.txt": text})
    said = [f"CMake Error at CMakeLists.txt:{line} (add_subdirectory):" for line in (3, 5)]
    assert left_out.without_folders(said[:1], tmp_path, "cmake") == ("-DA=OFF",)
    assert left_out.without_folders(said, tmp_path, "cmake") == ()
    outside = ["CMake Error at ../CMakeLists.txt:3 (add_subdirectory):"]
    assert left_out.without_folders(outside, tmp_path, "cmake") == ()
