"""Every cause over every log: logs of real builds, which begin with the commands that made them."""

from __future__ import annotations

import io
import json
import os
import re
import string
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.diagnose.record import LOGS, body, recipe
from xxpy.runner import causes

if TYPE_CHECKING:
    from pathlib import Path

ALL: Final = sorted(LOGS.glob("*.log"))
SUCCESS: Final = "success"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_the_first_diagnosis_of_each_log_is_its_cause(path: Path) -> None:
    found = causes.search(body(path.read_text(encoding="utf-8")).splitlines())
    expected = path.name.split(".")[0]
    assert [one.name for one in found[:1]] == ([] if expected == SUCCESS else [expected]), found


@pytest.mark.parametrize("cause", causes.known(), ids=lambda cause: cause.name)
def test_each_cause_has_a_log(cause: causes.Cause) -> None:
    assert [path for path in ALL if path.name.split(".")[0] == cause.name]


@pytest.mark.parametrize("cause", causes.known(), ids=lambda cause: cause.name)
def test_texts_name_groups_that_every_sign_has(cause: causes.Cause) -> None:
    named = {
        field
        for text in (cause.cause, cause.fix, cause.inside, cause.tool, cause.each)
        for _, field, *_ in string.Formatter().parse(text)
        if field
    } - {"install", "platform", "settings", "quoted", "each"}
    for sign in cause.signs:
        assert named <= set(sign.pattern.groupindex), sign.words
    assert bool(cause.tool) == ("{install}" in cause.fix)
    assert bool(cause.each) == ("{each}" in cause.fix) == ("{each}" in cause.inside)


@pytest.mark.parametrize(
    ("log", "flags"),
    [("warning-as-error.clang.log", "CFLAGS"), ("warning-as-error-cxx.gcc.log", "CXXFLAGS")],
)
def test_a_fix_names_all_warnings_once(log: str, flags: str) -> None:
    (found, *_) = causes.search(body((LOGS / log).read_text()).splitlines(), "linux/arm64")
    setting = f'environment.{flags} = "-O2 -Wno-error=parentheses -Wno-error=unused-variable"'
    assert setting in found.diagnosis.fix


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_a_log_says_how_it_was_made_and_not_where(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert recipe(text)
    assert not re.search(r"/root\b|/work/|/tmp/xxpy|\.venv", body(text))


def xxpy(*words: str, log: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "xxpy", "diagnose", *words]
    return subprocess.run(command, input=log, capture_output=True, check=False)


def test_the_command_prints_cause_line_and_fix(tmp_path: Path) -> None:
    log = tmp_path / "build.log"
    log.write_bytes(
        b"cc -c a.c\n\x1b[1ma.c:1:10:\x1b[0m fatal error: execinfo.h: No such file or directory\n"
    )
    done = xxpy(str(log))
    assert done.returncode == 0, done.stderr
    cause, evidence, fix = done.stdout.decode().splitlines()
    assert cause.startswith(f"{log}:2: execinfo.h is a header of glibc")
    assert evidence == "  a.c:1:10: fatal error: execinfo.h: No such file or directory"
    assert fix.startswith("  fix: build for glibc: xxpy build --libc gnu")


def test_standard_input_and_json() -> None:
    done = xxpy(
        "--json", "-", log=b"a\r\nb\r\n/usr/bin/ld: final link failed: No space left on device\r\n"
    )
    document = json.loads(done.stdout)
    assert (done.returncode, document["lines"], document["skipped"]) == (0, 3, 0)
    assert [(one["name"], one["line"]) for one in document["found"]] == [("disk-full", 3)]
    assert set(document["found"][0]) == {"name", "line", "cause", "evidence", "fix"}


def test_a_log_without_a_known_cause() -> None:
    done = xxpy("-", log=b"all is well\n")
    assert (done.returncode, done.stdout) == (17, b"")
    assert b"error: -: no known cause\n" in done.stderr
    assert json.loads(xxpy("--json", "-").stdout) == {"lines": 0, "skipped": 0, "found": []}


def test_an_empty_log_and_the_newest_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty.log").touch()
    assert b"empty.log is empty\n" in xxpy(str(tmp_path / "empty.log")).stderr
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert xxpy().returncode == 2
    for number, name in enumerate(("older-1", "newer-2")):
        folder = tmp_path / "xxpy/logs" / name
        folder.mkdir(parents=True)
        (folder / "linux_arm64.log").write_text("a.c:1:10: fatal error: execinfo.h: No such file\n")
        os.utime(folder / "linux_arm64.log", (number, number))
    done = xxpy()
    assert (done.returncode, b"newer-2/linux_arm64.log:1: execinfo.h" in done.stdout) == (0, True)
    assert done.stderr.startswith(b"note: the newest log: ")


@pytest.mark.parametrize("name", ["", "nowhere", "folder", "fifo"])
def test_a_log_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    subprocess.run(["mkfifo", tmp_path / "fifo"], check=True)
    done = xxpy(str(tmp_path / name) if name else "")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_control_characters_do_not_reach_the_terminal() -> None:
    log = b"\x1b]0;title\x07\x1b[31mconfigure: error: \x9b\xc2\x9bbison\x08 not found\x1b[0m\n/bin/sh: 1: nasm: not found\n\x1b[2J"
    done = xxpy("-", log=log)
    assert done.returncode == 0
    assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]", done.stdout)


class Endless(io.RawIOBase):
    """A log of many lines, with two that show a cause; nothing of it is on a disk."""

    def __init__(self, size: int) -> None:
        self.blocks = size >> 20
        self.place = 0

    def read(self, size: int = -1) -> bytes:
        assert size == 1 << 20
        self.place += 1
        if self.place > self.blocks:
            return b""
        block = b"building, with no error at all\n" * 40000
        marks = {
            1: b"collect2: fatal error: cannot find 'ld'\n",
            self.blocks: b"gzip: No space left on device\n",
        }
        return (marks.get(self.place, b"") + block)[: 1 << 20]


def test_a_log_of_a_gigabyte_is_read_within_bounds() -> None:
    began = time.process_time()
    report = causes.read(Endless(1 << 30))  # type: ignore[arg-type]
    assert [one.name for one in report.found] == ["linker-missing", "disk-full"]
    assert report.found[1].line > 0.9 * report.lines
    assert 0 < report.skipped < report.lines
    assert time.process_time() - began < 60


def test_a_line_without_end_is_cut() -> None:
    line = b"x" * (3 << 20) + b" fatal error: a.h: No such file or directory"
    assert causes.read(io.BytesIO(line)).lines == 0


def test_lines_of_one_cause_count_once_and_general_ones_last() -> None:
    missing = "a.c:1:1: fatal error: zlib.h: No such file or directory"
    assert [one.name for one in causes.search([missing, missing])] == ["missing-header"]
    found = causes.search([missing, "/usr/bin/ld: final link failed: No space left on device"])
    assert [(one.name, one.line) for one in found] == [("disk-full", 2)]


def test_a_build_names_its_platform_in_the_fix() -> None:
    missing = "a.c:1:1: fatal error: Python.h: No such file or directory"
    assert "--platform linux/s390x " in causes.search([missing], "linux/s390x")[0].diagnosis.fix


def test_a_failed_build_ends_with_its_cause(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("#include <immintrin.h>\nint main(void) { return 0; }\n")
    words = ["build", "--platform", "linux/arm64", "--cc", "zig", "--json"]
    command = [sys.executable, "-m", "xxpy", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    finish = next(
        event for event in map(json.loads, done.stdout.splitlines()) if event["event"] == "finish"
    )
    diagnosis = finish["diagnosis"]
    assert diagnosis["cause"].endswith(
        "mmintrin.h is for the vector instructions of another architecture"
    )
    assert "mmintrin.h:" in diagnosis["evidence"]
    assert diagnosis["fix"].startswith("turn the code for these instructions off")
