"""What a project does that fails, and the option that turns it off: the hint names it, and then it builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.build_c import projects
from tests.build_c.test_cmake import BEGIN, END, hints
from xxpy.language.c import left_out

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kit.conftest import Xxpy

MAIN: Final = "int main(void) { int n; return 0; }\n"
FLAGS: Final = "target_compile_options(hello PRIVATE -Wall)\n"
OPTION: Final = """option(HELLO_WERROR "Make errors of warnings." ON)
if(HELLO_WERROR)
  target_compile_options(hello PRIVATE -Werror)
endif()
"""
CONFIGURE: Final = """AC_INIT([hello], [1])
AM_INIT_AUTOMAKE([foreign])
AC_PROG_CC
AC_ARG_ENABLE([werror], [AS_HELP_STRING([--disable-werror], [let warnings pass])])
AS_IF([test "x$enable_werror" != xno], [CFLAGS="$CFLAGS -Wall -Werror"])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
"""
PROJECTS: Final = {
    "-DHELLO_WERROR=OFF": {"CMakeLists.txt": BEGIN + FLAGS + OPTION + END},
    "--compile-no-warning-as-error": {
        "CMakeLists.txt": BEGIN.replace(
            "add_exec", "set(CMAKE_COMPILE_WARNING_AS_ERROR ON)\nadd_exec"
        )
        + FLAGS
        + END
    },
    "-Dwerror=false": {
        "meson.build": "project('hello', 'c', default_options: ['werror=true', 'warning_level=2'])\nexecutable('hello', 'main.c', install: true)\n"
    },
    "--disable-werror": {
        "configure.ac": CONFIGURE,
        "Makefile.am": "bin_PROGRAMS = hello\nhello_SOURCES = main.c\n",
    },
}


@pytest.mark.parametrize("argument", list(PROJECTS))
def test_the_argument_that_lets_warnings_pass(argument: str, xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, {"main.c": MAIN, **PROJECTS[argument]})
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode != 0
    first, second = hints(done)
    assert first == f"let all warnings pass: xxpy build … -- {argument}"
    assert second.startswith("or let the warning pass")
    assert "-Wno-error=unused-variable" in second
    done = xxpy("build", "--platform", "linux/arm64", "--", argument)
    assert done.returncode == 0, done.stdout + done.stderr


VERSIONED: Final = {
    "configure.ac": """AC_INIT([hello], [1])
AM_INIT_AUTOMAKE([foreign])
AM_PROG_AR
LT_INIT([win32-dll])
AC_PROG_CC
AC_ARG_ENABLE([symvers], [AS_HELP_STRING([--enable-symvers], [version symbols])], [], [enable_symvers=yes])
AM_CONDITIONAL([SYMVERS], [test "$enable_symvers" = yes])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
""",
    "Makefile.am": """lib_LTLIBRARIES = libhello.la
libhello_la_SOURCES = hello.c
libhello_la_LDFLAGS = -no-undefined
if SYMVERS
libhello_la_LDFLAGS += -Wl,--version-script,$(srcdir)/hello.map
endif
""",
    "hello.c": "int hello(void) { return 1; }\n",
    "hello.map": "HELLO_1 { global: hello; local: *; };\n",
}


def test_the_argument_that_leaves_the_version_script_out(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, VERSIONED)
    done = xxpy("build", "--platform", "linux/arm64,windows/amd64", "--cc", "zig", "--keep-going")
    assert (xxpy.folder / "dist/linux_arm64/lib/libhello.so.0").is_file(), done.stderr
    argument = "--disable-symvers"
    assert hints(done)[0] == f"build without versions of symbols: xxpy build … -- {argument}"
    done = xxpy("build", "--platform", "windows/amd64", "--cc", "zig", "--", argument)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        (
            "cmake",
            "CMakeLists.txt",
            'option(HELLO_WERROR "" OFF)\noption(FLOWERRORS "" ON)\noption(NO_WERROR "" ON)\n',
        ),
        ("meson", "meson.build", "project('hello', 'c', default_options: ['werror=false'])\n"),
        ("autotools", "configure", "  --disable-werrors\n  --enable-warnings\n"),
        ("make", "Makefile", "CFLAGS = -Werror\n"),
    ],
)
def test_no_argument(language: str, name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert left_out.without_fatal_warnings(tmp_path, language) == ()
    assert left_out.without_symbol_versions(tmp_path, language) == ()


@pytest.mark.parametrize(
    "name",
    [
        "WERROR",
        "a_WARNINGS_AS_ERRORS",
        "ENABLE_WARNINGS_ARE_ERRORS",
        "X_WARN_FATAL",
        "FATAL_WARNINGS",
    ],
)
def test_names_of_options(name: str, tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(f'option({name} "" ${{TOP}})\n')
    assert left_out.without_fatal_warnings(tmp_path, "cmake") == (f"-D{name}=OFF",)
    (tmp_path / "meson_options.txt").write_text(f"option('{name}', type: 'boolean', value: true)\n")
    (tmp_path / "meson.build").write_text("")
    assert left_out.without_fatal_warnings(tmp_path, "meson") == (f"-D{name}=false",)
