"""``xx-windres``: what it would run for each option, and what it makes with the real tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.differential import machine
from tests.differential.machine import MEMORY
from xxpy import wrappers
from xxpy.machine import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.differential.machine import Machine

SHELLS = {"dash": ["dash"], "busybox": ["busybox", "sh"], "bash": ["bash"]}
DRY = {"XX_WINDRES_DRYRUN": "1", "XX_TMP_FILE_FIXED": "/t"}
X64 = "llvm-cvtres -machine:X64 -out:{} /t_"


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "xx-windres"
    path.write_text(
        wrappers.render(
            "xx-windres", resources.table(), resources.texts("templates", "commands/*.sh")
        )
    )
    return path


def run(
    script: Path, *arguments: str, shell: str = "dash", stdin: str = "", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "TARGETPLATFORM": "windows/amd64", **variables}
    folder = script.parent
    return subprocess.run(
        [*SHELLS[shell], str(script), *arguments],
        env=environment,
        input=stdin.encode(),
        capture_output=True,
        check=False,
        cwd=folder,
    )


def said(script: Path, *arguments: str, shell: str = "dash", **variables: str) -> list[str]:
    done = run(script, *arguments, shell=shell, **DRY, **variables)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode().splitlines()


def made(
    options: str = "",
    rc: str = "",
    source: str = "a.rc",
    folder: str = ".",
    last: str = X64.format("a.o"),
) -> list[str]:
    """Return the three commands, with what is between their fixed words."""
    return [
        f"clang -E -xc -D RC_INVOKED=1 {options}{' ' * bool(options)}-o /t {source}",
        f"llvm-rc {rc}{' ' * bool(rc)}-fo /t_ -I {folder} /t",
        last,
    ]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("a.rc", "a.o"), made()),
        (("-i", "a.rc", "-o", "a.o"), made()),
        (("-ia.rc", "-oa.o"), made()),
        (("--input=a.rc", "--output=a.o"), made()),
        (("--input", "a.rc", "--output", "a.o"), made()),
        (("a.rc", "a.res"), made(last="cp /t_ a.res")),
        (("a.rc", "a.res", "-O", "coff"), made(last=X64.format("a.res"))),
        (("-Ores", "a.rc", "a.o"), made(last="cp /t_ a.o")),
        (("a.res", "a.o"), ["llvm-cvtres -machine:X64 -out:a.o a.res"]),
        (("a.res", "b.res"), ["cp a.res b.res"]),
        (("-J", "rc", "a.res", "a.o"), made(source="a.res")),
        (("--input-format=res", "a.x", "a.o"), ["llvm-cvtres -machine:X64 -out:a.o a.x"]),
        (("res/sub/a.rc", "a.o"), made(source="res/sub/a.rc", folder="res/sub")),
        (("/a.rc", "a.o"), made(source="/a.rc", folder="/")),
        (("-o", "a.o"), made(source="-")),
        (("a.rc",), made(last=X64.format("/dev/stdout"))),
        (
            ("-DA", "-D", "B=1", "-UNOT", "-U", "C", "-Ione", "-I", "two", "--include-dir", "three", "--include-dir=four", "--define=D=2", "--undefine=E", "a.rc", "a.o"),
            made("-D A -D B=1 -U NOT -U C -Ione -Itwo -Ithree -Ifour -D D=2 -U E"),
        ),
        (("-l", "0x409", "-c65001", "a.rc", "a.o"), made(rc="-L 0x409 -C 65001")),
        (("--language=0x409", "--codepage", "65001", "a.rc", "a.o"), made(rc="-L 0x409 -C 65001")),
        (("-r", "-v", "--use-temp-file", "--no-use-temp-file", "a.rc", "a.o"), made()),
        (("--preprocessor-arg", "-P", "a.rc", "a.o"), made("-P")),
        (("-F", "pe-i386", "a.rc", "a.o"), made(last="llvm-cvtres -machine:X86 -out:a.o /t_")),
        (("--target=pe-x86-64", "a.rc", "a.o"), made()),
        (("--target", "i686-w64-mingw32", "a.rc", "a.o"), made(last="llvm-cvtres -machine:X86 -out:a.o /t_")),
        (("-Faarch64-w64-mingw32", "a.rc", "a.o"), made(last="llvm-cvtres -machine:ARM64 -out:a.o /t_")),
        (("-F", "armv7-w64-mingw32", "a.rc", "a.o"), made(last="llvm-cvtres -machine:ARM -out:a.o /t_")),
    ],
)  # fmt: skip
def test_what_it_runs(
    arguments: tuple[str, ...], expected: list[str], shell: str, script: Path
) -> None:
    assert said(script, *arguments, shell=shell) == expected


@pytest.mark.parametrize(
    ("platform", "machine"),
    [("windows/386", "X86"), ("windows/arm64", "ARM64"), ("windows/arm", "ARM"), ("linux/amd64", "X64"), ("linux/386", "X86"), ("linux/arm/v7", "ARM"), ("darwin/arm64", "ARM64")],
)  # fmt: skip
def test_the_machine_of_the_environment(platform: str, machine: str, script: Path) -> None:
    assert said(script, "a.rc", "a.o", TARGETPLATFORM=platform) == made(
        last=f"llvm-cvtres -machine:{machine} -out:a.o /t_"
    )


def test_the_preprocessor(script: Path, tmp_path: Path) -> None:
    assert said(script, "a.rc", "a.o", CC="mycc")[0].startswith("mycc -E -xc -D RC_INVOKED=1 ")
    assert said(script, "--preprocessor=cpp -x", "a.rc", "a.o", CC="mycc")[0].startswith(
        "cpp -x -E -xc "
    )
    (tmp_path / "uname").write_text("#!/bin/sh\necho x86_64\n")
    (tmp_path / "uname").chmod(0o755)
    (tmp_path / "dash").symlink_to("/bin/dash")
    assert said(script, "a.rc", "a.o", PATH=str(tmp_path))[0].startswith("gcc -E -xc ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-foo",), "invalid option -foo"),
        (("--foo", "a.rc"), "invalid option --foo"),
        (("-J", "foo"), "invalid input format foo"),
        (("-J", "coff"), "invalid input format coff"),
        (("-O", "foo"), "invalid output format foo"),
        (("-O", "rc"), "invalid output format rc"),
        (("-F", "foo"), "invalid target foo for xx-windres"),
        (("-J", "foo", "-F", "foo"), "invalid input format foo"),
        (("-O", "foo", "-F", "foo"), "invalid output format foo"),
        (("-F", "s390x-linux-gnu", "a.rc"), "invalid target s390x-linux-gnu for xx-windres"),
        (("a.rc", "a.o", "b.o"), "too many files: b.o"),
        (("-I",), "option -I needs a value"),
    ],
)
def test_errors_are_the_only_output(arguments: tuple[str, ...], message: str, script: Path) -> None:
    for shell in SHELLS:
        done = run(script, *arguments, shell=shell, **DRY)
        assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", f"{message}\n")
    done = run(script, "a.rc", "a.o", TARGETPLATFORM="linux/s390x", XX_VENDOR="debian", **DRY)
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        b"",
        b"invalid target s390x-linux-gnu for xx-windres\n",
    )


def test_version_and_help(script: Path) -> None:
    for flag in ("-V", "--version"):
        assert run(script, flag).stdout == b"xx-windres 0.1\n"
        # Meson asks a resource compiler that has its target, and looks for the words.
        assert b"GNU windres" in run(script, "--target=pe-i386", flag).stdout
    for flag in ("-h", "--help"):
        done = run(script, flag)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(b"usage: xx-windres ")


RESOURCE = """#include "names.h"
#ifdef RC_INVOKED
STRINGTABLE
BEGIN
  GREETING TEXT
END
#endif
1 VERSIONINFO
FILEVERSION 1,2,3,4
BEGIN
END
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "some folder").mkdir()
    (tmp_path / "some folder/a.rc").write_text(RESOURCE)
    (tmp_path / "some folder/names.h").write_text("#define GREETING 7\n")
    return tmp_path / "some folder/a.rc"


def resources_of(path: Path) -> str:
    return subprocess.run(
        ["llvm-readobj", "-h", "--coff-resources", str(path)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("platform", "machine"),
    [("windows/amd64", "AMD64"), ("windows/386", "I386"), ("windows/arm64", "ARM64")],
)
def test_real_resources(
    platform: str, machine: str, shell: str, script: Path, source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "an output.o"
    done = run(
        script,
        '-DTEXT="hello"',
        str(source),
        str(out),
        shell=shell,
        TARGETPLATFORM=platform,
        TMPDIR=str(tmp_path),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    found = resources_of(out)
    assert f"IMAGE_FILE_MACHINE_{machine} " in found
    assert "Type: STRINGTABLE" in found
    assert "Type: VERSIONINFO" in found
    assert sorted(path.name for path in tmp_path.iterdir()) == ["an output.o", "some folder"], (
        "nothing is left"
    )


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("words", [("-I",), ("--include-dir",), ("-D", "X=1", "-I")])
def test_files_of_resources_are_in_include_directories(
    words: tuple[str, ...], shell: str, script: Path, tmp_path: Path
) -> None:
    """The generated script of a program names a manifest beside its template."""
    folder = tmp_path / "a folder of sources"
    (folder / "icons").mkdir(parents=True)
    (folder / "a.manifest").write_text("<assembly/>")
    (folder / "icons/a.data").write_bytes(b"pixels")
    made_of = tmp_path / "a.rc"
    made_of.write_text('1 24 "a.manifest"\n2 RCDATA "icons/a.data"\n')
    out = tmp_path / "a.o"
    done = run(script, *words, str(folder), str(made_of), str(out), shell=shell)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert b"<assembly/>" in out.read_bytes()
    assert b"pixels" in out.read_bytes()
    assert run(script, str(made_of), str(out)).returncode == 1


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("option", ["-D", "--define=", "--define"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"1.0"', "1.0"),
        (r"\"1.0\"", "1.0"),
        (r"\"a\ \\\\ b\"", "a \\ b"),
        (r"\"$HOME `id` *\"", "$HOME `id` *"),
        (r"\"é\"", "é"),
    ],
)
def test_the_quotes_of_a_string_may_be_quoted(
    value: str, expected: str, option: str, shell: str, script: Path, tmp_path: Path
) -> None:
    """GNU windres passes the macro to a shell, which takes one level of backslashes away."""
    (tmp_path / "a.rc").write_text("STRINGTABLE { 7, TEXT }\n")
    definition = f"TEXT={value}"
    words = (option, definition) if option == "--define" else (f"{option}{definition}",)
    out = tmp_path / "a.o"
    done = run(script, *words, "-c65001", str(tmp_path / "a.rc"), str(out), shell=shell)
    assert (done.returncode, done.stderr) == (0, b"")
    assert expected.encode("utf-16-le") in out.read_bytes()


def test_stdin_and_stdout_and_by_way_of_res(script: Path, source: Path, tmp_path: Path) -> None:
    text = RESOURCE.replace('#include "names.h"', "#define GREETING 7")
    direct = run(script, '-DTEXT="hello"', stdin=text, TMPDIR=str(tmp_path))
    assert (direct.returncode, direct.stderr) == (0, b"")
    compiled = run(script, '-DTEXT="hello"', "-O", "res", str(source), TMPDIR=str(tmp_path))
    (tmp_path / "a.res").write_bytes(compiled.stdout)
    assert run(script, str(tmp_path / "a.res"), str(tmp_path / "b.o")).returncode == 0
    # Four bytes of the header tell the time.
    made_of = (tmp_path / "b.o").read_bytes()
    assert (made_of[:4], made_of[8:]) == (direct.stdout[:4], direct.stdout[8:])


HEADERS = """#include <winver.h>
#ifdef __linux__
#error macros of this machine
#endif
1 VERSIONINFO
FILEVERSION 1,2,3,4
FILEOS VOS_NT_WINDOWS32
FILETYPE VFT_APP
BEGIN
END
"""
WINDOWS = {
    "windows/amd64": "AMD64",
    "windows/386": "I386",
    "windows/arm64": "ARM64",
    "linux/amd64": "AMD64",
}
TRIPLES = {"windows/amd64": "x86_64-w64-mingw32", "windows/386": "i686-w64-mingw32"}


@pytest.fixture(scope="module")
def without_gcc() -> Iterator[Machine]:
    """A machine with the headers of mingw-w64 and clang, but no compiler of mingw-w64."""
    folder = Path(tempfile.mkdtemp(dir=MEMORY, prefix="xxpy-test-"))
    made = machine.make(folder)
    (made.work / "a.rc").write_text(HEADERS)
    yield made
    shutil.rmtree(folder)


@pytest.mark.parametrize("platform", WINDOWS)
def test_headers_of_windows_without_its_gcc(platform: str, without_gcc: Machine) -> None:
    for words in ("", "-F pe-x86-64", "--preprocessor='clang -DMORE'"):
        without_gcc.sh(f"xx-windres {words} a.rc a.o", TARGETPLATFORM=platform)
        found = resources_of(without_gcc.work / "a.o")
        assert f"IMAGE_FILE_MACHINE_{'AMD64' if 'pe-' in words else WINDOWS[platform]} " in found
    for compiler in ("clang", "clang++", "/usr/bin/clang"):
        without_gcc.sh(f"CC={compiler} xx-windres a.rc a.o", TARGETPLATFORM=platform)


def test_headers_under_the_name_of_a_triple(without_gcc: Machine) -> None:
    without_gcc.sh(
        "xx-clang --setup-target-triple; x86_64-w64-mingw32-windres a.rc a.res",
        TARGETPLATFORM="windows/amd64",
    )


@pytest.mark.parametrize("platform", TRIPLES)
def test_without_clang_the_gcc_of_windows_is_taken(
    platform: str, script: Path, tmp_path: Path
) -> None:
    """Where the machine has both its own gcc and that of the target."""
    for name in (
        "gcc",
        f"{TRIPLES[platform]}-gcc",
        "llvm-rc",
        "llvm-cvtres",
        "dash",
        "mkdir",
        "rm",
        "uname",
    ):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    (tmp_path / "a.rc").write_text(HEADERS)
    done = run(
        script,
        str(tmp_path / "a.rc"),
        str(tmp_path / "a.o"),
        PATH=str(tmp_path),
        TARGETPLATFORM=platform,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert "Type: VERSIONINFO" in resources_of(tmp_path / "a.o")


def test_a_tool_that_fails_fails_all(script: Path, tmp_path: Path) -> None:
    done = run(script, str(tmp_path / "missing.rc"), str(tmp_path / "a.o"), TMPDIR=str(tmp_path))
    assert done.returncode == 1
    assert b"missing.rc" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_under_the_name_of_a_triple(script: Path) -> None:
    other = script.with_name("i686-w64-mingw32-windres")
    other.write_bytes(script.read_bytes())
    done = run(other, "a.rc", "a.o", **DRY)
    assert done.stdout.decode().splitlines()[-1] == "llvm-cvtres -machine:X86 -out:a.o /t_"
    assert b"GNU windres" in run(other, "--version").stdout
