"""Faults that conversions had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dockerfile import faults_around, faults_make, faults_told, faults_verbs
from tests.dockerfile.faults import Fault, examine, settles
from xxpy.dockerfile import convert

if TYPE_CHECKING:
    from types import ModuleType

    from xxpy.dockerfile.tools import Tools

TABLES = (faults_around, faults_make, faults_told, faults_verbs)
CASES = [
    pytest.param(fault, id=f"{table.__name__.rpartition('_')[2]}: {name}")
    for table in TABLES
    for name, fault in table.FAULTS.items()
]


@pytest.mark.parametrize("fault", CASES)
def test_a_fault_that_was(fault: Fault, rows: Tools, parts: dict[str, str]) -> None:
    examine(fault, rows, parts)


@pytest.mark.parametrize("aggressive", [False, True])
@pytest.mark.parametrize("mode", [None, *convert.MODES])
@pytest.mark.parametrize("table", TABLES)
def test_once_is_enough(
    table: ModuleType, mode: str | None, aggressive: bool, rows: Tools, parts: dict[str, str]
) -> None:
    for fault in table.FAULTS.values():
        settles(fault, mode, rows, parts, aggressive=aggressive)
