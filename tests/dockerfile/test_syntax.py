"""A Dockerfile is read without losing a byte, and what BuildKit refuses is refused with line and reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dockerfile.exams import EXAM, exams
from xxpy.dockerfile import shell
from xxpy.dockerfile.continuation import flat
from xxpy.dockerfile.syntax import KEYWORDS, parse
from xxpy.errors import DockerfileError

PIECES = (
    "FROM golang:1.26 AS build\n",
    "from --platform=$BUILDPLATFORM a\n",
    "# a comment\n",
    "\n",
    "   \t\n",
    "RUN go build \\\n  # why\n\n  -o /app .\n",
    "RUN <<EOF\ngo build\n# not a comment of Docker's\nEOF\n",
    'RUN ["go", "build"]\n',
    "COPY <<a <<-'b' /x/\n1\na\n\t2\n\tb\n",
    'ENV A=1 \\\n    B="two words"\n',
    "\tCOPY --from=build --chown=1:1 /ä /b\r\n",
    "ONBUILD RUN --mount=type=cache,target=/x make\n",
    "RUN echo \\\r\n  b\r\n",
    "ARG A B=2\n",
)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(PIECES)),
    st.sampled_from(["", "# escape=\\\n", "# syntax=docker/dockerfile:1\n"]),
    st.booleans(),
)
def test_what_is_read_is_what_was_written(pieces: list[str], head: str, newline: bool) -> None:
    text = head + "FROM scratch\n" + "".join(pieces)
    text = text if newline else text.rstrip("\n")
    document = parse(text)
    assert document.text == text
    lines = text.split("\n")
    for instruction in document.instructions:
        assert instruction.source.split("\n")[0] == lines[instruction.line - 1]
        assert instruction.keyword in KEYWORDS
        assert len(instruction.flat) == len(instruction.source)
        for command in shell.read(instruction).commands:
            for word in command.words:
                assert instruction.source[word.start : word.end].strip("\"'") == word.text.strip(
                    "\"'"
                )


@pytest.mark.parametrize("name", exams())
def test_every_exam_is_read(name: str) -> None:
    text = (EXAM / name / "Dockerfile").read_text()
    document = parse(text)
    assert document.text == text
    assert all(shell.read(instruction).whole for instruction in document.instructions)


def test_every_folder_of_the_exam_is_listed() -> None:
    assert sorted(path.name for path in EXAM.iterdir() if path.is_dir()) == sorted(exams())


@pytest.mark.parametrize(
    ("keyword", "hint"),
    [
        ("RUNN", "did you mean RUN?"),
        ("UNR", "did you mean RUN?"),
        ("OPY", "did you mean COPY?"),
        ("hello", ""),
        ("note", ""),
    ],
)
def test_only_close_instructions_are_suggested(keyword: str, hint: str) -> None:
    with pytest.raises(DockerfileError) as caught:
        parse(f"FROM a\n{keyword} x\n")
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: file with no instructions"),
        ("FROM a\nRUN <<EOF\nx\n", "line 2, column 1: unterminated heredoc"),
        ("FROM a\n# c\n\nFOO bar\n", "line 4, column 1: unknown instruction: FOO"),
        ("FROM a\nRUNN x\n", "line 2, column 1: unknown instruction: RUNN"),
        ("FROM a\nLABEL x\nRUN y\n", "line 2, column 1: LABEL must have two arguments"),
        ("RUN x\nFROM a\n", "line 1, column 1: no build stage in current context: RUN before FROM"),
        ("FROM a b\n", "line 1, column 1: FROM requires either one or three arguments"),
        ("ARG A\n", "line 1, column 1: there is no FROM, so there is nothing to build"),
        ("FROM a\n\\", "line 2, column 1: unknown instruction: \\"),
        ("FROM a\n# \ud800\n", "line 2, column 1: '\\ud800' is half a character"),
        ("FROM --platform a\n", "line 1, column 1: unknown flag of FROM: --platform"),
        ("FROM --platforms=x a\n", "line 1, column 1: unknown flag of FROM: --platforms=x"),
    ],
)
def test_what_build_kit_refuses(text: str, message: str) -> None:
    with pytest.raises(DockerfileError) as caught:
        parse(text)
    assert caught.value.message == message


def test_a_word_that_is_nearly_an_instruction() -> None:
    with pytest.raises(DockerfileError) as caught:
        parse("FROM a\nCPOY x y\n")
    assert caught.value.hint == "did you mean COPY?"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("RUN a\n", "RUN a\n"),
        ("RUN a \\\n# c\n  b\n", "RUN a       " + " b\n"[-3:].rjust(4)),
        ("RUN a `\n b\n", "RUN a `\n b\n"),
        ("RUN <<E\na \\\nb\nE\n", "RUN <<E\na \\\nb\nE\n"),
    ],
)
def test_continued_lines_become_one_of_the_same_length(source: str, expected: str) -> None:
    assert len(flat(source, "\\")) == len(source)
    assert flat(source, "\\").split() == expected.split()


def test_flags_and_body() -> None:
    text = "FROM a\nRUN --mount=type=cache,target=/x \\\n  # why\n  --network=none go build\n"
    run = parse(text).instructions[1]
    assert run.flag_values("mount") == ["type=cache,target=/x"]
    assert run.flag("network") == "none"
    assert run.source[run.body :] == "go build\n"
    assert run.line_of(run.body) == 4


@pytest.mark.parametrize("value", ["$X", '"$X"', "'$X'"])
def test_where_a_flag_is_written(value: str) -> None:
    (start,) = parse(f"FROM \\\n  --platform={value}  a AS b\n").instructions
    place = start.flag_place("platform")
    assert place is not None
    assert start.source[slice(*place)] == f"--platform={value}"
    assert start.flag_place("other") is None


def test_a_flag_on_two_lines_has_no_place() -> None:
    (start,) = parse("FROM --platform=\\\n$X a\n").instructions
    with pytest.raises(DockerfileError, match="in one piece"):
        start.flag_place("platform")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a && b -c", [["a"], ["b", "-c"]]),
        ("A=1 B='2 3' a \"x y\" >f 2>&1", [["a", "x y"]]),
        ("if [ -n x ]; then a; fi; for i in 1 2; do b $i; done", [["a"], ["b", "$i"]]),
        ("env A=1 nice -n5 make all", [["make", "all"]]),
        ("(cd x && make) | tee log", [["cd", "x"], ["make"], ["tee", "log"]]),
        ('echo "$(go env GOOS)"', [["echo", "$(go env GOOS)"], ["go", "env", "GOOS"]]),
    ],
)
def test_commands(script: str, expected: list[list[str]]) -> None:
    found = shell.read(parse(f"FROM a\nRUN {script}\n").instructions[1])
    assert [[word.text for word in command.words] for command in found.commands] == expected


def test_a_script_that_cannot_be_read_says_so() -> None:
    assert not shell.read(parse("FROM a\nRUN go build && (\n").instructions[1]).whole
