"""Where xxpy's own files lie, and the user's cache: the one owner of paths.

``toolchains/`` and ``templates/`` lie inside the package in an installed wheel (``xxpy/_data/``)
and beside it in a checkout or an editable install. ``XXPY_TOOLCHAINS`` names another folder for the
table, so that a platform can be added without touching the installation.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import stat
import tempfile
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.errors import InstallationError, OutputError
from xxpy.machine import aside, holding, shortage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.load import Table

TABLE_VARIABLE: Final = "XXPY_TOOLCHAINS"
"""The environment variable that names another folder for the table."""

_CACHE_VARIABLE: Final = "XDG_CACHE_HOME"
"""Where the caches of the user's programs are (https://specifications.freedesktop.org/basedir-spec/latest)."""

TAG: Final = "CACHEDIR.TAG"
_TAG: Final = """Signature: 8a477f597d28d172789f06886806bc55
# This is the cache of xxpy: xxpy cache clear removes it. See https://bford.info/cachedir/
"""

_NOWHERE: Final = Path("/dev/null/xxpy")
"""Stands for the cache of a user without a home: a path below which nothing can be."""

_PACKAGE: Final = Path(__file__).resolve().parents[1]


def folder(name: str) -> Path:
    """Return the folder ``toolchains`` or ``templates``.

    :raises InstallationError: it is neither in the package nor beside it
    """
    chosen = os.environ.get(TABLE_VARIABLE) if name == "toolchains" else None
    candidates = [Path(chosen)] if chosen else [_PACKAGE / "_data" / name, _PACKAGE.parent / name]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    from xxpy import extras  # noqa: PLC0415 - 20 ms that only this error pays

    raise InstallationError(
        f"the folder {name} is missing: {candidates[0]}",
        f"{TABLE_VARIABLE} names a folder that is not there"
        if chosen
        else f"install xxpy again: {extras.again()}",
    )


def texts(name: str, pattern: str) -> Mapping[str, str]:
    """Return the text of each file below the folder *name* that matches *pattern*, by its relative path, sorted."""
    root = folder(name)
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in sorted(root.glob(pattern))
    }


@cache
def table() -> Table:
    """Return the table of this installation, read once in a process.

    :raises TableError: with all its faults
    """
    from xxpy.table import load as module  # noqa: PLC0415 - the table is read only by commands that need it

    return module.load(texts("toolchains", "*.toml"))


def name_of(folder: Path) -> str:
    """Return the name of a project's folders in the cache: that of its own folder, for people, and one that no other project has."""
    return f"{re.sub(r'[^A-Za-z0-9._+-]', '-', folder.name)}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"


def cache_folder(name: str) -> Path:
    """Return the folder *name* in the user's cache, made if it is missing; one below another is held.

    :raises OutputError: it cannot be made, or nothing says where the user's files are
    """
    reason = no_cache()
    if reason:
        raise OutputError(
            f"there is no place for a cache: {reason}", "set XDG_CACHE_HOME to a folder of your own"
        )
    path = cache_path(name)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        short = shortage.of_error(error)
        if short is not None:
            raise shortage.error(short, f"for {path}", ["it, or set XDG_CACHE_HOME"]) from error
        raise OutputError(
            f"the cache folder {path} cannot be made: {error.strerror}", "set XDG_CACHE_HOME"
        ) from error
    _mark(_cache())
    if "/" in name:
        holding.hold(path)
    return path


@cache
def _mark(cache: Path) -> None:
    """Tell programs for backups that this is a cache."""
    with suppress(OSError), (cache / TAG).open("x", encoding="ascii") as file:
        file.write(_TAG)


def cache_path(name: str) -> Path:
    """Return where the folder *name* in the user's cache is, whether or not it is there: for what only looks."""
    return (_NOWHERE if no_cache() else _cache()) / name


def no_cache() -> str:
    """Return why there is no place for a cache, or "" where there is one.

    What is in it is run, so a place that somebody else has made, or that others can write to, is
    none.
    """
    home = _home()
    if home is None:
        return "neither HOME nor XDG_CACHE_HOME is set"
    cache = _cache()
    places = [cache, *(folder for folder in cache.parents if folder.is_relative_to(home))]
    return next((reason for place in places if (reason := _not_own(place))), "")


def _cache() -> Path:
    from platformdirs import user_cache_path  # noqa: PLC0415 - 20 ms that most commands need not pay

    return user_cache_path("xxpy")


def _not_own(place: Path) -> str:
    """Return why others may put something into a folder, or ""; in one like /tmp nobody can change what is somebody else's."""
    try:
        status = place.stat()
    except OSError:
        return ""
    if status.st_uid not in {0, os.geteuid()}:
        return f"{place} belongs to somebody else"
    open_ = status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX
    return f"others can write to {place}" if open_ else ""


def use_temporary_cache() -> Path | None:
    """Where nothing says where the user's files are, keep a cache for as long as this process runs, and return it.

    What this process starts keeps its own caches there too.

    :raises OutputError: it cannot be made
    """
    if not no_cache():
        return None
    kept = ExitStack()
    try:
        place = kept.enter_context(aside.folder(Path(tempfile.gettempdir())))
    except OSError as error:
        raise OutputError(
            f"a temporary cache cannot be made: {error.strerror}", "set XDG_CACHE_HOME to a folder"
        ) from error
    atexit.register(kept.close)
    os.environ[_CACHE_VARIABLE] = str(place.path)
    return place.path


def _home() -> str | None:
    """Return the folder that says where the user's files are; one that is relative counts for nothing, as the specification says."""
    if not os.environ.get(_CACHE_VARIABLE, "/").startswith("/"):
        del os.environ[_CACHE_VARIABLE]
    found = os.environ.get(_CACHE_VARIABLE) or os.environ.get("HOME", "")
    return found if found.startswith("/") else None
