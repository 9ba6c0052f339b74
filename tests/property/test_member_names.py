"""Names in packages: whatever they are, nothing lies or points outside of the sysroot."""

from __future__ import annotations

import posixpath

from hypothesis import given
from hypothesis import strategies as st

from xxpy.errors import IntegrityError
from xxpy.sysroot.unpack import Rules

RULES = Rules(merged=("lib", "bin"), left_out=("usr/share/doc",))
WORDS = st.sampled_from(
    ["", ".", "..", "usr", "lib", "bin", "a", "...", "..a", " ", "é", "doc", "share"]
)
PATHS = st.builds(
    lambda first, parts: first + "/".join(parts),
    st.sampled_from(["", "/", "./", "//", "../"]),
    st.lists(WORDS, max_size=8),
)


@given(PATHS | st.text())
def test_a_place_is_inside_or_refused(name: str) -> None:
    try:
        place = RULES.place(name)
    except IntegrityError:
        return
    assert not place.startswith("/")
    assert posixpath.normpath(place or ".") == (place or ".")
    assert ".." not in place.split("/")
    assert place.split("/")[0] not in RULES.merged
    assert RULES.place(place) == place


@given(PATHS, PATHS | st.text())
def test_a_link_points_inside(name: str, target: str) -> None:
    try:
        RULES.place(name)
        place = RULES.link(name, target)
    except IntegrityError:
        return
    assert ".." not in place.split("/")
    assert not place.startswith("/")


@given(st.lists(st.sampled_from(["usr", "share", "doc", "docs", "x"]), min_size=1, max_size=5))
def test_what_is_left_out_is_left_out_whole(parts: list[str]) -> None:
    place = "/".join(parts)
    assert RULES.leaves_out(place) == (parts[:3] == ["usr", "share", "doc"])
