"""What people read is plain English: phrases to avoid, and what to write instead.

Pages, docstrings, comments and messages are checked; code in them is not. A phrase may span lines.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).resolve().parents[2]

NOUNS: Final = (
    "compiler|error|fact|file|folder|key|list|marker|name|number|option|package|platform|program"
    "|project|reason|result|script|success|sysroot|table|tool|verb|version"
)
"""What a sentence says that something is not."""
UNITS: Final = (
    "document|entry|event|file|folder|image|job|key|line|manifest|module|name|package|process|row"
    "|table|target|task|test"
)
"""What there is one of for each of something."""

INSTEAD: Final = {
    # The term table: words that have a better one.
    r"mend(?:s|ed|ing)?": "fix",
    r"wish(?:es|ed)?": "request",
    r"lacking": "missing",
    r"(?:which|what) way (?:each|a|the|is|one|it)": "the strategy of",
    r"(?:goes|go|going) (?:this|that|which) way": "uses this strategy",
    r"(?:has|have) no way": "no strategy works for",
    r"(?:compilers?|linkers?|tools?|toolchains?) here": "… on this machine",
    r"known are": "expected one of:",
    r"stands? there (?:once|twice)": "is defined once, is defined twice",
    r"(?:is|are) not as (?:it|they) (?:is|are) to be": "does not meet the requirements for",
    r"(?:lies|lie|lay) (?:above|at|behind|below|beside|in|on|there|under)": "is in, is on",
    r"(?:is|are|be|was|were|been) had": "is available",
    r"templates? (?:has |have )?moved": "the template changed",
    # Sentences that read as translated.
    r"(?:stands?|stood) (?:above|at|behind|below|beside|here|in(?!\sfor)|on|once|there|twice)": "is in, is",
    rf"(?<!there[\x20\n])(?:is|are|was) no (?:\w+ )?(?:{NOUNS})": "is not a …",
    rf"one (?:\w+ )?(?:{UNITS}) an? (?!person|reader|time|user)\w+": "one … per …",
    r"(?:is|are|was|were) to (?:be|have|run)": "must be, will be",
    r"(?:is|are|was|were) said": "xxpy reports, the message says",
    r"(?:is|are|was|were|never|not) taken for(?!\sgranted)": "is mistaken for, is used as",
    r"(?:go|goes|gone|going) on with": "continue with",
    r"anew": "again",
    r"in spite of": "despite",
    r"with a word": "with a message",
    r"heed(?:s|ed)?": "use, respect",
    r"healed": "repaired",
    r"foreseen": "expected",
    r"whose it is": "what it belongs to",
    r"(?:who|whoever) wants": "users who want",
    r"what it costs": "the time that it takes",
}
"""Each phrase, as a regular expression, and what to write instead of it."""

GENERATED: Final = {"docs/dockerfile-rules.md": "xxpy/dockerfile/check, which is checked itself"}
"""Pages that are generated, and the source of their texts."""

SPACE: Final = r"\s+"
PHRASES: Final = {
    re.compile(rf"(?<![\w-])(?:{phrase.replace(' ', SPACE)})(?![\w-])", re.IGNORECASE): advice
    for phrase, advice in INSTEAD.items()
}
CODE: Final = re.compile(r"``.+?``|`[^`\n]*`|(?<=\]\()[^)\s]*(?=\))", re.DOTALL)
BLOCK: Final = re.compile(
    r"^```.*?^```$|^<!-- \w+: made by .*?^<!-- end -->$", re.MULTILINE | re.DOTALL
)
BEGINNING: Final = re.compile(r"^([ \t]*)(#+|/?\*+|//|\|)", re.MULTILINE)


class Prose(NamedTuple):
    """A text for people, and the number of its first line in the file."""

    line: int
    text: str


def plain(text: str) -> str:
    """Return a text without its code, line by line the same."""
    return CODE.sub(lambda found: re.sub(r"[^\n]", "·", found[0]), text)


def page(text: str) -> list[Prose]:
    """Return the prose of a Markdown page: all but its code and what is generated."""
    return [Prose(1, plain(BLOCK.sub(lambda found: "\n" * found[0].count("\n"), text)))]


def lines(text: str) -> list[Prose]:
    """Return the text of a table or a template, without the signs that begin a comment."""
    return [Prose(1, plain(BEGINNING.sub(r"\1", text)))]


def module(text: str) -> Iterator[Prose]:
    """Return the docstrings, the strings and the comments of a Python module."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield Prose(node.lineno, plain(node.value))
    begin, found = 0, list[str]()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        if found and token.start[0] != begin + len(found):
            yield Prose(begin, plain("\n".join(found)))
            found = []
        begin = begin if found else token.start[0]
        found.append(token.string.lstrip("#: "))
    if found:
        yield Prose(begin, plain("\n".join(found)))


def findings(path: str, texts: Iterable[Prose]) -> list[str]:
    """Return one line for each phrase to avoid: file, line, phrase, and what to write."""
    return [
        f"{path}:{start + text.count(chr(10), 0, found.start())}: "
        f'"{" ".join(found[0].split())}": write "{advice}"'
        for start, text in texts
        for phrase, advice in PHRASES.items()
        for found in phrase.finditer(text)
    ]


def files(*patterns: str) -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix()
        for pattern in patterns
        for path in ROOT.glob(pattern)
        if path.is_file() and path.relative_to(ROOT).as_posix() not in GENERATED
    )


@pytest.mark.parametrize(
    "path",
    files("docs/*.md", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/*/README.md"),
)
def test_pages(path: str) -> None:
    assert findings(path, page((ROOT / path).read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "path", files("toolchains/**/*.toml", "templates/**/*", "action.yml", "dev")
)
def test_tables_and_templates(path: str) -> None:
    assert findings(path, lines((ROOT / path).read_text("utf-8"))) == []


@pytest.mark.parametrize("path", files("xxpy/**/*.py"))
def test_modules(path: str) -> None:
    assert findings(path, module((ROOT / path).read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The file lies in the cache.", "lies in"),
        ("A package that cannot be had.", "be had"),
        ("It stands\nthere twice.", "stands there"),
        ("xxpy.toml is no marker of a project.", "is no marker"),
        ("One file a command.", "One file a command"),
        ("How to mend it.", "mend"),
        ("the compiler here targets it", "compiler here"),
        ("Known are a, b.", "Known are"),
    ],
)
def test_what_is_found(text: str, phrase: str) -> None:
    assert any(f'"{phrase}"' in line for line in findings("page", page(text)))


@pytest.mark.parametrize(
    "text",
    [
        "It stands for the target's root, and the sum of lies about sizes is large.",
        "There is no compiler, and if there\nis no option, see `the file lies in`.",
        "One of a list; one file at a time; the amendment was recommended.",
        "They had a compiler. The result had to be verified.",
        "Press here. Nothing stands out. One stands in for another, which is taken for granted.",
        "```\nThe file lies in the cache.\n```\n",
    ],
)
def test_ordinary_english_is_no_finding(text: str) -> None:
    assert findings("page", page(text)) == []


def test_lines_are_those_of_the_file() -> None:
    source = '"""One.\n\nIt lies in x.\n"""\n\n# It\n# lies in y.\nX = 1\n'
    assert [line.split(": ")[0] for line in findings("a.py", module(source))] == [
        "a.py:3",
        "a.py:7",
    ]
