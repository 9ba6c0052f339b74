"""Kinds of Dockerfiles that a conversion understands, or says why it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dockerfile import (
    kinds_dotnet,
    kinds_make,
    kinds_packages,
    kinds_projects,
    kinds_rust,
    kinds_scripts,
)
from tests.dockerfile.faults import Fault, examine, settles

if TYPE_CHECKING:
    from types import ModuleType

    from xxpy.dockerfile.tools import Tools

MODES: dict[ModuleType, tuple[str | None, ...]] = {
    kinds_dotnet: (None, "xx", "inline"),
    **dict.fromkeys(
        (kinds_make, kinds_packages, kinds_projects, kinds_rust, kinds_scripts), (None, "xx")
    ),
}
"""The modes in which the files of each table are converted twice."""

CASES = [
    pytest.param(fault, id=f"{table.__name__.rpartition('_')[2]}: {name}")
    for table in MODES
    for name, fault in table.FAULTS.items()
]
TWICE = [
    pytest.param(fault, mode, id=f"{table.__name__.rpartition('_')[2]}: {name}-{mode}")
    for table, modes in MODES.items()
    for mode in modes
    for name, fault in table.FAULTS.items()
]


@pytest.mark.parametrize("fault", CASES)
def test_a_kind(fault: Fault, rows: Tools, parts: dict[str, str]) -> None:
    examine(fault, rows, parts)


@pytest.mark.parametrize(("fault", "mode"), TWICE)
def test_once_is_enough(fault: Fault, mode: str | None, rows: Tools, parts: dict[str, str]) -> None:
    settles(fault, mode, rows, parts)
