"""What a user named: a project, or a part of one."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from xxpy import configuration

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.configuration import Configuration

EVERY: Final = "..."
"""The end of a pattern that means every part below a folder, as Go writes it."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a user named: a project, or a part of one.

    :param root: the absolute path of the project's folder
    :param start: the absolute path of the named folder
    :param file: the named C or C++ file, or ""
    :param every: whether every part below *start* was asked for (``./...``)
    :param above: the nearest folder above with a configuration, if *start* belongs to no project
    """

    root: Path
    start: Path
    file: str = ""
    every: bool = False
    above: Path | None = None

    def settings(self, file: Path | None = None) -> Configuration:
        """Return the configuration in *file*, or the nearest one between *start* and *root*.

        :raises ConfigurationError: it is faulty
        """
        if file is not None:
            return configuration.load_file(file)
        folder = self._configured()
        return configuration.Configuration() if folder is None else configuration.load(folder)

    def whole(self) -> Place:
        """Return the place for a command that builds nothing: it obeys a configuration above."""
        return (
            self
            if self.above is None or self._configured() is not None
            else replace(self, root=self.above)
        )

    def _configured(self) -> Path | None:
        """Return the nearest folder with a configuration, from *start* up to *root*."""
        between = [
            folder for folder in self.start.parents if self.root in {folder, *folder.parents}
        ]
        folders = dict.fromkeys((self.start, *between, self.root))
        return next(
            (folder for folder in folders if readable(folder) and configuration.exists(folder)),
            None,
        )


def shown(path: Path) -> str:
    """Return a path relative to the current folder if it is below that."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def readable(folder: Path) -> bool:
    """Whether a folder can be listed and its files opened."""
    return os.access(folder, os.R_OK | os.X_OK)
