"""Strategies that the property tests share."""

from __future__ import annotations

from hypothesis import strategies as st

from xxpy import resources
from xxpy.platform import Platform

WORDS = resources.table().words
LOCAL = Platform("linux", "amd64")

keys = st.sampled_from(WORDS.keys)
versions = st.text(alphabet="0123456789.+%-_abcXYZ", max_size=12)
features = st.lists(st.text(alphabet="abcxyz0189.-_", min_size=1, max_size=8), max_size=4)


@st.composite
def platforms(draw: st.DrawFn) -> Platform:
    """Return a canonical platform, with or without version and features of its system."""
    system, architecture, *variant = draw(keys).split("/")
    return Platform(system, architecture, "".join(variant), draw(versions), tuple(sorted(set(draw(features)))))


spellings = st.sampled_from(
    [f"{system}/{word}" for system in WORDS.systems for word in {**WORDS.architectures, **WORDS.typed_architectures}]
    + [f"linux/{architecture}/{variant}" for architecture, known in WORDS.variants.items() for variant in known]
)
"""Every spelling that is accepted where people type."""
