"""What a project needs, by its own files: nothing of it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.language.c.expand import expand
from xxpy.language.registry import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from xxpy.sysroot.needs import Need


def needs(folder: Path, language: str) -> Iterator[Need]:
    """Yield what a project needs of the target in any case, as its files say."""
    yield from expanded(LANGUAGES[language].needs(folder), folder)


def expanded(said: Iterable[Need], folder: Path) -> Iterator[Need]:
    """Yield needs in terms of files, without those that are files of the project itself."""
    yield from expand(said, folder)
