"""Every code: a Dockerfile that has the fault, the line that is named, and a neighbour that has it not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.dockerfile.exams import EXAM, EXAMPLE, exams
from xxpy.dockerfile import convert, tools
from xxpy.dockerfile.check import CODES, check
from xxpy.dockerfile.stages import read
from xxpy.dockerfile.syntax import parse

CROSS = "FROM --platform=$BUILDPLATFORM golang AS build\n"
END = "FROM scratch\nCOPY --from=build /app /app\n"
CASES: tuple[tuple[str, str, list[tuple[int, str]]], ...] = (
    ("compiles", "FROM golang AS build\nRUN go build\n" + END, [(2, "XX101")]),
    (
        "compiles in the second line",
        "FROM golang AS build\nRUN ls && \\\n  make\n" + END,
        [(3, "XX101")],
    ),
    ("in a heredoc", "FROM golang AS build\nRUN <<EOF\nls\ngo build\nEOF\n" + END, [(4, "XX101")]),
    ("as JSON", 'FROM golang AS build\nRUN ["go", "build"]\n' + END, [(2, "XX101")]),
    (
        "in a loop",
        "FROM rust AS build\nRUN for i in 1 2; do cargo build; done\n" + END,
        [(2, "XX101")],
    ),
    (
        "behind env and a path",
        "FROM a AS build\nRUN env A=1 /usr/bin/gcc -o app app.c\n" + END,
        [(2, "XX101")],
    ),
    ("tests", "FROM golang AS build\nRUN go test ./...\n" + END, [(2, "XX101")]),
    ("runs only", "FROM debian\nRUN apt-get update\n", [(2, "XX102")]),
    (
        "asks for the target's platform",
        "FROM --platform=$TARGETPLATFORM debian\nRUN ls\n",
        [(2, "XX102")],
    ),
    ("is meant so", "FROM debian\n# xxpy: ignore=XX102\nRUN apt-get update\n", []),
    (
        "another is meant so",
        "FROM debian\n# xxpy: ignore=XX101, XX103\nRUN apt-get update\n",
        [(3, "XX102")],
    ),
    (
        "in a stage from a stage",
        "FROM golang AS base\nFROM base AS build\nRUN go build\n" + END,
        [(3, "XX101")],
    ),
    ("in a stage from a stage of here", CROSS + "FROM build AS more\nRUN ls\n" + END, []),
    (
        "by an argument",
        "ARG IMAGE=golang\nFROM $IMAGE AS build\nRUN go build\n" + END,
        [(3, "XX101")],
    ),
    (
        "of the platform by an argument",
        "ARG P=$BUILDPLATFORM\nFROM --platform=$P golang AS build\nRUN ls\n" + END,
        [],
    ),
    ("fixed", "FROM --platform=linux/amd64 debian\n", [(1, "XX103")]),
    ("fixed by an argument", "ARG P=linux/amd64\nFROM --platform=${P} debian\n", [(2, "XX103")]),
    ("copies the build machine's", CROSS + "RUN go build -o /app\n" + END, [(4, "XX201")]),
    (
        "copies by number",
        "FROM --platform=$BUILDPLATFORM golang\nRUN go build\nFROM scratch\nCOPY --from=0 /a /a\n",
        [(4, "XX201")],
    ),
    (
        "copies a page",
        "FROM --platform=$BUILDPLATFORM node AS build\nRUN npm run build\n" + END,
        [],
    ),
    (
        "copies the target's",
        CROSS + "ARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build -o /app\n" + END,
        [],
    ),
    (
        "copies what a case made",
        CROSS + "ARG TARGETARCH\nRUN case $TARGETARCH in a) make X=1;; esac\n" + END,
        [],
    ),
    (
        "ENV names the target",
        CROSS + "ARG TARGETARCH\nENV GOARCH=$TARGETARCH\nRUN go build\n" + END,
        [],
    ),
    (
        "export names the target",
        CROSS + "ARG TARGETARCH\nRUN export GOARCH=$TARGETARCH; go build\n" + END,
        [],
    ),
    (
        "helpers of here too",
        CROSS + "RUN make tool\nARG TARGETPLATFORM\nRUN xx-go build\n" + END,
        [],
    ),
    (
        "a compiler out of an image",
        CROSS + "RUN --mount=from=rust:1,target=/r ls\n" + END,
        [(2, "XX202")],
    ),
    ("a folder out of an image", CROSS + "RUN --mount=from=busybox,target=/r ls\n" + END, []),
    (
        "a compiler out of a stage",
        f"{CROSS}FROM build AS more\nRUN --mount=from=build,target=/r ls\n{END}",
        [],
    ),
    ("without ARG", CROSS + "RUN GOARCH=$TARGETARCH go build\n" + END, [(2, "XX203")]),
    ("with ARG", CROSS + "ARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build\n" + END, []),
    (
        "with ARG too late",
        CROSS + "RUN echo ${TARGETARCH}\nARG TARGETARCH\nRUN echo $TARGETARCH\n" + END,
        [(2, "XX203")],
    ),
    (
        "with ARG of the parent",
        CROSS + "ARG TARGETARCH\nFROM build AS more\nRUN echo $TARGETARCH\n" + END,
        [],
    ),
    ("escaped", CROSS + "RUN echo \\$TARGETARCH\n" + END, []),
    ("ARG with a constant", "FROM scratch\nARG TARGETARCH=amd64\n", [(2, "XX204")]),
    ("a constant", CROSS + "RUN GOARCH=amd64 go build\nRUN ls\nFROM scratch\n", [(2, "XX205")]),
    (
        "a constant of cargo",
        "FROM --platform=$BUILDPLATFORM rust\nRUN cargo build --target x-y-z\n",
        [(2, "XX205")],
    ),
    (
        "a constant in a case",
        CROSS + "ARG TARGETARCH\nRUN case $TARGETARCH in a) GOARCH=a go build;; esac\n" + END,
        [],
    ),
    ("xx-go without a target", CROSS + "RUN xx-go build\n" + END, [(2, "XX206")]),
    ("xx-go with a target", CROSS + "ARG TARGETPLATFORM\nRUN xx-go build\n" + END, []),
    (
        "xx-go with a target of its own",
        CROSS + "RUN TARGETPLATFORM=linux/arm64 xx-go build\n" + END,
        [],
    ),
    (
        "ARG too early",
        CROSS + "ARG TARGETARCH\nRUN go mod download\nRUN GOARCH=$TARGETARCH go build\n" + END,
        [(3, "XX301")],
    ),
    (
        "ARG too early for xx",
        CROSS + "ARG TARGETPLATFORM\nRUN ls\nRUN xx-go build\n" + END,
        [(3, "XX301")],
    ),
    (
        "ARG and copies",
        CROSS + "ARG TARGETARCH\nCOPY . .\nRUN GOARCH=$TARGETARCH go build\n" + END,
        [],
    ),
    (
        "packages of the wrong machine",
        "FROM --platform=$BUILDPLATFORM debian AS build\nRUN apt-get install -y make \\\n  zlib1g-dev\nARG TARGETPLATFORM\nRUN xx-clang -o app app.c\n"
        + END,
        [(3, "XX401")],
    ),
    (
        "packages of the target",
        "FROM --platform=$BUILDPLATFORM debian AS build\nARG TARGETPLATFORM\nRUN xx-apt-get install -y zlib1g-dev\nRUN xx-clang -o app app.c\n"
        + END,
        [],
    ),
    ("ONBUILD is for others", "FROM scratch\nONBUILD RUN go build\n", []),
)


def found(
    text: str, rows: tools.Tools, platforms: str = "a foreign platform"
) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in check(read(parse(text)), rows, platforms)]


@pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_found(text: str, expected: list[tuple[int, str]], rows: tools.Tools) -> None:
    assert found(text, rows) == expected


def test_every_code_has_a_case_and_a_place_in_the_page() -> None:
    tried = {code for *_, expected in CASES for _, code in expected}
    # A stale part is found by what renders the parts; test_parts.py tries that.
    assert tried | {"XX501"} == set(CODES)
    page = (Path(__file__).resolve().parents[2] / "docs/dockerfile.md").read_text()
    assert set(re.findall(r"^### (XX\d+)", page, re.MULTILINE)) == set(CODES)


def test_a_build_for_this_machine_alone_emulates_nothing(rows: tools.Tools) -> None:
    assert found("FROM golang AS build\nRUN go build\n" + END, rows, platforms="") == []


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.xx"])
def test_the_good_examples_are_good(name: str, rows: tools.Tools) -> None:
    assert found((EXAMPLE / name).read_text(), rows) == []


@pytest.mark.parametrize("mode", [None, *convert.MODES])
@pytest.mark.parametrize("name", exams())
def test_a_converted_file_has_no_findings(
    name: str, mode: str | None, rows: tools.Tools, parts: dict[str, str]
) -> None:
    done = convert.convert((EXAM / name / "Dockerfile").read_text(), rows, parts, mode)
    # What was left has a note, and keeps its findings.
    left = any(note.message.startswith("left as it is") for note in done.notes)
    assert left or found(done.text, rows) == []


@pytest.mark.parametrize(
    "name", [name for name, facts in exams().items() if not facts.get("unchanged")]
)
def test_every_emulating_exam_has_findings(name: str, rows: tools.Tools) -> None:
    assert "XX101" in {code for _, code in found((EXAM / name / "Dockerfile").read_text(), rows)}
