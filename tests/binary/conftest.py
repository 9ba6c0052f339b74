"""The binaries are built once, whatever number of workers runs the tests."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.binary.samples import Sample, build_arm, build_c, build_go

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> list[Sample]:
    """Return every binary that is built for the tests."""
    root: Path = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    folder = root / "samples"
    with FileLock(root / "samples.lock"):
        known = folder / "samples.pickle"
        if not known.exists():
            folder.mkdir()
            known.write_bytes(pickle.dumps([*build_go(folder), *build_c(folder), *build_arm(folder)]))
        built: list[Sample] = pickle.loads(known.read_bytes())  # noqa: S301 - written three lines above
    return built
