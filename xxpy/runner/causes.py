"""Find the known causes of failed builds in what the tools have printed.

``toolchains/machine/causes.toml`` has the causes, each with the lines that show it. A log is read
within bounds: its first and its last megabytes, so a log of any size takes seconds.
"""

from __future__ import annotations

import re
import tomllib
from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import IO, TYPE_CHECKING, Final

from xxpy.errors import TableError
from xxpy.machine import advice, resources
from xxpy.runner.diagnosis import Diagnosis
from xxpy.table.decode import Decoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FILE: Final = "machine/causes.toml"
_HEAD: Final = 8 << 20
_TAIL: Final = 32 << 20
_BLOCK: Final = 1 << 20
_LINE: Final = 4096
"""The bytes at the beginning, at the end and in a block, and the characters of a line, that are
searched."""

_PLATFORM: Final = "PLATFORM"
"""What fixes say where the platform is unknown."""

_QUOTES: Final = str.maketrans("‘’`", "'''")
_ESCAPES: Final = re.compile(
    r"\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[(-Z])"
)
"""Sequences for terminals: colours, titles and character sets."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A kind of line that shows a cause.

    :param words: what each such line contains
    :param pattern: what it matches
    :param before: what a line before it contains, with the groups of the pattern in braces
    """

    words: str
    pattern: re.Pattern[str]
    before: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """A known cause of failed builds.

    :param cause: what is wrong; ``{name}`` is a group of the signs
    :param fix: what to do; ``{install}`` says how to install the tool
    :param tool: the tool that is missing, or a group in braces
    :param settings: what to give the project's build tool; ``{settings}`` and ``{quoted}``
    :param each: what to say of every line that shows it, such as an option; ``{each}``
    :param general: whether it only counts in a log that shows no other cause
    :param inside: the fix if the build was one of xxpy, where it differs
    :param looked: whether a build looks at the program itself
    """

    name: str
    signs: tuple[Sign, ...]
    cause: str
    fix: str
    tool: str = ""
    general: bool = False
    looked: bool = False
    inside: str = ""
    settings: tuple[str, ...] = ()
    each: str = ""

    def said(
        self, found: re.Match[str], every: Iterable[re.Match[str]], platform: str
    ) -> tuple[str, str]:
        """Return the cause and the fix for a line.

        :param every: the matches of all lines that show it, which are only asked for if needed
        :param platform: the platform if a build of xxpy has failed, or ""
        """
        facts = {name: value or "" for name, value in found.groupdict().items()}
        facts["platform"] = platform or _PLATFORM
        if "tool" in facts:
            facts["tool"] = facts["tool"].lower()  # CMake's modules have names in capitals
        tool = self.tool.format(**facts)
        if tool:
            known = advice.tool(tool)
            facts["install"] = (
                f"the package with {tool}" if known is None else advice.install(known)
            )
        facts["settings"] = " ".join(self.settings)
        facts["quoted"] = ", ".join(f'"{one}"' for one in self.settings)
        if self.each:
            facts["each"] = " ".join({self.each.format(**one.groupdict()): None for one in every})
        fix = self.inside if platform and self.inside else self.fix
        return self.cause.format(**facts), fix.format(**facts)


@dataclass(frozen=True, slots=True)
class Found:
    """A cause that a log shows.

    :param name: the key of the cause in the table
    :param line: the number of the line that shows it, from 1
    :param general: whether other causes explain more
    :param settings: what to give the project's build tool
    """

    name: str
    line: int
    diagnosis: Diagnosis
    general: bool = False
    settings: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return {"name": self.name, "line": self.line, **self.diagnosis.document()}


@dataclass(frozen=True, slots=True)
class Report:
    """What a log shows.

    :param found: the causes in the order of their lines; general ones only if there are no others
    :param lines: how many lines the log has
    :param skipped: how many of them, in the middle, were not searched
    """

    found: tuple[Found, ...]
    lines: int
    skipped: int


def load(text: str) -> tuple[Cause, ...]:
    """Read the table.

    :raises TableError: a key is unknown or missing, or an expression is malformed
    """
    faults: list[str] = []
    decoder = Decoder(faults)
    found = []
    for name, values in tomllib.loads(text).get("cause", {}).items():
        where = f"{_FILE}: cause.{name}"
        signs = _signs(values.pop("signs", None), where, faults)
        found.append(decoder.build(Cause, values, where, name=name, signs=signs))
    if faults:
        raise TableError(faults)
    return tuple(cause for cause in found if cause is not None)


def _signs(values: object, where: str, faults: list[str]) -> tuple[Sign, ...]:
    """Return the signs of a cause."""
    signs = []
    for value in values if isinstance(values, list) else ():
        try:
            words, pattern, *before = value
            signs.append(Sign(words, re.compile(pattern), *before))
        except (TypeError, ValueError, re.error) as error:
            faults.append(f"{where}.signs: {error}")
    if not signs:
        faults.append(f"{where}.signs: it has none")
    return tuple(signs)


@cache
def known() -> tuple[Cause, ...]:
    """Return the causes of the table."""
    return load(resources.own_text("toolchains", _FILE))


class Search:
    """A search for causes in text that comes in pieces.

    :param platform: the platform if a build of xxpy has failed, for the fixes
    """

    def __init__(self, platform: str = "") -> None:
        self._platform = platform
        self._left = [cause for cause in known() if not (platform and cause.looked)]
        self._found: list[tuple[int, int, Found]] = []

    def add(self, text: str, before: int) -> None:
        """Search whole lines.

        :param before: how many lines come before them
        """
        plain = _ESCAPES.sub("", text)
        text = plain.translate(_QUOTES)
        left = []
        for place, cause in enumerate(self._left):
            hit = _first(cause, text)
            if hit is None:
                left.append(cause)
                continue
            start, match = hit
            line = before + text.count("\n", 0, start) + 1
            every = (one for sign in cause.signs for _start, one in _lines(sign, text))
            what, fix = cause.said(match, every, self._platform)
            evidence = plain[start : start + _LINE].split("\n", 1)[0].strip()
            told = Diagnosis(what, evidence, fix)
            found = Found(cause.name, line, told, cause.general, cause.settings)
            self._found.append((line, place, found))
        self._left = left

    def found(self) -> tuple[Found, ...]:
        """Return the causes by line; general ones only if there are no others."""
        found = [found for *_, found in sorted(self._found, key=lambda item: item[:2])]
        return tuple(one for one in found if not one.general) or tuple(found)


def _first(cause: Cause, text: str) -> tuple[int, re.Match[str]] | None:
    """Return the first line that shows a cause: where it begins, and the match."""
    hits = (hit for sign in cause.signs if (hit := next(_lines(sign, text), None)) is not None)
    return min(hits, key=lambda hit: hit[0], default=None)


def _lines(sign: Sign, text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the lines that show a sign: where each begins, and the match."""
    place = text.find(sign.words)
    while place >= 0:
        start = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        begin = start if place - start < _LINE // 2 else place - _LINE // 2
        match = sign.pattern.search(text[begin : min(end, begin + _LINE)].rstrip("\r"))
        if match and text.find(sign.before.format(**match.groupdict()), 0, start) >= 0:
            yield start, match
        place = text.find(sign.words, end)


def every(name: str, lines: Iterable[str]) -> tuple[dict[str, str], ...]:
    """Return the groups of each line that shows one cause.

    >>> every("missing-tool", ["sh: 1: flex: not found", "sh: 1: bison: not found"])
    ({'tool': 'flex'}, {'tool': 'bison'})

    :param name: the key of the cause in the table
    """
    cause = next(cause for cause in known() if cause.name == name)
    found = [
        match.groupdict()
        for line in lines
        for plain in (_ESCAPES.sub("", line.rstrip("\n"))[:_LINE].translate(_QUOTES),)
        for sign in cause.signs
        if sign.words in plain and (match := sign.pattern.search(plain)) is not None
    ]
    return tuple(found)


def search(lines: Iterable[str], platform: str = "") -> tuple[Found, ...]:
    """Return the causes that lines show, such as the last ones of a command."""
    found = Search(platform)
    found.add("\n".join(line.rstrip("\n") for line in lines), 0)
    return found.found()


def read(file: IO[bytes], platform: str = "") -> Report:
    """Return the causes that a log shows.

    :raises OSError: it cannot be read
    """
    searching = Search(platform)
    lines = skipped = size = 0
    last: deque[tuple[int, bytes]] = deque()
    kept = 0
    for block in _blocks(file):
        if size < _HEAD:
            searching.add(block.decode("utf-8", "replace"), lines)
        else:
            last.append((lines, block))
            kept += len(block)
            while kept > _TAIL:
                old = last.popleft()[1]
                kept -= len(old)
                skipped += old.count(b"\n")
        size += len(block)
        lines += block.count(b"\n")
    for before, block in last:
        searching.add(block.decode("utf-8", "replace"), before)
    return Report(searching.found(), lines, skipped)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file in blocks of whole lines; only lines longer than a block are cut."""
    rest = b""
    while block := file.read(_BLOCK):
        whole = rest + block
        end = whole.rfind(b"\n") + 1 or len(whole)
        yield whole[:end]
        rest = whole[end:]
    if rest:
        yield rest
