"""The project's own files as a stage finds them: which file a path is, and its text.

They are read, never run.
"""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Protocol

from xxpy.dockerfile.variables import expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.stages import Stage, Step


_PAIR: Final = 2
"""A source and where it goes."""


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


def sources(stage: Stage, before: Step) -> Iterator[tuple[str, str]]:
    """Yield where a step finds the project: a path of the context, its place; the latest first.

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
        for step in reversed(parent.copying):
            instruction = step.instruction
            if parent is stage and step.place >= before.place:
                continue
            if instruction.flag("from") or len(instruction.words) < _PAIR:
                continue
            last = expand(instruction.words[-1].strip("\"'"), parent.variables)
            # A variable that only the image sets, such as GOPATH, is a folder of the root.
            goal = f"/{last}" if last.startswith("$") else posixpath.join(step.directory, last)
            for word in instruction.words[:-1]:
                if "://" not in word:
                    yield (
                        word,
                        goal
                        if goal.endswith("/") or len(instruction.words) == _PAIR
                        else f"{goal}/",
                    )


def find(project: Project, stage: Stage, before: Step, path: str) -> str | None:
    """Return the path in the context of a stage's file or folder; None if it is not from there."""
    for source, goal in sources(stage, before):
        # Nothing is above the context: BuildKit takes .. for its top.
        plain = posixpath.normpath(f"/{source.lstrip('/')}").lstrip("/") or "."
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
