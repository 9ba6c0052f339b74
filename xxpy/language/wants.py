"""What a project needs, by its own files: nothing of it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.language.c.expand import expand
from xxpy.language.registry import LANGUAGES
from xxpy.machine import programs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from xxpy.language.language import Tool
    from xxpy.sysroot.needs import Need


def needs(folder: Path, language: str) -> Iterator[Need]:
    """Yield what a project needs of the target in any case, as its files say."""
    yield from expanded(LANGUAGES[language].needs(folder), folder)


def lacking(
    folder: Path, language: str, environment: Mapping[str, str] | None = None
) -> tuple[Tool, ...]:
    """Return the tools that a project uses and this machine lacks, the sure ones first.

    :param environment: the variables with the PATH of the build
    """
    found: dict[str, Tool] = {}
    for tool in sorted(LANGUAGES[language].tools(folder), key=lambda one: not one.sure):
        names = (tool.program, tool.name)
        if not any(programs.which(name, environment) for name in names):
            found.setdefault(tool.name, tool)
    return tuple(found.values())


def expanded(said: Iterable[Need], folder: Path) -> Iterator[Need]:
    """Yield needs in terms of files, without those that are files of the project itself."""
    yield from expand(said, folder)
