"""COFF objects with an optional header, as Go's linker writes them: Python and sh give the same verdict."""

from __future__ import annotations

import os
import struct
import subprocess
from pathlib import Path

import pytest

from xxpy.binary import inspect
from xxpy.errors import VerificationError
from xxpy.machine import resources

SCRIPT = Path(__file__).resolve().parents[1] / "golden/files/wrappers/xx-verify"
WIDE, NARROW = 0x20B, 0x10B
AMD64, I386 = 0x8664, 0x14C


def coff(machine: int, optional: int, mark: int, rest: int = 0) -> bytes:
    """Return an object with one section, an optional header of so many bytes with a mark, and *rest* further bytes."""
    header = struct.pack("<HHIIIHH", machine, 1, 0, 0, 0, optional, 0)
    return (
        header
        + struct.pack("<H", mark).ljust(optional, b"\0")[:optional]
        + b".text".ljust(40, b"\0")
        + bytes(rest)
    )


@pytest.mark.parametrize(
    ("data", "platform", "reason"),
    [
        (coff(AMD64, 0, WIDE), "windows/amd64", ""),
        (coff(AMD64, 240, WIDE), "windows/amd64", ""),
        (coff(I386, 224, NARROW), "windows/386", ""),
        (coff(AMD64, 240, NARROW), "windows/amd64", "corrupt COFF header"),
        (coff(I386, 224, WIDE), "windows/386", "corrupt COFF header"),
        (coff(AMD64, 240, 0), "windows/amd64", "corrupt COFF header"),
        (coff(AMD64, 240, WIDE)[:200], "windows/amd64", "truncated"),
        (coff(AMD64, 240, WIDE)[:-1], "windows/amd64", "truncated"),
        (coff(AMD64, 240, WIDE)[:21], "windows/amd64", "truncated"),
    ],
)
def test_an_optional_header(data: bytes, platform: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "go.o"
    path.write_bytes(data)
    environment = {"PATH": os.environ["PATH"], "TARGETPLATFORM": platform}
    done = subprocess.run(
        ["dash", str(SCRIPT), str(path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0, reason in done.stderr) == (bool(reason), True)
    if reason:
        with pytest.raises(VerificationError, match=reason):
            inspect(path)
    else:
        (found,) = inspect(path)
        assert (found.kind, found.machine) == (
            "object",
            resources.table().rows[platform].pe.machine,  # type: ignore[union-attr]
        )
