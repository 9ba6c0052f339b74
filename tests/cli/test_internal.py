"""What nobody has foreseen is one line, a hint and an exit status of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from xxpy.cli import group, platforms
from xxpy.machine import interrupts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (
            KeyError("x\x1b"),
            "internal error: KeyError: 'x\\x1b'",
            "report what xxpy --debug platforms prints",
        ),
        (MemoryError(), "there is not enough memory, or no room for another thread", "ulimit -v"),
        (
            RuntimeError("can't start new thread"),
            "there is not enough memory, or no room for another thread",
            "ulimit -v",
        ),
        (RecursionError("deep"), "internal error: RecursionError: deep", "report"),
    ],
)
def test_one_line_and_a_hint(
    error: Exception,
    message: str,
    hint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(platforms.command, "callback", fail)
    monkeypatch.setattr(interrupts, "listen", lambda: None)
    monkeypatch.setattr(interrupts, "ignore", lambda: None)
    assert group.run(["platforms"]) == 70
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"error: {message}"
    assert hint in said[1]
    assert len(said) == 2
    assert group.run(["--debug", "platforms"]) == 70
    assert "Traceback" in capsys.readouterr().err


IN_C = """
import os, sys, threading
from xxpy.cli import entry, group

number, place = int(sys.argv.pop(1)), sys.argv.pop(1)

def spy(frame, event, _):
    # The parser, which is written in C, makes a class of named tuples, and named tuples.
    caller = frame.f_back.f_code.co_name if frame.f_back else ""
    is_made = frame.f_code.co_name == "<lambda>" and frame.f_code.co_filename == "<string>"
    is_class = frame.f_code.co_name == "namedtuple" and caller == "_call_with_frames_removed"
    if event == "call" and (is_class if place == "class" else is_made):
        sys.setprofile(None)
        threading.setprofile(None)
        os.kill(os.getpid(), number)

sys.setprofile(spy)
threading.setprofile(spy)
entry.main()
"""


@pytest.mark.parametrize("place", ["class", "object"])
@pytest.mark.parametrize("number", interrupts.REQUESTS)
def test_a_stop_while_code_of_c_calls_python(number: int, place: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM golang AS build\nRUN go build\n")
    words = [
        sys.executable,
        "-c",
        IN_C,
        str(int(number)),
        place,
        "dockerfile",
        "check",
        "Dockerfile",
    ]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (130, "error: interrupted")


def test_a_stop_that_became_another_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt as error:
            raise SystemError("returned a result with an exception set") from error

    monkeypatch.setattr(platforms.command, "callback", fail)
    before = {number: signal.getsignal(number) for number in interrupts.REQUESTS}
    try:
        assert group.run(["platforms"]) == 130
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert capsys.readouterr().err == "error: interrupted\n"


DROPPED = """
import os, sys, time, weakref
from xxpy.cli import group, platforms

kind, number = sys.argv[1], int(sys.argv[2])

def stop(_=None):
    os.kill(os.getpid(), number)

class Thing:
    def __del__(self):
        if kind == "finalizer":
            stop()

def callback(**_):
    thing = Thing()
    other = weakref.ref(thing, stop if kind == "weak reference" else None)
    del thing
    time.sleep(20)

platforms.command.callback = callback
sys.exit(group.run(["platforms"]))
"""


@pytest.mark.parametrize("kind", ["weak reference", "finalizer"])
@pytest.mark.parametrize("number", interrupts.REQUESTS)
def test_a_stop_where_python_drops_exceptions(number: int, kind: str) -> None:
    words = [sys.executable, "-c", DROPPED, kind, str(int(number))]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=15)
    assert (done.returncode, done.stderr.strip()) == (130, "error: interrupted")


AT_ONCE = """
import os, signal, sys
from xxpy.cli import entry, group

def spy(frame, event, _):
    # Where the program begins to listen, before any command.
    if event == "return" and frame.f_code.co_name == "listen":
        sys.setprofile(None)
        os.kill(os.getpid(), int(sys.argv.pop(1)))

sys.setprofile(spy)
entry.main()
"""


@pytest.mark.parametrize("number", interrupts.REQUESTS)
def test_a_stop_before_the_command_begins(number: int, tmp_path: Path) -> None:
    words = [sys.executable, "-c", AT_ONCE, str(int(number)), "platforms"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "error: interrupted\n")
