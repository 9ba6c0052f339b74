"""Files with the headers of programs: enough for what only looks at headers."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from xxpy.machine import resources
from xxpy.table.platform import parse_folder

if TYPE_CHECKING:
    from pathlib import Path


def make(path: Path, folder: str) -> None:
    """Write a program with no code for the platform of a folder name."""
    table = resources.table()
    platform = parse_folder(folder, table.words)
    assert platform is not None
    row = table.row(platform)
    path.parent.mkdir(parents=True, exist_ok=True)
    order = "<" if row.data.byte_order == "little" else ">"
    if row.elf is not None and row.file.format == "elf":
        wide = row.data.bits == 64
        identity = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1, 0]) + bytes(8)
        layout, sizes = ("HHIQQQIHHHHHH", (64, 56, 64)) if wide else ("HHIIIIIHHHHHH", (52, 32, 40))
        path.write_bytes(
            identity
            + struct.pack(
                order + layout,
                2,
                row.elf.machine,
                1,
                0,
                0,
                0,
                0,
                sizes[0],
                sizes[1],
                0,
                sizes[2],
                0,
                0,
            )
        )
    else:
        path.write_bytes(b"MZ" + bytes(58) + struct.pack("<I", 64) + bytes(64))
    path.chmod(0o755)
