"""The project's own files, as a stage finds them: which of them a path in the stage is, and what they say. They are read, never run."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Protocol

from xxpy import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xxpy.dockerfile.stages import Stage, Step

_MOST: Final = 1 << 20
"""Bytes of a file of the project at most; a larger one is not read."""

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
"""What the folder of a project has."""


class Project(Protocol):
    """The files that a build gets, by their paths below its context."""

    def text(self, path: str) -> str | None:
        """Return what a file says, or None where it is none, is too large or is no text."""

    def folder(self, path: str) -> tuple[str, ...] | None:
        """Return the names in a folder, or None where it is none."""


class Nothing:
    """No project: nothing is beside the Dockerfile."""

    def text(self, path: str) -> None:
        """Return None."""

    def folder(self, path: str) -> None:
        """Return None."""


@dataclass(frozen=True)
class Folder:
    """A project in a folder."""

    root: Path

    def text(self, path: str) -> str | None:
        """Return what a file says."""
        found = self._inside(path)
        if found is None or not found.is_file():
            return None
        try:
            return bounds.text(found, _MOST)
        except (OSError, bounds.Refused):
            return None

    def folder(self, path: str) -> tuple[str, ...] | None:
        """Return the names in a folder."""
        found = self._inside(path)
        if found is None or not found.is_dir():
            return None
        return tuple(sorted(entry.name for entry in found.iterdir()))

    def _inside(self, path: str) -> Path | None:
        """Return the file; None where the path, or a link, leads out of the project."""
        try:
            found = (self.root / path.lstrip("/")).resolve()
        except (OSError, ValueError, RuntimeError):
            return None
        return found if found.is_relative_to(self.root.resolve()) else None


def sources(stage: Stage, before: Step) -> Iterator[tuple[str, str]]:
    """Yield what a step finds of the project: a path of the context, and where it is in the stage; the latest first.

    A folder of the context is a place for all that it holds. ``.`` is the context itself.
    """
    for mount in before.instruction.flag_values("mount"):
        options = dict(option.partition("=")[::2] for option in mount.split(","))
        target = options.get("target") or options.get("dst") or options.get("destination")
        if options.get("type", "bind") == "bind" and "from" not in options and target:
            yield (
                options.get("source") or options.get("src") or ".",
                posixpath.join(before.directory, target),
            )
    for parent in stage.ancestors():
        for step in reversed(parent.steps):
            instruction = step.instruction
            if parent is stage and step.place >= before.place:
                continue
            if (
                instruction.keyword not in {"COPY", "ADD"}
                or instruction.flag("from")
                or len(instruction.words) < 2
            ):
                continue
            last = instruction.words[-1]
            # A variable that only the image sets, such as GOPATH, is a folder of the root.
            goal = f"/{last}" if last.startswith("$") else posixpath.join(step.directory, last)
            for word in instruction.words[:-1]:
                if "://" not in word:
                    yield (
                        word,
                        goal if goal.endswith("/") or len(instruction.words) == 2 else f"{goal}/",
                    )


def find(project: Project, stage: Stage, before: Step, path: str) -> str | None:
    """Return the path in the context of a file or folder of a stage, or None where it does not come from there."""
    for source, goal in sources(stage, before):
        plain = posixpath.normpath(source.strip("/") or ".")
        if any(sign in plain for sign in "*?["):
            candidate = _matched(project, plain, goal, path)
        elif project.folder(plain) is not None:
            candidate = _below(plain, goal, path)
        else:
            whole = posixpath.join(goal, posixpath.basename(plain)) if goal.endswith("/") else goal
            candidate = plain if posixpath.normpath(whole) == posixpath.normpath(path) else None
            if candidate is None and posixpath.normpath(
                posixpath.join(goal, posixpath.basename(plain))
            ) == posixpath.normpath(path):
                candidate = plain
        if candidate is not None and (
            project.text(candidate) is not None or project.folder(candidate) is not None
        ):
            return candidate
    return None


def _below(source: str, goal: str, path: str) -> str | None:
    place = posixpath.normpath(goal)
    if path == place:
        return source
    if not path.startswith(place.rstrip("/") + "/"):
        return None
    return posixpath.normpath(posixpath.join(source, posixpath.relpath(path, place)))


def _matched(project: Project, pattern: str, goal: str, path: str) -> str | None:
    parent, name = posixpath.split(pattern)
    base = posixpath.basename(path)
    for entry in project.folder(parent or ".") or ():
        if (
            entry == base
            and fnmatchcase(entry, name)
            and posixpath.normpath(goal) == posixpath.dirname(path)
        ):
            return posixpath.join(parent, entry)
        inner = posixpath.join(parent, entry)
        if fnmatchcase(entry, name) and project.folder(inner) is not None:
            found = _below(inner, goal, path)
            if found is not None and project.text(found) is not None:
                return found
    return None


def context(dockerfile: Path, needed: list[str]) -> Path:
    """Return the folder that a Dockerfile is most likely built with: the nearest that has what it copies, within the repository.

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
