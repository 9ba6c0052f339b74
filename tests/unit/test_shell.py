"""Scripts from sources and tables: what is wrong with either is an error that says where."""

from __future__ import annotations

import subprocess

import pytest

from xxpy import shell
from xxpy.errors import InstallationError, TableError

MAIN = """#!/bin/sh
. ./part.sh

case $1 in
  # table: words
  example) word=1 ;;
    # end
  *) exit 1 ;;
esac
"""
PART = "# shared\nname=part\n"
SOURCES = {"main.sh": MAIN, "part.sh": PART}
WORDS = {"main": {"words": ["one) word=1 ;;", "two)", "  word=2", "  ;;"]}}


def assembled(
    sources: dict[str, str] | None = None, tables: dict[str, dict[str, list[str]]] | None = None
) -> str:
    found = WORDS if tables is None else tables
    return shell.assemble(
        "main.sh", SOURCES if sources is None else sources, lambda file: found.get(file, {})
    )


def test_files_and_tables_take_the_place_of_their_markers() -> None:
    assert (
        assembled()
        == """#!/bin/sh
# shared
name=part

case $1 in
  one) word=1 ;;
  two)
    word=2
    ;;
  *) exit 1 ;;
esac
"""
    )


def test_an_empty_table_leaves_nothing() -> None:
    text = assembled(tables={"main": {"words": []}})
    assert "example" not in text
    assert "case $1 in\n  *) exit 1 ;;\n" in text


def with_line(line: str) -> dict[str, str]:
    return {**SOURCES, "main.sh": f"{MAIN}{line}\n"}


@pytest.mark.parametrize(
    ("sources", "tables", "message"),
    [
        ({}, WORDS, "main.sh: there is no main.sh"),
        ({"main.sh": MAIN}, WORDS, "main.sh:2: there is no part.sh"),
        (with_line(". ./part.sh"), WORDS, "main.sh:10: part.sh is included twice"),
        ({**SOURCES, "part.sh": ". ./main.sh\n"}, WORDS, "part.sh:1: main.sh is included twice"),
        (with_line(". part.sh"), WORDS, "main.sh:10: unknown marker: . part.sh"),
        (with_line("  . ./part.sh"), WORDS, "main.sh:10: unknown marker: . ./part.sh"),
        (with_line('. "$0/part.sh"'), WORDS, 'main.sh:10: unknown marker: . "$0/part.sh"'),
        (with_line("# include: part.sh"), WORDS, "main.sh:10: unknown marker: # include: part.sh"),
        (with_line("# tables: words"), WORDS, "main.sh:10: unknown marker: # tables: words"),
        (with_line("#table: words"), WORDS, "main.sh:10: unknown marker: #table: words"),
        (with_line("# table: Words"), WORDS, "main.sh:10: unknown marker: # table: Words"),
        (with_line("# end"), WORDS, "main.sh:10: unknown marker: # end"),
        (with_line("# table: others\n# end"), WORDS, "main.sh:10: there is no table others"),
        (with_line("# table: words"), WORDS, "main.sh: # table: words is not ended"),
        (
            with_line("# table: words\n. ./part.sh\n# end"),
            WORDS,
            "main.sh:11: # table: words is not ended before . ./part.sh",
        ),
        (
            with_line("# table: words\n# table: words\n# end"),
            WORDS,
            "main.sh:11: # table: words is not ended before # table: words",
        ),
        (SOURCES, {}, "main.sh:5: there is no table words"),
        (
            SOURCES,
            {"main": {**WORDS["main"], "spare": []}},
            "main.sh: it does not insert its tables: spare",
        ),
        (
            SOURCES,
            {**WORDS, "part": {"b": [], "a": []}},
            "part.sh: it does not insert its tables: a, b",
        ),
    ],
)
def test_what_does_not_fit_is_an_error(
    sources: dict[str, str], tables: dict[str, dict[str, list[str]]], message: str
) -> None:
    with pytest.raises(InstallationError) as raised:
        assembled(sources, tables)
    assert raised.value.message == f"a script cannot be assembled: {message}"
    assert raised.value.hint


@pytest.mark.parametrize(
    "comment",
    [
        "# see: the page",
        "# a note: word",
        "# endless",
        "echo . ./part.sh",
        "# https://example.org",
        "# header: https://example.org",
    ],
)
def test_comments_are_no_markers(comment: str) -> None:
    assert assembled(with_line(comment)).endswith(f"{comment}\n")


@pytest.mark.parametrize("value", ["a\nb", "\0", "\x1b", "\x7f"])
def test_control_characters_are_no_words_of_a_table(value: str) -> None:
    with pytest.raises(TableError):
        shell.quote(value)


@pytest.mark.parametrize(("check", "value"), [
    (shell.name, ""), (shell.name, "a b"), (shell.name, "$x"), (shell.name, 3),
    (shell.variable, "1a"), (shell.variable, "a-b"), (shell.variable, ""),
    (shell.pattern, "a)"), (shell.pattern, "a b"), (shell.pattern, "[a]"),
])  # fmt: skip
def test_what_a_shell_would_read_as_something_else_is_refused(check: object, value: object) -> None:
    assert callable(check)
    with pytest.raises(TableError):
        check(value)


def test_no_pattern_matches_nothing() -> None:
    script = f"case $1 in {shell.patterns([])}) echo yes ;; *) echo no ;; esac"
    assert (
        subprocess.run(
            ["dash", "-c", script, "-", "a"], capture_output=True, text=True, check=True
        ).stdout
        == "no\n"
    )
