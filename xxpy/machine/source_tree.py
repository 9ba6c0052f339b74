"""Read a project in a folder, within bounds, and nothing outside of that folder."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy import bounds

if TYPE_CHECKING:
    from pathlib import Path

_MOST: Final = 1 << 20
"""The largest file of a project that is read, in bytes."""

_MANIFESTS: Final = {
    "go.mod": "go",
    "Cargo.toml": "cargo",
    "Makefile": "make",
    "CMakeLists.txt": "cmake",
    "configure.ac": "autoreconf",
    "meson.build": "meson",
    "package.json": "npm",
    "pom.xml": "mvn",
}
"""The files by which the folder of a project is recognized, and the commands that read them."""
_TOPS: Final = (".git", ".github", ".gitlab-ci.yml", ".gitignore")
"""What the top folder of a project has; without a repository, the highest one counts."""
_HIGHEST: Final = 4
"""The folders that are looked at: the Dockerfile's own and those above it."""
_SCRIPT: Final = re.compile(r"(?<![\w./\-$}])\.{0,2}/?([\w.\-]+(?:/[\w.\-]+)*\.sh)\b")


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


def context(dockerfile: Path, needed: list[str], ran: str = "") -> Path:
    """Return the most likely build context of a Dockerfile.

    It is the nearest folder in the project that has what the Dockerfile copies, or where that is
    the context itself, what its commands read.

    :param needed: the sources of its COPY instructions
    :param ran: the text of its RUN instructions
    """
    folder = dockerfile.resolve().parent
    plain = [
        posixpath.normpath(word.strip("/") or ".")
        for word in needed
        if not any(sign in word for sign in "$*?[")
    ]
    plain = [word for word in plain if word != "."] or _read(ran)
    candidates = _candidates(folder)
    return max(candidates, key=lambda candidate: sum((candidate / word).exists() for word in plain))


def _read(ran: str) -> list[str]:
    """Return the files of a project that commands read: scripts, and manifests of their tools."""
    words = set(re.findall(r"[\w\-]+", ran))
    used = [name for name, command in _MANIFESTS.items() if command in words]
    return [*dict.fromkeys(_SCRIPT.findall(ran)), *used] or list(_MANIFESTS)


def _candidates(folder: Path) -> list[Path]:
    """Return a folder and those above it that belong to the same project."""
    found = [folder, *folder.parents[: _HIGHEST - 1]]
    for sign in _TOPS:
        tops = [n for n, candidate in enumerate(found) if (candidate / sign).exists()]
        if tops:
            return found[: (tops[0] if sign == _TOPS[0] else tops[-1]) + 1]
    return found[:1]
