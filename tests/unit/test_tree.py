"""Which files of a folder ``xxpy verify --tree`` judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xxpy.binary import debug, tree
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = frozenset({".so", ".exe", ".node"})


def test_binaries_and_what_should_be_one(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    judged = {
        "lib/a.so": b"not really",
        "lib/wheel-1.0.whl": b"",
        "program": b"\x7fELF",
        "tool": b"\0\1",
        "addon.node": b"x",
    }
    for name, content in judged.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "tool").chmod(0o755)
    (tmp_path / "lib/gone").symlink_to("nowhere")
    others = {"lib/libc.so": b"/* GNU ld script */", "run": b"#!/bin/sh\n", "README": b"x"}
    for name, content in others.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "run").chmod(0o755)
    found, number = tree.binaries(tmp_path, ENDINGS)
    assert {str(path.relative_to(tmp_path)) for path in found} == {*judged, "lib/gone"}
    assert number == len(others)
    with pytest.raises(VerificationError, match="No such file"):
        tree.binaries(tmp_path / "none", ENDINGS)


def test_files_of_debuggers(tmp_path: Path) -> None:
    (tmp_path / "a.pdb").write_bytes(b"Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0rest")
    (tmp_path / "b.pdb").write_bytes(b"BSJB\1\0")
    (tmp_path / "c.pdb").write_bytes(b"BSJ")
    assert [debug.is_database(tmp_path / f"{name}.pdb") for name in "abcd"] == [
        True, True, False, False,
    ]  # fmt: skip
