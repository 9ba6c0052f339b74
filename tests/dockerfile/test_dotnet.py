"""What leaves a stage of .NET is checked by its headers when the image is built."""

from __future__ import annotations

import struct
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.dockerfile.exams import sources
from xxpy.dockerfile.write import parts as written

if TYPE_CHECKING:
    from pathlib import Path


def image(machine: int, *, managed: bool, wide: bool = False) -> bytes:
    """Return the headers of a PE file, in which code of .NET has a directory of its own."""
    directories = b"".join(struct.pack("<II", 8 * (n == 14 and managed), 0) for n in range(16))
    optional = struct.pack("<H", 0x20B if wide else 0x10B).ljust(112 if wide else 96, b"\0")
    coff = struct.pack("<HHIIIHH", machine, 0, 0, 0, 0, 0, 0)
    return (
        b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0" + coff + optional + directories
    )


FOR_ALL, AMD64, ARM64 = (0x014C, 0x8664, 0xAA64)
LINUX = 0x7B79
ELF_ARM64 = b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + struct.pack("<HH", 2, 183)


@pytest.mark.parametrize(
    ("content", "passes"),
    [
        (image(FOR_ALL, managed=True), True),
        (image(FOR_ALL, managed=False), False),
        (image(ARM64, managed=True, wide=True), True),
        (image(ARM64 ^ LINUX, managed=True, wide=True), True),
        (image(AMD64, managed=True, wide=True), False),
        (image(AMD64 ^ LINUX, managed=True, wide=True), False),
        (ELF_ARM64, True),
        (ELF_ARM64.replace(b"\xb7\0", b"\x3e\0"), False),
        (b"{}", True),
    ],
)
def test_what_leaves_a_stage_of_dotnet(content: bytes, *, passes: bool, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/file").write_bytes(content)
    text = written.tests(sources())["verify-dotnet"].replace("PATHS", str(tmp_path / "app"))
    step = text.partition("RUN ")[2]
    done = subprocess.run(
        ["/bin/sh", "-c", step],
        env={"PATH": "/usr/bin:/bin", "TARGETARCH": "arm64"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) is passes, done
