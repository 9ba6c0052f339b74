"""Conversions: the golden files show each one; here are the properties of all of them, and what is left and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.dockerfile.exams import EXAM, EXAMPLE, Files, exams
from tests.dockerfile.exams import converted as exam
from xxpy.dockerfile import convert, tools
from xxpy.dockerfile.syntax import parse
from xxpy.machine import source_tree

if TYPE_CHECKING:
    from xxpy.dockerfile.project import Project

MODES = (None, *convert.MODES)


def converted(
    text: str,
    rows: tools.Tools,
    parts: dict[str, str],
    mode: str | None = None,
    files: Project | None = None,
) -> convert.Conversion:
    return convert.convert(text, rows, parts, mode, project=files)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", exams())
def test_converting_twice_is_converting_once(
    name: str, mode: str | None, rows: tools.Tools, parts: dict[str, str]
) -> None:
    once = exam(name, mode)
    files = source_tree.Folder(EXAM / name)
    assert converted(once.text, rows, parts, mode, files).text == once.text


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", exams())
def test_comments_and_untouched_lines_stay(name: str, mode: str | None) -> None:
    old = (EXAM / name / "Dockerfile").read_text()
    new = exam(name, mode).text
    for line in old.splitlines():
        if line.lstrip().startswith("#") or not line.strip():
            assert line in new.splitlines()
    # A stage of tools for the build machine may come on top.
    froms = [part.words for part in parse(new).instructions if part.keyword == "FROM"]
    added = [words for words in froms if f"COPY --from={words[-1]} " in new and words[0] in old]
    stayed = [part.words for part in parse(old).instructions if part.keyword == "FROM"]
    assert [words for words in froms if words in stayed] == stayed
    assert all(words in stayed or words in added for words in froms)


@pytest.mark.parametrize("name", exams())
def test_what_the_exam_says_of_changes(name: str) -> None:
    old = (EXAM / name / "Dockerfile").read_text()
    done = exam(name, None)
    assert (done.text == old) == exams()[name].get("unchanged", False)


@pytest.mark.parametrize("name", [name for name, facts in exams().items() if "left" in facts])
def test_what_the_exam_says_of_what_is_left(name: str) -> None:
    done = exam(name, None)
    assert any(exams()[name]["left"] in note.message for note in done.notes), done.notes


def test_the_example_becomes_the_example(rows: tools.Tools, parts: dict[str, str]) -> None:
    emulated = (EXAMPLE / "Dockerfile.emulated").read_text()
    by_hand = (EXAMPLE / "Dockerfile").read_text()
    # All but the first line, which says what the file shows.
    lines = converted(emulated, rows, parts).text.split("\n")[1:]
    # The example is written for people, who build it for platforms that they try out.
    start = lines.index("ARG TARGETVARIANT")
    end = next(number for number in range(start, len(lines)) if not lines[number])
    assert lines[:start] + lines[end:] == by_hand.split("\n")[1:]


GO = "FROM golang AS build\n"
END = "FROM scratch\nCOPY --from=build /app /app\n"
LEFT = (
    ("the image itself", "FROM golang\nRUN go build\n", 1, "is the image and compiles too"),
    (
        "fixed",
        "FROM --platform=linux/amd64 golang AS build\nRUN go build\n" + END,
        1,
        "fixed to linux/amd64",
    ),
    (
        "an image of its own",
        GO + "RUN go build\nFROM build AS other\nCMD x\n" + END,
        4,
        "an image of its own",
    ),
    (
        "runs its result",
        GO + "RUN go build -o /app && /app --version\n" + END,
        2,
        "a program of the target",
    ),
    (
        "takes a library",
        GO + "RUN go build\nFROM scratch\nCOPY --from=build /usr/lib/x /x\n",
        4,
        "/usr/lib/x of stage",
    ),
    (
        "takes everything",
        GO + "RUN go build\nFROM scratch\nCOPY --from=build / /\n",
        4,
        "/ of stage",
    ),
    ("is not shell", GO + "RUN go build && (\n" + END, 2, "cannot be read"),
    (
        "no such conversion",
        "FROM node AS build\nRUN npm ci\n" + END,
        2,
        "npm: its packages may contain programs",
    ),
    (
        "runs the tests of C",
        "FROM debian AS build\nRUN autoreconf && ./configure && make check\n" + END,
        2,
        "runs the programs",
    ),
    (
        "make in Rust",
        "FROM rust AS build\nRUN make\n" + END,
        2,
        "its makefile is not beside the Dockerfile",
    ),
    (
        "an image without packages",
        "FROM strange AS build\nRUN gcc -o app app.c\n" + END,
        2,
        "how packages are installed in strange",
    ),
    ("nothing configured", "FROM debian AS build\nRUN ninja\n" + END, 2, "configured"),
    (
        "rustc",
        "FROM rust AS build\nRUN rustc a.rs\n" + END,
        2,
        "xxpy cannot tell it the target",
    ),
)


@pytest.mark.parametrize(
    ("text", "line", "message"), [case[1:] for case in LEFT], ids=[case[0] for case in LEFT]
)
def test_what_is_left_and_why(
    text: str, line: int, message: str, rows: tools.Tools, parts: dict[str, str]
) -> None:
    done = converted(text, rows, parts, "xx")
    assert done.text == text
    assert [(note.line, message in note.message) for note in done.notes] == [(line, True)]


@pytest.mark.parametrize("mode", ["args", "inline"])
def test_c_and_rust_need_the_commands(mode: str, rows: tools.Tools, parts: dict[str, str]) -> None:
    text = "FROM rust AS build\nRUN cargo build\n" + END
    done = converted(text, rows, parts, mode)
    assert done.text == text
    assert f"mode {mode} is for Go without C; --mode xx does this" in done.notes[0].message


@pytest.mark.parametrize(
    ("step", "args", "xx"),
    [
        ("go build", "GOOS=$TARGETOS GOARCH=$TARGETARCH go build", "xx-go build"),
        (
            "GOOS=linux CGO_ENABLED=0 GOARCH=amd64 go build",
            "GOOS=$TARGETOS GOARCH=$TARGETARCH CGO_ENABLED=0 go build",
            "CGO_ENABLED=0 xx-go build",
        ),
        (
            "export GOOS=linux GOARCH=amd64; go build",
            "export GOOS=$TARGETOS GOARCH=$TARGETARCH; go build",
            "export GOOS=linux GOARCH=amd64; xx-go build",
        ),
        (
            "go install golang.org/x/tools@latest && go build",
            "go install golang.org/x/tools@latest && GOOS=$TARGETOS GOARCH=$TARGETARCH go build",
            "go install golang.org/x/tools@latest && xx-go build",
        ),
        (
            "go build -o /x >log 2>&1 || exit 3",
            "GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /x >log 2>&1 || exit 3",
            "xx-go build -o /x >log 2>&1 && xx-verify /x || exit 3",
        ),
        (
            "go build -o /x | tee log",
            "GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /x | tee log",
            "xx-go build -o /x | tee log",
        ),
        (
            "/usr/local/go/bin/go build",
            "GOOS=$TARGETOS GOARCH=$TARGETARCH /usr/local/go/bin/go build",
            "/usr/local/go/bin/xx-go build",
        ),
        (
            "if go build -o x; then ls; fi",
            "if GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o x; then ls; fi",
            "if xx-go build -o x && xx-verify x; then ls; fi",
        ),
        (
            "go build -o /out/ ./...",
            "GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/ ./...",
            "xx-go build -o /out/ ./... && xx-verify /out/*",
        ),
    ],
)
def test_steps_of_go(
    step: str, args: str, xx: str, rows: tools.Tools, parts: dict[str, str]
) -> None:
    text = f"{GO}RUN {step}\n{END}"
    for mode, expected in (("args", args), ("xx", xx)):
        done = converted(text, rows, parts, mode).text
        steps = (part.source for part in parse(done).instructions if part.keyword == "RUN")
        assert next(steps) == f"RUN {expected}\n"


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("gcc -c a.c", "xx-clang -c a.c"),
        ("/usr/bin/g++-12 -o a a.cc", "xx-clang++ -o a a.cc && xx-verify a"),
        (
            "./configure && make",
            "./configure --host=$(xx-clang --print-target-triple) CC=xx-clang CXX=xx-clang++ && make",
        ),
        ("make -C src all", "make CC=xx-clang CXX=xx-clang++ -C src all"),
        (
            "cc a.c $(pkg-config --libs z)",
            "xx-clang a.c $($(xx-clang --print-target-triple)-pkg-config --libs z)",
        ),
    ],
)
def test_steps_of_c(step: str, expected: str, rows: tools.Tools, parts: dict[str, str]) -> None:
    files = Files(
        {
            "configure": "# Generated by GNU Autoconf 2.71",
            "src/Makefile": "all: hi\nhi: hi.o\n\t$(CC) -o $@ $^\n",
        }
    )
    done = converted(
        f"FROM debian AS build\nCOPY . /\nRUN {step}\n{END}", rows, parts, None, files
    ).text
    steps = [part.source for part in parse(done).instructions if part.keyword == "RUN"]
    assert steps[:1] == [
        "RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm\n"
    ]
    assert steps[1].startswith(
        "RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials"
    )
    assert steps[2] == f"RUN {expected}\n"


def test_a_package_that_is_installed_already_is_not_named_again(
    rows: tools.Tools, parts: dict[str, str]
) -> None:
    step = "RUN apt-get install -y clang cmake lld zlib1g-dev\n"
    done = converted(
        f"FROM debian AS build\n{step}COPY . /\nRUN cmake -B /b && cmake --build /b\n{END}",
        rows,
        parts,
        None,
        Files({"CMakeLists.txt": ""}),
    ).text
    assert "RUN apt-get install -y clang cmake lld llvm\n" in done


def test_variables_of_the_platform_are_declared_once(
    rows: tools.Tools, parts: dict[str, str]
) -> None:
    text = f"{GO}ARG TARGETOS\nRUN go build -o a\nRUN go build -o b\n{END}"
    done = converted(text, rows, parts, "args").text
    assert re.findall(r"^ARG .*", done, re.MULTILINE) == [
        "ARG TARGETOS",
        "ARG TARGETARCH",
        "ARG TARGETVARIANT",
    ]


def test_a_bug_of_a_file_that_runs_on_the_build_machine_is_mended(
    rows: tools.Tools, parts: dict[str, str]
) -> None:
    text = (
        f"FROM --platform=$BUILDPLATFORM golang AS build\nRUN CGO_ENABLED=0 go build -o /app\n{END}"
    )
    done = converted(text, rows, parts)
    assert (
        "ARG TARGETOS TARGETARCH\nRUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app\n"
        in done.text
    )
    assert done.notes == ()


def test_another_image_of_the_commands(rows: tools.Tools, parts: dict[str, str]) -> None:
    done = convert.convert(f"{GO}RUN go build\n{END}", rows, parts, "xx", "example.com/xx:1")
    assert "COPY --from=example.com/xx:1 / /\n" in done.text


def test_windows_line_ends_stay(rows: tools.Tools, parts: dict[str, str]) -> None:
    text = f"{GO}RUN CGO_ENABLED=0 go build\n{END}".replace("\n", "\r\n")
    done = converted(text, rows, parts).text
    assert done.replace("\r\n", "") == done.replace("\r\n", "").replace("\n", "")
