"""Configure scripts that Autoconf did not make, and install steps that do not know of Windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.build.conftest import tree
from tests.build_c import projects
from xxpy.language.c import handwritten

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

SCRIPT = """#!/bin/sh
CC=gcc
host=none
for option; do
  case $option in
    CC=*) CC=${option#CC=} ;;
    --host=*) host=${option#--host=} ;;
    --prefix=*) ;;
    *) echo "unknown option $option"; exit 1 ;;
  esac
done
echo "configured for $host"
sed "s|@CC@|$CC|" Makefile.in > Makefile
"""
MAKEFILE = """CC = @CC@
all: prog
prog: main.c
\t$(CC) -o prog main.c
install: all
\tinstall -D ./prog $(DESTDIR)/usr/local/bin/prog
"""
FILES = {
    "configure": SCRIPT,
    "Makefile.in": MAKEFILE,
    "main.c": "int main(void) { return 0; }\n",
}


def test_a_script_that_ignores_the_environment_gets_arguments(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, FILES)
    done = xxpy("build", "--platform", "linux/arm64,windows/amd64", "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    found = [path for path in tree(xxpy.folder / "dist") if not path.endswith("/")]
    assert found == ["linux_arm64/bin/prog", "windows_amd64/prog.exe"]


def test_an_install_step_of_make_that_does_not_know_windows_is_left_out(xxpy: Xxpy) -> None:
    text = MAKEFILE.replace("CC = @CC@\n", "")
    projects.write(xxpy.folder, {"main.c": FILES["main.c"], "Makefile": text})
    done = xxpy("build", "--platform", "windows/amd64")
    assert done.returncode == 0, done.stdout + done.stderr
    assert tree(xxpy.folder / "dist") == ["windows_amd64/", "windows_amd64/prog.exe"]


@pytest.mark.parametrize(
    "install",
    [
        "$(DESTDIR)$(PREFIX):\n\tmkdir $@\ninstall: prog | $(DESTDIR)$(PREFIX)\n\tinstall -D prog $(DESTDIR)$(PREFIX)/bin/prog\n",
        "install: prog\n\tcp prog $(DESTDIR)$(PREFIX)/bin\n",
        "install: prog\n\tmkdir -p $(DESTDIR)$(PREFIX)/bin\n\tinstall prog $(DESTDIR)$(PREFIX)/bin/\n",
    ],
    ids=["makes its prefix", "expects bin", "makes all"],
)
def test_an_install_step_finds_the_folders_that_every_system_has(install: str, xxpy: Xxpy) -> None:
    """``mkdir`` of the prefix alone fails below an empty DESTDIR, and ``cp`` would make a file ``bin``."""
    text = f"PREFIX ?= /usr/local\nprog: main.c\n\t$(CC) -o prog main.c\n{install}"
    projects.write(xxpy.folder, {"main.c": FILES["main.c"], "Makefile": text})
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode == 0, done.stdout + done.stderr
    found = [path for path in tree(xxpy.folder / "dist") if not path.endswith("/")]
    assert found == ["linux_arm64/bin/prog"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("case $1 in\n  CC=*) ;;\n", ("CC=gcc-x",)),
        ('  "CXX="*) ;;\n', ("CXX=g++-x",)),
        ("  -host=*|--host=*) ;;\n", ("--host=arm-x",)),
        ("  AR=* | CC=*) ;;\n", ("CC=gcc-x",)),
        ("  # CC=*) is not accepted\n", ()),
        ("  --with-CC=*) ;;\n", ()),
        ('echo "CC=* may be given"\n', ()),
        ("exec ./autosetup/autosetup-find-tclsh\n", ("--host=arm-x",)),
    ],
)
def test_what_a_script_accepts(text: str, expected: tuple[str, ...]) -> None:
    environment = {"CC": "gcc-x", "CXX": "g++-x"}
    assert handwritten.words(text, environment, "arm-x") == expected
    assert not any("host" in word for word in handwritten.words(text, environment, None))


def test_a_script_is_run_by_its_own_interpreter(xxpy: Xxpy) -> None:
    script = "#!/usr/bin/env python3\nimport shutil\nshutil.copy('Makefile.in', 'Makefile')\n"
    text = MAKEFILE.replace("CC = @CC@\n", "")
    projects.write(xxpy.folder, FILES | {"configure": script, "Makefile.in": text})
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode == 0, done.stdout + done.stderr
