"""Read a Dockerfile into instructions that keep every byte of it.

The grammar is BuildKit's own: the package ``dockerfile`` holds its parser
(https://docs.docker.com/reference/dockerfile/). It says which lines belong to an instruction, its
flags, words and heredocs; the text of each instruction is then cut out of the source by lines, and
what lies between instructions (comments, empty lines) is kept beside them::

    # escape=`              a directive, part of the text before the first instruction
    FROM golang AS build    one instruction
    RUN go build `          one instruction of three lines
      # no reason
      -o /app

Offsets in an instruction are those of its own text. :attr:`Instruction.flat` gives that
text with the same length and without continuations and the comments between them, so that a shell's
parser can read it and its offsets are right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from xxpy.dockerfile.continuation import escape_of, flat
from xxpy.dockerfile.refusal import RefusedError, alike, commands, fault, faulty_line
from xxpy.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEYWORDS: Final = frozenset((
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
    "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
))  # fmt: skip
"""Every instruction that BuildKit knows."""

_HEAD: Final = re.compile(r"[ \t\ufeff]*(?P<keyword>[A-Za-z]+)[ \t]*")
_SPACE: Final = re.compile(r"\s*")
_FLAG: Final = re.compile(r"--(?:\"[^\"]*\"|'[^']*'|\S)+\s*")
_HEREDOC: Final = re.compile(r"\s*\d*<<-?([\"']?)[^\s\"'<>]+\1\s*")
MOST: Final = 1 << 20
"""Characters of a Dockerfile at most."""

MOST_INSTRUCTIONS: Final = 25_000
"""Instructions at most."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Instruction:
    """One instruction.

    :param keyword: in capitals, as ``RUN``
    :param line: where it begins, from 1
    :param source: its text, with its last newline
    :param flags: ``--from=build`` and the like, as they are written
    :param words: what BuildKit takes as its values, without the flags
    :param is_json: written as ``["go", "build"]``
    :param heredocs: the names and contents of its heredocs
    :param inner: the keyword that follows ONBUILD
    :param escape: the character that continues a line
    """

    keyword: str
    line: int
    source: str
    flags: tuple[str, ...]
    words: tuple[str, ...]
    is_json: bool
    heredocs: tuple[tuple[str, str], ...]
    inner: str
    escape: str

    def flag(self, name: str) -> str | None:
        """Return the value of a flag such as ``platform``, or None if missing; the last counts."""
        values = self.flag_values(name)
        return values[-1] if values else None

    def flag_values(self, name: str) -> list[str]:
        """Return the values of a flag that may be repeated."""
        return [
            flag.partition("=")[2].strip("\"'")
            for flag in self.flags
            if flag.partition("=")[0] == f"--{name}"
        ]

    def flag_place(self, name: str) -> tuple[int, int] | None:
        """Return the offsets of a flag such as ``platform``, with its quotes; None if missing.

        :raises DockerfileError: it is continued on another line
        """
        place = _head(self.flat)
        for flag in self.flags:
            written = _FLAG.match(self.flat, place)
            if flag.partition("=")[0] == f"--{name}":
                found = written[0].rstrip() if written else ""
                if (
                    not found.startswith(f"--{name}=")
                    or found.replace('"', "").replace("'", "") != flag
                ):
                    raise fault(
                        self.line,
                        1,
                        f"--{name} cannot be found in one piece",
                        "write it on one line",
                    )
                return place, place + len(found)
            place = written.end() if written else place
        return None

    @cached_property
    def flat(self) -> str:
        """The text, at the same length, without continuations and comments between them."""
        return flat(self.source, self.escape)

    @property
    def body(self) -> int:
        """The offset of what follows the keyword and the flags."""
        text = self.flat
        place = _head(text)
        for _ in self.flags:
            flag = _FLAG.match(text, place)
            place = flag.end() if flag else place
        return place

    def scripts(self) -> list[tuple[int, int]]:
        """Return the offsets of the shell text of a RUN: behind the flags, or in ``RUN <<EOF``."""
        if self.keyword != "RUN" or self.is_json:
            return []
        text, start = self.flat, self.body
        first = text.index("\n", start) + 1 if "\n" in text[start:] else len(text)
        if self.heredocs and _HEREDOC.fullmatch(text, start, first):
            end = text.rstrip("\n").rindex("\n") + 1
            return [] if self.heredocs[0][1].startswith("#!") else [(first, end)]
        return [(start, len(text.rstrip("\n")))]

    def line_of(self, offset: int) -> int:
        """Return the line of the file on which an offset of this instruction stands."""
        return self.line + self.source.count("\n", 0, offset)


@dataclass(frozen=True, slots=True)
class Document:
    """A Dockerfile: instructions, and as plain text what lies between them, in order."""

    parts: tuple[Instruction | str, ...]

    @property
    def text(self) -> str:
        """The file, byte for byte."""
        return "".join(part if isinstance(part, str) else part.source for part in self.parts)

    @property
    def instructions(self) -> list[Instruction]:
        """The instructions, in order."""
        return [part for part in self.parts if isinstance(part, Instruction)]


def parse(text: str) -> Document:
    r"""Read a Dockerfile.

    >>> [part.keyword for part in parse("FROM scratch\nCOPY a b\n").instructions]
    ['FROM', 'COPY']

    :raises DockerfileError: BuildKit would refuse it, with the line, the column and its reason
    :raises ToolError: BuildKit's parser is not installed
    """
    read = _commands(text)
    lines = (
        text.splitlines(keepends=True) if "\r" not in text else re.findall(r"[^\n]*\n|[^\n]+", text)
    )
    escape = escape_of(lines)
    parts: list[Instruction | str] = []
    done = 0
    for command in read:
        start, end = command.start_line - 1, command.end_line
        if start > done:
            parts.append("".join(lines[done:start]))
        parts.append(_instruction(command, "".join(lines[start:end]), escape))
        done = end
    if done < len(lines):
        parts.append("".join(lines[done:]))
    document = Document(tuple(parts))
    _check_order(document)
    return document


def _commands(text: str) -> Sequence[Any]:
    """Return the commands that BuildKit's parser finds.

    :raises DockerfileError: it would refuse the text, or end the process
    :raises ToolError: it is not installed
    """
    if len(text) > MOST:
        raise fault(1, 1, f"the file is larger than {MOST >> 20} MiB, the limit of a Dockerfile")
    lone = _SURROGATE.search(text)
    if lone is not None:  # BuildKit's parser would end the process
        line = text.count("\n", 0, lone.start()) + 1
        raise fault(line, 1, f"{lone[0]!a} is half a character", "save it as UTF-8")
    try:
        read = commands(text)
    except RefusedError as error:
        raise fault(faulty_line(text), 1, str(error)) from error
    if len(read) > MOST_INSTRUCTIONS:
        raise fault(
            read[MOST_INSTRUCTIONS].start_line,
            1,
            f"more than {MOST_INSTRUCTIONS} instructions, the limit of a Dockerfile",
        )
    return read


def _instruction(command: Any, source: str, escape: str) -> Instruction:  # noqa: ANN401 - it has no types
    """Return an instruction.

    :raises DockerfileError: its keyword is unknown
    """
    keyword = (command.cmd or "").upper()  # a continuation of nothing has no name
    if keyword not in KEYWORDS:
        message = f"unknown instruction: {command.cmd or source.strip()}"
        raise fault(command.start_line, 1, message, nearest(keyword, alike(keyword, KEYWORDS)))
    return Instruction(
        keyword,
        command.start_line,
        source,
        command.flags,
        command.value,
        command.json,
        tuple((heredoc.name, heredoc.content) for heredoc in command.heredocs),
        (command.sub_cmd or "").upper(),
        escape,
    )


def _head(text: str) -> int:
    """Return where an instruction's values begin; those of ONBUILD are an instruction."""
    head = _HEAD.match(text)
    place = head.end() if head else 0
    space = _SPACE.match(text, place)
    return space.end() if space else place


def _check_order(document: Document) -> None:
    """Refuse what BuildKit refuses after parsing.

    Only ARG may precede the first FROM, and FROM needs an image.
    """
    seen = False
    for instruction in document.instructions:
        if instruction.keyword == "FROM":
            seen = True
            for flag in instruction.flags:
                name, equals, _ = flag.partition("=")
                if name != "--platform" or not equals:
                    raise fault(
                        instruction.line,
                        1,
                        f"unknown flag of FROM: {flag}",
                        "FROM --platform=PLATFORM IMAGE",
                    )
            if len(instruction.words) not in {1, 3} or (
                instruction.words[1:] and instruction.words[1].upper() != "AS"
            ):
                raise fault(
                    instruction.line,
                    1,
                    "FROM requires either one or three arguments",
                    "FROM IMAGE, or FROM IMAGE AS NAME",
                )
        elif not seen and instruction.keyword != "ARG":
            raise fault(
                instruction.line,
                1,
                f"no build stage in current context: {instruction.keyword} before FROM",
            )
    if not seen:
        raise fault(
            document.instructions[-1].line, 1, "there is no FROM, so there is nothing to build"
        )


def instructions_of(document: Document) -> Iterator[tuple[int, Instruction]]:
    """Yield each instruction with its place among the parts of the document."""
    return (
        (place, part) for place, part in enumerate(document.parts) if isinstance(part, Instruction)
    )
