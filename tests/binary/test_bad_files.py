"""What is no binary is refused with a reason, by Python and by sh: never a pass, a crash or a hang."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.strategies import elf_files
from xxpy.binary import inspect
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.errors import VerificationError
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.binary.samples import Sample

TABLE = resources.table()
ROW = TABLE.row(parse("linux/amd64", TABLE.words))


def run(
    script: Path, *arguments: str, shell: str = "dash", **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "TARGETPLATFORM": "linux/amd64", **variables}
    return subprocess.run(
        [shell, str(script), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


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
    "class": (
        lambda path: path.write_bytes(b"\x7fELF\x03\x01\x01" + bytes(100)),
        "corrupt ELF header",
    ),
    "type": (
        lambda path: path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(100)),
        "corrupt ELF header",
    ),
    "short": (
        lambda path: path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00"),
        "truncated",
    ),
    "core": (
        lambda path: path.write_bytes(
            b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x04\x00\x3e\x00\x01" + bytes(43)
        ),
        "does not run",
    ),
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
def test_what_is_cut_off_is_refused(
    samples: list[Sample], tmp_path: Path, script: Path, cut: str
) -> None:
    whole = next(sample.path for sample in samples if sample.name == "go-linux_amd64").read_bytes()
    length = {
        "header": 40,
        "program headers": 100,
        "section headers": int.from_bytes(whole[40:48], "little") + 70,
    }[cut]
    path = tmp_path / "cut"
    path.write_bytes(whole[:length])
    assert "truncated" in run(script, str(path)).stderr
    with pytest.raises(VerificationError, match="truncated"):
        inspect(path)


def test_a_segment_past_the_end_is_no_reason(
    samples: list[Sample], tmp_path: Path, script: Path
) -> None:
    path = tmp_path / "cut"
    whole = bytearray(
        next(sample.path for sample in samples if sample.name == "go-linux_amd64").read_bytes()
    )
    whole[40:48] = bytes(8)
    whole[60:62] = bytes(2)
    path.write_bytes(whole[: len(whole) // 2])
    assert run(script, str(path)).returncode == 0
    assert check(path, ROW, TABLE, Requirements()) == ()


LITTLE = 256 << 20
"""Bytes of address space: what Python and its libraries take, and no file of 4 GiB beside them."""


def test_what_cannot_be_read_is_refused(
    samples: list[Sample], tmp_path: Path, script: Path
) -> None:
    path = tmp_path / "secret"
    path.write_bytes(samples[0].path.read_bytes())
    path.chmod(0)
    # To root everything is readable, unless it gives up that right.
    plain = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if os.geteuid() == 0 else []
    for command in (["dash", str(script)], [sys.executable, "-m", "xxpy", "verify"]):
        environment = {**os.environ, "TARGETPLATFORM": "linux/amd64"}
        got = subprocess.run(
            [*plain, *command, str(path)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert got.returncode in {1, 6}
        assert "secret: cannot be read" in got.stderr or "Permission denied" in got.stdout


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        ("c-static", "linux/amd64"),
        ("go-windows_amd64", "windows/amd64"),
        ("go-darwin_arm64", "darwin/arm64"),
        ("c-object", "linux/amd64"),
    ],
)
def test_a_huge_file_takes_neither_time_nor_memory(
    samples: list[Sample], tmp_path: Path, script: Path, name: str, platform: str
) -> None:
    path = tmp_path / name
    path.write_bytes(next(sample.path for sample in samples if sample.name == name).read_bytes())
    os.truncate(path, 4 << 30)
    assert run(script, str(path), TARGETPLATFORM=platform).returncode == 0
    command = [
        "prlimit",
        f"--as={LITTLE}",
        sys.executable,
        "-m",
        "xxpy",
        "verify",
        "--platform",
        platform,
        str(path),
    ]
    assert (
        subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).returncode
        == 0
    )


def test_a_huge_archive_takes_no_memory(samples: list[Sample], tmp_path: Path) -> None:
    archive = tmp_path / "huge.a"
    header = b"!<arch>\n" + b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (
        b"member/",
        0,
        0,
        0,
        0o644,
        4 << 30,
    )
    archive.write_bytes(
        header + next(sample.path for sample in samples if sample.name == "c-object").read_bytes()
    )
    os.truncate(archive, len(header) + (4 << 30))
    command = [
        "prlimit",
        f"--as={LITTLE}",
        sys.executable,
        "-m",
        "xxpy",
        "verify",
        "--platform",
        "linux/amd64",
        str(archive),
    ]
    assert (
        subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).returncode
        == 0
    )


@given(content=st.one_of(st.binary(max_size=200), elf_files()))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_bytes_there_are_both_give_one_verdict(
    content: bytes, tmp_path: Path, script: Path
) -> None:
    path = tmp_path / "bytes"
    path.write_bytes(content)
    got = run(script, str(path))
    assert got.returncode == int(bool(check(path, ROW, TABLE, Requirements()))), (
        content,
        got.stderr,
    )


def test_it_stops_at_the_first_bad_file(
    samples: list[Sample], tmp_path: Path, script: Path
) -> None:
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


def test_names_that_shells_stumble_over(
    samples: list[Sample], tmp_path: Path, script: Path
) -> None:
    for name in ("a b", "-x", "*", "a\nb", "$(id)", "'", '"'):
        path = tmp_path / name
        path.write_bytes(samples[0].path.read_bytes())
        got = subprocess.run(
            ["dash", str(script), "--", name],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "TARGETPLATFORM": "linux/amd64"},
            check=False,
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
def test_wrong_calls(
    arguments: list[str], variables: dict[str, str], message: str, script: Path
) -> None:
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
