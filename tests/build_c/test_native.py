"""Projects that build programs for this machine on the way: generators are never compiled for the target, and are no results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.build.conftest import tree
from tests.build_c import projects

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

GENERATOR = '#include <stdio.h>\nint main(void) { puts("#define N 3"); return 0; }\n'
MAIN = '#include "table.h"\nint main(void) { return N - 3; }\n'
SOURCES = {"gen.c": GENERATOR, "main.c": MAIN}
RULES = "all: prog\ntable.h: gen\n\t./gen > table.h\nprog: main.c table.h\n\t$(CC) -o prog main.c\n"


def makefile(head: str, recipe: str, rules: str = RULES) -> dict[str, str]:
    return {**SOURCES, "Makefile": f"{head}{rules}gen: gen.c\n\t{recipe}\n"}


MAKEFILES = {
    "plain cc": makefile("HOSTCC = cc\n", "$(HOSTCC) -o gen gen.c"),
    "the target's": makefile("HOSTCC = $(CC) -O1\n", "$(HOSTCC) -o gen gen.c"),
    "from the environment": makefile("BUILD_CC ?= $(CC)\n", "$(BUILD_CC) -o gen gen.c"),
    "another name": makefile("NATIVE_CC = $(CC)\n", "$(NATIVE_CC) -o gen gen.c"),
    "hard-coded": makefile("", "gcc -o gen gen.c"),
    "silent": makefile("", "@gcc -o gen gen.c", RULES.replace("\t./", "\t@./")),
    "by a variable": makefile(
        "GEN = gen\nOUT := table.h\n",
        "@$(HOSTCC) -o gen gen.c",
        "all: prog\nprog: main.c $(OUT)\n\t$(CC) -o prog main.c\n$(OUT): $(GEN)\n\t@./$< > $@\n",
    ),
    "silent, in a folder": {
        "Makefile": "all:\n\t@$(MAKE) -C src\n",
        "src/Makefile": "GEN = host/gen\nall: prog\n$(GEN): gen.c\n\t@mkdir -p host\n\t@$(HOSTCC) -o $@ gen.c\ntable.h: $(GEN)\n\t@env ./$< > $@\nprog: main.c table.h\n\t$(CC) -o $@ main.c\n",
        "src/gen.c": GENERATOR,
        "src/main.c": MAIN,
    },
    "in a folder": {
        "Makefile": "all: prog\ntools/gen:\n\t$(MAKE) -C tools\ntable.h: tools/gen\n\ttools/gen > table.h\nprog: main.c table.h\n\t$(CC) -o $@ main.c\n",
        "tools/Makefile": "gen: gen.c\n\t$(HOSTCC) -o gen gen.c\n",
        "tools/gen.c": GENERATOR,
        "main.c": MAIN,
    },
}


@pytest.mark.parametrize("kind", MAKEFILES)
def test_a_generator_of_a_makefile(kind: str, xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, MAKEFILES[kind])
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode == 0, done.stdout + done.stderr
    assert tree(xxpy.folder / "dist") == ["linux_arm64/", "linux_arm64/prog"]


@pytest.mark.parametrize("recipe", ["gcc -o prog main.c", "cc -c main.c && cc -o prog main.o"])
def test_a_hard_coded_compiler_is_no_success(recipe: str, xxpy: Xxpy) -> None:
    both = "all: prog right\nright: main.c\n\t$(CC) -o right main.c\n"
    for head in ("all: prog\n", both):
        projects.write(
            xxpy.folder,
            {
                "main.c": "int main(void) { return 0; }\n",
                "Makefile": f"{head}prog: main.c\n\t{recipe}\n",
            },
        )
        done = xxpy("build", "--platform", "linux/arm64")
        assert done.returncode == 6, done.stdout + done.stderr
        assert "prog is not a binary for linux/arm64" in done.stderr
        assert not (xxpy.folder / "dist").exists()


def test_pkg_config_of_a_makefile_is_the_platforms(xxpy: Xxpy) -> None:
    """A name that is written plainly finds nothing of this machine, and one for both machines is refused."""
    own = projects.write(
        xxpy.folder.parent / "own",
        {"thing.pc": "Name: thing\nDescription: thing\nVersion: 1\nLibs: -lthing\n"},
    )
    xxpy.variables["PKG_CONFIG_PATH"] = str(own)
    rules = "prog: main.c\n\tpkg-config --exists thing\n\t$(CC) -o prog main.c\n"
    projects.write(xxpy.folder, {"main.c": "int main(void) { return 0; }\n", "Makefile": rules})
    assert xxpy.run("pkg-config", "--exists", "thing").returncode == 0, "this machine has it"
    assert xxpy("build", "--platform", "linux/arm64").returncode == 1
    (xxpy.folder / "Makefile").write_text(
        f"PKG_CONFIG = pkg-config --silence-errors\n{rules.replace('pkg-config --e', '$(PKG_CONFIG) --e')}"
    )
    done = xxpy("build", "--platform", "linux/arm64", "--verbose")
    assert "PKG_CONFIG=aarch64-linux-gnu-pkg-config --silence-errors" in done.stdout + done.stderr
    (xxpy.folder / "Makefile").write_text(
        f"{rules}gen: gen.c\n\t$(HOSTCC) $$(pkg-config --cflags thing) -o gen gen.c\n"
    )
    done = xxpy("build", "--platform", "linux/arm64")
    assert "under one name" in done.stderr


CMAKE = """cmake_minimum_required(VERSION 3.16)
project(hello C)
include(ExternalProject)
ExternalProject_Add(tools SOURCE_DIR ${CMAKE_SOURCE_DIR}/tools INSTALL_COMMAND "" BINARY_DIR ${CMAKE_BINARY_DIR}/tools)
add_custom_command(OUTPUT table.h COMMAND ${CMAKE_BINARY_DIR}/tools/gen > table.h DEPENDS tools)
add_executable(prog main.c ${CMAKE_BINARY_DIR}/table.h)
target_include_directories(prog PRIVATE ${CMAKE_BINARY_DIR})
"""
TOOLS = "cmake_minimum_required(VERSION 3.16)\nproject(tools C)\nadd_executable(gen gen.c)\n"
MESON = """project('hello', 'c')
gen = executable('gen', 'gen.c', link_with: static_library('own', 'own.c', native: true), native: true)
table = custom_target('table', output: 'table.h', command: gen, capture: true)
executable('prog', 'main.c', table{})
"""
AUTOTOOLS = {
    **SOURCES,
    "configure.ac": "AC_INIT([hello], [1])\nAM_INIT_AUTOMAKE([foreign])\nAC_PROG_CC\n"
    ': "${CC_FOR_BUILD=cc}"\nAC_SUBST([CC_FOR_BUILD])\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n',
    "Makefile.am": "bin_PROGRAMS = prog\nprog_SOURCES = main.c\nBUILT_SOURCES = table.h\n"
    "gen: gen.c\n\t$(CC_FOR_BUILD) -o gen $(srcdir)/gen.c\ntable.h: gen\n\t./gen > table.h\n",
}
OTHERS = {
    "cmake": {
        "CMakeLists.txt": CMAKE,
        "main.c": MAIN,
        "tools/gen.c": GENERATOR,
        "tools/CMakeLists.txt": TOOLS,
    },
    "meson": {**SOURCES, "own.c": "int own;\n", "meson.build": MESON.format(", install: true")},
    "meson without an install step": {
        **SOURCES,
        "own.c": "int own;\n",
        "meson.build": MESON.format(""),
    },
    "autotools": AUTOTOOLS,
}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_generator_of_another_build_tool(kind: str, xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, OTHERS[kind])
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path for path in tree(xxpy.folder / "dist") if not path.endswith("/")] == [
        f"linux_arm64/{'bin/' if kind in {'meson', 'autotools'} else ''}prog"
    ]


LINKS = "all: prog\nprog: main.c\n\t$(CC) -c main.c\n\t@TOOL@ -o prog main.o\n"


@pytest.mark.parametrize(
    ("head", "link"),
    [("LD = gcc\n", "LD"), ("LINKER ?= cc -s\n", "LINKER"), ("MYCXX := g++\n", "MYCXX")],
)
def test_a_compiler_by_another_name_is_the_platforms(head: str, link: str, xxpy: Xxpy) -> None:
    files = {"main.c": "int main(void) { return 0; }\n", "Makefile": head + LINKS}
    files["Makefile"] = files["Makefile"].replace("@TOOL@", f"$({link})")
    projects.write(xxpy.folder, files | {"unused.cc": "" if link != "MYCXX" else "int f;\n"})
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode == 0, done.stdout + done.stderr
    assert tree(xxpy.folder / "dist") == ["linux_arm64/", "linux_arm64/prog"]


def test_a_generators_compiler_by_another_name_is_this_machines(xxpy: Xxpy) -> None:
    recipe = "$(BUILDCC) -o gen gen.c"
    projects.write(xxpy.folder, makefile("BUILDCC = gcc\n", recipe))
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode == 0, done.stdout + done.stderr


def test_tests_of_the_default_goal_are_not_run_for_another_platform(xxpy: Xxpy) -> None:
    rules = "PROGRAMS = prog\nall: $(PROGRAMS) test\nprog: main.c\n\t$(CC) -o prog main.c\n"
    tests = "test: prog\n\t./prog\n"
    projects.write(xxpy.folder, {"main.c": "int main(void) { return 7; }\n"})
    (xxpy.folder / "Makefile").write_text(rules + tests)
    done = xxpy("build", "--platform", "linux/arm64,darwin/arm64")
    assert done.returncode == 0, done.stdout + done.stderr
    assert xxpy("build", "--platform", "linux/amd64").returncode == 1, "natively they run"
    compiled = "test: main.c\n\t$(CC) -o test main.c\n"
    (xxpy.folder / "Makefile").write_text(rules + compiled)
    done = xxpy("build", "--platform", "linux/arm64")
    assert tree(xxpy.folder / "dist" / "linux_arm64") == ["prog", "test"]


def test_a_compiler_that_sees_no_libraries_of_this_machine_has_a_pkg_config_that_sees_none(
    xxpy: Xxpy,
) -> None:
    words = ("sh", "-c", "$PKG_CONFIG --list-all")
    found = {
        compiler: xxpy("exec", "--cc", compiler, "--platform", "local", "--", *words).stdout
        for compiler in ("clang", "zig")
    }
    assert found["clang"]
    assert not found["zig"]
