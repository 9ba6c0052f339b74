"""What the tests of conversions by kind of fault share: a small Dockerfile, and what must become of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.dockerfile.exams import Files
from xxpy.dockerfile import convert
from xxpy.dockerfile.check import check
from xxpy.dockerfile.stages import read
from xxpy.dockerfile.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.dockerfile.tools import Tools

GO = "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nENV CGO_ENABLED=0\n"
RUST = "FROM rust:1.95 AS build\nWORKDIR /src\nCOPY . .\n"
C = "FROM debian:bookworm AS build\nRUN apt-get update && apt-get install -y gcc libc6-dev make\nWORKDIR /src\nCOPY . .\n"
APP = "FROM scratch\nCOPY --from=build /src/app /app\n"
BOTH = "GOOS=$TARGETOS GOARCH=$TARGETARCH"
MAKE = "build:\n\tgo build -o app .\n"


@dataclass(frozen=True)
class Fault:
    """A Dockerfile, and what must become of it.

    :param has: lines, or parts of them, of the result
    :param lacks: what must not be in it
    :param left: the line that is not understood and what is said of it; the file then stays
    """

    text: str
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    left: tuple[int, str] | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    mode: str | None = None


def examine(fault: Fault, rows: Tools, parts: dict[str, str]) -> None:
    """Convert the file of a fault, and judge what becomes of it."""
    done = convert.convert(fault.text, rows, parts, fault.mode, project=Files(fault.files))
    if fault.left:
        assert done.text == fault.text
        assert [
            (note.line, note.message)
            for note in done.notes
            if fault.left[1] in note.message and note.line == fault.left[0]
        ], done.notes
    for line in fault.has:
        assert line in done.text, (done.text, done.notes)
    for line in fault.lacks:
        assert line not in done.text


def settles(
    fault: Fault, mode: str | None, rows: Tools, parts: dict[str, str], *, aggressive: bool = False
) -> None:
    """Convert the file of a fault twice: the second time changes nothing, and check can read it."""
    files = Files(fault.files)
    once = convert.convert(fault.text, rows, parts, mode, project=files, aggressive=aggressive)
    twice = convert.convert(once.text, rows, parts, mode, project=files, aggressive=aggressive)
    assert twice.text == once.text
    check(read(parse(once.text)), rows)
