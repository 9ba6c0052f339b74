"""The answers of ``toolchains/autoconf.toml`` are what the tests of a ``configure`` script find when they run, with each libc of Linux."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xxpy.compiler.base import parts
from xxpy.machine import resources

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

MACROS = [
    "AC_FUNC_CHOWN",
    "AC_FUNC_CLOSEDIR_VOID",
    "AC_FUNC_FNMATCH",
    "AC_FUNC_FORK",
    "AC_FUNC_GETGROUPS",
    "AC_FUNC_GETPGRP",
    "AC_FUNC_LSTAT",
    "AC_FUNC_LSTAT_FOLLOWS_SLASHED_SYMLINK",
    "AC_FUNC_MALLOC",
    "AC_FUNC_MEMCMP",
    "AC_FUNC_MKTIME",
    "AC_FUNC_MMAP",
    "AC_FUNC_REALLOC",
    "AC_FUNC_SETPGRP",
    "AC_FUNC_STAT",
    "AC_FUNC_STRCOLL",
    "AC_FUNC_STRNLEN",
    "AC_FUNC_STRTOD",
    "AC_FUNC_UTIME_NULL",
    "AC_FUNC_WAIT3",
]
"""Macros of Autoconf whose tests run a program."""

CALLOC = """AC_CACHE_CHECK([for working calloc], [ac_cv_func_calloc_0_nonnull], [AC_RUN_IFELSE([AC_LANG_PROGRAM([#include <stdlib.h>],
[char *p = calloc (0, 0); int failed = !p; free (p); return failed;])], [ac_cv_func_calloc_0_nonnull=yes], [ac_cv_func_calloc_0_nonnull=no],
[ac_cv_func_calloc_0_nonnull=cross])])
AC_CACHE_CHECK([for reversed setvbuf], [ac_cv_func_setvbuf_reversed], [AC_RUN_IFELSE([AC_LANG_PROGRAM([#include <stdio.h>
#include <stdlib.h>],
[return setvbuf (stdout, malloc (99), _IOLBF, 99) != 0;])], [ac_cv_func_setvbuf_reversed=no], [ac_cv_func_setvbuf_reversed=yes],
[ac_cv_func_setvbuf_reversed=cross])])
"""
"""Gnulib's test of calloc, and the one of AC_FUNC_SETVBUF_REVERSED, which Autoconf itself has given up."""

TABLE = resources.table()


def project(folder: Path) -> None:
    head = "AC_INIT([site], [1])\nAC_CONFIG_SRCDIR([configure.ac])\nAC_CONFIG_LIBOBJ_DIR([.])\nAC_PROG_CC\nAC_USE_SYSTEM_EXTENSIONS\n"
    (folder / "configure.ac").write_text(f"{head}{chr(10).join(MACROS)}\n{CALLOC}AC_OUTPUT\n")
    subprocess.run(["autoconf", "-W", "none"], cwd=folder, check=True, capture_output=True)
    for name in ("config.guess", "config.sub"):
        shutil.copy2(Path("/usr/share/misc") / name, folder)
    (folder / "install-sh").write_text("#!/bin/sh\n")


def found(folder: Path, *words: str, **variables: str) -> dict[str, str]:
    """Return the cache of a ``configure`` that has run."""
    build = folder / f"build-{len(list(folder.iterdir()))}"
    build.mkdir()
    done = subprocess.run(
        ["../configure", *words],
        cwd=build,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(
        re.findall(
            r"^(\w+_cv_\w+)='?([^'\n]*)'?$", (build / "config.log").read_text(), re.MULTILINE
        )
    )


@pytest.mark.parametrize(
    ("key", "options"),
    [("linux/gnu", ("--cc", "gcc")), ("linux/musl", ("--cc", "zig", "--libc", "musl"))],
)
def test_the_answers_are_what_the_tests_find(
    key: str, options: tuple[str, ...], xxpy: Xxpy
) -> None:
    project(xxpy.folder)
    expected = {**TABLE.sites["linux"].answers, **TABLE.sites[key].answers}
    compiler = next((xxpy.kit("linux/amd64", *options) / "bin").glob("*-cc"))
    ran = found(xxpy.folder, CC=str(compiler))
    assert {name: ran.get(name) for name in expected} == expected


def test_configure_takes_them_for_another_machine_only(xxpy: Xxpy) -> None:
    project(xxpy.folder)
    own = xxpy.folder / "own.site"
    own.write_text("ac_cv_func_chown_works=no\nxxpy_own=1\n")
    kit = xxpy.kit("linux/arm64", "--cc", "gcc")
    site = {"CONFIG_SITE": str(kit / "config.site"), "XXPY_CONFIG_SITE": str(own)}
    cross = (
        "--host=aarch64-linux-gnu",
        "--build=x86_64-linux-gnu",
        "CC=aarch64-linux-gnu-gcc",
        "ac_cv_func_strtod=no",
    )
    guessed = found(xxpy.folder, *cross, **site)
    assert guessed["ac_cv_func_malloc_0_nonnull"] == guessed["ac_cv_func_memcmp_working"] == "yes"
    assert guessed["ac_cv_func_chown_works"] == "no", "the user's own file is stronger"
    assert guessed["ac_cv_func_strtod"] == "no", "and what is said to configure stronger still"
    native = xxpy.run(
        "sh",
        "-c",
        '. "$0"; echo "${ac_cv_func_malloc_0_nonnull-unset}"',
        str(kit / "config.site"),
        host_alias="",
        prefix="NONE",
    )
    assert native.stdout == "unset\n", native.stderr


def test_the_users_own_is_handed_on(xxpy: Xxpy) -> None:
    ask = (
        "exec",
        "--platform",
        "linux/arm64",
        "--cc",
        "gcc",
        "--",
        "sh",
        "-c",
        'echo "$CONFIG_SITE $XXPY_CONFIG_SITE"',
    )
    assert xxpy(*ask).stdout.endswith("/config.site \n")
    site, theirs = xxpy(*ask, CONFIG_SITE="own.site").stdout.split()
    assert (Path(site).name, theirs) == ("config.site", f"{xxpy.folder}/own.site")
    again = xxpy(
        "exec", "--platform", "linux/arm64", "--cc", "gcc", "--", "python3", "-m", "xxpy", *ask
    )
    assert again.stdout == f"{site} \n", again.stderr


def test_no_replacement_that_the_project_does_not_have(xxpy: Xxpy) -> None:
    for name, text in {
        "configure.ac": "AC_INIT([auto], [1])\nAM_INIT_AUTOMAKE([foreign])\nAC_PROG_CC\nAC_FUNC_MALLOC\nAC_FUNC_REALLOC\nAC_FUNC_STRTOD\n"
        "AC_FUNC_MEMCMP\nAC_CONFIG_HEADERS([config.h])\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n",
        "Makefile.am": "bin_PROGRAMS = auto\nauto_SOURCES = main.c\n",
        "main.c": "#include <config.h>\n#include <stdlib.h>\nint main(void) { char *p = realloc(malloc(3), 9); free(p); return 0; }\n",
    }.items():
        (xxpy.folder / name).write_text(text)
    for options in (
        ("--cc", "gcc", "--platform", "linux/arm64,windows/amd64"),
        ("--cc", "zig", "--libc", "musl", "--platform", "linux/arm64"),
    ):
        done = xxpy("build", *options)
        assert done.returncode == 0, done.stdout + done.stderr


def test_macos_has_no_function_that_the_answers_say_it_lacks() -> None:
    """zig has the list of the symbols of the newest libSystem."""
    system = Path(parts.find("python-zig", os.environ).library) / "libc/darwin/libSystem.tbd"
    symbols = set(re.findall(r"\b_(\w+)\b", system.read_text("utf-8")))
    absent = set(TABLE.sites["darwin"].absent)
    assert {"ppoll", "pthread_condattr_setclock"} <= absent
    assert not absent & symbols
