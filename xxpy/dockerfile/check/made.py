"""Find what commands make without knowing the target, by the paths that COPY takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xxpy.dockerfile.check.subject import is_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from xxpy.dockerfile.check.subject import Compiling


@dataclass(slots=True)
class Made:
    """What the untold commands of a stage, and of those that it begins from, make.

    :param files: the first command by each path that it writes to
    :param above: likewise by each folder above such a path, and by the path
    :param unknown: the first command whose results are not known, where no other is told either
    """

    files: dict[str, Compiling] = field(default_factory=dict)
    above: dict[str, Compiling] = field(default_factory=dict)
    unknown: Compiling | None = None

    def taken_by(self, path: str) -> Compiling | None:
        """Return the command that makes what a copy of a path takes, or a part of it."""
        plain = path.rstrip("/*") or "/"
        found = self.above.get(plain)
        inside = (self.files[folder] for folder in folders(plain) if folder in self.files)
        return found or next(inside, None)


def made(
    compiling: Iterable[Compiling],
    outputs: Callable[[Compiling], tuple[str, ...]],
    is_meant: Callable[[Compiling], bool],
) -> Made:
    """Return what commands make, by their paths.

    :param outputs: the paths that a command writes to; none where they are not known
    :param is_meant: whether a command makes programs of one machine
    """
    found = Made()
    known = list(compiling)
    told = any(map(is_told, known))
    for entry in known:
        if is_told(entry) or not is_meant(entry):
            continue
        paths = outputs(entry)
        for path in paths:
            found.files.setdefault(path, entry)
            for each in folders(path):
                found.above.setdefault(each, entry)
        if not paths and not told:
            found.unknown = found.unknown or entry
    return found


def folders(path: str) -> Iterator[str]:
    """Yield a path and every folder above it, the nearest first.

    >>> list(folders("/out/app"))
    ['/out/app', '/out', '/']
    """
    yield path
    while "/" in path.rstrip("/"):
        path = path.rstrip("/").rpartition("/")[0] or "/"
        yield path
        if path == "/":
            return
