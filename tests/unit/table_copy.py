"""Copies of the table that tests change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.machine import resources

if TYPE_CHECKING:
    from pathlib import Path


def texts() -> dict[str, str]:
    """Return the text of every file of the table."""
    return dict(resources.texts("toolchains", "*.toml"))


NEW_ROW = """
[platform."linux/sparc64"]
title = "Linux on 64-bit SPARC"
data = { bits = 64, byte_order = "big" }
triple.word = "sparc64"
uname.machine = "sparc64"
cmake.processor = "sparc64"
meson = { cpu_family = "sparc64", cpu = "sparc64" }
debian = { arch = "sparc64", triple = "sparc64-linux-gnu" }
alpine.arch = "sparc64"
rpm.arch = "sparc64"
elf.machine = 43
rust.gnu = "sparc64-unknown-linux-gnu"
go = { arch = "sparc64", since = "1.99" }
"""
"""A platform that the table does not have: one row and nothing else."""


def with_new_row(folder: Path) -> Path:
    """Write a copy of the table with :data:`NEW_ROW` to *folder*."""
    folder.mkdir()
    for name, text in texts().items():
        (folder / name).write_text(text + (NEW_ROW if name == "linux.toml" else ""))
    return folder
