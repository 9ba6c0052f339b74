"""The recorded terminal of the README shows what its commands print today; times, sizes and versions may differ."""

from __future__ import annotations

from tests.golden import terminal


def test_the_picture_is_what_the_commands_print() -> None:
    shown = terminal.words(terminal.PICTURE.read_text())
    assert shown == terminal.words(terminal.draw(terminal.record())), "run: make update"
    assert len(shown) > len(terminal.COMMANDS)


def test_a_changed_word_is_seen_and_a_changed_time_is_not() -> None:
    text = "linux/arm64  ✓  dist/hello  2.1 MB  static  0.8 s"
    first = terminal.words(terminal.draw(text))
    assert first == terminal.words(terminal.draw(text.replace("0.8 s", "12.8 s")))
    assert first != terminal.words(terminal.draw(text.replace("static", "dynamic")))
