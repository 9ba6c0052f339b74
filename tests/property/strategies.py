"""Strategies that the property tests share."""

from __future__ import annotations

import struct

from hypothesis import strategies as st

from xxpy.machine import resources
from xxpy.table.platform import Platform

WORDS = resources.table().words
LOCAL = Platform("linux", "amd64")

keys = st.sampled_from(WORDS.keys)
versions = st.text(alphabet="0123456789.+%-_abcXYZ", max_size=12)
features = st.lists(st.text(alphabet="abcxyz0189.-_", min_size=1, max_size=8), max_size=4)


@st.composite
def platforms(draw: st.DrawFn) -> Platform:
    """Return a canonical platform, with or without version and features of its system."""
    system, architecture, *variant = draw(keys).split("/")
    return Platform(
        system, architecture, "".join(variant), draw(versions), tuple(sorted(set(draw(features))))
    )


spellings = st.sampled_from(
    [
        f"{system}/{word}"
        for system in WORDS.systems
        for word in {**WORDS.architectures, **WORDS.typed_architectures}
    ]
    + [
        f"linux/{architecture}/{variant}"
        for architecture, known in WORDS.variants.items()
        for variant in known
    ]
)
"""Every spelling that is accepted where people type."""

likely = st.sampled_from((0, 1, 2, 3, 4, 40, 52, 56, 62, 64, 128, 183)) | st.integers(0, 0xFFFF)
"""Numbers that stand in headers, and others."""


@st.composite
def elf_files(draw: st.DrawFn) -> bytes:
    """Return an ELF header of either width and order, whose numbers are likely ones, and what follows it."""
    width, order = draw(st.sampled_from("IQ")), draw(st.sampled_from("<>"))
    mark = bytes(
        (
            0x7F,
            *b"ELF",
            2 if width == "Q" else 1,
            1 if order == "<" else 2,
            1,
            draw(st.sampled_from((0, 3, 9))),
        )
    )
    kind, machine = draw(st.sampled_from((1, 2, 3, 4))), draw(st.sampled_from((62, 62, 3, 40)))
    numbers = [draw(likely) for _ in range(10)]
    header = struct.pack(f"{order}HHI{width * 3}I6H", kind, machine, 1, *numbers)
    return mark.ljust(16, b"\0") + header + draw(st.binary(max_size=300))
