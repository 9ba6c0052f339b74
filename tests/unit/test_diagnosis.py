"""Why a build failed: found in what commands print, and said once for all platforms that it concerns."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from xxpy import Platform
from xxpy.cli.report import text
from xxpy.errors import BuildError, OutputError, ToolError
from xxpy.machine import resources
from xxpy.machine.shortage import Shortage
from xxpy.runner import compile_errors, diagnose
from xxpy.runner.diagnosis import Diagnosis
from xxpy.runner.follow import Ended
from xxpy.runner.plan import Step
from xxpy.runner.results import Result, Status

if TYPE_CHECKING:
    from xxpy.errors import XxpyError

LOCAL: Final = Platform.local()
FOREIGN: Final = Platform.parse("linux/s390x")
MISSING: Final = "a.c:1:10: fatal error: 'zlib.h' file not found"
REMEDIES: Final = (("requires cgo", "--cgo turns cgo on"),)


def why(
    *said: str,
    status: int = 1,
    platform: Platform = FOREIGN,
    argv: tuple[str, ...] = ("/usr/bin/make", "all"),
    short: Shortage | None = None,
    folder: Path = Path("/nowhere"),
    log: Path | None = None,
) -> XxpyError:
    """Return the error of a command that has printed these lines."""
    step = Step(platform, (argv,), {}, advice=lambda: "xxpy sysroot add", remedies=REMEDIES)
    return diagnose.failure(
        step,
        argv,
        Ended(status, said, (), short),
        folder=folder,
        output=folder / "dist",
        work=folder / "work",
        table=resources.table(),
        log=log,
    )


@pytest.mark.parametrize(
    ("said", "diagnosis"),
    [
        ((), Diagnosis("make failed with exit status 1", "", "")),
        (("building", "no luck", " "), Diagnosis("make failed with exit status 1", "no luck", "")),
        (
            ("cc a.c", "a.c:2:3: warning: unused", "a.c:4:5: error: no such type", "make: *** [all] Error 1"),
            Diagnosis("a.c:4:5: error: no such type", "a.c:4:5: error: no such type", ""),
        ),
        (("error[E0425]: cannot find value", "bye"), Diagnosis("make failed with exit status 1", "error[E0425]: cannot find value", "")),
        (("error[E0425]: no such value", "  --> src/main.rs:1:3", "bye"), Diagnosis("src/main.rs:1:3: error[E0425]: no such value", "error[E0425]: no such value", "")),
        (("/nowhere/src/a.s:7: Error: no such instruction", "bye"), Diagnosis("src/a.s:7: Error: no such instruction", "/nowhere/src/a.s:7: Error: no such instruction", "")),
        (("meson.build:2:0: ERROR: no such function", "bye"), Diagnosis("meson.build:2:0: ERROR: no such function", "meson.build:2:0: ERROR: no such function", "")),
        (("./tool.sh:2: syntax", "bye"), Diagnosis("make failed with exit status 1", "./tool.sh:2: syntax", "")),
        (("a.go:3:5: undefined: x", "bye"), Diagnosis("a.go:3:5: undefined: x", "a.go:3:5: undefined: x", "")),
        (("CMake Error at CMakeLists.txt:3:", "  no"), Diagnosis("CMakeLists.txt:3: no", "CMake Error at CMakeLists.txt:3:", "")),
        (("compiling", f"  {MISSING}", "1 error generated."), Diagnosis("zlib.h is missing", MISSING, "xxpy sysroot add")),
        (("/usr/bin/x-ld: a.o: in function `f':", "/usr/bin/x-ld: cannot export f: symbol not defined", "collect2: error: ld returned 1 exit status"),
         Diagnosis("make failed with exit status 1", "/usr/bin/x-ld: cannot export f: symbol not defined", "")),
        (("net: requires cgo", MISSING), Diagnosis("make failed with exit status 1", "net: requires cgo", "--cgo turns cgo on")),
    ],
)  # fmt: skip
def test_what_a_command_says(said: tuple[str, ...], diagnosis: Diagnosis) -> None:
    error = why(*said)
    assert (type(error), Diagnosis.of(error)) == (BuildError, diagnosis)


@pytest.mark.parametrize(
    ("test", "cause"),
    [
        ("conftest.c:44:1: error: call to undeclared function 'select'; ISO C99 and later do not support implicit function declarations",
         "select is not declared, which compilers refuse since clang 16 and GCC 14"),
        ("a.c:3:1: error: type specifier missing [-Wimplicit-int]",
         "the C is not valid, which compilers refuse since clang 16 and GCC 14 (implicit-int)"),
        ("ld.lld: error: unable to find library -lnet", "configure: no b"),
    ],
)  # fmt: skip
def test_the_last_test_of_configure_says_what_the_compiler_refuses(
    test: str, cause: str, tmp_path: Path
) -> None:
    tests = ("configure:1: checking a", MISSING, "configure:2: checking b", test, f"| {MISSING}")
    end = ("configure:3: error: no b", "## Cache variables. ##")
    (tmp_path / "config.log").write_text("\n".join((*tests, *end)))
    error = why("configure: error: no b", argv=("/bin/sh", "./configure"), folder=tmp_path)
    assert Diagnosis.of(error).cause == cause


ERROR = "mdb.c:6421:14: error: variable has incomplete type 'union semun'"
STOPPED = "make: *** [Makefile:108: mdb.lo] Error 1"


@pytest.mark.parametrize(
    ("lines", "evidence", "expected"),
    [
        (["$ make", ERROR, *["a.c:1:2: warning: x"] * 99, STOPPED], STOPPED, ERROR),
        (["$ cmake --build", ERROR, "ninja: build stopped: x."], "ninja: build stopped: x.", ERROR),
        (["$ make", ERROR, "$ make install", STOPPED], STOPPED, STOPPED),
        (["$ make", ERROR, "install: no such user", STOPPED], "install: no such user", ""),
        (["$ make", "a.c:1:2: warning: error: x", STOPPED], STOPPED, STOPPED),
        (
            ["$ go build -v", "# a.org/x", "../x/a.go:3:4: undefined: y", *["os/user"] * 99],
            "github.com/a/b-c/v2.1/d",
            "../x/a.go:3:4: undefined: y",
        ),
        (["$ go build -v", "../x/a.go:3:4: undefined: y"], "no such tool", ""),
    ],
)
def test_an_error_above_many_warnings(
    lines: list[str], evidence: str, expected: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log.write_text("\n".join((*lines, "")))
    assert compile_errors.further_up(evidence, log) == (expected or evidence)
    assert compile_errors.further_up(evidence, tmp_path / "none") == evidence


def test_a_script_is_named_instead_of_its_shell() -> None:
    call = ("/bin/sh", "/x/configure")
    assert why(argv=call).message == "configure failed with exit status 1"
    assert why("./configure: error: no luck", argv=call).message == "configure: no luck"
    failure = ("checking for luck... configure: error: in `/p':", "configure: error: no luck")
    assert why(*failure, argv=call).message == "configure: no luck"
    assert why("checking it... configure: error: no", argv=call).message == "configure: no"
    assert why("checking... no terminal", argv=call).message == "configure: checking... no terminal"


@pytest.mark.parametrize(("number", "name"), [(9, "SIGKILL"), (11, "SIGSEGV"), (61, "signal 61")])
def test_a_signal(number: int, name: str) -> None:
    error = why("working", status=-number)
    assert (error.message, error.hint) == (
        f"make was killed by {name}",
        "build fewer platforms at once: --jobs 1",
    )


def test_a_full_disk() -> None:
    line = "ld: final link failed: No space left on device"
    error = why("linking", line, "make: *** [all] Error 1", short=Shortage.DISK)
    assert isinstance(error, OutputError)
    assert Diagnosis.of(error) == Diagnosis(
        "no space is left on the disk",
        line,
        "make room for /nowhere/dist, the cache of make or its temporary files",
    )


def test_a_program_that_the_build_has_made_and_cannot_run(tmp_path: Path) -> None:
    line = "sh: 1: ./gen: Exec format error"
    assert why(line, folder=tmp_path, platform=LOCAL).message == "make failed with exit status 1"
    shutil.copy("/proc/self/exe", tmp_path / "gen")
    error = why("gen table", line, folder=tmp_path, platform=LOCAL)
    assert (error.message, error.evidence) == (
        f"the build runs ./gen, which it has built for {LOCAL}",
        line,
    )
    assert "CC_FOR_BUILD" in error.hint
    assert why(line, folder=tmp_path).message == "make failed with exit status 1"


@pytest.mark.parametrize("verb", ["Entering", "Leaving"])
@pytest.mark.parametrize(
    "said",
    [
        "/bin/bash: line 1: ./gen: cannot execute binary file: Exec format error",
        "/bin/bash: line 1: ./gen: cannot execute: required file not found",
        "/bin/sh: 1: ./gen: not found",
        "make[2]: ./gen: Exec format error",
    ],
)
def test_a_program_in_a_folder_that_make_has_entered(tmp_path: Path, said: str, verb: str) -> None:
    place = tmp_path / "a folder"
    place.mkdir()
    shutil.copy("/proc/self/exe", place / "gen")
    entered = f"make[1]: {verb} directory '{place}'"
    error = why(entered, said, folder=tmp_path, platform=LOCAL)
    assert error.message == f"the build runs ./gen, which it has built for {LOCAL}"


@pytest.mark.parametrize(
    ("word", "file"), [("./gen", "gen.exe"), ("gen", "gen.exe"), ("./gen.exe", "gen.exe")]
)
def test_a_program_for_windows_has_a_suffix(word: str, file: str, tmp_path: Path) -> None:
    (tmp_path / "gen.c").write_text("int main(void) { return 0; }\n")
    compiler = ["x86_64-w64-mingw32-gcc", "-o", str(tmp_path / file), "gen.c"]
    subprocess.run(compiler, cwd=tmp_path, check=True)
    windows = Platform.parse("windows/amd64")
    said = why(f"/bin/sh: 1: {word}: not found", folder=tmp_path, platform=windows)
    shown = word if word.endswith(".exe") else f"{word}.exe"
    assert said.message == f"the build runs {shown}, which it has built for windows/amd64"
    assert "CC_FOR_BUILD" in said.hint


def test_a_build_tool_that_speaks_is_no_program_that_cannot_run(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("int main(void) { return 0; }\n")
    command = ["x86_64-w64-mingw32-gcc", "-o", str(tmp_path / "ninja.exe"), "a.c"]
    subprocess.run(command, cwd=tmp_path, check=True)
    said = ("a.c:1:1: error: no such type", "ninja: build stopped: subcommand failed.")
    error = why(*said, folder=tmp_path, platform=Platform.parse("windows/amd64"))
    assert error.message == said[0]


def test_an_object_is_no_program_that_cannot_run(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("int a;\n")
    subprocess.run(["cc", "-c", "a.c"], cwd=tmp_path, check=True)
    error = why("llvm-objcopy: error: 'a.o': no such section", folder=tmp_path, platform=LOCAL)
    assert error.message == "make failed with exit status 1"


def test_a_package_that_a_build_does_without_explains_no_error_of_a_compiler(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    wrong = "a.c:1:1: error: no such type"
    log.write_text(f"$ cmake .\n--   Package 'libbsd' not found\n$ ninja\n{wrong}\n")
    assert why(wrong, log=log).message == wrong
    assert why("no luck", log=log).message == "the library libbsd is missing for the target"


def test_the_error_of_cmake_is_found_before_its_summary(tmp_path: Path) -> None:
    log = tmp_path / "log"
    rest = ["-- a", "-- Configuring incomplete, errors occurred!", 'See also "CMakeError.log".']
    error = [
        "CMake Error at CMakeLists.txt:19 (include):",
        "  include could not find:",
        "",
        "    a.cmake",
    ]
    log.write_text("\n".join(("$ cmake .", *error, "", *rest, "")))
    found = why(*rest, log=log)
    assert found.message == "CMakeLists.txt:19: include could not find: a.cmake"


def test_the_linker_of_this_machine_is_no_program_that_the_build_has_made(tmp_path: Path) -> None:
    error = why("/proc/self/exe: undefined reference to `x'", folder=tmp_path, platform=LOCAL)
    assert error.message == "no object or library that is linked has x"


def test_a_word_that_is_no_path() -> None:
    assert why(f"{'x' * 300}: no", "a\0b: no").message == "make failed with exit status 1"


def result(platform: str, error: XxpyError, *log_end: str, log: Path | None = None) -> Result:
    status = Status.REFUSED if log is None else Status.FAILED
    return Result(Platform.parse(platform), status, 1.0, log, (), error, log_end)


def test_a_diagnosis_is_said_once_for_all_its_platforms() -> None:
    error = BuildError("zlib.h is missing", "install it", evidence=MISSING)
    other = BuildError("make failed with exit status 2")
    lines = text.failures([
        result("linux/amd64", error, "$ make x", MISSING, log=Path("/logs/a.log")),
        result("linux/arm64", other, "$ make", "no", log=Path("/logs/b.log")),
        result("linux/s390x", error, "$ make y", MISSING, log=Path("/logs/c.log")),
        result("linux/386", other, "$ make", "never", log=Path("/logs/d.log")),
        result("ios/arm64", ToolError("Go has no port", "leave it out\nor not")),
    ])  # fmt: skip
    assert lines == [
        "",
        "linux/amd64, linux/s390x failed: zlib.h is missing",
        "  $ make x",
        f"  {MISSING}",
        "  full log: /logs/a.log",
        "  full log: /logs/c.log",
        "  hint: install it",
        "",
        "linux/arm64 failed: make failed with exit status 2",
        "  $ make",
        "  no",
        "  full log: /logs/b.log",
        "",
        "linux/386 failed: make failed with exit status 2",
        "  $ make",
        "  never",
        "  full log: /logs/d.log",
        "",
        "ios/arm64 cannot be built: Go has no port",
        "  hint: leave it out",
        "  hint: or not",
    ]


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ("a.c:4:5: error: no such type", "a.c:4:5: error: no such type"),
        ("ld.lld: error: undefined symbol: f", "no object or library that is linked has f"),
        ("Makefile:3: nothing", "make failed with exit status 1"),
    ],
)
def test_the_error_of_a_compiler_is_found_in_the_whole_output_of_a_command(
    shown: str, found: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    earlier = "$ ./configure\nconftest.c:1:1: error: a trial\n"
    rest = [f"cc -c {number}.c" for number in range(50)]
    log.write_text("\n".join((f"{earlier}$ make", "cc a.c", shown, *rest, "make: *** Error 1", "")))
    error = why(*rest[-10:], "make: *** [all] Error 1", log=log)
    assert error.message == found
    assert error.evidence == (shown if "error" in shown else "make: *** [all] Error 1")


def test_evidence_from_further_up_comes_before_the_end_of_the_log() -> None:
    error = BuildError("zlib.h is missing", evidence=MISSING)
    lines = text.failures([result("linux/386", error, "make: *** [all] Error 1", log=Path("/l"))])
    assert lines[2:5] == [f"  {MISSING}", "  …", "  make: *** [all] Error 1"]


def test_the_line_of_a_platform_leaves_the_reason_to_the_report() -> None:
    error = BuildError("zlib.h is missing")
    (row,) = text.rows(result("linux/386", error, log=Path("/l")))
    assert row == ("linux/386", "✗", "failed", "", "", "1.0 s")
    (row,) = text.rows(result("linux/386", error))
    assert row == ("linux/386", "✗", "cannot be built", "", "", "")
