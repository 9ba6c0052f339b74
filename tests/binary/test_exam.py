"""The exam: every binary is accepted for its own platform and for those that run it, and refused for all others, by Python and by sh."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.segments import InterpSegment

from tests.binary.samples import GO_PLATFORMS, Sample
from xxpy import resources
from xxpy.binary import inspect
from xxpy.binary.verify import Requirements, check
from xxpy.platform import parse, runnable
from xxpy.render import wrappers

if TYPE_CHECKING:
    from pathlib import Path

TABLE = resources.table()
ASKED = (
    *GO_PLATFORMS,
    *("linux/amd64/v2", "linux/amd64/v3", "linux/amd64/v4", "linux/arm/v8", "linux/arm64/v9", "linux/mips/hardfloat"),
    *("windows/arm/v7", "netbsd/arm64", "freebsd/386", "android/arm64"),
)
"""The platforms that every binary is asked about."""

SHELLS = {"dash": ["dash"], "busybox": ["busybox", "sh"], "bash": ["bash"]}


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "xx-verify"
    path.write_text(wrappers.render("xx-verify", TABLE, resources.texts("templates", "**/*.j2")))
    return path


def verdict(script: Path, shell: str, key: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "TARGETPLATFORM": key}
    return subprocess.run([*SHELLS[shell], str(script), *arguments], env=environment, capture_output=True, text=True, check=False)


def accepted(sample: Sample, key: str) -> bool:
    """Whether a binary runs on a platform, from what it was built for alone."""
    built = parse(sample.platform, TABLE.words)
    asked = parse(key, TABLE.words)
    families = ({"linux", "android"}, {"windows"}, {"darwin"}, {"freebsd"}, {"netbsd"}, {"openbsd"}, {"wasi"})
    same_system = any(built.os in family and asked.os in family for family in families)
    if sample.name == "c-object":
        same_system = same_system or (TABLE.row(asked).file.format == "elf")  # an object states no system
    if not same_system or built.architecture != asked.architecture:
        return False
    if sample.level.endswith("-soft") and TABLE.row(asked).elf is not None and asked.variant in {"v7", "v8"} and asked.os == "linux":
        return False
    if not sample.level:
        return True  # a file that states no level runs wherever its architecture does
    lower = {(platform.architecture, platform.variant) for platform in runnable(asked, TABLE.words)}
    return (built.architecture, built.variant) in lower


def test_python_knows_every_binary_s_platform(samples: list[Sample]) -> None:
    wrong = [
        (sample.name, key, reasons)
        for sample in samples
        for key in ASKED
        if accepted(sample, key) == bool(reasons := check(sample.path, TABLE.row(parse(key, TABLE.words)), TABLE, Requirements()))
    ]
    assert wrong == []


def test_static_is_told(samples: list[Sample]) -> None:
    for sample in samples:
        row = TABLE.row(parse(sample.platform, TABLE.words))
        reasons = check(sample.path, row, TABLE, Requirements(static=True))
        judged = row.file.format == "elf"
        refused = any("is not statically linked" in reason for reason in reasons)
        assert refused == (judged and not sample.static), (sample.name, reasons)


@pytest.mark.parametrize("shell", SHELLS)
def test_sh_agrees_with_python(samples: list[Sample], script: Path, shell: str) -> None:
    wrong = []
    for number, sample in enumerate(samples):
        for key in ASKED if shell == "dash" else ASKED[number % 5 :: 5]:
            for static in (False, True):
                got = verdict(script, shell, key, *(["--static"] if static else []), str(sample.path))
                reasons = check(sample.path, TABLE.row(parse(key, TABLE.words)), TABLE, Requirements(static=static))
                if (got.returncode != 0) != bool(reasons):
                    wrong.append((sample.name, key, static, got.stderr, reasons))
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "key", "arguments", "message"),
    [
        ("go-linux_amd64", "windows/amd64", (), "does not match expected target OS"),
        ("go-windows_amd64", "linux/amd64", (), "does not match expected target OS"),
        ("go-freebsd_amd64", "linux/amd64", (), "does not match expected target OS"),
        ("go-linux_amd64", "linux/arm64", (), "does not match expected target architecture"),
        ("go-linux_mips", "linux/mipsle", (), "does not match expected target endianness"),
        ("c-v3", "linux/amd64", (), "does not match expected target architecture"),
        ("arm-v7-soft", "linux/arm/v7", (), "does not match expected target architecture"),
        ("c-dynamic", "linux/amd64", ("--static",), "is not statically linked"),
        ("c-shared", "linux/amd64", ("--static",), "is not statically linked"),
        ("c-dynamic", "linux/amd64", ("--libc", "musl"), "is not that of musl"),
    ],
)
def test_both_say_why(samples: list[Sample], script: Path, name: str, key: str, arguments: tuple[str, ...], message: str) -> None:
    path = next(sample.path for sample in samples if sample.name == name)
    got = verdict(script, "dash", key, *arguments, str(path))
    assert (got.returncode, got.stdout) == (1, "")
    assert message in got.stderr
    requirements = Requirements(static="--static" in arguments, libc="musl" if "musl" in arguments else None)
    reasons = check(path, TABLE.row(parse(key, TABLE.words)), TABLE, requirements)
    assert any(message in reason for reason in reasons), reasons


def test_the_interpreter_of_the_right_libc_passes(samples: list[Sample], script: Path) -> None:
    path = next(sample.path for sample in samples if sample.name == "c-dynamic")
    assert verdict(script, "dash", "linux/amd64", "--libc", "gnu", str(path)).returncode == 0
    assert check(path, TABLE.row(parse("linux/amd64", TABLE.words)), TABLE, Requirements(libc="gnu")) == ()


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
            interpreters = [segment.get_interp_name() for segment in elf.iter_segments() if isinstance(segment, InterpSegment)]
            assert ([] if described.interpreter is None else [described.interpreter]) == interpreters
            dynamic = [segment for segment in elf.iter_segments() if isinstance(segment, DynamicSegment)]
            needed = [str(vars(tag)["needed"]) for segment in dynamic for tag in segment.iter_tags("DT_NEEDED")]
            assert list(described.needed) == needed
        seen += 1
    assert seen > 25
