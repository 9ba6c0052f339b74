"""What a reading command may run: nothing of the project, but the environment that xxpy itself runs from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xxpy.machine import trust

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def project() -> Iterator[Path]:
    """Yield a folder that is only read, and has the environment of these tests in it."""
    folder = Path(sys.prefix).parent
    trust._lines[:] = [trust._Line((folder,))]  # noqa: SLF001 - only_read leaves a folder with HOME in it alone
    yield folder
    trust._lines[:] = []  # noqa: SLF001


def test_programs_of_the_project_are_not_run(project: Path) -> None:
    assert not trust.allows(str(project / "tools/go"))
    assert str(project / "tools") not in trust.search_path(
        {"PATH": f"{project / 'tools'}:/usr/bin"}
    )


def test_programs_beside_xxpy_are(project: Path) -> None:
    beside = Path(sys.prefix) / "lib/python3/site-packages/ziglang/zig"
    assert trust.allows(str(beside))
    assert str(Path(sys.prefix) / "bin") in trust.search_path(
        {"PATH": f"{sys.prefix}/bin:/usr/bin"}
    )
    assert not trust.allows(str(project / "zig"))


def test_an_environment_that_is_the_project_is_no_exception() -> None:
    trust._lines[:] = [trust._Line((Path(sys.prefix),))]  # noqa: SLF001
    try:
        assert not trust.allows(f"{sys.prefix}/tools/go")
    finally:
        trust._lines[:] = []  # noqa: SLF001
