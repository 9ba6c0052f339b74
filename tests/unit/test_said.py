"""What is quoted from the output of a failed tool."""

from __future__ import annotations

import pytest

from xxpy.errors import ToolError
from xxpy.machine import programs
from xxpy.machine.said import cause


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("\n \n", ""),
        ("Segmentation fault", "Segmentation fault"),
        ("warning: old\nerror[E0463]: can't find crate\nerror: aborting", "can't find crate"),
        (
            "error: failed to parse lock file at: /a/Cargo.lock\n\nCaused by:\n  lock file version 9",
            "failed to parse lock file at: /a/Cargo.lock: lock file version 9",
        ),
        (
            "error: download failed\n\nCaused by:\n    0: please try again\n    1: refused\n\nStack:\n   0: main\n",
            "download failed: refused",
        ),
        ("fatal: not a git repository\nhint: git init", "not a git repository"),
        ("    Updating crates.io index\nwarning: spurious", "Updating crates.io index"),
    ],
)
def test_the_cause(text: str, line: str) -> None:
    assert cause(text) == line


@pytest.mark.parametrize(
    ("script", "message", "hint"),
    [
        ("exit 3", "failed with exit status 3", ""),
        ("echo no >&2; exit 3", "failed: no", ""),
        ("echo no >&2; echo 1: frame >&2; exit 3", "failed: no", "all that it says: "),
    ],
)
def test_the_error_of_a_tool_is_one_line(script: str, message: str, hint: str) -> None:
    with pytest.raises(ToolError) as caught:
        programs.output(["/bin/sh", "-c", script])
    assert caught.value.message == f"/bin/sh -c {message}"
    assert caught.value.hint.startswith(hint)
    assert len(caught.value.hint.splitlines()) == bool(hint)
