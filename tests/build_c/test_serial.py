"""Makefiles that are not safe for ``make -j``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.build_c import projects
from xxpy.runner import serial

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kit.conftest import Xxpy

SOURCES = {
    "main.c": '#include "made.h"\nint main(void) { return MADE; }\n',
    "other.c": "int other;\n",
}
FOLDER = """\
all: slow prog
slow:
\tsleep 1; mkdir -p out
out/main.o: main.c
\t$(CC) -DMADE=0 -c -o $@ main.c
prog: out/main.o
\t$(CC) -o prog out/main.o
"""
HEADER = """\
all: made.h prog
made.h:
\tsleep 1; echo '#define MADE 0' > $@
prog: main.c
\t$(CC) -o prog main.c
"""
WRONG = """\
all: slow prog
slow:
\tsleep 1
prog: main.c
\t$(CC) -o prog main.c
"""


@pytest.mark.parametrize(
    ("makefile", "files", "is_built"),
    [(FOLDER, {"made.h": ""}, True), (HEADER, {}, True), (WRONG, {}, False)],
    ids=["folder", "header", "missing"],
)
def test_a_makefile_that_is_not_safe_for_several_jobs(
    makefile: str, files: dict[str, str], *, is_built: bool, xxpy: Xxpy
) -> None:
    projects.write(xxpy.folder, {**SOURCES, **files, "Makefile": makefile})
    done = xxpy("build", "--jobs", "1", "--platform", "linux/arm64")
    logs = list(xxpy.folder.parent.glob("cache/xxpy/logs/*/*.log"))
    assert (done.returncode == 0) is is_built, done.stderr
    (log,) = (path.read_text() for path in logs)
    assert log.startswith(serial.NOTE) is is_built
    assert is_built or "made.h" in done.stderr


PARALLEL = "make: *** Waiting for unfinished jobs...."


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["/usr/bin/ld: cannot find -lown: No such file", PARALLEL], True),
        (["/usr/bin/ld: cannot find -lother: No such file", PARALLEL], False),
        (["ld.lld: error: unable to find library -lshared", PARALLEL], True),
        (["ld.lld: error: unable to find library -llater", PARALLEL], True),
        (["ld.lld: error: unable to find library -llate", PARALLEL], False),
        (["a.c:1:10: fatal error: 'src/parser.h' file not found", PARALLEL], True),
        (["a.c:1:10: fatal error: 'arser.h' file not found", PARALLEL], False),
        (["/bin/sh: 1: ./mktags: not found", PARALLEL], True),
        (["/bin/sh: 1: ./mktags: not found"], False),
        (["mkdir: cannot create directory 'a': File exists", PARALLEL], True),
        (["a.c:1:1: error: unknown type name 'x'", PARALLEL], False),
        (["Assembler messages:", "Fatal error: can't create o/a.o: No such file", PARALLEL], True),
        (["checking x: No such file or directory", "$ make -j2", "a.c:1: error", PARALLEL], False),
    ],
)
def test_what_tells_that_it_is_not(lines: list[str], *, expected: bool, tmp_path: Path) -> None:
    (tmp_path / "libown.a").write_text("")
    (tmp_path / "libshared.so").write_text("")
    (tmp_path / "Makefile").write_text("LIB = liblater\nparser.h: parser.y\n\tbison parser.y\n")
    (tmp_path / "log").write_text("\n".join(("$ make", *lines, "")))
    assert serial.is_race(tmp_path / "log", tmp_path) is expected
