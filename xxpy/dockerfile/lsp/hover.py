"""What an editor shows under the cursor: a platform's names, a BuildKit variable, a code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.check import ignore, page
from xxpy.dockerfile.check.finding import RULES
from xxpy.dockerfile.stages import PREDEFINED
from xxpy.errors import UnsupportedPlatformError
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from xxpy.dockerfile.check.facts import Facts
    from xxpy.table.model import Table

_WORD: Final = re.compile(r"[\w./-]+")
_CODE: Final = re.compile(r"\bXX\d{3}\b")
_SHOWN: Final = (
    "triple",
    "go-env",
    "rust-target",
    "clang-target",
    "debian-arch",
    "alpine-arch",
    "rhel-arch",
    "march",
    "node-arch",
    "dotnet-rid",
    "qemu-arch",
)
"""The names that are shown, of those that ``xxpy info`` prints."""
_EXAMPLE: Final = "linux/arm/v7"
_MEANINGS: Final = {
    "PLATFORM": "the platform",
    "OS": "the operating system",
    "ARCH": "the architecture",
    "VARIANT": "the variant of the architecture",
}
Hover = tuple[str, int, int]


def hover(line: str, character: int, table: Table, facts: Facts) -> Hover | None:
    """Return Markdown about the word under a character of a line, and the range of the word."""
    for found in _CODE.finditer(line):
        if found.start() <= character < found.end() and ignore.code_of(found[0]):
            return page.section(RULES[found[0]]), found.start(), found.end()
    for found in _WORD.finditer(line):
        if not found.start() <= character < found.end():
            continue
        word = found[0].strip("./-")
        start = line.index(word, found.start()) if word else found.start()
        text = _variable(word) or _platform(word, table)
        if text:
            return text, start, start + len(word)
    return _part(line, character, table, facts)


def _part(line: str, character: int, table: Table, facts: Facts) -> Hover | None:
    """Return the architecture that is a part of a longer word, as in ``tini-static-amd64``."""
    for found in facts.architecture.finditer(line) if facts.architecture else ():
        if found.start() <= character < found.end():
            text = _platform(found[0], table)
            return (text, found.start(), found.end()) if text else None
    return None


def _variable(word: str) -> str:
    """Return what a variable of BuildKit holds."""
    if word not in PREDEFINED:
        return ""
    side = "TARGET" if word.startswith("TARGET") else "BUILD"
    meaning = _MEANINGS[word.removeprefix(side)]
    where = "that the build is for" if side == "TARGET" else "of the machine that builds"
    system, architecture, variant = _EXAMPLE.split("/")
    values = {"PLATFORM": _EXAMPLE, "OS": system, "ARCH": architecture, "VARIANT": variant}
    return (
        f"**{word}**: {meaning} {where}, such as `{values[word.removeprefix(side)]}`"
        f" for {_EXAMPLE}.\n\nOnly stages with `ARG {word}` have it; `FROM` has it anyway."
    )


def _platform(word: str, table: Table) -> str:
    """Return the names of a platform, or of an architecture under Linux, as a table."""
    words = table.words
    named = "/" in word and word.partition("/")[0] in {**words.systems, **words.typed_systems}
    if not named and word not in {**words.architectures, **words.typed_architectures}:
        return ""
    try:
        platform = parse(word, words, local=parse(_EXAMPLE, words), typed=True)
        names = resolve(table, platform, "debian").names()
        row = table.row(platform)
    except UnsupportedPlatformError:
        return ""
    rows = [f"| {name} | `{names[name]}` |" for name in _SHOWN if names.get(name)]
    return "\n".join(
        (f"**{platform}**: {row.title}", "", "| name | value |", "| --- | --- |", *rows)
    )
