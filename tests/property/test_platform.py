"""Properties of the parser."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.property.strategies import LOCAL, WORDS, platforms, spellings
from xxpy.errors import UnsupportedPlatformError
from xxpy.table.platform import Platform, parse, runnable


@given(platforms())
def test_reading_what_was_written_gives_the_same(platform: Platform) -> None:
    assert parse(str(platform), WORDS) == platform


@given(spellings, st.data())
def test_normalising_twice_is_normalising_once(text: str, data: st.DataObject) -> None:
    once = parse(
        "".join(letter.upper() if data.draw(st.booleans()) else letter for letter in text),
        WORDS,
        local=LOCAL,
        typed=True,
    )
    assert parse(str(once), WORDS) == once
    assert parse(once.key, WORDS) == once


@given(st.text(max_size=300))
def test_any_text_is_a_platform_or_an_error_with_one_line(text: str) -> None:
    try:
        found = parse(text, WORDS, local=LOCAL, typed=True)
    except UnsupportedPlatformError as error:
        assert error.message
    else:
        assert parse(str(found), WORDS) == found


@given(
    st.lists(
        st.sampled_from([*"/()+%-. &*", "linux", "windows", "amd64", "arm", "v7", "10.0", "%2B"]),
        max_size=8,
    ).map("".join)
)
def test_texts_that_look_like_platforms(text: str) -> None:
    try:
        found = parse(text, WORDS, local=LOCAL)
    except UnsupportedPlatformError:
        return
    assert parse(str(found), WORDS) == found


@given(platforms())
def test_what_runs_begins_with_itself_and_has_no_doubles(platform: Platform) -> None:
    order = runnable(platform, WORDS)
    assert order[0] == platform
    assert len(set(order)) == len(order)
