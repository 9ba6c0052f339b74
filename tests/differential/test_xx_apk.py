"""``xx-apk`` in roots that are Alpine in name. No registry at hand has apk-tools, so a stand-in notes the words that it is given."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.packages import started
from tests.differential.roots import SHELLS, Root, make

if TYPE_CHECKING:
    from collections.abc import Callable

APK = """#!/bin/sh
{ printf '<%s>' "$@"; echo; } >>/log
root=/
while [ "$#" -gt 0 ]; do
  case $1 in
    --root) root=$2 ;;
    broken) exit 7 ;;
    rust-stdlib) mkdir -p "$root/usr/lib/rustlib/some-triple/lib" ;;
    compiler-rt) mkdir -p "$root/usr/lib/clang/20/lib/linux" && : >"$root/usr/lib/clang/20/lib/linux/libclang_rt.builtins-some.a" ;;
    gcc) mkdir -p "$root/usr/bin" "$root/sbin" && : >"$root/usr/bin/gcc" && : >"$root/sbin/x" && : >"$root/usr/lib.so" ;;
  esac
  shift
done
"""
"""Notes its words, and leaves what the packages of these names would leave."""

TRIPLE = "aarch64-alpine-linux-musl"
PREPARE = f"<--root></{TRIPLE}><--arch><aarch64><--wait><60><--initdb><--no-cache><add><--no-scripts><alpine-keys>"
NATIVE = {"TARGETPLATFORM": "linux/amd64"}
FOREIGN = {"TARGETPLATFORM": "linux/arm64"}


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An Alpine in name for each shell."""
    return {shell: system(tmp_path_factory.mktemp("systems"), shell) for shell in SHELLS}


def system(folder: Path, shell: str) -> Path:
    root = make(folder, shell, "alpine").path
    if shell != "busybox":
        extra = make(folder / "busybox", "busybox", "alpine").path
        shutil.copytree(
            extra,
            root,
            dirs_exist_ok=True,
            symlinks=True,
            ignore=shutil.ignore_patterns("sh", "xx-*"),
        )
    for applet in ("mkdir", "cp", "mv", "rm", "ln", "readlink", "cat"):
        (root / "usr/bin" / applet).symlink_to("/bin/busybox")
    for path, text in {
        "usr/bin/apk": APK,
        "dev/null": "",
        "etc/apk/repositories": "https://example.org/main\n",
        "etc/apk/keys/own.pub": "own",
        "usr/share/apk/keys/aarch64/theirs.pub": "theirs",
        "usr/share/apk/keys/s390x/others.pub": "others",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / "usr/bin/apk").chmod(0o755)
    return root


@pytest.fixture
def roots(systems: dict[str, Path], tmp_path: Path) -> Callable[[str], Root]:
    """Make a copy of the Alpine of a shell."""
    return lambda shell: Root(
        Path(shutil.copytree(systems[shell], tmp_path / shell, symlinks=True))
    )


def log(root: Root) -> list[str]:
    file = root.path / "log"
    return file.read_text().splitlines() if file.is_file() else []


@pytest.mark.parametrize("shell", SHELLS)
def test_the_first_call_prepares_the_root(shell: str, roots: Callable[[str], Root]) -> None:
    root = roots(shell)
    for _ in range(2):
        got = root.run("/usr/bin/xx-apk", "setup", environment=FOREIGN)
        assert (got.returncode, got.stdout) == (0, "")
    assert log(root) == [PREPARE]
    files = {
        path.relative_to(root.path / TRIPLE).as_posix(): path.read_text()
        for path in (root.path / TRIPLE).rglob("*")
        if path.is_file()
    }
    assert files == {
        "etc/apk/repositories": "https://example.org/main\n",
        "etc/apk/keys/own.pub": "own",
        "etc/apk/keys/theirs.pub": "theirs",
        "etc/apk/arch": "aarch64\n",
    }
    assert root.run("/usr/bin/xx-apk", "clean", environment=FOREIGN).returncode == 0
    assert not (root.path / TRIPLE).exists()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("variables", "words", "sent"),
    [
        (FOREIGN, ("add", "--no-cache", "zlib-dev"), f"<--root></{TRIPLE}><add><--no-scripts><--wait=60><--no-cache><zlib-dev>"),
        (FOREIGN, ("--no-cache", "add", "xx-c-essentials", "xx-cxx-essentials"), f"<--root></{TRIPLE}><--no-cache><add><--no-scripts><--wait=60><musl-dev><gcc><g++>"),
        (FOREIGN, ("-X", "add", "-t", ".build", "add", "a b", "", "*"), f"<--root></{TRIPLE}><-X><add><-t><.build><add><--no-scripts><--wait=60><a b><><*>"),
        (FOREIGN, ("search", "zlib*"), f"<--root></{TRIPLE}><search><zlib*>"),
        (FOREIGN, ("info", "-L", "musl"), f"<--root></{TRIPLE}><info><-L><musl>"),
        (FOREIGN, ("del", "zlib-dev"), f"<--root></{TRIPLE}><del><--no-scripts><--wait=60><zlib-dev>"),
        (FOREIGN | {"XX_VENDOR": "unknown", "XX_LIBC": "gnu", "RISCV64_TARGET_ARCH": "riscv64gc"}, ("update",), f"<--root></{TRIPLE}><update>"),
        ({"TARGETPLATFORM": "linux/riscv64", "RISCV64_TARGET_ARCH": "riscv64gc"}, ("update",), "<--root></riscv64-alpine-linux-musl><update>"),
        ({"TARGETPLATFORM": "linux/arm/v6"}, ("update",), "<--root></armv6-alpine-linux-musleabihf><update>"),
        (NATIVE, ("add", "xx-c-essentials"), "<add><musl-dev><gcc>"),
        ({}, ("info",), "<info>"),
        (FOREIGN, (), "<>"),
        (FOREIGN, ("--version",), "<--version>"),
    ],
)  # fmt: skip
def test_the_words_that_apk_is_given(
    variables: dict[str, str],
    words: tuple[str, ...],
    sent: str,
    shell: str,
    roots: Callable[[str], Root],
) -> None:
    root = roots(shell)
    got = root.run("/usr/bin/xx-apk", *words, environment=variables)
    assert got.returncode == 0, got.stderr
    assert log(root)[-1] == sent


def test_binaries_do_not_stay_but_libraries_do(roots: Callable[[str], Root]) -> None:
    root = roots("busybox")
    outside = root.path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    (root.path / TRIPLE).mkdir()
    (root.path / TRIPLE / "bin").symlink_to("/outside")
    assert root.run("/usr/bin/xx-apk", "add", "gcc", environment=FOREIGN).returncode == 0
    assert {path.name for path in (root.path / TRIPLE).rglob("*") if path.is_file()} >= {"lib.so"}
    assert not list((root.path / TRIPLE / "usr/bin").iterdir())
    assert not list((root.path / TRIPLE / "sbin").iterdir())
    assert (outside / "kept").exists(), "a link that leads out of the root is not followed"
    assert (
        root.run(
            "/usr/bin/xx-apk", "add", "gcc", environment=FOREIGN | {"XX_APK_KEEP_BINARIES": "1"}
        ).returncode
        == 0
    )
    assert (root.path / TRIPLE / "usr/bin/gcc").exists()
    assert root.run("/usr/bin/xx-apk", "add", "gcc", environment=NATIVE).returncode == 0
    assert (root.path / "usr/bin/gcc").exists(), "the machine's own stay"


def test_libraries_of_compilers_are_linked_and_go_with_the_root(
    roots: Callable[[str], Root],
) -> None:
    root = roots("busybox")
    assert (
        root.run(
            "/usr/bin/xx-apk", "add", "rust-stdlib", "compiler-rt", environment=FOREIGN
        ).returncode
        == 0
    )
    library = root.path / "usr/lib/clang/20/lib/linux/libclang_rt.builtins-some.a"
    standard = root.path / "usr/lib/rustlib/some-triple"
    assert (
        library.readlink().as_posix()
        == f"/{TRIPLE}/usr/lib/clang/20/lib/linux/libclang_rt.builtins-some.a"
    )
    assert standard.readlink().as_posix() == f"/{TRIPLE}/usr/lib/rustlib/some-triple"
    assert root.run("/usr/bin/xx-apk", "clean", environment=FOREIGN).returncode == 0
    assert not library.is_symlink()
    assert not standard.is_symlink()


def test_a_failure_passes_through_and_leaves_no_half_root(roots: Callable[[str], Root]) -> None:
    root = roots("busybox")
    assert root.run("/usr/bin/xx-apk", "add", "broken", environment=FOREIGN).returncode == 7
    apk = root.path / "usr/bin/apk"
    apk.write_text("#!/bin/sh\nexit 9\n")
    got = root.run("/usr/bin/xx-apk", "add", "x", environment={"TARGETPLATFORM": "linux/s390x"})
    assert got.returncode == 1
    assert "the root /s390x-alpine-linux-musl cannot be prepared" in got.stderr
    apk.write_text(APK)
    assert (
        root.run(
            "/usr/bin/xx-apk", "add", "x", environment={"TARGETPLATFORM": "linux/s390x"}
        ).returncode
        == 0
    )
    assert [line for line in log(root) if "<alpine-keys>" in line and "s390x" in line], (
        "what failed is prepared again"
    )
    assert not list(root.path.rglob(".xxpy-*")), "nothing is left aside"


def test_clean_and_setup_never_touch_the_machine_itself(roots: Callable[[str], Root]) -> None:
    root = roots("busybox")
    for verb in ("setup", "clean"):
        assert root.run("/usr/bin/xx-apk", verb, environment=NATIVE).returncode == 0
    assert log(root) == []
    assert (root.path / "bin/busybox").exists()


def test_few_processes(roots: Callable[[str], Root], tmp_path: Path) -> None:
    root = roots("dash")
    trace = tmp_path / "trace"
    calls = ("execve", "fork", "vfork", "clone", "clone3")
    strace = [
        "strace",
        "-f",
        "-qq",
        "-e",
        f"trace={','.join(calls)}",
        "-e",
        "status=successful",
        "-e",
        "signal=none",
        "-o",
        str(trace),
    ]
    for expected in (
        ["uname", "mkdir", "cp", "cp", "mv", "apk", "rm", "apk", "rm"],
        ["uname", "apk", "rm"],
    ):
        subprocess.run(
            [*strace, *root.command("/usr/bin/xx-apk", "add", "gcc")],
            env={"PATH": "/usr/bin:/bin"} | FOREIGN,
            check=True,
        )
        assert started(trace.read_text(), "/xx-apk") == expected


@pytest.mark.parametrize(
    "platform", ["windows/amd64", "darwin/arm64", "linux/mips64le", "linux/mips"]
)
def test_platforms_without_packages_are_passed_over(
    platform: str, roots: Callable[[str], Root]
) -> None:
    root = roots("busybox")
    for verb in ("add", "setup", "clean", "search"):
        got = root.run("/usr/bin/xx-apk", verb, "x", environment={"TARGETPLATFORM": platform})
        assert (got.returncode, got.stderr) == (
            0,
            f"skipping packages installation on {platform}\n",
        )
    assert log(root) == []
