"""Universal binaries for macOS: those of both architectures in one file, as lipo makes them."""

from __future__ import annotations

import json
import struct
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xxpy.binary.universal import join
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from tests.build.conftest import Xxpy

LIPO = str(next(Path("/usr/bin").glob("llvm-lipo*")))
INTEL, ARM = 0x01000007, 0x0100000C
TRIPLE = "universal2-apple-darwin"


def macho(machine: int, size: int) -> bytes:
    """Return the beginning of a Mach-O file, and zeros."""
    subtype = 3 if machine == INTEL else 0
    return struct.pack("<IIII", 0xFEEDFACF, machine, subtype, 2) + bytes(size - 16)


def test_lipo_finds_the_same_slices(tmp_path: Path) -> None:
    parts = [("a", macho(INTEL, 20_000)), ("b", macho(ARM, 100))]
    path = tmp_path / "both"
    path.write_bytes(join(parts))
    for name, (_, content) in zip(("x86_64", "arm64"), parts, strict=True):
        words = [LIPO, str(path), "-thin", name, "-output", str(tmp_path / name)]
        subprocess.run(words, check=True)
        assert (tmp_path / name).read_bytes() == content


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (macho(INTEL, 100), "b: a second file for the same machine"),
        (b"\x7fELF" + bytes(60), "b: neither 64-bit Mach-O nor a static library of it"),
        (b"\xcf\xfa\xed\xfe", "b: neither 64-bit Mach-O nor a static library of it"),
        (b"!<arch>\n", "b: an archive without objects"),
    ],
)
def test_what_cannot_be_joined(second: bytes, message: str) -> None:
    with pytest.raises(VerificationError, match=message):
        join([("a", macho(INTEL, 100)), ("b", second)])


def test_a_build(xxpy: Xxpy, module: Path) -> None:
    done = xxpy("build", "--target", TRIPLE, "--json")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    (event,) = (event for event in events if event["event"] == "universal")
    assert event["name"] == TRIPLE
    assert [output["verified"] for output in event["outputs"]] == [True, True]
    program = module / "dist/darwin_universal2/hello"
    said = subprocess.run(
        [LIPO, "-archs", str(program)], capture_output=True, text=True, check=True
    ).stdout
    assert sorted(said.split()) == ["arm64", "x86_64"]
    for platform in ("darwin/amd64", "darwin/arm64"):
        assert xxpy("verify", "--platform", platform, str(program)).returncode == 0
    (module / "dist/darwin_arm64/old").write_text("left\n")
    other = xxpy("build", "--target", TRIPLE)
    assert other.returncode == 1
    assert "darwin_universal2: old is not in both" in other.stderr
