"""Every code: a Dockerfile that has the fault, the line that is named, and a neighbour that has it not."""

from __future__ import annotations

import json
import re
import time

import pytest

from tests.dockerfile.exams import EXAM, EXAMPLE, converted, exams
from xxpy.cli.dockerfile import sources
from xxpy.dockerfile import convert, tools
from xxpy.dockerfile.check import RULES, Finding, Severity, baseline, check, ignore, page
from xxpy.dockerfile.stages import read
from xxpy.dockerfile.syntax import parse
from xxpy.errors import ConfigurationError

CROSS = "FROM --platform=$BUILDPLATFORM golang AS build\n"
BLOCK = re.compile(r"^```dockerfile\n(.*?)^```$", re.MULTILINE | re.DOTALL)
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
    (
        "inside a shell",
        'FROM golang AS build\nRUN bash -c "go build -o /app"\n' + END,
        [(2, "XX101")],
    ),
    (
        "inside a shell as JSON",
        'FROM golang AS build\nRUN ["/bin/sh", "-c", "go build -o /app"]\n' + END,
        [(2, "XX101")],
    ),
    ("behind xargs", "FROM golang AS build\nRUN ls cmd | xargs go build\n" + END, [(2, "XX101")]),
    ("tests", "FROM golang AS build\nRUN go test ./...\n" + END, [(2, "XX101")]),
    ("runs only", "FROM debian\nRUN apt-get update\n", [(2, "XX102")]),
    (
        "asks for the target's platform",
        "FROM --platform=$TARGETPLATFORM debian\nRUN ls\n",
        [(1, "XX104"), (2, "XX102")],
    ),
    (
        "asks for it with a default",
        "FROM --platform=${TARGETPLATFORM:-a/b} debian\n",
        [(1, "XX104")],
    ),
    (
        "several steps are one finding",
        "FROM debian\nRUN a\nRUN b\nFROM debian\nRUN c\n",
        [(2, "XX102"), (5, "XX102")],
    ),
    (
        "several compilers are one finding",
        "FROM golang AS build\nRUN go build a\nRUN go build b\n" + END,
        [(2, "XX101")],
    ),
    (
        "a stage is misspelt",
        "FROM debian AS assets\nFROM scratch\nCOPY --from=asets /a /a\n",
        [(3, "XX209")],
    ),
    ("a base is misspelt", "FROM debian AS frontend\nFROM frontnd\n", [(2, "XX209")]),
    (
        "an image is no stage",
        "FROM debian AS build\nFROM scratch\nCOPY --from=busybox /a /a\nCOPY --from=ghcr.io/asets /a /b\n",
        [],
    ),
    (
        "a context and a number",
        "FROM debian AS xxx\nFROM scratch\nCOPY --from=xx /a /a\nCOPY --from=0 /a /b\n",
        [],
    ),
    ("is meant so", "FROM debian\n# xxpy: ignore=XX102\nRUN apt-get update\n", []),
    (
        "another is meant so",
        "FROM debian\n# xxpy: ignore=XX101, XX103\nRUN apt-get update\n",
        [(3, "XX102")],
    ),
    ("the next one is not", "FROM debian\n# xxpy: ignore=XX102\nRUN a\nRUN b\n", [(4, "XX102")]),
    (
        "a stage is meant so",
        "FROM debian AS a\nRUN a\n# xxpy: ignore=XX102\nFROM debian\nRUN b\nRUN c\n",
        [(2, "XX102")],
    ),
    (
        "a file is meant so",
        "# xxpy: ignore-file=XX102\nFROM debian\nRUN a\nFROM debian\nRUN b\n",
        [],
    ),
    ("a file, said at its end", "FROM debian\nRUN a\n# xxpy: ignore-file=xx102\n", []),
    (
        "by BuildKit's name",
        "# xxpy: ignore=RedundantTargetPlatform\nFROM --platform=$TARGETPLATFORM debian\n",
        [],
    ),
    (
        "by BuildKit's directive",
        "# syntax=x\n# check=error=true;skip=A,RedundantTargetPlatform\nFROM --platform=$TARGETPLATFORM debian\n",
        [],
    ),
    (
        "all of BuildKit's",
        "# check=skip=all\nFROM --platform=$TARGETPLATFORM debian\nRUN a\n",
        [(3, "XX102")],
    ),
    (
        "too late for a directive",
        "# hello\n# check=skip=all\nFROM --platform=$TARGETPLATFORM debian\n",
        [(3, "XX104")],
    ),
    ("a code that is none", "# xxpy: ignore=XX012, XX102\nFROM debian\nRUN a\n", [(1, "XX502")]),
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
    (
        "of the platform of the stages of its name",
        "FROM --platform=$BUILDPLATFORM debian AS base-amd64\nFROM --platform=$BUILDPLATFORM debian AS base-arm64\nFROM base-${TARGETARCH} AS build\nRUN x-gcc -o /app a.c\n"
        + END,
        [],
    ),
    (
        "of the platform of stages that differ",
        "FROM --platform=$BUILDPLATFORM golang AS base-amd64\nFROM golang AS base-arm64\nFROM base-${TARGETARCH} AS build\nRUN go build\n"
        + END,
        [(4, "XX101")],
    ),
    (
        "of the platform of no stage",
        "FROM --platform=$BUILDPLATFORM golang AS base-amd64\nFROM golang:${TARGETARCH} AS build\nRUN go build\n"
        + END,
        [(3, "XX101")],
    ),
    (
        "of stages for one platform each",
        "FROM --platform=linux/amd64 debian AS base-amd64\nFROM --platform=linux/arm64 debian AS base-arm64\nFROM base-${TARGETARCH} AS build\nRUN gcc -o /app a.c\n"
        + END,
        [(4, "XX101")],
    ),
    ("fixed", "FROM --platform=linux/amd64 debian\n", [(1, "XX103")]),
    (
        "with a default behind what BuildKit knows",
        "FROM --platform=${BUILDPLATFORM:-linux/amd64} golang AS build\nRUN go test ./...\nFROM --platform=${TARGETPLATFORM:-linux/amd64} debian\n",
        [(3, "XX104")],
    ),
    ("fixed by an argument", "ARG P=linux/amd64\nFROM --platform=${P} debian\n", [(2, "XX103")]),
    ("named after its platform", "FROM --platform=linux/arm64 debian AS build_arm64\n", []),
    ("named after its system", "FROM --platform=windows/amd64 nanoserver AS windows\n", []),
    ("named after another", "FROM --platform=linux/arm64 debian AS build_amd64\n", [(1, "XX103")]),
    ("copies the build machine's", CROSS + "RUN go build -o /app\n" + END, [(4, "XX201")]),
    (
        "copies by number",
        "FROM --platform=$BUILDPLATFORM golang\nRUN go build\nFROM scratch\nCOPY --from=0 /a /a\n",
        [(4, "XX201")],
    ),
    (
        "names the target in a file's name alone",
        CROSS
        + "ARG TARGETARCH\nRUN go build -o /app-$TARGETARCH\nFROM scratch\nARG TARGETARCH\nCOPY --from=build /app-$TARGETARCH /app\n",
        [(6, "XX201")],
    ),
    (
        "names it in linker flags alone",
        CROSS
        + 'ARG TARGETPLATFORM\nRUN go build -ldflags "-X main.p=$TARGETPLATFORM" -o /app\n'
        + END,
        [(5, "XX201")],
    ),
    (
        "exports it in a subshell only",
        CROSS + "ARG TARGETARCH\nRUN (export GOARCH=$TARGETARCH) && go build -o /app\n" + END,
        [(5, "XX201")],
    ),
    (
        "sets it without export",
        CROSS + "ARG TARGETARCH\nRUN GOARCH=$TARGETARCH; go build -o /app\n" + END,
        [(5, "XX201")],
    ),
    (
        "writes it down for Go",
        CROSS + "ARG TARGETARCH\nRUN go env -w GOARCH=$TARGETARCH\nRUN go build -o /app\n" + END,
        [],
    ),
    (
        "in an image of the target",
        "FROM --platform=$BUILDPLATFORM rust-${TARGETARCH} AS build\nRUN cargo build\n" + END,
        [],
    ),
    (
        "by a variable that the build gives",
        "FROM --platform=$BUILDPLATFORM rust AS build\nARG T\nRUN cargo build --target $T\n" + END,
        [],
    ),
    ("inside a shell, untold", CROSS + "RUN bash -c 'go build -o /app'\n" + END, [(4, "XX201")]),
    (
        "inside a shell, told",
        CROSS + 'ARG TARGETARCH\nRUN sh -c "GOARCH=$TARGETARCH go build -o /app"\n' + END,
        [],
    ),
    (
        "copies certificates",
        CROSS
        + "RUN go build -o /app\nFROM scratch\nCOPY --from=build /etc/ssl/certs/ /etc/ssl/certs/\n",
        [],
    ),
    ("copies another file", CROSS + "RUN go build -o /tool && /tool >/app\n" + END, []),
    (
        "copies a folder of it",
        CROSS + "RUN go build -o /out/app\nFROM scratch\nCOPY --from=build /out/ /\n",
        [(4, "XX201")],
    ),
    (
        "copies what is moved",
        CROSS + "RUN go build -o tool && cp tool /app\n" + END,
        [(4, "XX201")],
    ),
    (
        "copies a tool that is installed",
        CROSS + "RUN go install a.b/c@latest\nFROM scratch\nCOPY --from=build /go/bin/c /c\n",
        [(4, "XX201")],
    ),
    ("a tool that is installed", CROSS + "RUN go install a.b/c@latest\n" + END, []),
    (
        "a tool, and another told",
        CROSS
        + "RUN go install a/c@v1\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build -o /app\nFROM scratch\nCOPY --from=build /app /go/bin/c /\n",
        [(6, "XX201")],
    ),
    (
        "a tool of unknown meaning that is told",
        CROSS
        + 'RUN go install a/mage@v1\nARG TARGETARCH\nRUN mage build "linux/${TARGETARCH}"\n'
        + END,
        [],
    ),
    (
        "a tool of unknown meaning that is not told",
        CROSS + "ARG TARGETARCH\nRUN go build && echo $TARGETARCH && mage build\n" + END,
        [(5, "XX201")],
    ),
    (
        "make may read what ARG declares",
        CROSS + "ARG TARGETOS TARGETARCH\nRUN make build\n" + END,
        [],
    ),
    (
        "make of the stage below",
        CROSS
        + "ARG TARGETARCH\nRUN make build\nFROM build AS more\nFROM scratch\nCOPY --from=more /app /app\n",
        [],
    ),
    ("make reads nothing", CROSS + "RUN make build\n" + END, [(4, "XX201")]),
    ("make of a page", "FROM --platform=$BUILDPLATFORM node AS build\nRUN make web\n" + END, []),
    (
        "a lint that stays here",
        CROSS
        + "RUN go build -o /app\nFROM scratch AS lint\nCOPY --from=build /app /app\nFROM build\nCOPY --from=lint /app /app\n",
        [],
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
    ("set by the shell", CROSS + "RUN TARGETARCH=$(uname -m) && echo $TARGETARCH\n", []),
    ("set by a loop", CROSS + "RUN for TARGETARCH in a b; do echo $TARGETARCH; done\n", []),
    ("the system by default", CROSS + "RUN echo ${TARGETOS:-linux}\n", []),
    ("the architecture by default", CROSS + "RUN echo ${TARGETARCH:-amd64}\n", [(2, "XX203")]),
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
    ("a constant of make", CROSS + "RUN GOARCH=arm64 make\nFROM scratch\n", [(2, "XX205")]),
    ("an argument of make", CROSS + "RUN make GOARCH=arm64\nFROM scratch\n", [(2, "XX205")]),
    (
        "a constant for every machine",
        CROSS + "RUN GOOS=js GOARCH=wasm go build\nFROM scratch\n",
        [],
    ),
    (
        "wasm of cargo",
        "FROM --platform=$BUILDPLATFORM rust\nRUN cargo build --target wasm32-unknown-unknown\n",
        [],
    ),
    (
        "a stage for one",
        "FROM --platform=$BUILDPLATFORM golang AS build-arm64\nRUN GOARCH=arm64 go build\nFROM scratch\n",
        [],
    ),
    (
        "twice the same constant",
        CROSS + "ENV GOARCH=arm64\nRUN go build a\nRUN go build b\nFROM scratch\n",
        [(3, "XX205")],
    ),
    ("xx-go without a target", CROSS + "RUN xx-go build\n" + END, [(2, "XX206")]),
    ("xx-go with a target", CROSS + "ARG TARGETPLATFORM\nRUN xx-go build\n" + END, []),
    (
        "xx-go with a target of its own",
        CROSS + "RUN TARGETPLATFORM=linux/arm64 xx-go build\n" + END,
        [],
    ),
    (
        "asks what it is on",
        CROSS + "RUN curl -o /app http://x/app-$(uname -m)\n" + END,
        [(2, "XX207")],
    ),
    (
        "asks dpkg",
        CROSS + "RUN a=$(dpkg --print-architecture); wget -O /app http://x/$a\n" + END,
        [(2, "XX207")],
    ),
    (
        "asks for a file beside it",
        CROSS
        + "WORKDIR /src\nRUN curl -o tini https://e.com/tini-$(uname -m)\n"
        + "FROM scratch\nCOPY --from=build /src/tini /tini\n",
        [(3, "XX207")],
    ),
    (
        "asks for a tool beside it",
        CROSS
        + "WORKDIR /src\nRUN curl -o protoc https://e.com/protoc-$(uname -m)\n"
        + "FROM scratch\nCOPY --from=build /src/tini /tini\n",
        [],
    ),
    ("asks rustc", CROSS + "RUN rustc -vV >/app\n" + END, [(2, "XX207")]),
    ("asks for a tool", CROSS + "RUN curl -o /protoc http://x/protoc-$(uname -m)\n" + END, []),
    (
        "asks where the target is",
        "FROM alpine AS build\nRUN curl -o /app http://x/app-$(uname -m)\n" + END,
        [(2, "XX102")],
    ),
    ("asks for the system", CROSS + "RUN uname -s >/app\n" + END, []),
    ("fetches for one", "FROM debian\nADD https://x.y/tini-static-amd64 /tini\n", [(2, "XX208")]),
    (
        "fetches for one by a variable",
        "FROM debian\nENV T=https://x.y/tini_aarch64.gz\n# xxpy: ignore=XX102\nRUN curl $T >/t\n",
        [(4, "XX208")],
    ),
    (
        "fetches by a variable with a default",
        "FROM debian\nARG A=armhf\nADD https://x.y/a-$A /a\n",
        [(3, "XX208")],
    ),
    (
        "fetches for the target",
        "FROM debian\nARG TARGETARCH\nADD https://x.y/tini-static-$TARGETARCH /tini\n",
        [],
    ),
    (
        "fetches for each",
        "FROM debian\nADD https://x.y/a-amd64 /a\nADD https://x.y/a-arm64 /b\n",
        [],
    ),
    (
        "fetches for one where another word is told",
        "FROM debian\nARG TARGETARCH\nRUN curl https://x.y/a-amd64 >/$TARGETARCH\n",
        [(3, "XX102"), (3, "XX208")],
    ),
    (
        "fetches in a branch of the target",
        "FROM debian\nARG TARGETARCH\n# xxpy: ignore=XX102\nRUN if [ $TARGETARCH = amd64 ]; then curl https://x.y/a-x86_64 >/a; fi\n",
        [],
    ),
    (
        "fetches inside a shell",
        "FROM debian\nRUN sh -c 'wget https://x.y/tini-static-amd64'\n",
        [(2, "XX102"), (2, "XX208")],
    ),
    ("fetches a word like one", "FROM debian\nADD https://x.y/charm-armor.txt /tini\n", []),
    (
        "fetches for one, and asks",
        "FROM debian\n# xxpy: ignore=XX102\nRUN [ $(uname -m) = x86_64 ] && curl https://x.y/a-x86_64\n",
        [],
    ),
    (
        "fetches a tool of the build",
        CROSS + "RUN curl -o /protoc https://x.y/protoc-x86_64.zip\n" + END,
        [],
    ),
    (
        "fetches for one of here",
        CROSS + "RUN curl -o /app https://x.y/app-x86_64\n" + END,
        [(2, "XX208")],
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
        "ARG above what may read it",
        CROSS + "ARG TARGETARCH\nRUN ./version.sh\nRUN go mod download\n" + END,
        [],
    ),
    (
        "ARG and a base of the target",
        "FROM --platform=$BUILDPLATFORM golang-${TARGETARCH} AS build\nARG TARGETARCH\nRUN ls\n"
        + END,
        [],
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
    (
        "packages of the target and of the build machine",
        "FROM --platform=$BUILDPLATFORM debian AS build\nRUN apt-get install -y zlib1g-dev\nARG TARGETPLATFORM\nRUN xx-apt-get install -y zlib1g-dev\nRUN xx-clang -o app app.c\n"
        + END,
        [],
    ),
    ("ONBUILD is for others", "FROM scratch\nONBUILD RUN go build\n", []),
)


def judged(
    text: str, rows: tools.Tools, platforms: str = "a foreign platform", name: str = ""
) -> list[Finding]:
    return check(read(parse(text)), rows, platforms, sources.known(), name)


def found(
    text: str, rows: tools.Tools, platforms: str = "a foreign platform"
) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in judged(text, rows, platforms)]


@pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_found(text: str, expected: list[tuple[int, str]], rows: tools.Tools) -> None:
    assert found(text, rows) == expected


def test_every_code_has_a_case() -> None:
    tried = {code for *_, expected in CASES for _, code in expected}
    # A stale part is found by what writes the parts; test_parts.py tries that.
    assert tried | {"XX501"} == set(RULES)
    assert list(RULES) == sorted(RULES)


@pytest.mark.parametrize("code", [code for code in RULES if code != "XX501"])
def test_the_examples_of_the_page_are_what_they_say(code: str, rows: tools.Tools) -> None:
    before, _, after = RULES[code].documentation.partition("## Use instead")
    (bad,), (good, *_) = BLOCK.findall(before), BLOCK.findall(after)
    assert code in {each for _, each in found(bad, rows)}
    assert code not in {each for _, each in found(good, rows)}
    worse = [
        finding for finding in judged(good, rows) if finding.severity.reaches(Severity.WARNING)
    ]
    assert worse == []


@pytest.mark.parametrize("code", RULES)
def test_every_rule_says_the_same_things(code: str) -> None:
    headings = re.findall(r"^## (.*)", RULES[code].documentation, re.MULTILINE)
    assert headings == [
        heading
        for heading in ("Why it is bad", "Example", "Use instead")
        if code != "XX501" or heading != "Example"
    ]
    assert f"\n## {code}\n" in page.page()


def test_findings_of_one_stage_are_one(rows: tools.Tools) -> None:
    (finding,) = judged("FROM debian AS a\nRUN x\n\nRUN y\nRUN z\n", rows)
    assert finding.lines == (2, 4, 5)
    assert finding.message == '3 steps of stage "a" run under emulation for a foreign platform'


def test_a_file_for_one_architecture_is_meant_so(rows: tools.Tools) -> None:
    text = CROSS + "RUN GOARCH=arm64 make\nFROM scratch\n"
    assert {each.code for each in judged(text, rows, name="Dockerfile")} == {"XX205"}
    assert judged(text, rows, name="Dockerfile.arm64") == []
    assert {each.code for each in judged(text, rows, name="Dockerfile.amd64")} == {"XX205"}


@pytest.mark.parametrize(
    ("word", "code"),
    [("xx101", "XX101"), ("redundanttargetplatform", "XX104"), ("XX1", None), ("", None)],
)
def test_names_of_codes(word: str, code: str | None) -> None:
    assert ignore.code_of(word) == code


def test_severities() -> None:
    assert [severity.reaches(Severity.WARNING) for severity in Severity] == [True, True, False]
    assert RULES["XX102"].severity == Severity.REMARK
    assert {rule.docker for rule in RULES.values()} == {
        "",
        "FromPlatformFlagConstDisallowed",
        "RedundantTargetPlatform",
    }


def test_a_baseline_knows_its_findings_wherever_they_are(rows: tools.Tools) -> None:
    old, more = "FROM debian\nRUN a  b\nRUN c\n", "# more\nFROM debian AS other\nRUN x\n"
    known = baseline.read(json.loads(baseline.text(entries(old, rows))), "b.json")
    moved = more + old.replace("  ", " ")
    (fresh,), left = baseline.fresh(
        zip(entries(moved, rows), judged(moved, rows), strict=True), known
    )
    assert (fresh.line, fresh.stage, left) == (3, "other", {})
    twice = old + old
    assert (
        len(baseline.fresh(zip(entries(twice, rows), judged(twice, rows), strict=True), known)[0])
        == 1
    )
    assert baseline.fresh((), known)[1] == known


def entries(text: str, rows: tools.Tools) -> list[baseline.Entry]:
    document = parse(text)
    return [baseline.entry("Dockerfile", finding, document) for finding in judged(text, rows)]


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"version": 2, "findings": []}',
        '{"version": 1}',
        '{"version": 1, "findings": [{"file": 1}]}',
    ],
)
def test_what_is_no_baseline(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"b\.json"):
        baseline.read(json.loads(text), "b.json")


def test_a_build_for_this_machine_alone_emulates_nothing(rows: tools.Tools) -> None:
    assert found("FROM golang AS build\nRUN go build\n" + END, rows, platforms="") == []


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.xx"])
def test_the_good_examples_are_good(name: str, rows: tools.Tools) -> None:
    assert found((EXAMPLE / name).read_text(), rows) == []


@pytest.mark.parametrize("mode", [None, *convert.MODES])
@pytest.mark.parametrize("name", exams())
def test_a_converted_file_has_no_findings(name: str, mode: str | None, rows: tools.Tools) -> None:
    done = converted(name, mode)
    # What was left has a note, and keeps its findings.
    left = any(note.message.startswith("left as it is") for note in done.notes)
    assert left or found(done.text, rows) == []


@pytest.mark.parametrize(
    "name", [name for name, facts in exams().items() if not facts.get("unchanged")]
)
def test_every_emulating_exam_has_findings(name: str, rows: tools.Tools) -> None:
    # A script is not read here: what it runs may be a compiler (XX101) or anything else (XX102).
    codes = {code for _, code in found((EXAM / name / "Dockerfile").read_text(), rows)}
    assert {"XX101", "XX102"} & codes


def test_the_time_grows_with_the_length(rows: tools.Tools) -> None:
    def seconds(count: int) -> float:
        steps = "".join(f"RUN go build -o /a/b/{n} && uname -m >/c/{n}\n" for n in range(count))
        copies = "".join(f"COPY --from=build /a/b/{n} /c/x{n} /\n" for n in range(count))
        recipe = read(parse(f"{CROSS}{steps}FROM scratch\n{copies}"))
        begin = time.process_time()
        assert len(check(recipe, rows, facts=sources.known())) > count
        return time.process_time() - begin

    seconds(10)
    # Six times as long; 36 times where time grows with the square.
    assert seconds(1200) < 15 * seconds(200)
