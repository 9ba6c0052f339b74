"""The size of the cache: what is in it by kind, and the removal of what was not used for longest.

A *unit* is what is removed at once: a kit, a base sysroot, a tree of packages, the work folder of a
project. Who uses one holds it (:mod:`xxpy.machine.holding`), and what is held stays. What is
removed is made or downloaded again by the next build that wants it.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import posix
from xxpy.errors import UsageError
from xxpy.machine import aside, resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SIZE_VARIABLE: Final = "XXPY_CACHE_SIZE"
DEFAULT_SIZE: Final = 20_000_000_000
"""Bytes that the cache may have before what was not used for longest is removed."""

_NUMBER: Final = r"(\d{1,15}(?:\.\d{1,3})?)\s*"
_SIZE: Final = re.compile(rf"{_NUMBER}([kKMGT]B?|B)|0")
_AGE: Final = re.compile(rf"{_NUMBER}([hdw]?)")
_FACTORS: Final = {"B": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}

_SECONDS: Final = {"h": 3600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, slots=True)
class Kind:
    """What the cache has of one kind.

    :param name: for people, and the key of JSON output
    :param meaning: one line for people
    :param globs: its units, below the cache
    :param prunable: whether it is pruned; small records stay until everything is cleared
    :param together: whether who uses one of them holds the folder that all are in
    """

    name: str
    meaning: str
    globs: tuple[str, ...]
    prunable: bool = True
    together: bool = False


KINDS: Final = (
    Kind("bases", "libc, headers and start files that zig has built", ("bases/*/*",)),
    Kind("kits", "compilers and their settings, one folder per target", ("kits/*",)),
    Kind("sysroots", "packages of Debian, unpacked", ("sysroots/trees/*",)),
    Kind("downloads", "packages as they were downloaded", ("packages/*",), together=True),
    Kind("apt", "lists of packages", ("apt/*",)),
    Kind("contents", "which package has which file", ("contents/*",)),
    Kind("work", "object files and copies of projects", ("work/*", "cargo/*")),
    Kind("trials", "what compilers have shown that they can do", ("trials/*", "tables/*")),
    Kind("results", "programs of the last build of each project", ("results/*",)),
    Kind("logs", "what the commands of builds have printed", ("logs/*",)),
    Kind(
        "records",
        "small answers and locks",
        ("answers/*", "variables/*", "emulators/*", "git/*", "go/*", "said/*", "locks/*"),
        prunable=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that is removed at once.

    :param size: bytes on the disk
    :param used: when it was last used, in seconds since the epoch
    """

    kind: Kind
    path: Path
    size: int
    used: float


@dataclass(frozen=True, slots=True)
class Pruned:
    """What pruning has done.

    :param removed: what is gone, or would be
    :param held: what was to go and is in use
    :param left: bytes that are left
    """

    removed: tuple[Unit, ...]
    held: tuple[Unit, ...]
    left: int


def limit(text: str | None = None) -> int | None:
    """Return the bound of the cache in bytes: *text*, XXPY_CACHE_SIZE or 20 GB; None for no limit.

    :raises UsageError: it is not a size with a unit
    """
    found = text if text is not None else os.environ.get(SIZE_VARIABLE)
    if text is None and not found:
        return DEFAULT_SIZE
    if found == "unlimited":
        return None
    written = (found or "").strip()
    match = _SIZE.fullmatch(written)
    if match is None:
        where = "--max-size" if text is not None else SIZE_VARIABLE
        raise UsageError(
            f"{where}: invalid size {found!r}",
            f"add a unit: {written}G or {written}M, or {written}B for bytes"
            if written.isdecimal()
            else "write 500M, 20G or unlimited",
        )
    return int(float(match[1] or 0) * _FACTORS[(match[2] or "B")[0]])


def age(text: str) -> float:
    """Return a time in seconds: ``30`` and ``30d`` are days, ``12h`` hours and ``4w`` weeks.

    :raises UsageError: it is none of them
    """
    match = _AGE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"--older-than: invalid time {text!r}", "write 30d, 12h or 4w")
    return float(match[1]) * _SECONDS[match[2] or "d"]


def units() -> list[Unit]:
    """Return everything in the cache, kind by kind."""
    root = resources.cache_path("")
    seen: set[tuple[int, int]] = set()
    return [
        Unit(kind, path, _size(path, seen), _used(path))
        for kind in KINDS
        for pattern in kind.globs
        for path in sorted(root.glob(pattern))
        if not path.name.startswith(".")
    ]


def prune(
    found: Iterable[Unit],
    most: int | None,
    *,
    before: float = 0.0,
    kept: Callable[[Unit], bool] = lambda _unit: False,
    forget: Callable[[Path], None] = lambda _path: None,
    dry: bool = False,
    every: bool = False,
) -> Pruned:
    """Remove the least recently used down to *most* bytes, and all that is unused since *before*.

    :param kept: whether a unit stays whatever its age
    :param forget: is called with the path of a unit before it is removed
    :param dry: whether nothing is removed
    :param every: whether all goes, records and what is kept too
    :raises OSError: something cannot be removed
    """
    listed = list(found)
    left = sum(unit.size for unit in listed)
    removed, held = [], []
    for unit in sorted(listed, key=lambda unit: unit.used):
        wanted = (most is not None and left > most) or unit.used < before
        if not every and (not wanted or not unit.kind.prunable or kept(unit)):
            continue
        if not _gone(unit, forget, dry=dry):
            held.append(unit)
            continue
        removed.append(unit)
        left -= unit.size
    return Pruned(tuple(removed), tuple(held), left)


def _gone(unit: Unit, forget: Callable[[Path], None], *, dry: bool) -> bool:
    """Remove a unit unless somebody holds it, and return whether it is gone."""
    descriptor = aside.hold(unit.path.parent if unit.kind.together else unit.path)
    if descriptor is None:
        return not unit.path.exists()
    try:
        if any(aside.is_held(inner) for inner in _folders(unit.path)):
            return False
        if not dry:
            forget(unit.path)
            remove(unit.path)
    finally:
        os.close(descriptor)
    return True


def remove(path: Path) -> None:
    """Remove a file or folder of the cache.

    :raises OSError: it cannot be removed
    """
    if path.is_dir() and not path.is_symlink():
        aside.remove(path)
    else:
        path.unlink(missing_ok=True)


def _folders(path: Path) -> Iterator[Path]:
    """Yield the folders in a folder: builds hold the work folder of each platform."""
    if path.is_dir():
        with os.scandir(path) as entries:
            yield from [Path(e.path) for e in entries if e.is_dir(follow_symlinks=False)]


def _used(path: Path) -> float:
    """Return when a unit was last used: its time, or that of something in it.

    Running commands change the cache meanwhile: what is gone was not used.
    """
    found, latest = [path], 0.0
    with suppress(FileNotFoundError, NotADirectoryError):
        found += () if path.is_symlink() else path.iterdir()
    for each in found:
        with suppress(FileNotFoundError):
            latest = max(latest, each.lstat().st_mtime)
    return latest


def _size(path: Path, seen: set[tuple[int, int]]) -> int:
    """Return the bytes on the disk; a file with several names counts once, what is gone as 0."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return 0
    key = (status.st_dev, status.st_ino)
    if status.st_nlink > 1 and not path.is_dir():
        if key in seen:
            return 0
        seen.add(key)
    total = posix.allocated(status)
    if path.is_dir() and not path.is_symlink():
        try:
            with os.scandir(path) as entries:
                inner = [Path(entry.path) for entry in entries]
        except OSError:
            return total
        total += sum(_size(found, seen) for found in inner)
    return total
