"""``xx-go`` and its C compilers: clang set up by itself, the target's GCC, or none; never an error of xx-go."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.differential import machine
from tests.differential.machine import MEMORY, PATH
from tests.differential.roots import SHELLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.differential.machine import Machine

GO = Path(shutil.which("go") or "go").resolve().parents[1]
TARGET = {
    "TARGETPLATFORM": "linux/arm64",
    "PATH": f"{PATH}:{GO}/bin",
    "GOFLAGS": "-mod=mod",
    "GOTOOLCHAIN": "local",
}
TRIPLE = "aarch64-linux-gnu"


@pytest.fixture
def made(request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A machine with the shell that the test names, dash without one."""
    folder = Path(tempfile.mkdtemp(dir=MEMORY, prefix="xxpy-test-"))
    yield machine.make(folder, shell=getattr(request, "param", "dash"), shown=(GO,))
    shutil.rmtree(folder)


def settings(made: Machine, **variables: str) -> tuple[list[str], str]:
    """Return CC, CXX, AR and PKG_CONFIG as go has them, and what was said on stderr."""
    done = made.run("xx-go", "env", "CC", "CXX", "AR", "PKG_CONFIG", **TARGET, **variables)
    return done.stdout.split("\n")[:-1], done.stderr


CLANG = [f"{TRIPLE}-clang", f"{TRIPLE}-clang++", f"{TRIPLE}-ar", f"{TRIPLE}-pkg-config"]


@pytest.mark.parametrize("made", SHELLS, indirect=True)
def test_clang_is_set_up_and_wins(made: Machine) -> None:
    made.tool(f"{TRIPLE}-gcc")
    made.tool(f"{TRIPLE}-g++")
    assert settings(made) == (CLANG, "")
    assert made.sh(f"cat /usr/bin/{TRIPLE}.cfg") == f"--target={TRIPLE} -fuse-ld=lld\n"
    assert settings(made) == (CLANG, ""), "nor is anything said the second time"
    assert made.started("xx-go", "env", "CC", **TARGET) <= 1


def test_another_word_takes_gcc_alone_and_sets_nothing_up(made: Machine) -> None:
    nothing = made.run("go", "env", "CC", "CXX", "AR", "PKG_CONFIG", "-changed", **TARGET).stdout
    for word in ("gcc", "none", "zig"):
        found, said = settings(made, XX_GO_PREFER_C_COMPILER=word)
        assert (f"{TRIPLE}-" in " ".join(found), said) == (False, ""), nothing
    made.tool(f"{TRIPLE}-gcc")
    made.tool(f"{TRIPLE}-g++")
    for word in ("gcc", "none"):
        assert settings(made, XX_GO_PREFER_C_COMPILER=word)[0][:2] == [
            f"{TRIPLE}-gcc",
            f"{TRIPLE}-g++",
        ]
    assert not made.path(f"usr/bin/{TRIPLE}.cfg").exists()


def test_a_set_up_that_fails_is_no_error(made: Machine) -> None:
    made.sh("rm -f /usr/bin/*lld* /usr/lib/llvm*/bin/*lld*")
    found, said = settings(made)
    assert f"{TRIPLE}-clang" not in found
    assert len(said.splitlines()) == 1
    assert said.startswith(f"xx-go: no suitable linker found for {TRIPLE}")
    made.tool(f"{TRIPLE}-gcc")
    assert settings(made)[0][0] == f"{TRIPLE}-gcc"


def test_without_clang_nothing_is_said(made: Machine) -> None:
    settings(made)
    made.sh(f"{NO_CLANG} /usr/bin/{TRIPLE}*")
    assert made.sh("command -v clang") == "/usr/local/bin/clang\n", (
        "our own is left, and does not count"
    )
    found, said = settings(made)
    assert (f"{TRIPLE}-clang" in found, said) == (False, "")


GCC = [f"{TRIPLE}-gcc", f"{TRIPLE}-g++", f"{TRIPLE}-ar", f"{TRIPLE}-pkg-config"]
NO_CLANG = "rm -f /usr/bin/clang /usr/bin/clang++* /usr/bin/clang-* /usr/lib/llvm*/bin/clang"


@pytest.mark.parametrize("made", SHELLS, indirect=True)
@pytest.mark.parametrize(
    "prepare", [NO_CLANG, "rm -f /usr/bin/*lld* /usr/lib/llvm*/bin/*lld*", "rm -f /usr/bin/clang*"]
)
def test_ar_and_pkg_config_come_with_gcc_too(prepare: str, made: Machine) -> None:
    """Without clang, with one that cannot be set up, and with one that is in nobody's PATH."""
    for name in GCC:
        made.tool(name)
    made.sh(prepare)
    assert settings(made)[0] == GCC
    made.sh("xx-go --wrap; xx-go --wrap", GOENV="/room/env", **TARGET)
    kept = [
        line
        for line in (made.work / "env").read_text().splitlines()
        if line.startswith(("CC=", "CXX=", "AR=", "PKG_CONFIG="))
    ]
    assert kept == [
        f"{key}={tool}" for key, tool in zip(("CC", "CXX", "AR", "PKG_CONFIG"), GCC, strict=True)
    ]
    assert f"{TRIPLE}-ar" not in settings(made, XX_GO_PREFER_C_COMPILER="gcc")[0], (
        "who wants no clang gets GCC alone"
    )


def test_one_tool_without_the_others(made: Machine) -> None:
    made.sh(NO_CLANG)
    plain = made.run("go", "env", "CC", "CXX", "AR", **TARGET, GOARCH="arm64").stdout.split("\n")[
        :-1
    ]
    made.tool(f"{TRIPLE}-pkg-config")
    assert settings(made)[0] == [*plain, f"{TRIPLE}-pkg-config"]


def test_what_wrap_keeps_in_a_folder_of_the_user_is_found_later(made: Machine) -> None:
    """Where /usr is read-only, the tools that only the set-up brings are in nobody's PATH."""
    words = ["sh", "-ec", "xx-go --wrap && go env CC CXX AR PKG_CONFIG"]
    done = made.start(words, {**TARGET, "GOENV": "/room/env"}, read_only=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [f"/room/home/.cache/xxpy/bin/{name}" for name in CLANG]


def test_what_usr_bin_has_stays_there_whatever_path_is(made: Machine) -> None:
    """A PATH of links that leaves some names out hides them, but does not make them ours to replace."""
    mine = [f"{TRIPLE}-{name}" for name in ("nm", "strip", "pkg-config", "readelf")]
    for name in mine:
        made.tool(name, "echo mine")
    made.sh(
        "mkdir -p farm; for tool in /usr/bin/*; do case $tool in */aarch64-*) ;; *) ln -s $tool farm ;; esac; done"
    )
    made.sh("xx-clang --setup-target-triple", **{**TARGET, "PATH": "/room/farm"})
    for name in mine:
        assert made.run(f"/usr/bin/{name}").stdout == "mine\n"
    assert made.sh(f"readlink /usr/bin/{TRIPLE}-ar") == "llvm-ar\n"


def test_a_program_with_c(made: Machine) -> None:
    """The package of C alone: a whole program would need the target's libc."""
    (made.work / "go.mod").write_text("module example.com/c\n\ngo 1.20\n")
    (made.work / "c.go").write_text(
        'package c\n\n// int one(void) { return sizeof(long) == 8; }\nimport "C"\n\nfunc One() int { return int(C.one()) }\n'
    )
    made.sh(
        "xx-go build -o c.a . && llvm-ar x c.a && ls",
        CGO_ENABLED="1",
        GOCACHE="/room/cache",
        **TARGET,
    )
    objects = [path for path in made.work.glob("*.o") if path.read_bytes()[:4] == b"\x7fELF"]
    assert objects
    assert all(path.read_bytes()[18:20] == b"\xb7\x00" for path in objects)


def test_wrap_keeps_the_compiler(made: Machine) -> None:
    made.sh("xx-go --wrap; rm /usr/bin/xx-*", GOENV="/room/env", **TARGET)
    plain = {**TARGET, "TARGETPLATFORM": ""}
    assert made.sh("go env CC CXX AR PKG_CONFIG GOARCH", GOENV="/room/env", **plain).split() == [
        *CLANG,
        "arm64",
    ]


def test_what_an_old_arm_lacks_is_linked(made: Machine) -> None:
    old = {**TARGET, "TARGETPLATFORM": "linux/arm/v6"}
    assert made.run("xx-go", "env", "CGO_LDFLAGS", **old).stdout == "-O2 -g -l:libatomic.a\n"
    assert (
        made.run("xx-go", "env", "CGO_LDFLAGS", **old, CGO_LDFLAGS="-lm").stdout
        == "-lm -l:libatomic.a\n"
    )
    assert (
        made.run(
            "xx-go", "env", "CGO_LDFLAGS", **{**TARGET, "TARGETPLATFORM": "linux/arm/v7"}
        ).stdout
        == "-O2 -g\n"
    )
