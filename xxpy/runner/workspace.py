"""The folders of a build: where the commands work, where they leave what they make, and how that gets into its place.

The *stage* is in the output folder, and private to one build (:mod:`xxpy.machine.aside`). The *work
folder* is in the user's cache and has the same path each time, so that two builds give the same
bytes. The commands of a build inherit the locks of both.

A platform's folder is replaced whole, in one step: the new one is made in the stage, with the files
of the old one that the build does not make, and the two are exchanged. So whoever looks sees the
folder as it was or as it is, whatever kills the build.
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

from xxpy.errors import OutputError
from xxpy.machine import aside, files, resources
from xxpy.machine.aside import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE: Final = 5.0
"""Seconds that a build waits for the commands of a build that was killed, before it takes another work folder."""

_TICK: Final = 0.05
_WAS: Final = "was"
"""The folder of the stage that takes a platform's old folder where two cannot be exchanged."""

_NO_RENAME: Final = frozenset({errno.EXDEV, errno.EBUSY})


@contextmanager
def stage(output: Path) -> Iterator[Place]:
    """Yield the stage of a build into *output*, which is made if it is missing, and removed again if nothing is put into it.

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
    """Put back the folders that a build which was killed had taken away to replace them."""
    for old in (left / _WAS).glob("*"):
        if not os.path.lexists(output / old.name):
            with suppress(OSError):
                old.rename(output / old.name)


@contextmanager
def work(parent: Path, name: str) -> Iterator[Place]:
    """Yield an empty work folder; it is removed at the end when all went well.

    A second build of the same project waits. Where commands of a build that was killed still write
    into the folder, it is theirs: after a while another one is taken.

    :raises OutputError: it cannot be made
    """
    with files.lock(parent / f".{name}.lock"):
        aside.sweep(parent)
        place = _own(parent, name)
        try:
            yield place
            aside.remove(place.path)
        finally:
            aside.release(place)


def _own(parent: Path, name: str) -> Place:
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
                os.open(path, os.O_RDONLY | os.O_CLOEXEC) if descriptor is None else descriptor,
            )
    raise AssertionError  # there is always another number


def _is_in_use(path: Path) -> bool:
    """Whether somebody works in a folder; one in which nobody does is removed."""
    if aside.is_held(path):
        return True
    if os.path.lexists(path):
        aside.remove(path)
    return False


def copy(source: Path, place: Path, output: Path) -> None:
    """Copy a project without its history, earlier results, the stages of builds, and the user's cache, which may be in it.

    What is no file, such as a FIFO or a socket that an editor or a database has left, is not copied
    either.

    :raises OSError: something cannot be copied
    """
    left_out = {output.resolve(), resources.cache_path("").resolve()}

    def ignored(folder: str, names: list[str]) -> set[str]:
        kept = {name for name in names if name == ".git" or name.startswith(aside.PREFIX)}
        kept |= {name for name in names if Path(folder, name).resolve() in left_out}
        return kept | {name for name in names if not _is_plain(Path(folder, name))}

    shutil.copytree(source, place, symlinks=True, ignore=ignored, dirs_exist_ok=True)


def _is_plain(path: Path) -> bool:
    """Whether a path is a file, a folder or a link."""
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)


def put(fresh: Path, final: Path, stage: Path) -> None:
    """Put a platform's folder into its place, with the files of the old one that are not in it.

    :raises OutputError: a file is where a folder is to be, or the other way round
    :raises OSError: the disk is full, or something cannot be renamed
    """
    aside.settle(fresh)
    if final.is_symlink():
        final = final.resolve()
    if final.is_dir():
        _carry(final, fresh)
        _exchange(fresh, final, stage)
    elif os.path.lexists(final):
        raise OutputError(
            f"{final} is a file, and is to be a folder",
            "move it away, or name another folder with --output",
        )
    else:
        final.parent.mkdir(parents=True, exist_ok=True)
        fresh.rename(final)
    aside.settle_entry(final)


def _carry(old: Path, fresh: Path) -> None:
    """Take over what is in the old folder and not in the new one: the same files, by further links."""
    with os.scandir(old) as entries:
        for entry in entries:
            place = fresh / entry.name
            if entry.is_dir(follow_symlinks=False):
                if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
                    raise OutputError(
                        f"{entry.path} is a folder, and is to be a file", "move it away"
                    )
                place.mkdir(exist_ok=True)
                _carry(Path(entry.path), place)
            elif not os.path.lexists(place):
                _link(Path(entry.path), place)
            elif place.is_dir() and not place.is_symlink():
                raise OutputError(f"{entry.path} is a file, and is to be a folder", "move it away")
    shutil.copystat(old, fresh)


def _link(source: Path, place: Path) -> None:
    if source.is_symlink():
        place.symlink_to(source.readlink())
        return
    try:
        os.link(source, place)
    except OSError:  # a file of somebody else, or a file system without links
        shutil.copy2(source, place)


def _exchange(fresh: Path, final: Path, stage: Path) -> None:
    """Exchange two folders: in one step, in two where the system has no such call, file by file where a folder cannot be renamed."""
    try:
        if not aside.exchange(fresh, final):
            _two_renames(fresh, final, stage / _WAS / final.name)
    except OSError as error:
        if error.errno not in _NO_RENAME:
            raise
        _replace_each(fresh, final)


def _two_renames(fresh: Path, final: Path, was: Path) -> None:
    was.parent.mkdir(exist_ok=True)
    final.rename(was)
    try:
        fresh.rename(final)
    except OSError:
        was.rename(final)
        raise


def _replace_each(fresh: Path, final: Path) -> None:
    """Replace the files of a folder that is a file system of its own, or comes from a lower layer of one."""
    for path in sorted(fresh.rglob("*")):
        place = final / path.relative_to(fresh)
        if path.is_dir() and not path.is_symlink():
            place.mkdir(exist_ok=True)
        elif not (place.exists() and path.exists() and place.samefile(path)):
            with aside.folder(place.parent) as beside:
                shutil.copy2(path, beside.path / place.name, follow_symlinks=False)
                (beside.path / place.name).replace(place)
