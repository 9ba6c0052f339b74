"""Read a project in a folder, within bounds, and nothing outside of that folder."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy import bounds

if TYPE_CHECKING:
    from pathlib import Path

_MOST: Final = 1 << 20
"""The largest file of a project that is read, in bytes."""

_MANIFESTS: Final = (
    "go.mod",
    "Cargo.toml",
    "Makefile",
    "CMakeLists.txt",
    "configure.ac",
    "meson.build",
    "package.json",
    "pom.xml",
)
"""The files by which the folder of a project is recognized."""


@dataclass(frozen=True)
class Folder:
    """A project in a folder."""

    root: Path

    def text(self, path: str) -> str | None:
        """Return the text of a file, or None."""
        found = self._inside(path)
        if found is None or not found.is_file():
            return None
        try:
            return bounds.text(found, _MOST)
        except (OSError, bounds.Refused):
            return None

    def folder(self, path: str) -> tuple[str, ...] | None:
        """Return the names in a folder, or None."""
        found = self._inside(path)
        if found is None or not found.is_dir():
            return None
        return tuple(sorted(entry.name for entry in found.iterdir()))

    def _inside(self, path: str) -> Path | None:
        """Return the path of a file, or None if the path or a link leads out of the project."""
        try:
            found = (self.root / path.lstrip("/")).resolve()
        except (OSError, ValueError, RuntimeError):
            return None
        return found if found.is_relative_to(self.root.resolve()) else None


def context(dockerfile: Path, needed: list[str]) -> Path:
    """Return the most likely build context of a Dockerfile.

    It is the nearest folder in the repository that has what the Dockerfile copies.

    :param needed: the sources of its COPY instructions
    """
    folder = dockerfile.resolve().parent
    plain = [
        posixpath.normpath(word.strip("/") or ".")
        for word in needed
        if not any(sign in word for sign in "$*?[")
    ]
    plain = [word for word in plain if word != "."] or list(_MANIFESTS)
    candidates = []
    for candidate in (folder, *folder.parents[:3]):
        candidates.append(candidate)
        if (candidate / ".git").exists():
            break
    else:
        candidates = candidates[:1]
    return max(candidates, key=lambda candidate: sum((candidate / word).exists() for word in plain))
