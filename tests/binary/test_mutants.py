"""Mutants of real binaries: sh and Python give the same verdict on every one, and what changes a binary's identity never passes."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.binary.mutation import Mutant, mutants, small
from xxpy.binary import inspect
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.errors import VerificationError
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from pathlib import Path

    from tests.binary.samples import Sample

TABLE = resources.table()
SECONDS = 60
"""No verdict takes so long, however many work beside it."""

CASES = 20_000
QUICK_CASES = 10
"""Cases of each binary in the quick test."""


def judged(job: tuple[Sample, Mutant, int, Path, Path]) -> str | None:
    """Judge one mutant in both ways; return what is wrong with the verdicts."""
    sample, mutant, number, script, folder = job
    path = folder / f"{number}-{sample.name}"
    path.write_bytes(mutant.data)
    row = TABLE.row(parse(sample.platform, TABLE.words))
    static = number % 2 == 1
    command = ["dash", str(script), *(["--static"] if static else []), str(path)]
    environment = {"PATH": os.environ["PATH"], "TARGETPLATFORM": sample.platform}
    got = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    reasons = check(path, row, TABLE, Requirements(static=static, go_level=False))
    said = f"{sample.name}: {mutant.how}, static {static}: sh {got.returncode} {got.stderr!r}, Python {reasons}"
    path.unlink()
    if got.returncode not in {0, 1} or bool(got.returncode) != bool(reasons):
        return f"disagree: {said}"
    if got.returncode and str(path) not in got.stderr:
        return f"without the name of the file: {said}"
    if mutant.identity and not reasons:
        return f"passed: {said}"
    return None


def run(samples: list[Sample], cases: int, script: Path, folder: Path) -> tuple[int, list[str]]:
    """Judge *cases* mutants of each binary; return how many there were and what is wrong."""
    bytes_of = {sample.path: small(sample.path) for sample in samples}
    others = list(bytes_of.values())
    verdicts: list[str | None] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for sample in samples:
            made = enumerate(mutants(bytes_of[sample.path], others, cases, sample.name))
            verdicts += pool.map(
                judged, [(sample, mutant, number, script, folder) for number, mutant in made]
            )
    return len(verdicts), [wrong for wrong in verdicts if wrong is not None]


def test_few_mutants_of_many_binaries(samples: list[Sample], script: Path, tmp_path: Path) -> None:
    bases = samples[::4]
    assert len(bases) > 30
    assert run(bases, QUICK_CASES, script, tmp_path) == (len(bases) * QUICK_CASES, [])


@pytest.mark.slow
def test_many_mutants_of_many_binaries(samples: list[Sample], script: Path, tmp_path: Path) -> None:
    assert len({sample.path for sample in samples}) >= 40
    assert {inspect(sample.path)[0].format for sample in samples} == {"elf", "macho", "pe", "wasm"}
    count, wrong = run(samples, CASES // len(samples) + 1, script, tmp_path)
    assert count >= CASES
    assert wrong == []


@pytest.mark.parametrize("kind", ["archive", "wheel"])
def test_mutants_of_what_holds_binaries_never_crash(
    samples: list[Sample], tmp_path: Path, kind: str
) -> None:
    path = tmp_path / kind
    objects = [str(sample.path) for sample in samples if sample.name in {"c-object", "c-shared"}]
    if kind == "archive":
        subprocess.run(["ar", "rcs", str(path), *objects], check=True, capture_output=True)
    else:
        subprocess.run(
            ["python3", "-m", "zipfile", "-c", str(path), *objects], check=True, capture_output=True
        )
    passed = 0
    for mutant in mutants(
        path.read_bytes(), [sample.path.read_bytes()[:4096] for sample in samples[:20]], 1000, kind
    ):
        path.write_bytes(mutant.data)
        try:
            passed += bool(inspect(path))
        except VerificationError as error:
            assert str(path) in error.message
    assert 0 < passed < 1000
