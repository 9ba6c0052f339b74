"""What the commands about Dockerfiles share: the rows and templates, and how a file is read."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import bounds
from xxpy.dockerfile import check, stages, syntax, tools
from xxpy.dockerfile.check import facts
from xxpy.dockerfile.write import parts
from xxpy.dockerfile.write import recipe as recipes
from xxpy.errors import DockerfileError
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from xxpy.dockerfile.check import Facts, Finding
    from xxpy.request.platforms import Asked

DEFAULT: Final = Path("Dockerfile")
STANDARD_INPUT: Final = Path("-")
_PLACE: Final = re.compile(r"line (?P<line>\d+), column (?P<column>\d+): ")
"""The place at the beginning of an error; in front of it comes the name of the file."""

_MOST: Final = 4 * syntax.MOST
"""Bytes of a Dockerfile at most, which has fewer characters."""


@cache
def sources() -> parts.Sources:
    """Return the rows and templates that Dockerfiles are judged by and written from."""
    rows = resources.texts("toolchains", "dockerfile/*.toml")
    templates = resources.texts("templates", "**/*.j2")
    return parts.Sources(
        resources.table(),
        tools.load(rows[tools.FILE]),
        recipes.load(rows[recipes.FILE]),
        templates,
    )


@cache
def known() -> Facts:
    """Return what check knows besides."""
    rows = resources.texts("toolchains", "dockerfile/*.toml")
    return facts.load(rows[facts.FILE], resources.table())


def findings(document: syntax.Document, text: str, platforms: str, name: str) -> list[Finding]:
    """Return what is wrong with a Dockerfile, stale parts included.

    :param platforms: how messages call the platforms that are foreign to this machine, or ""
    :param name: of the file
    :raises DockerfileError: its stages cannot be read
    """
    recipe = stages.read(document)
    found = check.check(recipe, sources().tools, platforms, known(), name)
    found += [check.parts.stale(line, name) for line, name in parts.stale(sources(), text)]
    return sorted(found)


def rendered(asked: Asked) -> dict[str, str]:
    """Return the parts that conversions insert, for the platforms that are asked for."""
    own = sources()
    default = tuple(parse(name, own.table.words) for name in own.tools.platforms)
    chosen = asked.read(()).platforms if asked else default
    inline = parts.inline(own, chosen)
    return {**parts.cross_files(own), "inline": inline, **parts.tests(own)}


def read(path: Path) -> str:
    """Return the text of a Dockerfile, or of the standard input for ``-``.

    :raises DockerfileError: it cannot be read, is too large or no UTF-8
    """
    try:
        if path == STANDARD_INPUT:
            return bounds.decoded(bounds.read(sys.stdin.buffer, _MOST))
        return bounds.text(path, _MOST)
    except OSError as error:
        hint = "name the file, or - for the standard input"
        raise DockerfileError(f"{path}: {error.strerror}", hint) from error
    except bounds.Refused as error:
        hint = "save it as UTF-8" if "UTF-8" in str(error) else ""
        raise DockerfileError(f"{path}: {error}", hint) from error


class named:  # noqa: N801 - a context manager that is used like a function
    """Puts the name of the file in front of what is wrong with it: ``Dockerfile:2:1: …``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        """Do nothing yet."""

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Name the file."""
        if isinstance(error, DockerfileError):
            place = _PLACE.match(error.message)
            there = f":{place['line']}:{place['column']}: " if place else ": "
            message = f"{self.path}{there}{error.message[place.end() if place else 0 :]}"
            raise DockerfileError(message, error.hint, error.line) from error
