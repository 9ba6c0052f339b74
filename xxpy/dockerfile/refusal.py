"""BuildKit's parser, and where in a Dockerfile it fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from xxpy import extras
from xxpy.errors import DockerfileError, ToolError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import ModuleType


_NEAR: Final = 50
"""How many lines before a faulty one are looked at, one after the other."""

EXTRA: Final = "dockerfile"
"""The extra with the two parsers.

They are compiled code, so that a plain ``pip install`` works where they have no wheels.
"""


class RefusedError(Exception):
    """BuildKit's parser refuses a text; the message is its reason."""


def commands(text: str) -> Sequence[Any]:
    """Return what BuildKit's parser makes of a text.

    It is imported and runs in a thread of its own, because only the main thread is interrupted: the
    parser, which is written in C, calls Python and crashes if KeyboardInterrupt comes of it.

    :raises RefusedError: BuildKit would refuse it
    :raises ToolError: the parser is not installed
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_commands, text).result()


def _commands(text: str) -> Sequence[Any]:
    dockerfile = _parser()
    try:
        found: Sequence[Any] = dockerfile.parse_string(text)
    except dockerfile.GoParseError as error:
        raise RefusedError(str(error)) from error
    return found


def _parser() -> ModuleType:
    """Return BuildKit's parser."""
    try:
        return import_module("dockerfile")
    except ImportError as error:
        raise ToolError(
            "the parser of Dockerfiles is not installed", extras.command(EXTRA)
        ) from error


def faulty_line(text: str) -> int:
    """Return the line of the instruction that BuildKit cannot read.

    It is the one after the longest beginning that BuildKit can read.
    """
    lines = text.splitlines(keepends=True)
    low, high = 0, len(lines)
    while high - low > _NEAR:
        middle = (low + high) // 2
        low, high = (middle, high) if _last_line(lines[:middle]) else (low, middle)
    for count in range(high, max(0, low - _NEAR), -1):
        last = _last_line(lines[:count])
        if last:
            following = (
                number
                for number in range(last, len(lines))
                if lines[number].strip() and not lines[number].lstrip().startswith("#")
            )
            return next(following, last) + 1
    return next(
        (
            number
            for number, line in enumerate(lines, 1)
            if line.strip() and not line.lstrip().startswith("#")
        ),
        1,
    )


def _last_line(lines: list[str]) -> int:
    """Return the last line of the last instruction; 0 where BuildKit cannot read the lines."""
    try:
        end: int = commands("".join(lines))[-1].end_line
    except RefusedError:
        return 0
    return end


def fault(line: int, column: int, reason: str, hint: str = "") -> DockerfileError:
    """Return the error for a place in a Dockerfile."""
    return DockerfileError(f"line {line}, column {column}: {reason}", hint, line)


def alike(keyword: str, keywords: Collection[str]) -> list[str]:
    """Return the instructions that a misspelt one can be; another first letter is another word.

    >>> words = ("COPY", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "ONBUILD", "RUN", "USER")
    >>> [alike(word, words) for word in ("ENRTYPOINT", "UNR")]
    [['ENTRYPOINT', 'ENV', 'EXPOSE'], ['RUN', 'USER']]
    >>> [alike(word, words) for word in ("OPY", "HELLO")]
    [['COPY', 'ONBUILD'], ['HEALTHCHECK']]
    """
    return [
        known
        for known in sorted(keywords)
        if known[0] == keyword[:1] or known[1:] == keyword or sorted(known) == sorted(keyword)
    ]
