"""Makefiles that ask for the system, that BSD's make reads, or that Kconfig configures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.build.conftest import tree
from tests.build_c import projects
from tests.program import COMMAND

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

MAIN = {"main.c": "int main(void) { return 0; }\n"}
BY_SYSTEM = "SYSTEM := $(shell uname)\nall: prog-$(SYSTEM)\nprog-%: main.c\n\t$(CC) -o $@ main.c\n"


def built(xxpy: Xxpy, *platforms: str, **variables: str) -> list[str]:
    done = xxpy("build", "--platform", ",".join(platforms), **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return [path for path in tree(xxpy.folder / "dist") if not path.endswith("/")]


@pytest.mark.parametrize("included", [False, True])
def test_uname_answers_for_the_platform(xxpy: Xxpy, *, included: bool) -> None:
    makefile = {"Makefile": BY_SYSTEM}
    if included:
        first, rest = BY_SYSTEM.split("\n", 1)
        makefile = {"Makefile.inc": f"{first}\n", "Makefile": f"include Makefile.inc\n{rest}"}
    projects.write(xxpy.folder, MAIN | makefile)
    assert built(xxpy, "darwin/arm64", "linux/arm64", "freebsd/amd64") == [
        "darwin_arm64/prog-Darwin",
        "freebsd_amd64/prog-FreeBSD",
        "linux_arm64/prog-Linux",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ifeq ($(OS),Windows_NT)\nNAME = native\nendif\n", "native"),
        ("ifeq (Windows,$(findstring Windows,${OS})$(MSYSTEM))\nNAME = native\nendif\n", "prog"),
        ("ifdef MSYSTEM\nNAME = native\nendif\n", "native"),
        ("OS := $(shell uname -s)\nNAME = $(OS)\n", "MINGW64_NT-10.0"),
        ("ifeq ($(OS),Windows_NT)\nSHELL = cmd.exe\nNAME = native\nendif\n", "prog"),
    ],
)
def test_variables_of_the_system_are_those_of_the_platform(
    text: str, name: str, xxpy: Xxpy
) -> None:
    rules = f"NAME = prog\n{text}all: main.c\n\t$(CC) -o $(NAME)$(EXE) main.c\nEXE = .exe\n"
    projects.write(xxpy.folder, {**MAIN, "Makefile": rules})
    assert built(xxpy, "windows/amd64") == [f"windows_amd64/{name}.exe"]


def test_uname_says_what_its_options_ask_for(xxpy: Xxpy) -> None:
    answers = {"-m": "s390x", "-s -m": "Linux s390x", "-sm": "Linux s390x", "": "Linux"}
    lines = [f'\ttest "$(shell uname {options})" = "{says}"\n' for options, says in answers.items()]
    rules = f"prog: main.c\n{''.join(lines)}\t$(CC) -o prog main.c\n"
    projects.write(xxpy.folder, {**MAIN, "Makefile": rules})
    assert built(xxpy, "linux/s390x") == ["linux_s390x/prog"]


BELOW = "DIR = sub\nall install:\n\t@$(MAKE) -C $(DIR) $@\n"
OF_SUB = """all: prog
prog: ../main.c
\t$(CC) -o prog ../main.c
install: all
\tmkdir -p $(DESTDIR)$(PREFIX)/bin && cp prog $(DESTDIR)$(PREFIX)/bin
"""


@pytest.mark.parametrize(
    ("text", "installed"),
    [
        (BELOW, True),
        ("DIRS = sub\nall install:\n\tfor d in $(DIRS); do (cd $$d && $(MAKE) $@); done\n", True),
        (f"{BELOW}install: install-page\ninstall-page: main.c\n\tcp main.c /nowhere\n", False),
        ("include sub/rules.mk\n", True),
    ],
)
def test_an_install_step_leaves_the_work_to_other_makefiles(
    text: str, xxpy: Xxpy, *, installed: bool
) -> None:
    rules = OF_SUB.replace("../", "")
    files = {"Makefile": text, "sub/Makefile": OF_SUB, "sub/rules.mk": rules}
    projects.write(xxpy.folder, MAIN | files)
    place = "bin/prog" if installed else "prog"
    assert built(xxpy, "linux/arm64") == [f"linux_arm64/{place}"]


@pytest.mark.parametrize("sub", [False, True])
def test_an_install_step_for_other_systems_only(xxpy: Xxpy, *, sub: bool) -> None:
    """What it has installed before it is known to be incomplete is left out."""
    only = f"ifeq ($(shell uname),Darwin)\n{OF_SUB.partition('install')[1]}"
    rules = OF_SUB.replace("install", only, 1) + "endif\n"
    files = {"Makefile": rules.replace("../", "")}
    if sub:
        top = "all install:\n\t$(MAKE) -C one $@\n\t$(MAKE) -C sub $@\n"
        files = {
            "Makefile": top,
            "one/Makefile": OF_SUB.replace("prog", "one"),
            "sub/Makefile": rules,
        }
    projects.write(xxpy.folder, MAIN | files)
    one = ["linux_arm64/one"] if sub else []
    assert built(xxpy, "linux/arm64") == [*one, "linux_arm64/prog"]


def test_a_makefile_of_bsd_is_read_by_bmake(xxpy: Xxpy) -> None:
    rules = ".ifdef WANTED\nNAME = right\n.else\nNAME = prog\n.endif\nall: ${NAME}\n"
    rules += "${NAME}: main.c\n\t${CC} -o ${.TARGET} main.c\n"
    projects.write(xxpy.folder, {**MAIN, "Makefile": rules})
    assert built(xxpy, "linux/arm64") == ["linux_arm64/prog"]


@pytest.mark.parametrize("program", ["make", "bmake"])
def test_the_make_that_starts_xxpy_tells_the_projects_make_nothing(
    xxpy: Xxpy, program: str
) -> None:
    rules = "all: prog\nNAME = prog\nprog: main.c\n\t$(CC) -o ${NAME} main.c\n"
    if program == "bmake":
        rules = f".ifdef WANTED\n.endif\n{rules}"
    projects.write(xxpy.folder, {**MAIN, "Makefile": rules})
    flags = " -k -j4 --jobserver-auth=3,4 --no-print-directory -- NAME=other"
    outer = {"MAKEFLAGS": flags, "MFLAGS": flags, "MAKELEVEL": "1"}
    assert built(xxpy, "linux/arm64", **outer) == ["linux_arm64/prog"]


def test_flags_for_make_of_the_person_who_builds_are_kept(xxpy: Xxpy) -> None:
    rules = "NAME = prog\nall:\n\t$(CC) -o ${NAME} main.c\n"
    projects.write(xxpy.folder, {**MAIN, "Makefile": rules})
    words = ("env", "-u", "MAKELEVEL", *COMMAND, "build", "--platform", "linux/arm64")
    done = xxpy.run(*words, MAKEFLAGS="NAME=other")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (xxpy.folder / "dist/linux_arm64/other").is_file()


CROSS = """\
CROSS_PREFIX ?=
CC = $(CROSS_PREFIX)gcc
AR = $(CROSS_PREFIX)gcc-ar
ifeq ($(CROSS_PREFIX),)
GENERATOR_CC = $(CC)
else
GENERATOR_CC = cc
endif
all: prog
generator: generator.c
\t$(GENERATOR_CC) -o generator generator.c
value.h: generator
\t./generator > value.h
prog: main.c value.h
\t$(CC) -c main.c
\t$(AR) rcs libmain.a main.o
\t$(CC) -o prog libmain.a
"""


@pytest.mark.parametrize("name", ["CROSS_PREFIX", "CROSS_COMPILE", "TOOLCHAIN_PREFIX"])
def test_the_prefix_of_cross_tools_is_given(xxpy: Xxpy, name: str) -> None:
    """By it the Makefile knows that it cross-compiles; a kit has no gcc-ar."""
    files = {
        "main.c": '#include "value.h"\nint main(void) { return VALUE; }\n',
        "generator.c": '#include <stdio.h>\nint main(void) { puts("#define VALUE 0"); return 0; }\n',
        "Makefile": CROSS.replace("CROSS_PREFIX", name),
    }
    projects.write(xxpy.folder, files)
    found = built(xxpy, "linux/arm64")
    assert "linux_arm64/prog" in found
    assert not any("generator" in path for path in found)


def test_kconfig_is_given_its_default_configuration(xxpy: Xxpy) -> None:
    rules = "all: prog\nprog: main.c .config\n\t$(CC) -o prog main.c\ndefconfig:\n\ttouch .config\n"
    projects.write(xxpy.folder, {**MAIN, "Makefile": rules, "Config.in": ""})
    assert built(xxpy, "linux/arm64") == ["linux_arm64/prog"]
    assert not (xxpy.folder / ".config").exists()


def test_pkg_config_in_the_makefile_of_a_generator_is_this_machines(xxpy: Xxpy) -> None:
    tools = "conf: conf.c\n\t$(HOSTCC) -o conf conf.c\nwindow:\n\tpkg-config --libs gtk\n"
    rules = "all: prog\nprog: main.c\n\t$(CC) -o prog main.c\n"
    files = {**MAIN, "Makefile": rules, "tools/Makefile": tools}
    projects.write(xxpy.folder, files)
    assert built(xxpy, "linux/arm64") == ["linux_arm64/prog"]


WITH_GO = {
    "go.mod": "module example.com/prog\n\ngo 1.21\n",
    "with_c.go": 'package main\n\nimport "C"\n\nconst how = "with C"\n',
    "without_c.go": '//go:build !cgo\n\npackage main\n\nconst how = "without C"\n',
    "main.go": "package main\n\nfunc main() { print(how) }\n",
    "Makefile": "prog: main.go\n\tgo build -o prog .\n",
}


@pytest.mark.parametrize(
    ("option", "how"), [(None, "without C"), ("--cgo", "with C"), ("--no-cgo", "without C")]
)
def test_cgo_counts_for_the_go_of_a_makefile(option: str | None, how: str, xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, WITH_GO)
    options = () if option is None else (option,)
    done = xxpy("build", "--language", "make", "--platform", "linux/arm64", *options)
    assert done.returncode == 0, done.stderr
    assert xxpy("run", "dist/linux_arm64/prog").stderr == how


def test_what_kbuild_makes_for_this_machine_or_leaves_empty_is_no_result(xxpy: Xxpy) -> None:
    files = MAIN | {
        "gen.c": "int main(void) { return 0; }\n",
        "generate": "#!/bin/sh\ntool=./gen\n$tool\n",
        "Kbuild.src": "hostprogs-y := gen\n",
        "Makefile": """all:
\t$(MAKE) gen
\t$(MAKE) prog lib/lib.a
gen: gen.c
\t$(HOSTCC) -o gen gen.c
prog: main.c
\tsh generate
\t$(CC) -o prog main.c
lib/lib.a:
\tmkdir lib
\t$(AR) rcs lib/lib.a
""",
    }
    projects.write(xxpy.folder, files)
    assert built(xxpy, "linux/arm64") == ["linux_arm64/prog"]
