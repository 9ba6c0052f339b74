"""``xx-clang`` and its like with the real clang: what they set up, for which linker, and what is left when they are gone."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.differential import aside, machine
from tests.differential.machine import MEMORY, Machine
from tests.differential.roots import SHELLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Make = "Callable[..., Machine]"
ALIASES = ("addr2line", "ar", "as", "ranlib", "nm", "dlltool", "strip", "readelf", "profdata")
VERSION = re.search(
    r"version (\d+)",
    subprocess.run(["clang", "--version"], capture_output=True, text=True, check=True).stdout,
)
CLANG = int(VERSION.group(1)) if VERSION else 0
BESIDE = Path(os.path.realpath(shutil.which("clang") or "clang")).parent
MACHINE = os.uname().machine


@pytest.fixture
def make() -> Iterator[Callable[..., Machine]]:
    """Makes machines that are thrown away after the test."""
    folders: list[Path] = []

    def made(
        identity: str = "debian-12", shell: str = "dash", without: tuple[str, ...] = ()
    ) -> Machine:
        folders.append(Path(tempfile.mkdtemp(dir=MEMORY, prefix="xxpy-test-")))
        return machine.make(folders[-1], identity, shell, without)

    yield made
    for folder in folders:
        shutil.rmtree(folder)


def configuration(made: Machine, triple: str) -> str:
    return made.sh(f"cat /usr/bin/{triple}.cfg")


def names(made: Machine) -> set[str]:
    """Return what was added to /usr/bin besides our commands and the shell."""
    return {
        path.name
        for path in made.path("usr/bin").iterdir()
        if not path.is_char_device() and not path.name.startswith("xx-")
    } - {"sh"}


def machine_of(made: Machine, name: str) -> str:
    """Return the ELF machine that an object file is for."""
    said = subprocess.run(
        ["llvm-readobj", "-h", str(made.work / name)], capture_output=True, text=True, check=True
    ).stdout
    return " ".join(re.findall(r"Machine: (\w+)", said))


LINUX = {
    "linux/arm64": "aarch64-linux-gnu",
    "linux/arm/v7": "arm-linux-gnueabihf",
    "linux/386": "i686-linux-gnu",
    "linux/ppc64le": "powerpc64le-linux-gnu",
    "linux/mips64le": "mips64el-linux-gnuabi64",
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_set_up_leaves_its_mark_its_commands_and_nothing_else(
    shell: str, make: Callable[..., Machine]
) -> None:
    made = make(shell=shell)
    triple = "aarch64-linux-gnu"
    assert made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/arm64") == ""
    assert configuration(made, triple) == f"--target={triple} -fuse-ld=lld\n"
    plain = {"clang.xxpy"} if CLANG < 16 else set()
    commands = {f"{triple}-{name}" for name in ("clang", "clang++", "pkg-config", *ALIASES)}
    assert names(made) == {f"{triple}.cfg", *commands, *plain}
    for name in ALIASES:
        assert str(made.path(f"usr/bin/{triple}-{name}").readlink()) == f"llvm-{name}"
    assert str(made.path(f"usr/bin/{triple}-clang").readlink()) == "clang"


@pytest.mark.parametrize("platform", LINUX)
def test_configurations_on_debian(platform: str, make: Callable[..., Machine]) -> None:
    made = make()
    for command in ("xx-cc", "xx-c++", "xx-clang", "xx-clang++"):
        assert (
            made.sh(f"{command} --print-target-triple", TARGETPLATFORM=platform)
            == f"{LINUX[platform]}\n"
        )
    assert configuration(made, LINUX[platform]) == f"--target={LINUX[platform]} -fuse-ld=lld\n"


def test_the_machine_s_own_triple_is_plain_clang_s_default(make: Callable[..., Machine]) -> None:
    made = make()
    triple = made.sh("xx-clang --print-target-triple").strip()
    assert triple.startswith(MACHINE)
    assert configuration(made, triple) == f"--target={triple} -fuse-ld=lld\n"
    assert made.sh("cat /etc/llvm/xx-default.cfg") == "-fuse-ld=lld\n"
    made.sh("XX_CC_PREFER_LINKER=ld xx-clang --setup-target-triple")
    assert configuration(made, triple) == f"--target={triple} -fuse-ld=lld\n", (
        "the mark is the only memory of the linker"
    )
    made.sh(f"rm /usr/bin/{triple}.cfg; XX_CC_PREFER_LINKER=ld xx-clang --setup-target-triple")
    ld = made.sh(f"command -v {triple}-ld").strip()
    assert configuration(made, triple) == f"--target={triple} -fuse-ld={ld}\n"
    assert made.sh("cat /etc/llvm/xx-default.cfg") == f"-fuse-ld={ld}\n"
    assert f'"{ld}"' in made.run("clang", "-###", "-x", "c", "/dev/null").stderr


PROGRAM = "#include <stddef.h>\nint main(void) { return sizeof(size_t) == 8 ? 0 : 1; }\n"


def test_what_is_left_works_without_the_commands_whatever_the_environment_says(
    make: Callable[..., Machine],
) -> None:
    made = make()
    (made.work / "a.c").write_text(PROGRAM)
    made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/arm64")
    made.sh(
        "xx-clang --setup-target-triple", TARGETPLATFORM="linux/s390x", XX_CC_PREFER_LINKER="lld"
    )
    made.sh("rm /usr/bin/xx-*")
    for words, kind in (
        ("aarch64-linux-gnu-clang -c", "ARM aarch64"),
        ("aarch64-linux-gnu-clang++ -x c++ -c", "ARM aarch64"),
        ("clang --target=aarch64-linux-gnu -c", "ARM aarch64"),
        ("clang++ --target=aarch64-linux-gnu -x c++ -c", "ARM aarch64"),
        ("clang -target aarch64-linux-gnu -c", "ARM aarch64"),
        ("clang --target=s390x-linux-gnu -c", "IBM S/390"),
        ("clang -c", MACHINE.replace("_", "-")),
    ):
        made.sh(f"{words} a.c -o a.o", TARGETPLATFORM="linux/arm/v7")
        kinds = subprocess.run(
            ["file", "--brief", str(made.work / "a.o")], capture_output=True, text=True, check=True
        ).stdout
        assert kind in kinds, words
    for words in (
        "aarch64-linux-gnu-clang",
        "aarch64-linux-gnu-clang++",
        "clang --target=aarch64-linux-gnu",
    ):
        said = made.run(*words.split(), "-###", "a.c").stderr
        assert "ld.lld" in said.splitlines()[-1], words
    assert '"-lstdc++"' in made.run("aarch64-linux-gnu-clang++", "-###", "a.c").stderr


FAKE = {"ld": "/usr/bin/{}-ld", "gold": "/usr/bin/{}-ld.gold", "lld": "lld"}


@pytest.mark.parametrize(
    ("platform", "variables", "tools", "without", "linker"),
    [
        ("linux/arm64", {}, ("ld",), (), "lld"),
        ("linux/arm64", {"XX_CC_PREFER_LINKER": "ld"}, ("ld",), (), "ld"),
        ("linux/arm64", {"XX_CC_PREFER_LINKER": "ld"}, (), (), "lld"),
        ("linux/arm64", {"XX_CC_PREFER_LINKER": "gold"}, ("ld", "gold"), (), "gold"),
        ("linux/arm64", {"XX_CC_PREFER_LINKER": "gold"}, ("ld",), (), "lld"),
        ("linux/arm64", {"XX_CC_PREFER_STATIC_LINKER": "1"}, ("ld",), (), "lld"),
        ("linux/386", {"XX_CC_PREFER_STATIC_LINKER": "1"}, ("ld",), (), "ld"),
        ("linux/ppc64le", {"XX_CC_PREFER_STATIC_LINKER": "1"}, ("ld",), (), "ld"),
        ("linux/ppc64le", {"XX_CC_PREFER_STATIC_LINKER": "0"}, ("ld",), (), "lld"),
        ("linux/ppc64le", {"XX_CC_PREFER_STATIC_LINKER": "1"}, (), (), "lld"),
        ("linux/riscv64", {}, ("ld",), (), "ld"),
        ("linux/s390x", {}, ("ld",), (), "ld"),
        ("linux/s390x", {"XX_CC_PREFER_LINKER": "lld"}, ("ld",), (), "lld"),
        ("linux/arm64", {}, ("ld",), ("*lld*",), "ld"),
        ("windows/amd64", {}, (), (), "lld"),
        ("windows/amd64", {"XX_CC_PREFER_LINKER": "ld"}, ("ld",), (), "ld"),
    ],
)
def test_the_linker(
    platform: str,
    variables: dict[str, str],
    tools: tuple[str, ...],
    without: tuple[str, ...],
    linker: str,
    make: Callable[..., Machine],
) -> None:
    made = make(without=without)
    if without:
        made.sh(f"rm {BESIDE}/*lld*")
    triple = made.sh("xx-info triple", TARGETPLATFORM=platform).strip()
    for name in tools:
        made.tool(Path(FAKE[name].format(triple)).name)
    made.sh("xx-cc --setup-target-triple", TARGETPLATFORM=platform, **variables)
    assert f" -fuse-ld={FAKE[linker].format(triple)}" in configuration(made, triple)


def test_the_linker_of_a_folder_of_the_triple_and_the_machine_s_own(
    make: Callable[..., Machine],
) -> None:
    made = make(without=("*lld*",))
    made.sh(f"rm {BESIDE}/*lld*")
    triple = "aarch64-linux-gnu"
    made.sh(f"mkdir -p /{triple}/bin && cp /bin/true /{triple}/bin/ld")
    made.sh("xx-cc --setup-target-triple", TARGETPLATFORM="linux/arm64")
    assert configuration(made, triple) == f"--target={triple} -fuse-ld=/{triple}/bin/ld\n"
    # The machine's own ld knows its 32-bit sibling.
    sibling = {
        "x86_64": ("linux/386", "i686-linux-gnu"),
        "aarch64": ("linux/arm/v7", "arm-linux-gnueabihf"),
    }[MACHINE]
    made.sh("xx-cc --setup-target-triple", TARGETPLATFORM=sibling[0])
    assert (
        configuration(made, sibling[1])
        == f"--target={sibling[1]} -fuse-ld=/usr/bin/{sibling[1]}-ld\n"
    )
    assert made.sh(f"readlink -f /usr/bin/{sibling[1]}-ld") == made.sh("readlink -f /usr/bin/ld")


def test_an_lld_that_is_new_enough_is_better_than_nothing(make: Callable[..., Machine]) -> None:
    made = make(without=("*ld.lld*",))
    made.sh(f"rm {BESIDE}/ld.lld")
    for version, status in (("14.0.6", 1), ("19.1.7", 0)):
        made.tool("ld.lld", f"echo 'Debian LLD {version} (compatible with GNU linkers)'")
        done = made.tried("xx-cc", "--setup-target-triple", TARGETPLATFORM="linux/s390x")
        assert done.returncode == status
    assert configuration(made, "s390x-linux-gnu") == "--target=s390x-linux-gnu -fuse-ld=lld\n"


def test_without_a_linker_or_a_compiler_nothing_is_written(make: Callable[..., Machine]) -> None:
    made = make(without=("*lld*",))
    made.sh(f"rm {BESIDE}/*lld*")
    done = made.tried("xx-clang", "--print-target-triple", TARGETPLATFORM="linux/riscv64")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("no suitable linker found for riscv64-linux-gnu ")
    assert names(made) == set()
    made = make(without=("clang*",))
    made.sh("rm -rf /usr/lib/llvm*/bin/clang")
    done = made.tried("xx-clang", "-c", "a.c", TARGETPLATFORM="linux/arm64")
    assert (done.returncode, done.stdout) == (1, "")
    assert "clang not found" in done.stderr
    assert names(made) == set()


def test_what_is_left_over_is_set_up_afresh(make: Callable[..., Machine]) -> None:
    made = make()
    triple = "aarch64-linux-gnu"
    made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/arm64")
    first = names(made)
    made.sh(
        f"rm /usr/bin/{triple}.cfg; ln -sf nowhere /usr/bin/{triple}-clang; ln -sf nowhere /usr/bin/{triple}-ar; "
        f"rm -f {BESIDE}/{triple}.cfg; echo --target=nonsense >{BESIDE}/{triple}.cfg; mkdir -p /usr/bin/.xxpy-1/.mark"
    )
    (made.work / "a.c").write_text(PROGRAM)
    made.sh("xx-clang -c a.c", TARGETPLATFORM="linux/arm64")
    assert names(made) - {".xxpy-1"} == first
    assert str(made.path(f"usr/bin/{triple}-ar").readlink()) == "llvm-ar"


def test_a_tool_that_is_there_is_kept(make: Callable[..., Machine]) -> None:
    made = make()
    made.tool("aarch64-linux-gnu-ar", "echo mine")
    made.tool("aarch64-linux-gnu-pkg-config", "echo mine")
    made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/arm64")
    assert made.sh("aarch64-linux-gnu-ar; aarch64-linux-gnu-pkg-config") == "mine\nmine\n"


def test_windows(make: Callable[..., Machine]) -> None:
    made = make()
    triple = "x86_64-w64-mingw32"
    made.sh(
        "mkdir -p /usr/lib/gcc/x86_64-w64-mingw32/12-win32 /usr/lib/gcc/x86_64-w64-mingw32/12-posix"
    )
    made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="windows/amd64")
    assert (
        configuration(made, triple)
        == f"--target={triple} -fuse-ld=lld -I/usr/{triple}/include -L/usr/{triple}/lib\n"
    )
    assert made.sh(f"readlink -f /usr/lib/gcc/{triple}/12") == f"/usr/lib/gcc/{triple}/12-win32\n"
    (made.work / "a.rc").write_text('1 RCDATA BEGIN "x" END\n')
    made.sh(
        f"rm /usr/bin/xx-*; {triple}-windres a.rc a.o && llvm-readobj --coff-resources a.o | grep RCDATA",
        TARGETPLATFORM="linux/arm64",
    )


@pytest.mark.parametrize("shell", SHELLS)
def test_macos(shell: str, make: Callable[..., Machine]) -> None:
    made = make(shell=shell)
    triple, sdk = "arm64-apple-macos11.0", "/xx-sdk/MacOSX12.3.sdk"
    done = made.run("xx-clang", "--print-target-triple", TARGETPLATFORM="darwin/arm64")
    assert done.stdout == f"{triple}\n"
    assert done.stderr.startswith(f"warning: no linker for {triple}")
    assert (
        configuration(made, triple)
        == f"--target={triple} -fuse-ld=ld64 -isysroot /xx-sdk/MacOSX11.1.sdk -stdlib=libc++\n"
    )
    made.sh("rm /usr/bin/*.cfg /usr/bin/xcrun")
    made.sh(
        f"mkdir -p {sdk}/usr/include; xx-clang --setup-target-triple", TARGETPLATFORM="darwin/arm64"
    )
    assert (
        configuration(made, triple)
        == f"--target={triple} -fuse-ld=lld -isysroot {sdk} -stdlib=libc++\n"
    )
    assert made.sh("xx-clang --print-sysroot", TARGETPLATFORM="darwin/arm64") == f"{sdk}\n"
    (made.work / "a.c").write_text(PROGRAM)
    made.sh(
        f"{triple}-clang -c a.c && clang --target={triple} -c a.c -o b.o; llvm-readobj -h a.o b.o | grep -c arm64"
    )
    # A link with a dot in its name works for no tool.
    assert "exec '/usr/bin/llvm-ar' \"$@\"\n" in made.sh(f"cat /usr/bin/{triple}-ar")
    said = made.sh(
        "rm /usr/bin/xx-*; xcrun --show-sdk-path; xcrun --sdk macosx --show-sdk-version; xcrun --sdk macosx echo a b"
    )
    assert said == f"{sdk}\n12.3\na b\n"
    made = make(shell=shell)
    for name, linker in (("ld64", "/usr/bin/ld64"), ("ld64.signed", "/usr/bin/ld64.signed")):
        made.tool(name)
        made.sh(
            f"rm -f /usr/bin/{triple}.cfg; xx-clang --setup-target-triple",
            TARGETPLATFORM="darwin/arm64",
        )
        assert f" -fuse-ld={linker} " in configuration(made, triple)


STUB = """--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: '/usr/lib/libSystem.B.dylib'
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ _puts, dyld_stub_binder ]
...
"""


@pytest.mark.parametrize(
    ("platform", "version", "signed"),
    [
        ("darwin/arm64", "11.0", True),
        ("darwin/arm64", "12.1", True),
        ("darwin/amd64", "10.13", False),
    ],
)
def test_programs_for_macos_by_lld_and_an_sdk(
    platform: str, version: str, *, signed: bool, make: Callable[..., Machine]
) -> None:
    made = make()
    sdk = made.root / "xx-sdk/MacOSX12.3.sdk"
    for name, text in {
        "usr/include/stdio.h": "int puts(const char *);\n",
        "usr/lib/libSystem.tbd": STUB,
    }.items():
        (sdk / name).parent.mkdir(parents=True, exist_ok=True)
        (sdk / name).write_text(text)
    (made.work / "a.c").write_text('#include <stdio.h>\nint main(void) { return puts("macOS"); }\n')
    variables = {"TARGETPLATFORM": platform, "MACOSX_VERSION_MIN": version}
    made.sh("xx-clang a.c -o a.out; xx-verify a.out", **variables)
    assert f"Version: {version}\n" in made.sh("llvm-readobj --macho-version-min a.out")
    assert (
        "LC_CODE_SIGNATURE" in made.sh("llvm-objdump --macho --private-headers a.out")
    ) == signed


def test_alpine(make: Callable[..., Machine]) -> None:
    made = make("alpine")
    made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/arm64")
    triple = "aarch64-alpine-linux-musl"
    assert configuration(made, triple) == f"--target={triple} -fuse-ld=lld --sysroot=/{triple}/\n"
    assert (
        made.sh(f"sed -n 's/.*LIBDIR-//p' /usr/bin/{triple}-pkg-config")
        == f'/{triple}/usr/lib/pkgconfig:/{triple}/usr/share/pkgconfig}}"\n'
    )
    made.tool("s390x-alpine-linux-musl-ld")
    made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/s390x")
    triple = "s390x-alpine-linux-musl"
    expected = f"--target={triple} -fuse-ld=/usr/bin/{triple}-ld --sysroot=/{triple}/ -Wl,-rpath-link,/{triple}/usr/lib\n"
    assert configuration(made, triple) == expected
    native = made.sh("xx-clang --print-target-triple").strip()
    assert configuration(made, native) == f"--target={native} -fuse-ld=lld\n"


def test_alpine_with_another_vendor(make: Callable[..., Machine]) -> None:
    made = make("alpine")
    known, other = "aarch64-alpine-linux-musl", "aarch64-unknown-linux-musl"
    gcc = f"usr/lib/gcc/{known}/14.2.0"
    made.sh(f"mkdir -p /{known}/{gcc}; touch /{known}/{gcc}/crtbegin.o /{known}/{gcc}/crtbeginS.o")
    script = f"xx-clang --print-sysroot; xx-clang -### -x c /dev/null 2>&1; readlink /{other}"
    said = made.sh(script, TARGETPLATFORM="linux/arm64", XX_VENDOR="unknown")
    assert said.splitlines()[0] == f"/{other}/"
    assert said.splitlines()[-1] == known
    assert f"usr/lib/gcc/{other}/14.2.0/crtbeginS.o" in said, (
        "clang finds GCC's folder under the other name"
    )
    assert configuration(made, other) == f"--target={other} -fuse-ld=lld --sysroot=/{other}/\n"


def test_riscv64gc(make: Callable[..., Machine]) -> None:
    made = make()
    made.tool("riscv64-linux-gnu-ld")
    made.sh(
        "xx-clang --setup-target-triple",
        TARGETPLATFORM="linux/riscv64",
        RISCV64_TARGET_ARCH="riscv64gc",
    )
    assert (
        configuration(made, "riscv64gc-linux-gnu")
        == "--target=riscv64-linux-gnu -fuse-ld=/usr/bin/riscv64-linux-gnu-ld\n"
    )
    (made.work / "a.c").write_text(PROGRAM)
    made.sh(
        "rm /usr/bin/xx-*; riscv64gc-linux-gnu-clang -c a.c; llvm-readobj -h a.o | grep EM_RISCV"
    )


@pytest.mark.parametrize("dash", ["-", "--"])
def test_flags_that_print(dash: str, make: Callable[..., Machine]) -> None:
    made = make()
    defines = (
        "-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_ASM_COMPILER=clang "
        "-DPKG_CONFIG_EXECUTABLE=/usr/bin/aarch64-linux-gnu-pkg-config -DCMAKE_C_COMPILER_TARGET=aarch64-linux-gnu "
        "-DCMAKE_CXX_COMPILER_TARGET=aarch64-linux-gnu -DCMAKE_ASM_COMPILER_TARGET=aarch64-linux-gnu\n"
    )
    assert made.sh(f"xx-cc {dash}print-cmake-defines", TARGETPLATFORM="linux/arm64") == defines
    assert (
        made.sh(f"xx-cc {dash}print-target-triple", TARGETPLATFORM="linux/arm64")
        == "aarch64-linux-gnu\n"
    )
    assert made.sh(f"xx-cc {dash}print-sysroot", TARGETPLATFORM="linux/arm64") == "/\n"
    assert made.sh(f"xx-cc {dash}setup-target-triple", TARGETPLATFORM="linux/arm/v7") == ""
    assert "arm-linux-gnueabihf.cfg" in names(made)


def test_flags_of_clang(make: Callable[..., Machine]) -> None:
    made = make()
    (made.work / "a.c").write_text(PROGRAM)
    target = {"TARGETPLATFORM": "linux/arm64"}
    made.tool("aarch64-linux-gnu-ld")
    assert made.sh("xx-clang --print-prog-name=ld", **target) == "/usr/bin/aarch64-linux-gnu-ld\n"
    # The configuration that is given takes the place of ours before clang 16, and joins it since.
    (made.work / "own.cfg").write_text("-DOWN=1\n")
    assert "OWN 1" in made.sh("xx-clang --config $PWD/own.cfg -dM -E a.c", **target)
    assert "__aarch64__" in made.sh("xx-clang --config $PWD/own.cfg -dM -E a.c", **target)
    for flag in ("--target=s390x-linux-gnu", "-target s390x-linux-gnu"):
        assert "__s390x__" in made.sh(
            f"xx-clang {flag} -dM -E a.c", XX_CC_PREFER_LINKER="lld", **target
        )
    assert configuration(made, "s390x-linux-gnu") == "--target=s390x-linux-gnu -fuse-ld=lld\n"
    assert "__wasm__" in made.sh("xx-clang --target=wasm32 -dM -E a.c", **target), (
        "what no row names is clang's alone"
    )
    # A flag of the linker is none of ours.
    assert (
        '"--wrap" "malloc"'
        in made.run(
            "xx-clang", "-Xlinker", "--wrap", "-Xlinker", "malloc", "-###", "a.c", **target
        ).stderr
    )
    done = made.tried("xx-clang", "--download-prog=ld", **target)
    assert (done.returncode, done.stdout) == (1, "")


def test_words_that_cannot_stand_in_a_script(make: Callable[..., Machine]) -> None:
    made = make()
    for variables in (
        {"XX_VENDOR": "a'b"},
        {"XX_LIBC": "$(id)"},
        {"XX_VENDOR": "a b"},
        {"XX_VENDOR": "../x"},
    ):
        done = made.tried(
            "xx-clang", "--setup-target-triple", TARGETPLATFORM="linux/arm64", **variables
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("malformed triple: ")
    made.tool("usr/it's/clang", 'exec /usr/bin/clang "$@"')
    done = made.tried(
        "xx-clang", "--setup-target-triple", TARGETPLATFORM="linux/arm64", CLANG="/usr/it's/clang"
    )
    assert done.stderr.startswith("a quote in a path: ")
    assert [name for name in names(made) if not name.startswith("it")] == []


def test_a_clang_in_a_folder_with_a_space(make: Callable[..., Machine]) -> None:
    made = make()
    (made.work / "a.c").write_text(PROGRAM)
    made.tool("usr/two words/clang", 'exec /usr/bin/clang "$@"')
    made.sh("xx-clang -c a.c -o a.o", TARGETPLATFORM="linux/arm64", CLANG="/usr/two words/clang")
    assert machine_of(made, "a.o") == "EM_AARCH64"


def test_arguments_and_exit_statuses_pass_through(make: Callable[..., Machine]) -> None:
    made = make()
    words = ["", "two words", "a\nb", "*", "it's", '"', "$(id)", "\\", "ü"]
    said = made.run(
        "xx-clang",
        "-###",
        "-c",
        "-x",
        "c",
        "/dev/null",
        *(f"-DA={word}" for word in words),
        TARGETPLATFORM="linux/arm64",
    ).stderr
    for word in words:
        quoted = word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
        assert f'"A={quoted}"' in said
    assert made.tried("xx-clang", "-c", "missing.c", TARGETPLATFORM="linux/arm64").returncode == 1


@pytest.mark.parametrize("shell", SHELLS)
def test_wrap_and_unwrap(shell: str, make: Callable[..., Machine]) -> None:
    made = make(shell=shell)
    (made.work / "a.c").write_text(PROGRAM)
    made.sh("xx-clang --wrap; rm /usr/bin/xx-*", TARGETPLATFORM="linux/arm64")
    assert (
        made.sh("clang --print-target-triple", TARGETPAIR="linux-armv7") == "arm-linux-gnueabihf\n"
    )
    assert (
        made.sh("clang++ -print-target-triple", TARGETOS="linux", TARGETARCH="386")
        == "i686-linux-gnu\n"
    )
    assert "__aarch64__" in made.sh("clang -dM -E a.c", TARGETPLATFORM="linux/arm64")
    assert "__cplusplus" in made.sh("clang++ -x c++ -dM -E a.c", TARGETPLATFORM="linux/arm64")
    made.sh("clang --unwrap", TARGETPLATFORM="linux/arm64")
    assert f"__{MACHINE}__" in made.sh("clang -dM -E a.c", TARGETPLATFORM="linux/arm64")
    assert "__aarch64__" in made.sh("clang --target=aarch64-linux-gnu -dM -E a.c")
    assert (
        made.tried("clang", "--print-target-triple", TARGETPLATFORM="linux/arm64").stdout.strip()
        != "aarch64-linux-gnu"
    )


def wrapped(made: Machine) -> list[str]:
    """Return what a wrap has made."""
    return made.sh(
        "cd /usr/local/bin && find . -maxdepth 1 -name '.xxpy-*' -o -maxdepth 1 -name 'clang*' | sed 's/-.*//' | sort"
    ).split()


@pytest.mark.parametrize("tool", ["cp", "chmod", "mv", "ln"])
def test_the_next_wrap_removes_what_a_kill_left(tool: str, make: Callable[..., Machine]) -> None:
    made = make()
    made.tool(f"usr/killer/{tool}", f'/bin/{tool} "$@"; kill -9 $PPID')
    done = made.tried("xx-clang", "--wrap", PATH=f"/usr/killer:{machine.PATH}")
    assert done.returncode == -signal.SIGKILL
    left = {
        "cp": ["./.xxpy"],
        "chmod": ["./.xxpy"],
        "ln": ["./.xxpy"],
        "mv": ["./.xxpy", "./clang", "./clang++"],
    }
    assert wrapped(made) == left[tool]
    made.sh("xx-clang --wrap")
    assert wrapped(made) == ["./clang", "./clang++"]
    assert "__aarch64__" in made.sh("clang -dM -E -x c /dev/null", TARGETPLATFORM="linux/arm64")


@pytest.mark.parametrize("is_set_up", [True, False])
@pytest.mark.parametrize("tool", ["mkdir", "ln", "mv", "rm"])
def test_a_kill_of_unwrap_leaves_a_clang_that_works(
    tool: str, is_set_up: bool, make: Callable[..., Machine]
) -> None:
    made = make()
    if is_set_up:
        made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/arm64")
    made.sh("xx-clang --wrap")
    # rm replaces the shell.
    killed = "$$" if tool == "rm" else "$PPID"
    made.tool(f"usr/killer/{tool}", f'/bin/{tool} "$@"; kill -9 {killed}')
    made.tried("xx-clang", "--unwrap", PATH=f"/usr/killer:{machine.PATH}")
    made.sh("clang --version && clang++ --version")
    made.sh("xx-clang --unwrap; clang --version && clang++ --version")
    assert wrapped(made) == (["./clang", "./clang++"] if is_set_up else [])
    assert f"__{MACHINE}__" in made.sh("clang -dM -E -x c /dev/null", TARGETPLATFORM="linux/arm64")


def test_a_dangling_link_of_a_wrap_is_removed(make: Callable[..., Machine]) -> None:
    made = make()
    made.sh("ln -s clang /usr/local/bin/clang++; xx-clang --unwrap")
    assert wrapped(made) == []
    made.sh("ln -s mine /usr/local/bin/clang++; xx-clang --unwrap")
    assert wrapped(made) == ["./clang++"]


def test_a_wrap_that_is_stopped_or_fails_leaves_nothing(make: Callable[..., Machine]) -> None:
    made = make()
    made.tool("usr/killer/cp", '/bin/cp "$@"; kill -TERM $PPID; sleep 0.1')
    made.tool("usr/full/cp", "echo 'cp: No space left on device' >&2; : >\"$2\"; exit 1")
    assert made.tried("xx-clang", "--wrap", PATH=f"/usr/killer:{machine.PATH}").returncode == 1
    assert wrapped(made) == []
    done = made.tried("xx-clang", "--wrap", PATH=f"/usr/full:{machine.PATH}")
    said = "plain clang cannot be wrapped in /usr/local/bin"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, said)
    assert wrapped(made) == []


def test_wrap_leaves_a_clang_of_somebody_else_alone(make: Callable[..., Machine]) -> None:
    made = make()
    made.tool("usr/local/bin/clang", "echo mine")
    done = made.tried("xx-clang", "--wrap", TARGETPLATFORM="linux/arm64")
    assert done.returncode == 1
    assert "not ours" in done.stderr
    assert made.sh("clang; xx-clang --unwrap; clang") == "mine\nmine\n"


@pytest.mark.parametrize("place", ["suffix", "folder", "variable", "beside"])
def test_clang_under_another_name_or_in_another_place(
    place: str, make: Callable[..., Machine]
) -> None:
    made = make()
    (made.work / "a.c").write_text(PROGRAM)
    variables = {}
    match place:
        case "suffix":
            made.sh("rm -f /usr/bin/clang /usr/bin/clang++")
        case "folder":
            made.sh("rm -f /usr/bin/clang*")
        case "variable":
            made.sh(
                f"mkdir -p /usr/other/bin /usr/other/lib; cp {BESIDE}/clang /usr/other/bin/; rm -f /usr/bin/clang* {BESIDE}/clang; "
                f"ln -s {BESIDE.parent}/lib/clang /usr/other/lib/; ln -s {BESIDE.parent}/lib/*.so* /usr/lib/ 2>/dev/null || :"
            )
            variables = {"CLANG": "/usr/other/bin/clang"}
        case "beside":
            # As on Fedora: what /usr/bin/clang leads to lies in /usr/bin too.
            made.sh(
                f"ln -s {BESIDE.parent}/lib/*.so* /usr/lib/ 2>/dev/null || :; rm -f /usr/bin/clang*; mv {BESIDE}/clang /usr/bin/clang-0"
            )
            made.sh(
                f"ln -s clang-0 /usr/bin/clang; ln -s {BESIDE.parent}/lib/clang /usr/lib/clang 2>/dev/null || :"
            )
    for suffix in ("", "++"):
        made.sh(
            f"xx-clang{suffix} -c -x c a.c -o a{suffix}.o",
            TARGETPLATFORM="linux/arm64",
            **variables,
        )
    made.sh("rm /usr/bin/xx-*; clang --target=aarch64-linux-gnu -c a.c -o plain.o")
    assert [machine_of(made, name) for name in ("a.o", "a++.o", "plain.o")] == ["EM_AARCH64"] * 3
    assert '"-lstdc++"' in made.run("aarch64-linux-gnu-clang++", "-###", "a.c").stderr
    assert "ld.lld" in made.run("aarch64-linux-gnu-clang", "-###", "a.c").stderr


USER = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


@pytest.mark.parametrize("kind", ["user", "homeless user", "read-only"])
def test_without_the_right_to_write(kind: str, make: Callable[..., Machine]) -> None:
    made = make()
    made.folder.chmod(0o755)
    (made.work / "home").chmod(0o777)
    (made.work / "a.c").write_text(PROGRAM)
    variables = {
        "TARGETPLATFORM": "linux/arm64",
        **({"HOME": "/"} if kind == "homeless user" else {}),
    }

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        done = made.start(
            command, variables, USER if "user" in kind else (), read_only=kind == "read-only"
        )
        assert done.returncode == 0, done.stderr
        return done

    run("xx-clang", "-c", "a.c", "-o", "home/a.o")
    run("xx-clang++", "-c", "-x", "c++", "a.c", "-o", "home/b.o")
    assert run("llvm-readobj", "-h", "home/a.o", "home/b.o").stdout.count("EM_AARCH64") == 2
    assert "ld.lld" in run("xx-clang", "-###", "a.c").stderr.splitlines()[-1]
    assert names(made) == set(), "nothing was written to /usr/bin"
    made_by_user = (
        run("xx-clang", "--print-cmake-defines")
        .stdout.split("-DPKG_CONFIG_EXECUTABLE=")[1]
        .split("/aarch64")[0]
    )
    assert "/xxpy" in made_by_user
    variables["PATH"] = f"{made_by_user}:{machine.PATH}"
    for suffix in ("", "++"):
        assert (
            "ld.lld"
            in run(
                f"clang{suffix}", "--target=aarch64-linux-gnu", "-###", "a.c"
            ).stderr.splitlines()[-1]
        )


def test_two_at_once(make: Callable[..., Machine]) -> None:
    """Four at a time in one view of the machine; each compiles as soon as it is set up."""
    made = make()
    (made.work / "a.c").write_text(PROGRAM)
    for _ in range(5):
        one = "xx-clang -c a.c -o"
        script = "; ".join(f'{one} {number}.o & pids="$pids $!"' for number in range(4))
        made.sh(
            f'pids=""; {script}; for pid in $pids; do wait $pid; done; aarch64-linux-gnu-pkg-config --version',
            TARGETPLATFORM="linux/arm64",
        )
        for number in range(4):
            assert machine_of(made, f"{number}.o") == "EM_AARCH64"
        assert not [name for name in names(made) if name.startswith(".")]
        made.sh("rm /usr/bin/aarch64-linux-gnu*")


def test_a_kill_in_the_middle_leaves_nothing_half_written(make: Callable[..., Machine]) -> None:
    made = make()
    (made.work / "a.c").write_text(PROGRAM)
    whole = None
    for step in range(1, 13):
        made.tried(
            "timeout",
            "-s",
            "KILL",
            f"{step / 100}",
            "xx-clang",
            "--setup-target-triple",
            TARGETPLATFORM="linux/arm64",
        )
        there = {name for name in names(made) if not name.startswith(".")}
        if "aarch64-linux-gnu.cfg" in there:
            assert (
                configuration(made, "aarch64-linux-gnu")
                == "--target=aarch64-linux-gnu -fuse-ld=lld\n"
            )
            whole = whole or there
            assert there == whole, "with the mark, everything is there"
        made.sh(
            "xx-clang -c a.c -o a.o; llvm-readobj -h a.o | grep EM_AARCH64",
            TARGETPLATFORM="linux/arm64",
        )
        made.sh("rm -f /usr/bin/aarch64-linux-gnu*")


@pytest.mark.parametrize("tool", ["tar", "mv"])
def test_a_kill_at_the_worst_moment(tool: str, make: Callable[..., Machine]) -> None:
    made = make()
    killer = "kill -9 $PPID; sleep 0.1"
    made.tool(f"usr/killer/{tool}", killer)
    path = f"/usr/killer:{machine.PATH}"
    done = made.tried("xx-clang", "--setup-target-triple", TARGETPLATFORM="linux/arm64", PATH=path)
    assert done.returncode == 137 or done.returncode < 0
    assert not [name for name in names(made) if name.startswith("aarch64")]
    made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/arm64")
    assert "aarch64-linux-gnu-ar" in names(made)


def test_a_signal_leaves_nothing(make: Callable[..., Machine]) -> None:
    made = make()
    made.tool("usr/killer/mv", "kill -TERM $PPID; sleep 0.1")
    done = made.tried(
        "xx-clang",
        "--setup-target-triple",
        TARGETPLATFORM="linux/arm64",
        PATH=f"/usr/killer:{machine.PATH}",
    )
    assert done.returncode != 0
    assert names(made) == set()


def test_a_kill_while_tar_unpacks_leaves_no_empty_command(make: Callable[..., Machine]) -> None:
    made = make()
    calls = "symlinkat,symlink,mkdirat,mkdir,unlinkat,write"
    empty = (
        "-maxdepth 1 -type f ! -name 'xx-*' -newer /usr/bin/xx-info '(' -size 0 -o ! -perm -400 ')'"
    )
    for step in range(1, 80):
        strace = f"strace -f -qq -o /dev/null -e trace={calls} -e inject={calls}:signal=KILL:when={step} tar"
        made.tool(
            "usr/killer/tar",
            f'PATH={machine.PATH}\n{strace} "$@"; result=$?\n[ $result = 0 ] || kill -9 $PPID; exit $result',
        )
        done = made.tried("xx-clang", "--setup-target-triple", PATH=f"/usr/killer:{machine.PATH}")
        for folder in ("/usr/local/bin", "/usr/bin", "/etc/llvm"):
            assert made.sh(f"[ ! -d {folder} ] || find {folder} {empty}") == "", step
        if done.returncode == 0:
            break
        made.sh("clang --version")
    assert 5 < step < 79
    assert not [name for name in names(made) if name.startswith(".xxpy-")]


@pytest.mark.parametrize("mark", ["", "flags of somebody else\n"])
def test_an_empty_or_foreign_mark_is_healed(mark: str, make: Callable[..., Machine]) -> None:
    made = make()
    triple = made.sh("xx-clang --print-target-triple").strip()
    whole = names(made)
    (made.path("usr/bin") / f"{triple}.cfg").write_text(mark)
    made.sh(
        "rm -f /usr/local/bin/clang /usr/local/bin/clang++ /etc/llvm/xx-default.cfg; : >/usr/local/bin/clang; chmod 0 /usr/local/bin/clang\n"
        ": >/etc/llvm/xx-default.cfg"
    )
    made.sh("xx-clang --setup-target-triple; clang --version")
    assert configuration(made, triple) == f"--target={triple} -fuse-ld=lld\n"
    assert (
        made.sh("cat /etc/llvm/xx-default.cfg; readlink /usr/local/bin/clang")
        == "-fuse-ld=lld\n/usr/bin/clang.xxpy\n"
    )
    assert names(made) == whole


def test_what_a_kill_left_is_swept_and_what_others_work_on_is_not(
    make: Callable[..., Machine],
) -> None:
    made = make()
    kept = [aside.name(os.getpid()), f"{aside.name(1)}.tar", ".xxpy-77-12345"]
    gone = [aside.name(4194305, 1), f"{aside.name(os.getpid(), 1)}.tar", ".xxpy-99-12345"]
    made.sh("; ".join(f"mkdir -p /usr/bin/{name}/.mark" for name in (*kept, *gone)))
    made.sh("touch -d '2 hours ago' /usr/bin/.xxpy-99-12345")
    made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/arm64")
    assert {name for name in names(made) if name.startswith(".xxpy-")} == set(kept)


def test_others_can_read_what_a_set_up_leaves_whatever_the_umask(
    make: Callable[..., Machine],
) -> None:
    for made in (make(), make(without=("tar",))):
        made.sh("rm -rf /usr/local/bin; umask 077; xx-clang --setup-target-triple")
        assert (
            made.sh(
                "find /etc/llvm /usr/local/bin /usr/bin/*.cfg /usr/bin/clang.xxpy ! -type l ! -perm -044"
            )
            == ""
        )
        assert made.sh("find /etc/llvm /usr/local/bin -type d ! -perm -055") == ""


def test_without_tar(make: Callable[..., Machine]) -> None:
    made = make(without=("tar",))
    made.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/arm64")
    lone = names(made)
    listed = made.sh(
        "cd /usr/bin; ls -l aarch64-linux-gnu* | awk '{print $1, $9, $10, $11}'; cat aarch64-linux-gnu-pkg-config"
    )
    whole = make()
    whole.sh("xx-clang --setup-target-triple", TARGETPLATFORM="linux/arm64")
    assert lone == names(whole)
    assert listed == whole.sh(
        "cd /usr/bin; ls -l aarch64-linux-gnu* | awk '{print $1, $9, $10, $11}'; cat aarch64-linux-gnu-pkg-config"
    )


def test_processes(make: Callable[..., Machine]) -> None:
    made = make()
    (made.work / "a.c").write_text(PROGRAM)
    for variables in (
        {"TARGETPLATFORM": "linux/arm64"},
        {"TARGETPLATFORM": "windows/amd64"},
        {"TARGETPLATFORM": "darwin/arm64"},
        {},
    ):
        assert made.started("xx-clang", "--setup-target-triple", **variables) <= 6
    assert made.started("xx-clang", "-c", "a.c", TARGETPLATFORM="linux/arm64") == made.started(
        "clang-14" if CLANG == 14 else "clang", "-c", "a.c"
    )
    assert made.started("aarch64-linux-gnu-clang", "-c", "a.c") == 0
    assert made.started("arm64-apple-macos11.0-clang", "-c", "a.c") == 0


def test_many_machines_at_once_do_not_meet(make: Callable[..., Machine]) -> None:
    made = [make(), make("alpine")]
    with ThreadPoolExecutor() as pool:
        said = pool.map(
            lambda one: one.sh("xx-clang --print-target-triple", TARGETPLATFORM="linux/arm64"), made
        )
    assert list(said) == ["aarch64-linux-gnu\n", "aarch64-alpine-linux-musl\n"]
