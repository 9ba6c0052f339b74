"""What is remembered of tools and trials, and what makes it forgotten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xxpy.machine import programs, remembered


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    programs.forget()


def copied(tmp_path: Path, name: str = "tool") -> Path:
    """Return a copy of a real program, which may be changed."""
    place = tmp_path / name
    place.write_bytes(Path("/bin/echo").read_bytes())
    place.chmod(0o755)
    return place


def entries(tmp_path: Path) -> int:
    return len(list((tmp_path / "cache/xxpy/trials").glob("*")))


def asked(tool: Path, word: str = "hello", **variables: str) -> str:
    """Ask a tool as another process would: without what this one knows."""
    programs.forget()
    return programs.answer([str(tool), word], {"PATH": os.environ["PATH"], **variables})


def test_an_answer_is_kept_until_something_changes(tmp_path: Path) -> None:
    tool = copied(tmp_path)
    assert asked(tool) == "hello\n"
    assert entries(tmp_path) == 1
    (entry,) = (tmp_path / "cache/xxpy/trials").iterdir()
    entry.write_bytes(b"remembered")
    assert asked(tool) == "remembered"
    assert asked(tool, TERM="xterm", SHLVL="7", OLDPWD="/") == "remembered"
    assert asked(tool, "bye") == "bye\n"
    assert asked(tool, LD_LIBRARY_PATH="/nowhere") == "hello\n"
    os.utime(tool, (1, 1))
    assert asked(tool) == "hello\n"
    tool.unlink()
    copied(tmp_path)
    assert asked(tool) == "hello\n"


@pytest.mark.parametrize("kind", ["script", "another name", "missing"])
def test_a_tool_whose_file_says_nothing_is_asked_each_time(tmp_path: Path, kind: str) -> None:
    tool = tmp_path / "tool"
    if kind == "script":
        tool.write_text('#!/bin/sh\necho "$@"\n')
        tool.chmod(0o755)
    elif kind == "another name":
        tool.symlink_to(copied(tmp_path, "launcher"))
    assert remembered.tool(str(tool)) is None
    if kind != "missing":
        assert asked(tool) == "hello\n"
        assert entries(tmp_path) == 0


@pytest.mark.parametrize(
    ("name", "real"),
    [
        ("clang", "clang-14"),
        ("clang++-19", "clang-19"),
        ("aarch64-linux-gnu-gcc", "aarch64-linux-gnu-gcc-12"),
        ("x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-gcc-posix"),
        ("g++", "x86_64-linux-gnu-g++-12"),
    ],
)
def test_links_to_another_version_of_the_same_tool_are_the_tool(
    tmp_path: Path, name: str, real: str
) -> None:
    copied(tmp_path, real)
    (tmp_path / name).symlink_to(real)
    found = remembered.tool(str(tmp_path / name))
    assert found is not None
    assert found[0] == str(tmp_path / real)


def test_a_cache_that_cannot_be_written_only_costs_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    tool = copied(tmp_path)
    assert asked(tool) == asked(tool) == "hello\n"


def test_a_program_that_appears_on_path_is_found_at_once(tmp_path: Path) -> None:
    variables = {"PATH": str(tmp_path)}
    os.utime(tmp_path, (1, 1))
    assert programs.which("tool", variables) is None
    tool = copied(tmp_path)
    assert programs.which("tool", variables) == str(tool)
    os.utime(tmp_path, (2, 2))
    assert programs.which("tool", variables) == str(tool)
    tool.unlink()
    assert programs.which("tool", variables) is None
