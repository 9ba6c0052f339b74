"""What the files of projects need, in which package that is, and how the configuration keeps it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from xxpy import configuration
from xxpy.configuration import save
from xxpy.errors import ConfigurationError, UsageError
from xxpy.language import wants
from xxpy.language.registry import LANGUAGES
from xxpy.machine import resources
from xxpy.request import saving, sysroots
from xxpy.runner import missing
from xxpy.sysroot import Added, Automatic, Spec, provide
from xxpy.sysroot.contents import Index
from xxpy.sysroot.needs import Kind, need
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from pathlib import Path

TRIPLE = "aarch64-linux-gnu"
INDEX = Index(
    b"\n"
    + b"".join(
        f"{path}\tlibdevel/{packages}\n".encode()
        for path, packages in {
            "usr/include/zlib.h": "zlib1g-dev",
            "usr/include/Poco/zlib.h": "libpoco-dev",
            f"usr/lib/{TRIPLE}/libz.so": "zlib1g-dev",
            "usr/include/curl/curl.h": "libcurl4-gnutls-dev,libdevel/libcurl4-openssl-dev",
            f"usr/lib/{TRIPLE}/pkgconfig/foo-2.0.pc": "libfoo2-dev",
            "usr/share/pkgconfig/data.pc": "data-files",
            "usr/include/glib-2.0/glib.h": "libglib2.0-dev",
            f"usr/lib/{TRIPLE}/cmake/Bar/BarConfig.cmake": "libbar-dev",
            f"lib/{TRIPLE}/libold.a": "libold-dev",
            "usr/include/one/same.h": "libone-dev",
            "usr/include/two/same.h": "libtwo-dev",
        }.items()
    ),
    TRIPLE,
)
PREFERRED = ("libcurl4-openssl-*",)


@pytest.mark.parametrize(
    ("kind", "name", "package"),
    [
        (Kind.HEADER, "zlib.h", "zlib1g-dev"),
        (Kind.HEADER, "glib.h", "libglib2.0-dev"),
        (Kind.HEADER, "curl/curl.h", "libcurl4-openssl-dev"),
        (Kind.LIBRARY, "z", "zlib1g-dev"),
        (Kind.LIBRARY, "old", "libold-dev"),
        (Kind.MODULE, "foo-2.0", "libfoo2-dev"),
        (Kind.MODULE, "data", "data-files"),
        (Kind.CMAKE, "Bar", "libbar-dev"),
        (Kind.PACKAGE, "libbar-dev", "libbar-dev"),
    ],
)
def test_the_package_of_a_file(kind: Kind, name: str, package: str) -> None:
    found = provide.answer([need(kind, name)], INDEX, (), PREFERRED)
    assert [one.package for one in found.taken] == [package]
    assert (found.unclear, found.unknown) == ((), ())


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.HEADER, "lib.h"),
        (Kind.HEADER, "include/zlib.h.in"),
        (Kind.LIBRARY, "poco"),
        (Kind.MODULE, "foo"),
        (Kind.PACKAGE, "libba"),
        (Kind.FUNCTION, "deflate"),
    ],
)
def test_nothing_is_guessed(kind: Kind, name: str) -> None:
    found = provide.answer([need(kind, name)], INDEX, (), ())
    assert found == provide.Answer(unknown=(need(kind, name),))


def test_several_packages_are_named_and_none_is_taken() -> None:
    found = provide.answer([need(Kind.HEADER, "same.h")], INDEX, (), PREFERRED)
    assert [one.packages for one in found.unclear] == [("libone-dev", "libtwo-dev")]
    assert found.taken == ()


def test_a_package_that_the_project_has_decides() -> None:
    found = provide.answer([need(Kind.HEADER, "same.h")], INDEX, ("libtwo-dev=1.0",), ())
    assert found == provide.Answer()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (["a.c:1:1: fatal error: a.h: No such file", "b.c:1:1: fatal error: 'b.h' file not found"],
         ["a.h", "b.h"]),
        (["checking for deflate in -lz... no", "checking for x in -lX11... no",
          "configure: error: zlib is needed"], ["-lz"]),
        (["checking for deflate in -lz... no", "checking for x in -lX11... no",
          "configure: error: a library is missing"], ["-lX11"]),
        (["checking for zlib.h... no", "checking for tgetent... no",
          "configure: error: zlib library not found"], ["zlib.h"]),
        (["checking for zlib.h... no", "checking for pcap.h... yes"], []),
        (["-- Could NOT find PNG (missing: PNG_LIBRARY)", "CMake Error at CMakeLists.txt:1 (message):",
          "  PNG is needed"], ["the CMake package PNG"]),
        (["configure: error: no curses", "  apt-get install libncurses5-dev"], ["libncurses5-dev"]),
        (["-- Could NOT find PNG (missing: PNG_LIBRARY)", "built"], []),
        (["No package 'foo' found", "No package 'bar' found"],
         ["the pkg-config module foo", "the pkg-config module bar"]),
        (["checking for initscr in -lcurses... no", "configure: error: ",
          "*** No curses lib was found, install libncurses-dev"], ["-lcurses", "libncurses-dev"]),
        (["checking for tgoto in -ltinfo... no", "checking for library containing regcmp... no",
          "checking for terminals... Cannot find terminals - failed"], ["-ltinfo"]),
        (["configure: checking for tgetent...", "configure: checking libtermcap...",
          "configure: checking libtinfo...", "configure: error: no tgetent"], ["-ltinfo"]),
        (["checking for PCRE library ... not found",
          "./configure: error: the HTTP rewrite module requires the PCRE library."],
         ["the pkg-config module PCRE"]),
        (["- Failed to find openssl/md4.h and openssl/md5.h for openssl crypto lib support.",
          "- Failed to find lz4.h for lz4.", "configure.sh: error: Aborting configure run"],
         ["openssl/md4.h", "lz4.h"]),
        (["checking for a.h... no", "Sorry: no a, no x."], ["a.h"]),
        (["checking for a.h... no", "checking for b... none needed"], []),
        (["ERROR: C shared or static library 'foo' not found"], ["-lfoo"]),
        (["Build-time dependency gi found: NO (tried pkgconfig)",
          'ERROR: Dependency "gi" not found, tried pkgconfig'], []),
        (["Build-time dependency gi found: NO (tried pkgconfig)",
          'ERROR: Dependency "foo" not found, tried pkgconfig'], ["the pkg-config module foo"]),
    ],
)  # fmt: skip
def test_what_a_log_lacks(said: list[str], found: list[str]) -> None:
    assert [str(one) for one in missing.needs(said)] == found


def test_libraries_that_were_looked_for_one_after_the_other_are_alternatives() -> None:
    (one,) = missing.needs(
        [
            "checking for z in -lz... no",
            "checking for a.h... no",
            "checking for tgetent in -ltermcap... no",
            "checking for initscr in -lncurses... no",
            "checking for tgetent in -ltinfo... no",
            "configure: error: giving up",
        ]
    )
    assert [thing.name for thing in one.things] == ["tinfo", "ncurses", "termcap"]
    assert one.implied


FILES = {
    "autotools": (
        "configure.ac",
        """AC_INIT([x], [1])
PKG_CHECK_MODULES([GLIB], [glib-2.0 >= 2.40 gio-2.0])
PKG_CHECK_MODULES([OPT], [optional], [have=yes], [have=no])
PKG_CHECK_MODULES([EMPTY], [empty], [have=yes], [])
AC_CHECK_LIB([z], [deflate], [], [AC_MSG_ERROR([zlib is needed])])
AC_CHECK_LIB([m], [sin])
dnl AC_CHECK_LIB([commented], [f], [], [AC_MSG_ERROR([no])])
if test "$with_x" = yes; then
  AC_CHECK_LIB([X11], [XOpenDisplay], [], [AC_MSG_ERROR([no X])])
fi
AS_IF([test "$a"], [PKG_CHECK_MODULES([INNER], [inner])])
AC_SEARCH_LIBS([tgetent], [tinfo ncurses], [], [AC_MSG_ERROR([no terminal])])
AC_CHECK_HEADERS([popt.h a\\ b], [], [AC_MSG_ERROR([no popt])])
AC_PROG_YACC
AC_PATH_PROG([X], [xsltproc])
""",
        ["glib-2.0", "gio-2.0", "z", "tinfo", "popt.h"],
        [("pkg-config", True), ("pkg-config", False), ("bison", False), ("xsltproc", False)],
    ),
    "meson": (
        "meson.build",
        """project('x', 'c')
cc = meson.get_compiler('c')
a = dependency('glib-2.0', version : '>=2.40')
b = dependency('opt', required : false)
c = dependency('feature', required : get_option('c'))
# dependency('commented')
n = dependency('scanner', native : true)
l = cc.find_library('z')
if host_machine.system() == 'windows'
  w = dependency('inner')
endif
p = find_program('glib-compile-resources')
q = find_program('scdoc', required : false)
executable('x', 'x.c')
""",
        ["glib-2.0", "z"],
        [("glib-compile-resources", True), ("scdoc", False)],
    ),
    "cmake": (
        "CMakeLists.txt",
        """project(x C)
find_package(Bar 1.2 REQUIRED COMPONENTS Core)
find_package(Opt)
# find_package(Commented REQUIRED)
pkg_check_modules(GLIB REQUIRED IMPORTED_TARGET glib-2.0>=2.40)
if(WIN32)
  find_package(Inner REQUIRED)
endif()
find_package(BISON REQUIRED)
find_program(NASM nasm)
add_executable(x x.c)
""",
        ["Bar", "BarCore", "glib-2.0", "BISON"],
        [("bison", True), ("nasm", False)],
    ),
    "go": (
        "a.go",
        """package main
// #cgo pkg-config: libusb-1.0
// #cgo LDFLAGS: -lfoo -L/opt
// #cgo windows LDFLAGS: -lws2_32
// #cgo linux LDFLAGS: -lbar
import "C"
func main() {}
""",
        ["libusb-1.0", "foo", "bar"],
        [],
    ),
}


@pytest.mark.parametrize("language", FILES)
def test_what_the_files_of_a_project_need(language: str, tmp_path: Path) -> None:
    name, text, needs, tools = FILES[language]
    (tmp_path / name).write_text(text)
    assert [one.things[0].name for one in LANGUAGES[language].needs(tmp_path)] == needs
    found = LANGUAGES[language].tools(tmp_path)
    assert list(dict.fromkeys((one.name, one.sure) for one in found)) == tools


def test_tools_that_are_missing_come_once_the_sure_ones_first(tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(
        "find_program(NASM nasm)\nfind_package(BISON REQUIRED)\nfind_program(B bison)\n"
    )
    found = wants.lacking(tmp_path, "cmake", {"PATH": str(tmp_path)})
    assert [(one.name, one.where.split(":")[1]) for one in found] == [("bison", "2"), ("nasm", "1")]


def test_names_are_files_in_the_end(tmp_path: Path) -> None:
    (tmp_path / "configure.ac").write_text("AC_SEARCH_LIBS([tgetent], [tinfo ncurses])\n")
    (tmp_path / "FindFoo.cmake").write_text(
        "find_path(FOO_INCLUDE NAMES foo/foo.h PATHS /opt)\nfind_library(FOO_LIBRARY foo)\n"
    )
    (tmp_path / "CMakeLists.txt").write_text(
        "find_library(BAR_LIB NAMES bar2 bar)\nfind_library(OTHER_LIB o)\n"
    )
    (tmp_path / "own.h.in").write_text("")
    said = [
        *missing.needs(
            ["CMake Error: The following variables are NOTFOUND:", "BAR_LIB", "  linked"]
        ),
        need(Kind.FUNCTION, "tgetent"),
        need(Kind.CMAKE, "Foo"),
        need(Kind.HEADER, "own.h"),
        need(Kind.FUNCTION, "unknown"),
    ]
    found = [[str(thing) for thing in one.things] for one in wants.expanded(said, tmp_path)]
    assert found.pop(0) == ["-lbar2", "-lbar"]
    assert found == [["-ltinfo", "-lncurses"], ["the CMake package Foo", "foo/foo.h", "-lfoo"]]


NEW = {"distribution": "debian:bookworm", "packages": ["libonig-dev", "zlib1g-dev"]}
LINE = 'sysroot = { distribution = "debian:bookworm", packages = ["libonig-dev", "zlib1g-dev"] }'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"{LINE}\n"),
        ('# mine\nsysroot = "auto"  # later\n', f"# mine\n{LINE}\n"),
        (
            'platforms = ["linux/*"]\n\n[verify]\nstatic = true\n',
            f'platforms = ["linux/*"]\n{LINE}\n\n[verify]\nstatic = true\n',
        ),
    ],
)
def test_packages_are_written_for_all_platforms(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "xxpy.toml"
    path.write_text(before)
    assert save.sysroots(path, NEW, {})
    assert path.read_text() == after
    assert not save.sysroots(path, NEW, {})


def test_packages_are_written_for_one_platform(tmp_path: Path) -> None:
    path = tmp_path / "xxpy.toml"
    path.write_text('[platform."linux/arm64"]\narguments = ["-x"]\nsysroot = "auto"\n\n[verify]\n')
    save.sysroots(path, None, {"linux/arm64": NEW, "linux/riscv64": {**NEW, "updates": False}})
    read = tomllib.loads(path.read_text())["platform"]
    assert read["linux/arm64"] == {"arguments": ["-x"], "sysroot": NEW}
    assert read["linux/riscv64"]["sysroot"] == {**NEW, "updates": False}


@pytest.mark.parametrize(
    "text",
    [
        '"sysroot" = "auto"\n',
        "[sysroot]\nname = 'auto'\n",
        'sysroot = { name = "auto",\n  distribution = "debian:bookworm" }\n',
        'x = """\nsysroot = 1\n"""\n',
    ],
)
def test_a_file_of_another_form_is_left_alone_and_the_lines_are_named(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "xxpy.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as error:
        save.sysroots(path, NEW, {})
    assert error.value.hint.splitlines()[1:] == [LINE] or "cannot be read" in error.value.message
    assert path.read_text() == text


def test_what_platforms_share_is_for_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "xxpy.toml"
    same, newer = (
        Spec("debian:bookworm", ("a-dev",)),
        Spec("debian:trixie", ("a-dev",), updates=False),
    )
    words = resources.table().words
    platforms = [parse(name, words) for name in ("linux/amd64", "linux/arm64", "linux/riscv64")]
    assert saving.write(path, dict(zip(platforms, (same, same, newer), strict=True)))
    assert tomllib.loads(path.read_text()) == {
        "sysroot": {"distribution": "debian:bookworm", "packages": ["a-dev"]},
        "platform": {
            "linux/riscv64": {
                "sysroot": {
                    "distribution": "debian:trixie",
                    "packages": ["a-dev"],
                    "updates": False,
                }
            }
        },
    }
    assert not saving.write(path, {})


@pytest.mark.parametrize(
    ("sysroot", "found"),
    [
        ("'auto'", Automatic()),
        ("{ name = 'auto' }", Automatic()),
        (
            "{ name = 'auto', distribution = 'debian:trixie', packages = ['a-dev'] }",
            Automatic(Spec("debian:trixie", ("a-dev",))),
        ),
        ("'debian:bookworm'", Added("debian:bookworm")),
    ],
)
def test_what_the_configuration_means(sysroot: str, found: object, tmp_path: Path) -> None:
    (tmp_path / "xxpy.toml").write_text(f"sysroot = {sysroot}\n")
    assert sysroots.sysroot(configuration.load(tmp_path), None, tmp_path) == found


@pytest.mark.parametrize("sysroot", ["{ name = 'auto', packages = ['a-dev'] }", "1", "['auto']"])
def test_what_the_configuration_cannot_mean(sysroot: str, tmp_path: Path) -> None:
    (tmp_path / "xxpy.toml").write_text(f"sysroot = {sysroot}\n")
    with pytest.raises(ConfigurationError):
        sysroots.sysroot(configuration.load(tmp_path), None, tmp_path)


def test_the_flag_keeps_the_packages_that_are_configured(tmp_path: Path) -> None:
    platform = parse("linux/arm64", resources.table().words)
    (tmp_path / "xxpy.toml").write_text(
        "sysroot = { distribution = 'debian:bookworm', packages = ['a-dev'] }\n"
    )
    settings = configuration.load(tmp_path)
    found = sysroots.wanted(settings, {}, (platform,), tmp_path, "auto")
    assert found == {platform: Automatic(Spec("debian:bookworm", ("a-dev",)))}
    with pytest.raises(UsageError, match="only a build"):
        sysroots.known(found, None, None)
