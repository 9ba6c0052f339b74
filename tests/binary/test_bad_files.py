"""What is no binary is refused with a reason, by Python and by sh: never a pass, a crash or a hang."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from xxpy import resources
from xxpy.binary import inspect
from xxpy.binary.verify import Requirements, check
from xxpy.errors import VerificationError
from xxpy.platform import parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.binary.samples import Sample

TABLE = resources.table()
ROW = TABLE.row(parse("linux/amd64", TABLE.words))


def run(script: Path, *arguments: str, shell: str = "dash", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "TARGETPLATFORM": "linux/amd64", **variables}
    return subprocess.run([shell, str(script), *arguments], env=environment, capture_output=True, text=True, check=False)


def missing(path: Path) -> None:
    del path


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (missing, "file not found"),
    "dangling": (dangling, "dangling link"),
    "folder": (lambda path: path.mkdir(), "a directory"),
    "fifo": (os.mkfifo, "not a file"),
    "empty": (lambda path: path.write_bytes(b""), "empty file"),
    "script": (lambda path: path.write_bytes(b"#!/bin/sh\n"), "a script"),
    "text": (lambda path: path.write_bytes(b"hello\n"), "not a binary"),
    "zeros": (lambda path: path.write_bytes(bytes(4096)), "not a binary"),
    "magic": (lambda path: path.write_bytes(b"\x7fELF"), ""),
    "class": (lambda path: path.write_bytes(b"\x7fELF\x03\x01\x01" + bytes(100)), "corrupt ELF header"),
    "type": (lambda path: path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(100)), "corrupt ELF header"),
    "short": (lambda path: path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00"), "truncated"),
    "mz": (lambda path: path.write_bytes(b"MZ" + bytes(100)), ""),
}


@pytest.mark.parametrize("kind", BAD)
def test_refused_with_a_reason(kind: str, tmp_path: Path, script: Path) -> None:
    make, message = BAD[kind]
    path = tmp_path / kind
    make(path)
    got = run(script, str(path))
    assert (got.returncode, got.stdout) == (1, "")
    assert message in got.stderr
    assert str(path) in got.stderr
    reasons = check(path, ROW, TABLE, Requirements())
    assert message.removeprefix("not a file") in reasons[0]
    assert str(path) in reasons[0]


@pytest.mark.parametrize("cut", ["header", "program headers", "section headers"])
def test_what_is_cut_off_is_refused(samples: list[Sample], tmp_path: Path, script: Path, cut: str) -> None:
    whole = next(sample.path for sample in samples if sample.name == "go-linux_amd64").read_bytes()
    length = {"header": 40, "program headers": 100, "section headers": int.from_bytes(whole[40:48], "little") + 70}[cut]
    path = tmp_path / "cut"
    path.write_bytes(whole[:length])
    assert "truncated" in run(script, str(path)).stderr
    with pytest.raises(VerificationError, match="truncated"):
        inspect(path)


def test_a_segment_past_the_end_is_no_reason(samples: list[Sample], tmp_path: Path, script: Path) -> None:
    path = tmp_path / "cut"
    whole = bytearray(next(sample.path for sample in samples if sample.name == "go-linux_amd64").read_bytes())
    whole[40:48] = bytes(8)
    whole[60:62] = bytes(2)
    path.write_bytes(whole[: len(whole) // 2])
    assert run(script, str(path)).returncode == 0
    assert check(path, ROW, TABLE, Requirements()) == ()


def test_a_huge_file_costs_nothing(samples: list[Sample], tmp_path: Path, script: Path) -> None:
    path = tmp_path / "huge"
    path.write_bytes(next(sample.path for sample in samples if sample.name == "c-static").read_bytes())
    os.truncate(path, 4 << 30)
    assert run(script, str(path)).returncode == 0
    assert check(path, ROW, TABLE, Requirements()) == ()


def test_it_stops_at_the_first_bad_file(samples: list[Sample], tmp_path: Path, script: Path) -> None:
    good = str(samples[0].path)
    got = run(script, good, str(tmp_path / "first"), str(tmp_path / "second"))
    assert got.returncode == 1
    assert "first: file not found" in got.stderr
    assert "second" not in got.stderr


def test_links_are_followed(samples: list[Sample], tmp_path: Path, script: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(samples[0].path)
    assert run(script, str(link)).returncode == 0
    assert check(link, ROW, TABLE, Requirements()) == ()


def test_names_that_shells_stumble_over(samples: list[Sample], tmp_path: Path, script: Path) -> None:
    for name in ("a b", "-x", "*", "a\nb", "$(id)", "'", '"'):
        path = tmp_path / name
        path.write_bytes(samples[0].path.read_bytes())
        got = subprocess.run(
            ["dash", str(script), "--", name], cwd=tmp_path, env={"PATH": os.environ["PATH"], "TARGETPLATFORM": "linux/amd64"}, check=False
        )
        assert got.returncode == 0, name


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        ([], {}, "Usage:"),
        (["--static"], {}, "Usage:"),
        (["--unknown", "x"], {}, "invalid flag --unknown"),
        (["x", "-s"], {}, "invalid flag -s"),
        (["--libc", "uclibc", "x"], {}, "invalid flag --libc uclibc"),
        (["x"], {"TARGETPLATFORM": "foo/amd64"}, "unsupported target os"),
        (["x"], {"TARGETPLATFORM": "linux/foo"}, "unsupported target architecture"),
    ],
)
def test_wrong_calls(arguments: list[str], variables: dict[str, str], message: str, script: Path) -> None:
    got = run(script, *arguments, **variables)
    assert (got.returncode, got.stdout) == (1, "")
    assert got.stderr.startswith(message)


def test_setup_alone_does_nothing(script: Path) -> None:
    assert (got := run(script, "--setup")).returncode == 0
    assert got.stdout + got.stderr == ""


def test_only_1_turns_static_on(samples: list[Sample], script: Path) -> None:
    path = str(next(sample.path for sample in samples if sample.name == "c-dynamic"))
    assert run(script, path, XX_VERIFY_STATIC="1").returncode == 1
    assert run(script, path, XX_VERIFY_STATIC="0").returncode == 0
    assert run(script, path, XX_VERIFY_STATIC="true").returncode == 0
    assert run(script, path, "--static").returncode == 1
