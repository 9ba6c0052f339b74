"""The table that is kept decoded in the user's cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.program import Program
from xxpy.machine import packed, resources
from xxpy.table import load
from xxpy.table.model import Table

if TYPE_CHECKING:
    from pathlib import Path


def test_packed_and_unpacked_is_the_same() -> None:
    table = load.load(resources.texts("toolchains", "*.toml"))
    assert packed.unpack(packed.pack(table), Table) == table


@pytest.mark.parametrize("data", [b"", b"\x80", b"damaged", b"N."])
def test_damaged_bytes_are_no_table(data: bytes) -> None:
    assert packed.unpack(data, Table) is None


def test_a_changed_table_is_read_again(tmp_path: Path) -> None:
    tables = tmp_path / "toolchains"
    tables.mkdir()
    for name, text in resources.texts("toolchains", "*.toml").items():
        (tables / name).write_text(text)
    program = Program(tmp_path, variables={"XXPY_TOOLCHAINS": str(tables)})
    platforms = ("platforms", "--json")
    before = program.good(*platforms)
    entries = program.cache / "xxpy/tables"
    assert len(list(entries.iterdir())) == 1
    assert program.good(*platforms) == before
    changed = tables / "systems.toml"
    changed.write_text(changed.read_text().replace('system = "Linux"', 'system = "Renewed"'))
    assert program.good(*platforms) != before
    assert len(list(entries.iterdir())) == 2
    for entry in entries.iterdir():
        entry.write_bytes(b"damaged")
    assert "Renewed" in program.good(*platforms)
