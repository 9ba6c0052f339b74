"""``xx-cargo`` with the real clang and no linker for the target: rust-lld of the toolchain links; without one the step stops at once."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.container.lab import rust
from tests.container.lab.commands import run
from tests.differential import machine
from tests.differential.machine import MEMORY, PATH
from tests.differential.roots import SHELLS
from tests.rust.conftest import write

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence

    from tests.differential.machine import Machine

FILES = {
    "Cargo.toml": '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/main.rs": 'fn main() {\n    println!("hello from {}", std::env::consts::ARCH);\n}\n',
    "hello.c": '#include <stdio.h>\nint main(void) { return puts("hello from C") < 0; }\n',
}
TRIPLE = "aarch64-linux-gnu"
NO_LLD = "rm -f /usr/bin/*lld* /usr/lib/llvm*/bin/*lld*"
ARM64 = {"TARGETPLATFORM": "linux/arm64"}


@pytest.fixture
def made(request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A machine with clang, a package of Rust, and a place for a toolchain; no lld, nothing foreign."""
    folder = Path(tempfile.mkdtemp(dir=MEMORY, prefix="xxpy-test-"))
    made = machine.make(folder, shell=getattr(request, "param", "dash"), shown=toolchain())
    made.sh(NO_LLD)
    write(made.work, FILES)
    yield made
    shutil.rmtree(folder)


def toolchain() -> Sequence[Path]:
    """Return the folders that rustup and its toolchain are in."""
    return rust.home("with-targets"), rust.programs()


def with_rustup(**variables: str) -> dict[str, str]:
    home, programs = toolchain()
    return {
        "PATH": f"{programs}:{PATH}",
        "RUSTUP_HOME": str(home),
        "CARGO_HOME": "/room/cargo",
        **ARM64,
        **variables,
    }


@pytest.mark.parametrize("made", SHELLS, indirect=True)
def test_rust_lld_links_where_nothing_else_does(made: Machine, rustup: dict[str, str]) -> None:
    run(
        rust.programs() / "rustup",
        "target",
        "add",
        "aarch64-unknown-linux-gnu",
        "--toolchain",
        rust.VERSION,
        environment=rustup,
    )
    made.sh("xx-cargo build", **with_rustup())
    (linker,) = rust.home("with-targets").glob("toolchains/*/lib/rustlib/*/bin/gcc-ld/ld.lld")
    assert made.sh(f"cat /usr/bin/{TRIPLE}.cfg") == f"--target={TRIPLE} -fuse-ld={linker}\n"
    program = made.work / "target/aarch64-unknown-linux-gnu/debug/hello"
    assert run("qemu-aarch64-static", "-L", rust.root("arm64"), program) == "hello from aarch64\n"
    made.sh("rm /usr/bin/xx-*; aarch64-linux-gnu-clang hello.c -o hello")
    assert (
        run("qemu-aarch64-static", "-L", rust.root("arm64"), made.work / "hello")
        == "hello from C\n"
    )


@pytest.mark.parametrize(
    ("platform", "triple"),
    [("linux/s390x", "s390x-linux-gnu"), ("linux/riscv64", "riscv64-linux-gnu")],
)
def test_an_lld_that_is_too_old_gives_way_to_rust_lld(
    platform: str, triple: str, made: Machine
) -> None:
    made.tool("ld.lld", "echo 'Debian LLD 14.0.6 (compatible with GNU linkers)'")
    made.tried("xx-cargo", "--print-target-triple", **with_rustup(TARGETPLATFORM=platform))
    assert "/gcc-ld/ld.lld\n" in made.sh(f"cat /usr/bin/{triple}.cfg")


def test_gnu_ld_comes_before_rust_lld(made: Machine) -> None:
    made.tool(f"{TRIPLE}-ld")
    made.tried("xx-cargo", "--print-target-triple", **with_rustup())
    assert (
        made.sh(f"cat /usr/bin/{TRIPLE}.cfg")
        == f"--target={TRIPLE} -fuse-ld=/usr/bin/{TRIPLE}-ld\n"
    )


def refused(made: Machine, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    made.tool("cargo", "echo cargo was started")
    return made.tried("xx-cargo", *words, **{**ARM64, **variables})


@pytest.mark.parametrize(
    ("made", "words"),
    [
        *((shell, ("build",)) for shell in SHELLS),
        *(
            ("dash", words)
            for words in (
                ("+stable", "test"),
                ("install", "x"),
                ("chef", "cook"),
                ("--setup-target-triple",),
            )
        ),
    ],
    indirect=["made"],
)
def test_without_any_linker_it_stops_at_once(words: tuple[str, ...], made: Machine) -> None:
    """Debian's own Rust has no rust-lld."""
    done = refused(made, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"xx-cargo: no suitable linker found for {TRIPLE} (GNU ld or lld)",
        f"hint: xx-apt-get install xx-c-essentials brings one; or install lld, or the binutils that have {TRIPLE}-ld",
    ]


def test_a_linker_that_is_too_old_is_no_hint(made: Machine) -> None:
    made.tool("ld.lld", "echo 'Debian LLD 14.0.6 (compatible with GNU linkers)'")
    said = refused(made, "build", TARGETPLATFORM="linux/s390x").stderr
    assert "install lld 18 or newer, or the binutils that have s390x-linux-gnu-ld" in said


@pytest.mark.parametrize(
    ("words", "variables", "tools"),
    [
        (("build",), {}, (f"{TRIPLE}-gcc",)),
        (("build",), {"CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER": "mine"}, ()),
        (("check",), {}, ()),
        (("clippy",), {}, ()),
        (("build",), {"TARGETPLATFORM": "wasi/wasm"}, ()),
        (("fetch",), {}, ()),
    ],
)
def test_what_needs_no_linker_of_ours_goes_on(
    words: tuple[str, ...], variables: dict[str, str], tools: tuple[str, ...], made: Machine
) -> None:
    for name in tools:
        made.tool(name)
    made.tool("rustc", "mkdir -p std; touch std/libstd-x; echo std")
    done = refused(made, *words, **variables)
    assert (done.returncode, done.stdout) == (0, "cargo was started\n"), done.stderr
    assert len(done.stderr.splitlines()) <= 1
