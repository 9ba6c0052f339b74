"""The folders of a build: the stage for its results, the work folder, and the output folder.

The *stage* is in the output folder, and private to one build (:mod:`xxpy.machine.aside`). The *work
folder* is in the user's cache and has the same path each time, so that two builds give the same
bytes. The commands of a build inherit the locks of both.

A platform's folder is replaced in one step: the new one is made in the stage, with those files of
the old one that the build does not make, and the two are exchanged. So everybody sees either the
old folder or the new one, even if the build is killed.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import posix
from xxpy.errors import OutputError
from xxpy.machine import aside, files, resources
from xxpy.machine.aside import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE: Final = 5.0
"""Seconds to wait for the commands of a killed build, before another work folder is used."""

_TICK: Final = 0.05
_WAS: Final = "was"
"""The folder of the stage for a platform's old folder, if two folders cannot be exchanged."""

_NO_RENAME: Final = frozenset({errno.EXDEV, errno.EBUSY})


@contextmanager
def stage(output: Path) -> Iterator[Place]:
    """Yield the stage of a build in *output*, which is made if it is missing.

    An *output* that is empty at the end is removed.

    :raises OutputError: it cannot be made
    """
    _make(output)
    aside.sweep(output, lambda left: _put_back(left, output))
    try:
        with aside.folder(output) as place:
            yield place
    finally:
        with suppress(OSError):
            output.rmdir()


def _make(folder: Path) -> None:
    """Make an output folder.

    :raises OutputError: it cannot be made, or cannot be written to
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputError(
            f"the output {folder} is a file, not a folder", "name another one with --output"
        ) from error
    except OSError as error:
        raise OutputError(
            f"the output folder {folder} cannot be made: {error.strerror}",
            "name another one with --output",
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(
            f"the output folder {folder} cannot be written to", "name another one with --output"
        )


def _put_back(left: Path, output: Path) -> None:
    """Put back the folders that a killed build had moved away to replace them."""
    for old in (left / _WAS).glob("*"):
        if not os.path.lexists(output / old.name):
            with suppress(OSError):
                old.rename(output / old.name)


@contextmanager
def work(parent: Path, name: str, *, stays: bool = False) -> Iterator[Place]:
    """Yield an empty work folder, and remove it at the end if there was no error.

    A second build of the same project waits. If commands of a killed build still write to the
    folder, another one is used after a while.

    :param stays: whether it is not removed, but left for :func:`again`
    :raises OutputError: it cannot be made
    """
    with files.lock(parent / f".{name}.lock"):
        aside.sweep(parent)
        place = _own(parent, name)
        try:
            yield place
            if not stays:
                aside.remove(place.path)
        finally:
            aside.release(place)


@contextmanager
def again(path: Path) -> Iterator[Place]:
    """Yield the work folder of an earlier build as it is."""
    descriptor = aside.hold(path)
    held = os.open(path, os.O_RDONLY | posix.O_CLOEXEC) if descriptor is None else descriptor
    place = Place(path, held)
    try:
        yield place
    finally:
        aside.release(place)


def _own(parent: Path, name: str) -> Place:
    """Make a work folder of this name, or with a number if commands of a killed build use it."""
    end = time.monotonic() + PATIENCE
    for number in count(1):
        path = parent / (name if number == 1 else f"{name}.{number}")
        while _is_in_use(path) and time.monotonic() < end:
            time.sleep(_TICK)
        if not _is_in_use(path):
            path.mkdir(parents=True)
            descriptor = aside.hold(path)
            return Place(
                path,
                os.open(path, os.O_RDONLY | posix.O_CLOEXEC) if descriptor is None else descriptor,
            )
    raise AssertionError  # count() does not end


def _is_in_use(path: Path) -> bool:
    """Return whether a folder is in use; one that is not is removed."""
    if aside.is_held(path):
        return True
    if os.path.lexists(path):
        aside.remove(path)
    return False


def empty(folder: Path) -> None:
    """Remove what is in a folder, which stays because it is held."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def outside(output: Path) -> frozenset[str]:
    """Return the folders that are no part of a project: the output, and the user's cache."""
    return frozenset((os.path.realpath(output), os.path.realpath(resources.cache_path(""))))


def copy(source: Path, place: Path, output: Path) -> None:
    """Copy a project without its history, its output, stages of builds, and the user's cache.

    FIFOs, sockets and devices are not copied either.

    :raises OSError: something cannot be copied
    """
    left_out = outside(output)

    def ignored(folder: str, names: list[str]) -> set[str]:
        kept = {name for name in names if name == ".git" or name.startswith(aside.PREFIX)}
        kept |= {name for name in names if os.path.realpath(Path(folder, name)) in left_out}
        return kept | {name for name in names if not _is_plain(Path(folder, name))}

    shutil.copytree(source, place, symlinks=True, ignore=ignored, dirs_exist_ok=True)


def _is_plain(path: Path) -> bool:
    """Return whether a path is a file, a folder or a link."""
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)


def put(
    fresh: Path, final: Path, stage: Path, stale: frozenset[str] = frozenset()
) -> tuple[Path, ...]:
    """Move a platform's folder into place, with the files of the old one that it lacks.

    Return the files of the old one that are removed.

    :param stale: those that the new one does not get, relative to the folder
    :raises OutputError: there is a file in the place of a folder, or vice versa
    :raises OSError: the disk is full, or something cannot be renamed
    """
    aside.settle(fresh)
    if final.is_symlink():
        final = final.resolve()
    gone = tuple(final / name for name in sorted(stale))
    if final.is_dir():
        _carry(final, fresh, frozenset(map(str, gone)))
        _exchange(fresh, final, stage, gone)
    elif os.path.lexists(final):
        raise OutputError(
            f"{final} is a file, but the build needs a folder there",
            "move it away, or name another folder with --output",
        )
    else:
        final.parent.mkdir(parents=True, exist_ok=True)
        fresh.rename(final)
    aside.settle_entry(final)
    return gone


def _carry(old: Path, fresh: Path, stale: frozenset[str]) -> None:
    """Add the files of the old folder to the new one if it lacks them, as hard links.

    :param stale: the paths that are not added; folders that had nothing else are not added either
    """
    was_empty = True
    with os.scandir(old) as entries:
        for entry in entries:
            was_empty = False
            place = fresh / entry.name
            if entry.path in stale:
                continue
            if entry.is_dir(follow_symlinks=False):
                if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
                    raise OutputError(
                        f"{entry.path} is a folder, but the build makes a file there",
                        "move it away",
                    )
                place.mkdir(exist_ok=True)
                _carry(Path(entry.path), place, stale)
            elif not os.path.lexists(place):
                files.link(Path(entry.path), place)
            elif place.is_dir() and not place.is_symlink():
                raise OutputError(
                    f"{entry.path} is a file, but the build makes a folder there", "move it away"
                )
    if was_empty or any(fresh.iterdir()):
        shutil.copystat(old, fresh)
    else:
        fresh.rmdir()


def _exchange(fresh: Path, final: Path, stage: Path, gone: tuple[Path, ...]) -> None:
    """Exchange two folders in one step.

    If the system cannot do that, it takes two renames; if a folder cannot be renamed, its files are
    replaced one by one.
    """
    try:
        if not aside.exchange(fresh, final):
            _two_renames(fresh, final, stage / _WAS / final.name)
    except OSError as error:
        if error.errno not in _NO_RENAME:
            raise
        _replace_each(fresh, final)
        for path in gone:
            path.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()


def _two_renames(fresh: Path, final: Path, was: Path) -> None:
    """Move the old folder to *was*, and the new one into its place."""
    was.parent.mkdir(exist_ok=True)
    final.rename(was)
    try:
        fresh.rename(final)
    except OSError:
        was.rename(final)
        raise


def _replace_each(fresh: Path, final: Path) -> None:
    """Replace the files of a folder that is a mount point, or in a lower layer of an overlay."""
    for path in sorted(fresh.rglob("*")):
        place = final / path.relative_to(fresh)
        if path.is_dir() and not path.is_symlink():
            place.mkdir(exist_ok=True)
        elif not (place.exists() and path.exists() and place.samefile(path)):
            with aside.folder(place.parent) as beside:
                shutil.copy2(path, beside.path / place.name, follow_symlinks=False)
                (beside.path / place.name).replace(place)
