"""The binaries are built once, whatever number of workers runs the tests."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.binary import samples as builds
from xxpy import wrappers
from xxpy.machine import resources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.binary.samples import Sample


QUICK = (
    *(
        builds.build_go,
        builds.build_c,
        builds.build_arm,
        builds.build_bare,
        builds.build_windows,
        builds.build_apple,
    ),
    *(builds.build_objects, builds.build_rust, builds.build_cross),
)


def _built(
    root: Path, name: str, builders: tuple[Callable[[Path], list[Sample]], ...]
) -> list[Sample]:
    folder = root / name
    with FileLock(root / f"{name}.lock"):
        known = folder / "samples.pickle"
        if not known.exists():
            folder.mkdir()
            known.write_bytes(
                pickle.dumps([sample for build in builders for sample in build(folder)])
            )
        built: list[Sample] = pickle.loads(known.read_bytes())  # noqa: S301 - written three lines above
    return built


def _root(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder that all workers share."""
    return (
        tmp_path_factory.getbasetemp()
        if worker_id == "master"
        else tmp_path_factory.getbasetemp().parent
    )


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> list[Sample]:
    """Return every binary that is quickly built for the tests."""
    return _built(_root(tmp_path_factory, worker_id), "samples", QUICK)


@pytest.fixture(scope="session")
def all_samples(
    samples: list[Sample], tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> list[Sample]:
    """Return them and those that zig builds, with whole C libraries."""
    return [*samples, *_built(_root(tmp_path_factory, worker_id), "zig", (builds.build_zig,))]


@pytest.fixture(scope="session")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the rendered ``xx-verify``."""
    path = tmp_path_factory.mktemp("script") / "xx-verify"
    path.write_text(
        wrappers.render(
            "xx-verify", resources.table(), resources.texts("templates", "commands/*.sh")
        )
    )
    return path
