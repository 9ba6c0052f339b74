"""Results that are kept in the user's cache, for a build that would make the same ones again.

There is one entry for each project and platform: what the commands of a step have left in the
stage, before it is verified, with the digest of every file. An entry is used in two ways:

- with ``--reuse``, instead of the commands, if its key is that of the step: a digest of everything
  that the build reads;
- as a *seed* for a tool that finds out by itself whether a file in its output is what it would
  make, as Go does by the build ID. It sets the time of such a file again; seeds with the old time
  are removed.

In either case the files are verified as after any build. An entry whose files have changed, for
instance because they are links of the delivered ones, is not used.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xxpy.machine import aside, files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xxpy.runner.plan import Step
    from xxpy.table.platform import Platform

_RECORD: Final = "record.json"
_FILES: Final = "files"
_FORM: Final = 1
_OLD: Final = 1.0
"""The time of a seed, in seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept results of one project.

    :param folder: their folder in the cache
    :param keys: the keys of the steps with ``--reuse``, by platform; without it none
    :param unchanged: whether everything that the keys cover is still the same
    """

    folder: Path
    keys: Mapping[Platform, str] = field(default_factory=dict)
    unchanged: Callable[[], bool] = lambda: True
    _fresh: dict[Path, tuple[Path, str]] = field(default_factory=dict)

    def take(self, step: Step, stage: Path) -> bool:
        """Fill an empty stage with the results of the same step; return whether there are any."""
        key = self.keys.get(step.platform)
        return key is not None and self._copied(step, stage, key)

    def seed(self, step: Step, stage: Path) -> None:
        """Give a tool that knows its own results those of the last build."""
        if step.seeded and self._copied(step, stage, None):
            for path in _every(stage):
                if path.is_symlink():
                    path.unlink()
                else:
                    os.utime(path, (_OLD, _OLD))

    @staticmethod
    def weed(step: Step, stage: Path) -> None:
        """Remove the seeds that the tool has not confirmed."""
        for path in _every(stage) if step.seeded else ():
            if not path.is_symlink() and path.stat().st_mtime <= _OLD:
                path.unlink()

    def note(self, step: Step, stage: Path) -> None:
        """Remember what a step has left in its stage, until :meth:`keep` is called."""
        if not step.seeded and step.platform not in self.keys:
            return
        copy = stage.with_name(f"{stage.name}.kept")
        with suppress(OSError):
            shutil.copytree(stage, copy, symlinks=True, copy_function=_link)
            entry = self.folder / step.platform.folder
            self._fresh[entry] = (copy, self.keys.get(step.platform, ""))

    def keep(self, delivered: frozenset[str]) -> None:
        """Keep what has been noted for the next build; a full disk is not an error.

        :param delivered: the folders of the platforms whose results were right
        """
        if not self._fresh:
            return
        same = not self.keys or self.unchanged()
        for entry, (copy, key) in self._fresh.items():
            if entry.name in delivered:
                with suppress(OSError):
                    _store(entry, copy, key if same else "")

    def _copied(self, step: Step, stage: Path, key: str | None) -> bool:
        """Copy an entry into an empty stage, and return whether it was whole.

        :param key: the key that it must have, or None if any will do
        """
        entry = self.folder / step.platform.folder
        try:
            with files.lock(_lock(entry)):
                record: dict[str, Any] = json.loads((entry / _RECORD).read_text("utf-8"))
                if record["form"] != _FORM or (key is not None and record["key"] != key):
                    return False
                shutil.copytree(entry / _FILES, stage, symlinks=True, dirs_exist_ok=True)
        except (OSError, ValueError, KeyError, TypeError):
            return _emptied(stage)
        return _digests(stage) == record["files"] or _emptied(stage)


def _store(entry: Path, copy: Path, key: str) -> None:
    """Write an entry whole or not at all."""
    record = {"form": _FORM, "key": key, "files": _digests(copy)}

    def fill(place: Path) -> None:
        shutil.copytree(copy, place / _FILES, symlinks=True, copy_function=_link)
        (place / _RECORD).write_text(json.dumps(record), "utf-8")

    with files.lock(_lock(entry)):
        aside.make(entry, fill)


def _lock(entry: Path) -> Path:
    return entry.with_name(f".{entry.name}.lock")


def _emptied(stage: Path) -> bool:
    """Remove what is in a stage, and return False."""
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(exist_ok=True)
    return False


def _every(stage: Path) -> list[Path]:
    return [path for path in stage.rglob("*") if path.is_symlink() or path.is_file()]


def _digests(stage: Path) -> dict[str, str]:
    """Return what every file in a stage is: its mode and digest, or the text of a link."""
    found = {}
    for path in sorted(_every(stage)):
        name = path.relative_to(stage).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
            continue
        found[name] = f"{path.stat().st_mode & 0o777:o} {files.digest(path)}"
    return found


def _link(source: str, place: str) -> None:
    """Link a file, for :func:`shutil.copytree`."""
    files.link(Path(source), Path(place))
