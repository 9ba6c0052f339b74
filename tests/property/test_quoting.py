"""Whatever a value holds, a shell gets it back byte for byte."""

from __future__ import annotations

import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st

from xxpy.templates import environment

TEMPLATE = environment({"x": "printf '%s' {{ value | sh }}"}).get_template("x")


@settings(max_examples=50, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
)
def test_sh_round_trips(value: str) -> None:
    got = subprocess.run(
        ["dash", "-c", TEMPLATE.render(value=value)], capture_output=True, check=True
    ).stdout
    assert got.decode() == value
