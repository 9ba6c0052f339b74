"""The rows and the rendered parts that conversions take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dockerfile import exams

if TYPE_CHECKING:
    from xxpy.dockerfile.tools import Tools

collect_ignore = ["exam"]
"""The files of the exam are other people's programs, which a search for doctests would import."""


@pytest.fixture(scope="session")
def rows() -> Tools:
    return exams.sources().tools


@pytest.fixture(scope="session")
def parts() -> dict[str, str]:
    return exams.parts()
