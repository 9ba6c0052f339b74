"""Which of several build systems in one folder is taken, and where it is the user's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xxpy.errors import ProjectError
from xxpy.language.detect import detect

if TYPE_CHECKING:
    from pathlib import Path

GO = {"go.mod": "module m\n", "cmd/x/main.go": "// Command x.\npackage main\n"}
GO_LIBRARY = {
    "go.mod": "module m\n",
    "m.go": "package m\n",
    "gen.go": "//go:build ignore\n\npackage main\n",
    "m_test.go": "package main\n",
}
RUST = {"Cargo.toml": '[package]\nname = "r"\n', "src/main.rs": "fn main() {}\n"}
RUST_BIN = {"Cargo.toml": '[package]\nname = "r"\n[[bin]]\nname = "r"\npath = "r.rs"\n'}
RUST_MEMBER = {
    "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
    "crates/a/Cargo.toml": '[package]\nname = "a"\n',
    "crates/a/src/main.rs": "",
}
RUST_LIBRARY = {
    "Cargo.toml": '[package]\nname = "core"\n[lib]\ncrate-type = ["staticlib"]\n',
    "src/lib.rs": "",
}
MAKE = {"Makefile": "prog: prog.c\n\t$(CC) $(CFLAGS) -o $@ $^\n", "prog.c": ""}
MAKE_IMPLICIT = {"Makefile": "all: prog\n", "prog.c": ""}
MAKE_GO = {"Makefile": "build:\n\tCC=aarch64-linux-gnu-gcc go build ./...\n"}
MAKE_CARGO = {
    "Makefile": "prog: core\n\t$(CC) -o $@ prog.c core.a\ncore:\n\tcargo build --release\n",
    "prog.c": "",
}
MAKE_LINT = {"Makefile": "lint:\n\tgolangci-lint run\n"}
MAKE_LIBRARY = {
    "Makefile": "lib.so: a.o\n\t$(CC) -shared -o $@ $^\na.o: a.c\n\t$(CC) -c -o $@ $<\n",
    "a.c": "",
}
MAKE_GENERATED = {**MAKE, "Makefile.in": "prog: prog.c\n"}
CMAKE = {
    "CMakeLists.txt": "project(x C)\nadd_subdirectory(src)\n",
    "src/CMakeLists.txt": "add_executable(x x.c)\n",
}
CMAKE_LIBRARY = {"CMakeLists.txt": "project(x C)\nadd_library(x x.c)\n# add_executable(x x.c)\n"}
CMAKE_CONTRIB = {"contrib/buildsystems/CMakeLists.txt": "project(x C)\nadd_executable(x x.c)\n"}
MESON = {"meson.build": "project('x', 'c')\nexecutable('x', 'x.c')\n"}
MESON_LIBRARY = {"meson.build": "project('x', 'c')\nlibrary('x', 'x.c')\n"}
AUTOCONF = {"configure.ac": "AC_INIT\n"}
CONFIGURE = {"configure": "#!/bin/sh\n"}
AUTOMAKE = {**AUTOCONF, "Makefile.am": "bin_PROGRAMS = x\n"}


@pytest.mark.parametrize(
    ("parts", "language", "note"),
    [
        ((GO, MAKE_GO), "go", ""),
        ((GO, MAKE_LINT), "go", ""),
        ((GO, RUST_LIBRARY), "go", ""),
        ((GO, CMAKE_LIBRARY), "go", ""),
        ((GO_LIBRARY, MAKE), "make", ""),
        ((GO_LIBRARY, RUST), "rust", ""),
        ((RUST, MAKE_CARGO), "rust", ""),
        ((RUST_LIBRARY, MAKE_CARGO), "make", ""),
        ((RUST_LIBRARY, MAKE_IMPLICIT), "make", ""),
        ((RUST_LIBRARY, MAKE, MESON, AUTOCONF, CMAKE_CONTRIB), "meson", "built with meson.build; Makefile would build programs too"),
        ((RUST_LIBRARY, MAKE, MESON_LIBRARY, CMAKE_CONTRIB), "make", ""),
        ((RUST_LIBRARY, MAKE_LINT), "rust", ""),
        ((CMAKE, MAKE), "cmake", "built with CMakeLists.txt; Makefile would build programs too"),
        ((CMAKE_LIBRARY, MAKE), "make", ""),
        ((CMAKE_LIBRARY, MAKE_LIBRARY), "cmake", ""),
        ((MESON, MAKE_LINT), "meson", ""),
        ((CONFIGURE, MAKE_GENERATED), "autotools", ""),
        ((CONFIGURE, MAKE), "autotools", "built with configure; Makefile would build programs too"),
        ((AUTOCONF, MAKE), "make", ""),
        ((AUTOMAKE, MAKE_GENERATED), "autotools", ""),
        ((MAKE_IMPLICIT,), "make", ""),
        ((CMAKE_LIBRARY,), "cmake", ""),
        (({"a.c": ""},), "c", ""),
    ],
)  # fmt: skip
def test_what_builds_the_programs_is_taken(
    parts: tuple[dict[str, str], ...], language: str, note: str, tmp_path: Path
) -> None:
    write(tmp_path, *parts)
    found = detect(tmp_path, None)
    assert found.language == language
    assert found.note.startswith(note) if note else not found.note


@pytest.mark.parametrize(
    ("parts", "listed"),
    [
        ((GO, RUST), "go.mod, Cargo.toml"),
        ((GO, RUST_BIN), "go.mod, Cargo.toml"),
        ((GO, RUST_MEMBER), "go.mod, Cargo.toml"),
        ((GO, MAKE), "go.mod, Makefile"),
        ((RUST, MAKE), "Cargo.toml, Makefile"),
        ((RUST, CMAKE), "Cargo.toml, CMakeLists.txt"),
        ((RUST, CONFIGURE), "Cargo.toml, configure"),
        ((GO_LIBRARY, RUST_LIBRARY), "go.mod, Cargo.toml"),
    ],
)
def test_where_several_may_be_meant_the_user_says(
    parts: tuple[dict[str, str], ...], listed: str, tmp_path: Path
) -> None:
    write(tmp_path, *parts)
    with pytest.raises(ProjectError) as error:
        detect(tmp_path, None)
    assert error.value.message.endswith(f": {listed}")
    assert "--language" in error.value.hint
    assert detect(tmp_path, "make").language == "make"


def write(folder: Path, *parts: dict[str, str]) -> None:
    for name, text in {name: text for part in parts for name, text in part.items()}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
