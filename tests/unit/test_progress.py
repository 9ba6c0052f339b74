"""Without a terminal a build says when a platform begins and ends, and each minute what it does."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from xxpy.cli import printing
from xxpy.cli.report.plain import Plain
from xxpy.cli.report.progress import Shown
from xxpy.cli.report.pulse import Command, Planning, Pulse
from xxpy.machine import activity, processes, resources
from xxpy.runner.plan import Plan, Step
from xxpy.runner.results import Result, Status
from xxpy.table.platform import parse

if TYPE_CHECKING:
    import pytest

    from xxpy.table.platform import Platform

_SHORT = 0.05


def _platform(text: str) -> Platform:
    return parse(text, resources.table().words)


def _until(said: list[str], count: int) -> None:
    end = time.monotonic() + 20
    while len(said) < count and time.monotonic() < end:
        time.sleep(0.01)


def test_silence_is_broken_and_only_silence() -> None:
    said: list[str] = []
    with Pulse(lambda: ["at work"], said.append, every=3600) as pulse:
        pulse.printed()
    assert said == []
    with Pulse(lambda: ["one", "two"], said.append, every=_SHORT):
        _until(said, 4)
    assert said[:4] == ["one", "two", "one", "two"]
    count = len(said)
    time.sleep(3 * _SHORT)
    assert len(said) == count, "it ended with its block"


def test_a_reader_that_has_gone_ends_it() -> None:
    called: list[str] = []

    def gone(text: str) -> None:
        called.append(text)
        raise BrokenPipeError

    with Pulse(lambda: ["at work"], gone, every=_SHORT):
        _until(called, 1)
        time.sleep(3 * _SHORT)
    assert called == ["at work"]


def test_each_platform_is_named_when_it_begins_while_it_runs_and_when_it_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one, other = _platform("linux/arm64"), _platform("linux/arm/v7")
    steps = tuple(Step(platform, (), {}) for platform in (one, other))
    plan = Plan("server", "go", "go 1.26", (), Path(), Path("dist"), steps)
    printed = ""
    with Plain(plan, None, every=_SHORT) as reporter:
        reporter.begin(2)
        reporter.started(one)
        reporter.started(other)
        reporter.line(one, "net/http")
        reporter.line(one, "  ")
        end = time.monotonic() + 20
        while " s  net/http" not in printed and time.monotonic() < end:
            printed += capsys.readouterr().out
        reporter.finished(Result(one, Status.CANCELLED, 1.0, None))
    printed += capsys.readouterr().out
    assert "  linux/arm64   …  started\n  linux/arm/v7  …  started\n" in printed
    assert "  linux/arm64   …  0 s  net/http\n  linux/arm/v7  …  0 s\n" in printed
    assert "  linux/arm64   –  cancelled" in printed


def test_what_is_slow_before_a_build_is_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    printed = ""
    with Planning(every=_SHORT) as planning:
        time.sleep(3 * _SHORT)
        assert capsys.readouterr().err == "", "nothing was told that could be told again"
        planning.tell("zig builds its libc")
        end = time.monotonic() + 20
        while "still" not in printed and time.monotonic() < end:
            printed += capsys.readouterr().err
    assert printed.startswith("note: zig builds its libc\n")
    assert "note: still running (0 s): zig builds its libc\n" in printed


def test_a_command_without_a_report_says_which_programs_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    printing.MANNER.reset()
    printed = ""
    child = processes.start(["sleep", "60"])
    try:
        with Command(every=_SHORT):
            end = time.monotonic() + 20
            while "sleep" not in printed and time.monotonic() < end:
                printed += capsys.readouterr().err
    finally:
        processes.stop([child])
        processes.ended(child)
    assert "note: still running (0 s): sleep 60\n" in printed
    assert activity.current() == []


def test_a_command_that_prints_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    activity.step("at work")
    with Command(every=4 * _SHORT):
        for _ in range(8):
            time.sleep(_SHORT)
            printing.show("x")
    activity.step(None)
    assert capsys.readouterr().err == ""


def test_a_download_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    printing.MANNER.reset()
    printed = ""
    shown = Shown()
    shown.pulse = Pulse(shown._going_on, printing.note, _SHORT)  # noqa: SLF001 - with less patience
    with shown:
        shown.step("downloading 3 packages")
        shown.bytes(1_500_000, 40_000_000)
        end = time.monotonic() + 20
        while "still" not in printed and time.monotonic() < end:
            printed += capsys.readouterr().err
    assert "downloading 3 packages\n" in printed
    assert "note: still running (0 s): downloading 3 packages, 1.5 of 40.0 MB\n" in printed
