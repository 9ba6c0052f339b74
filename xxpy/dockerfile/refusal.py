"""BuildKit's parser, and where in a Dockerfile it fails."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from xxpy import extras
from xxpy.errors import DockerfileError, ToolError

if TYPE_CHECKING:
    from types import ModuleType


_NEAR: Final = 50
"""How many lines before a faulty one are looked at, one after the other."""

EXTRA: Final = "dockerfile"
"""The extra with the two parsers.

They are compiled code, so that a plain ``pip install`` works where they have no wheels.
"""


def parser() -> ModuleType:
    """Return BuildKit's parser.

    :raises ToolError: it is not installed
    """
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
    dockerfile = parser()
    try:
        end: int = dockerfile.parse_string("".join(lines))[-1].end_line
    except dockerfile.GoParseError:
        return 0
    return end


def fault(line: int, column: int, reason: str, hint: str = "") -> DockerfileError:
    """Return the error for a place in a Dockerfile."""
    return DockerfileError(f"line {line}, column {column}: {reason}", hint, line)
