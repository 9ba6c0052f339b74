"""Work folders that stay for the next build, so that build tools compile only what has changed.

Build tools compare times. They miss a file that is replaced by an older one, a new header that
comes before another, a source that is gone, and, with a Makefile, often even a changed header. So a
build goes on in the folder of an earlier one only if

- that one has succeeded, with the same commands, variables, tools and kit;
- no file of the project was added or removed;
- every file that has changed is of a kind whose changes the build tool notices
  (:attr:`xxpy.runner.plan.Step.noticed`), and newer than the end of that build.

Otherwise the folder is emptied first. It is not used by two builds at once.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.machine import aside, files
from xxpy.runner import workspace
from xxpy.runner.outputs import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.machine.aside import Place
    from xxpy.runner.plan import Step

RECORD: Final = "record.json"
NAME: Final = "{}.incremental"
_INCLUDES: Final = rb"#[ \t]*include[ \t]*[<\"](?:[^>\"\n]*/)?%s[>\"]"

Files = dict[str, list[int]]
"""The files of a project by their relative path: size, time, inode and mode."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A project as a build finds it.

    :param left_out: folders that are no part of it: the output and the user's cache
    """

    folder: Path
    left_out: frozenset[str]

    def files(self) -> Files:
        """Return its files."""
        found: Files = {}
        self._add(str(self.folder), "", found)
        return found

    def _add(self, folder: str, name: str, found: Files) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name == ".git" or entry.name.startswith(aside.PREFIX):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if os.path.realpath(entry.path) not in self.left_out:
                        self._add(entry.path, f"{name}{entry.name}/", found)
                    continue
                one = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(one.st_mode) or stat.S_ISLNK(one.st_mode):
                    seen = [one.st_size, one.st_mtime_ns, one.st_ino, one.st_mode]
                    found[f"{name}{entry.name}"] = seen


@dataclass(frozen=True, slots=True)
class Going:
    """A work folder in which a build goes on.

    :param fresh: whether it is empty
    :param files: the files of the project
    :param changed: those that have changed since the last build
    """

    place: Place
    tree: Tree
    fresh: bool
    files: Files
    changed: tuple[str, ...]

    def sources(self, folder: Path) -> frozenset[Path]:
        """Return the files of the project in its copy."""
        return frozenset(folder / name for name in self.files)

    def copy(self, folder: Path) -> None:
        """Copy what has changed; its time is that of the copy, so that it is newer than objects."""
        for name in self.changed:
            place = folder / name
            with suppress(OSError):
                place.unlink()
            shutil.copy(self.tree.folder / name, place, follow_symlinks=False)


@contextmanager
def work(parent: Path, step: Step, key: str, tree: Tree) -> Iterator[Going]:
    """Yield the work folder of a platform, which stays if there was no error.

    :param parent: the folder for the work folders of the project
    :param key: a digest of the commands and of everything else that they depend on, but the project
    :raises OutputError: it cannot be made
    """
    name = NAME.format(step.platform.folder)
    record = parent / name / RECORD
    with files.lock(parent / f".{name}.going.lock"):
        found = tree.files()
        changed = _changed(_read(record, key), found, step, tree)
        record.unlink(missing_ok=True)  # until the build has succeeded
        if changed is None:
            with workspace.work(parent, name, stays=True) as place:
                yield Going(place, tree, fresh=True, files=found, changed=())
                _write(place.path / RECORD, key, found)
            return
        with workspace.again(parent / name) as place:
            yield Going(place, tree, fresh=False, files=found, changed=changed)
            _write(record, key, found)


def before(step: Step, folder: Path, going: Going | None) -> frozenset[Path]:
    """Return the files in the folder of a step that its commands have not made.

    :param going: its work folder, if that stays for the next build
    """
    if not step.collected:
        return frozenset()
    if going is None or going.fresh:
        return listing(folder)
    return going.sources(folder) if step.copied else frozenset()


def _read(record: Path, key: str) -> tuple[int, Files] | None:
    """Return when the earlier build ended and the files that it has seen, or None."""
    try:
        found = json.loads(record.read_text("utf-8", "surrogateescape"))
        return (found["ended"], found["files"]) if found["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(record: Path, key: str, found: Files) -> None:
    document = {"key": key, "ended": time.time_ns(), "files": found}
    with suppress(OSError):
        text = json.dumps(document, ensure_ascii=False)
        record.write_text(text, "utf-8", "surrogateescape")


def _changed(
    earlier: tuple[int, Files] | None, now: Files, step: Step, tree: Tree
) -> tuple[str, ...] | None:
    """Return the changed files, or None if the build must start again."""
    if earlier is None:
        return None
    ended, before = earlier
    if before.keys() != now.keys():
        return None
    changed = tuple(name for name, seen in now.items() if before[name] != seen)
    for name in changed:
        _size, at, _inode, mode = now[name]
        if (
            Path(name).suffix not in step.noticed
            or not stat.S_ISREG(mode)
            or (not step.copied and not ended < at <= time.time_ns())
        ):
            return None
    return None if step.copied and _included(changed, now, tree, step) else changed


def _included(changed: tuple[str, ...], now: Files, tree: Tree, step: Step) -> bool:
    """Return whether another source includes a changed one, which Makefiles may not know."""
    if not changed:
        return False
    names = b"|".join(re.escape(os.fsencode(Path(name).name)) for name in changed)
    pattern = re.compile(_INCLUDES % (b"(?:" + names + b")"))
    sources = (name for name in now if Path(name).suffix in step.noticed or "." in name)
    return any(
        pattern.search((tree.folder / name).read_bytes())
        for name in sources
        if (tree.folder / name).is_file()
    )
