"""One small project of each kind, all with the same program: it prints the width of a pointer, and a word from a library of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY_H = "const char *word(void);\n"
LIBRARY_C = '#include "word.h"\nconst char *word(void) { return "bits"; }\n'
MAIN_C = """#include <stdio.h>
#include <string.h>
#include "word.h"
int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--test") == 0) { puts("tested"); return 0; }
  printf("%d %s\\n", (int)(8 * sizeof(void *)), word());
  return 0;
}
"""
SOURCES = {"word.h": LIBRARY_H, "word.c": LIBRARY_C, "main.c": MAIN_C}

CMAKE = {
    **SOURCES,
    "CMakeLists.txt": """cmake_minimum_required(VERSION 3.16)
project(hello C)
add_library(word STATIC word.c)
add_executable(hello main.c)
target_link_libraries(hello word)
install(TARGETS hello RUNTIME DESTINATION bin)
install(TARGETS word ARCHIVE DESTINATION lib)
install(FILES word.h DESTINATION include)
enable_testing()
add_test(NAME hello COMMAND hello --test)
""",
    "CMakePresets.json": '{"version": 3, "configurePresets": [{"name": "small", "cacheVariables": {"CMAKE_BUILD_TYPE": "MinSizeRel"}}]}\n',
}
MESON = {
    **SOURCES,
    "meson.build": """project('hello', 'c')
library = static_library('word', 'word.c', install: true)
program = executable('hello', 'main.c', link_with: library, install: true)
install_headers('word.h')
test('hello', program, args: ['--test'])
""",
}
AUTOTOOLS = {
    **SOURCES,
    "configure.ac": """AC_INIT([hello], [1])
AM_INIT_AUTOMAKE([foreign subdir-objects])
AM_PROG_AR
AC_PROG_CC
AC_PROG_RANLIB
AC_CHECK_SIZEOF([long])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
""",
    "Makefile.am": """bin_PROGRAMS = hello
lib_LIBRARIES = libword.a
include_HEADERS = word.h
libword_a_SOURCES = word.c
hello_SOURCES = main.c
hello_LDADD = libword.a
TESTS = hello
""",
}
MAKE = {
    **SOURCES,
    "Makefile": """CC = gcc
AR = ar
PREFIX ?= /usr/local
all: hello
libword.a: word.o
\t$(AR) rcs $@ $^
hello: main.o libword.a
\t$(CC) $(LDFLAGS) -o $@ main.o libword.a
check: hello
\ttest -x hello
install: all
\tmkdir -p $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include
\tinstall -m 755 hello $(DESTDIR)$(PREFIX)/bin/
\tinstall -m 644 libword.a $(DESTDIR)$(PREFIX)/lib/
\tinstall -m 644 word.h $(DESTDIR)$(PREFIX)/include/
""",
}
MAKE_WITHOUT_INSTALL = {
    **SOURCES,
    "Makefile": "CC = gcc\nall: hello\nhello: main.o word.o\n\t$(CC) $(LDFLAGS) -o $@ $^\ninstall: hello\n\tcp hello /xxpy-must-not-be-written\n",
}
ALL = {"cmake": CMAKE, "meson": MESON, "autotools": AUTOTOOLS, "make": MAKE}

CGO = {
    "go.mod": "module example.com/hello\n\ngo 1.21\n",
    "main.go": """package main

/*
#include <stdio.h>
#include <string.h>
static int bits(void) { return 8 * (int)sizeof(void *); }
*/
import "C"

import (
\t"fmt"
\t"net"
\t"os/user"
)

func main() {
\tif _, err := user.LookupId("0"); err != nil {
\t\tfmt.Println(err)
\t}
\tif _, err := net.LookupHost("localhost"); err != nil {
\t\tfmt.Println(err)
\t}
\tfmt.Println(int(C.bits()), "bits")
}
""",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write a project and return its folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


ZLIB_C = '#include <stdio.h>\n#include <zlib.h>\nint main(void) { printf("zlib %s\\n", zlibVersion()); return 0; }\n'
SYSROOT = 'sysroot = { distribution = "debian:bookworm", packages = ["zlib1g-dev"] }\n'
WITH_ZLIB = {
    "cmake": {
        "main.c": ZLIB_C,
        "CMakeLists.txt": """cmake_minimum_required(VERSION 3.16)
project(hello C)
find_package(ZLIB REQUIRED)
add_executable(hello main.c)
target_link_libraries(hello ZLIB::ZLIB)
install(TARGETS hello RUNTIME DESTINATION bin)
""",
    },
    "meson": {
        "main.c": ZLIB_C,
        "meson.build": "project('hello', 'c')\nexecutable('hello', 'main.c', dependencies: dependency('zlib'), install: true)\n",
    },
    "autotools": {
        "main.c": ZLIB_C,
        "configure.ac": """AC_INIT([hello], [1])
AM_INIT_AUTOMAKE([foreign])
AC_PROG_CC
AC_CHECK_HEADER([zlib.h], [], [AC_MSG_ERROR([no zlib.h])])
AC_CHECK_LIB([z], [zlibVersion], [], [AC_MSG_ERROR([no zlib])])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
""",
        "Makefile.am": "bin_PROGRAMS = hello\nhello_SOURCES = main.c\n",
    },
    "make": {
        "main.c": ZLIB_C,
        "Makefile": "hello: main.c\n\t$(CC) $(CFLAGS) $$(pkg-config --cflags zlib) -o $@ main.c $$($(PKG_CONFIG) --libs zlib)\n"
        "install: hello\n\tmkdir -p $(DESTDIR)$(PREFIX)/bin\n\tcp hello $(DESTDIR)$(PREFIX)/bin\n",
    },
}
"""The same program that needs a library of the target, in every kind of project."""
CGO_WITH_ZLIB = {
    "go.mod": "module example.com/hello\n\ngo 1.21\n",
    "main.go": """package main

/*
#cgo pkg-config: zlib
#include <zlib.h>
*/
import "C"

import "fmt"

func main() { fmt.Println("zlib", C.GoString(C.zlibVersion())) }
""",
}
