"""The exam: every binary is accepted for its own platform and for those that run it, and refused for all others, by Python and by sh."""

from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.segments import InterpSegment

from xxpy.binary import inspect
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check, weigh
from xxpy.machine import resources
from xxpy.table.platform import parse, runnable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.binary.samples import Sample

TABLE = resources.table()
ASKED = tuple(TABLE.rows)
"""The platforms that every binary is asked about: all."""

UNSTATED = ("dragonfly", "solaris", "illumos")
"""Systems whose binaries need not state them: what states no other system may be for one of them."""

FAMILIES = (
    {"linux", "android", *UNSTATED},
    {"windows"},
    {"darwin", "ios"},
    {"freebsd"},
    {"netbsd"},
    {"openbsd"},
    {"wasi"},
)
"""Systems whose binaries no header tells apart."""

SHELLS = {"dash": ["dash"], "busybox": ["busybox", "sh"], "bash": ["bash"]}


def verdict(
    script: Path, shell: str, key: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "TARGETPLATFORM": key}
    return subprocess.run(
        [*SHELLS[shell], str(script), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def accepted(sample: Sample, key: str) -> bool:
    """Whether a binary runs on a platform, from what it was built for alone."""
    built = parse(sample.platform, TABLE.words)
    row = TABLE.row(parse(key, TABLE.words))
    asked = row.platform
    same_system = any(built.os in family and asked.os in family for family in FAMILIES)
    if sample.is_object and row.file.format == "elf":
        same_system = TABLE.row(built).file.format == "elf"  # an ELF object states no system
    if not same_system or built.architecture != asked.architecture:
        return False
    if sample.level.endswith("-soft") and row.elf is not None and row.elf.float_abi == "hard":
        return False
    if not sample.level:
        return True  # a file that states no level runs wherever its architecture does
    lower = {(platform.architecture, platform.variant) for platform in runnable(asked, TABLE.words)}
    return (built.architecture, built.variant) in lower


def wrongly_judged(samples: list[Sample]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Judge every binary for every platform; return what Python has wrong."""
    by_path = groupby(
        sorted(samples, key=lambda sample: sample.path), key=lambda sample: sample.path
    )
    found = []
    for path, same in by_path:
        own = list(same)  # a fat file is one for several platforms
        described = inspect(path)
        for key in ASKED:
            reasons = weigh(described, TABLE.rows[key], TABLE, Requirements(go_level=False))
            expected = any(accepted(sample, key) for sample in own)
            if expected == bool(reasons) and not (
                expected and TABLE.rows[key].platform.os in UNSTATED
            ):
                found.append((path.name, key, reasons))
    return found


def test_python_knows_every_binary_s_platform(samples: list[Sample]) -> None:
    assert wrongly_judged(samples) == []


@pytest.mark.slow
def test_python_knows_the_platform_of_whole_programs(all_samples: list[Sample]) -> None:
    assert wrongly_judged(all_samples) == []


def test_static_is_told(samples: list[Sample]) -> None:
    for sample in samples:
        row = TABLE.row(parse(sample.platform, TABLE.words))
        reasons = check(sample.path, row, TABLE, Requirements(static=True))
        judged = row.file.format == "elf"
        refused = any("is not statically linked" in reason for reason in reasons)
        assert refused == (judged and not sample.static), (sample.name, reasons)


def disagreements(
    samples: list[Sample], script: Path, shell: str, asked: Callable[[int], Sequence[str]]
) -> list[object]:
    """Judge binaries in sh as well, for the platforms that *asked* gives to the number of each; return where sh and Python disagree."""

    def compare(job: tuple[Sample, str, tuple[str, ...]]) -> object:
        sample, key, arguments = job
        got = verdict(script, shell, key, *arguments, str(sample.path))
        libc = "musl" if "musl" in arguments else None
        reasons = check(
            sample.path,
            TABLE.rows[key],
            TABLE,
            Requirements(static="--static" in arguments, libc=libc, go_level=False),
        )
        return (
            None
            if (got.returncode, not got.stderr) == ((1, False) if reasons else (0, True))
            else (job, got.stderr, reasons)
        )

    flags = ((), ("--static",), ("--libc", "musl"))
    jobs = [
        # A library has no interpreter to compare; Python goes further there.
        (sample, key, flags[number % (2 if "shared" in sample.name else 3)])
        for place, sample in enumerate(samples)
        for number, key in enumerate(asked(place), place)
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [found for found in pool.map(compare, jobs) if found is not None]


def own_and_others(samples: list[Sample], others: int) -> Callable[[int], Sequence[str]]:
    """Ask about a binary's own platform, in all three ways, and about a few others, which differ from one binary to the next."""
    return lambda place: (
        *(samples[place].platform,) * 3,
        *(ASKED[(place * 7 + 31 * number) % len(ASKED)] for number in range(others)),
    )


@pytest.mark.parametrize(("shell", "others"), [("dash", 3), ("busybox", 1), ("bash", 1)])
def test_sh_agrees_with_python(
    samples: list[Sample], script: Path, shell: str, others: int
) -> None:
    chosen = samples if shell == "dash" else samples[::3]
    assert disagreements(chosen, script, shell, own_and_others(chosen, others)) == []


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_sh_agrees_with_python_about_every_platform(
    all_samples: list[Sample], script: Path, shell: str
) -> None:
    assert disagreements(all_samples, script, shell, lambda _: ASKED) == []


@pytest.mark.parametrize("shell", ["dash", "busybox"])
def test_the_od_of_busybox_will_do(
    samples: list[Sample], script: Path, shell: str, tmp_path: Path
) -> None:
    for tool in ("od", "uname"):
        (tmp_path / tool).symlink_to(shutil.which("busybox") or "/bin/busybox")
    command = [shutil.which(SHELLS[shell][0]) or "", *SHELLS[shell][1:], str(script)]
    for sample in samples[::4]:
        environment = {"PATH": str(tmp_path), "TARGETPLATFORM": sample.platform}
        got = subprocess.run(
            [*command, str(sample.path)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (got.returncode, got.stderr) == (0, ""), sample.name


@pytest.mark.parametrize(
    ("name", "key", "most"),
    [
        ("go-linux_amd64", "linux/amd64", 1),
        ("go-linux_s390x", "linux/s390x", 1),
        ("go-windows_amd64", "windows/amd64", 1),
        ("go-darwin_arm64", "darwin/arm64", 1),
        ("go-wasi_wasm", "wasi/wasm", 1),
        ("c-static", "linux/amd64", 2),  # its section headers stand at its end
        ("bare-linux_arm_v7-gnu-pie", "linux/arm/v7", 4),
    ],
)
def test_few_processes_are_started(
    samples: list[Sample], script: Path, name: str, key: str, most: int, tmp_path: Path
) -> None:
    path = next(sample.path for sample in samples if sample.name == name)
    trace = tmp_path / "trace"
    command = [
        "strace",
        "-f",
        "-e",
        "trace=execve",
        "-o",
        str(trace),
        "dash",
        str(script),
        "--static",
        str(path),
    ]
    environment = {"PATH": os.environ["PATH"], "TARGETPLATFORM": key}
    subprocess.run(command, env=environment, capture_output=True, check=False)
    started = [
        line
        for line in trace.read_text().splitlines()
        if "execve(" in line and line.endswith("= 0")
    ]
    assert 1 <= len(started) - 1 <= most, started


@pytest.mark.parametrize(
    ("name", "key", "arguments", "message"),
    [
        ("go-linux_amd64", "windows/amd64", (), "does not match expected target OS"),
        ("go-windows_amd64", "linux/amd64", (), "does not match expected target OS"),
        ("go-freebsd_amd64", "linux/amd64", (), "does not match expected target OS"),
        ("go-linux_amd64", "linux/arm64", (), "does not match expected target architecture"),
        ("go-linux_mips", "linux/mipsle", (), "does not match expected target endianness"),
        ("c-v3", "linux/amd64", (), "does not match expected target architecture"),
        ("arm-v7-soft.o", "linux/arm/v7", (), "does not match expected target architecture"),
        ("c-dynamic", "linux/amd64", ("--static",), "is not statically linked"),
        ("c-shared", "linux/amd64", ("--static",), "is not statically linked"),
        ("c-dynamic", "linux/amd64", ("--libc", "musl"), "is not that of musl"),
    ],
)
def test_both_say_why(
    samples: list[Sample],
    script: Path,
    name: str,
    key: str,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    path = next(sample.path for sample in samples if sample.name == name)
    got = verdict(script, "dash", key, *arguments, str(path))
    assert (got.returncode, got.stdout) == (1, "")
    assert message in got.stderr
    requirements = Requirements(
        static="--static" in arguments, libc="musl" if "musl" in arguments else None
    )
    reasons = check(path, TABLE.row(parse(key, TABLE.words)), TABLE, requirements)
    assert any(message in reason for reason in reasons), reasons


def test_the_interpreter_of_the_right_libc_passes(samples: list[Sample], script: Path) -> None:
    path = next(sample.path for sample in samples if sample.name == "c-dynamic")
    assert verdict(script, "dash", "linux/amd64", "--libc", "gnu", str(path)).returncode == 0
    assert (
        check(path, TABLE.row(parse("linux/amd64", TABLE.words)), TABLE, Requirements(libc="gnu"))
        == ()
    )


def test_pyelftools_sees_the_same(samples: list[Sample]) -> None:
    seen = 0
    for sample in samples:
        described = inspect(sample.path)[0]
        if described.format != "elf":
            continue
        with sample.path.open("rb") as file:
            elf = ELFFile(file)
            assert described.bits == elf.elfclass
            assert described.byte_order == ("little" if elf.little_endian else "big")
            assert described.osabi == file.seek(7) * 0 + file.read(1)[0]
            interpreters = [
                segment.get_interp_name()
                for segment in elf.iter_segments()
                if isinstance(segment, InterpSegment)
            ]
            assert (
                [] if described.interpreter is None else [described.interpreter]
            ) == interpreters
            dynamic = [
                segment for segment in elf.iter_segments() if isinstance(segment, DynamicSegment)
            ]
            needed = [
                str(vars(tag)["needed"])
                for segment in dynamic
                for tag in segment.iter_tags("DT_NEEDED")
            ]
            assert list(described.needed) == needed
        seen += 1
    assert seen > 25
