"""What nobody has foreseen is one line, a hint and an exit status of its own."""

from __future__ import annotations

import pytest

from xxpy.cli import group, platforms
from xxpy.machine import interrupts


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
