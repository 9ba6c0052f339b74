"""The paths of xxpy's own files and of the user's cache.

``toolchains/`` and ``templates/`` are inside the package in an installed wheel (``xxpy/_data/``)
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
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from xxpy import posix
from xxpy.errors import InstallationError, OutputError
from xxpy.machine import aside, holding, remembered, shortage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.model import Table

TABLE_VARIABLE: Final = "XXPY_TOOLCHAINS"
"""The environment variable that names another folder for the table."""

_CACHE_VARIABLE: Final = "XDG_CACHE_HOME"
"""The variable with the folder for caches (https://specifications.freedesktop.org/basedir-spec)."""

TAG: Final = "CACHEDIR.TAG"
_TAG: Final = """Signature: 8a477f597d28d172789f06886806bc55
# This is the cache of xxpy: xxpy cache clear removes it. See https://bford.info/cachedir/
"""

TABLES: Final = "tables"
"""The folder in the cache for tables that have been decoded."""

_NOWHERE: Final = Path("/dev/null/xxpy")
"""The cache of a user without a home folder: a path below which no file can exist."""

_PACKAGE: Final = Path(__file__).resolve().parents[1]


def folder(name: str) -> Path:
    """Return the folder ``toolchains`` or ``templates``.

    :raises InstallationError: it is neither in the package nor beside it
    """
    chosen = os.environ.get(TABLE_VARIABLE) if name == "toolchains" else None
    if not chosen:
        return _own_folder(name)
    given = Path(chosen)
    if given.is_dir():
        return given
    raise InstallationError(
        f"the folder {name} is missing: {given}",
        f"set {TABLE_VARIABLE} to a folder that exists",
    )


def _own_folder(name: str) -> Path:
    """Return the folder *name* of this installation: in the package, or beside it in a checkout."""
    candidates = [_PACKAGE / "_data" / name, _PACKAGE.parent / name]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    from xxpy import extras  # noqa: PLC0415 - 20 ms that only this error pays

    raise InstallationError(
        f"the folder {name} is missing: {candidates[0]}", f"install xxpy again: {extras.again()}"
    )


def texts(name: str, pattern: str) -> Mapping[str, str]:
    """Return the text of each file in the folder *name* that matches *pattern*, by relative path.

    The paths are sorted.
    """
    return _texts(folder(name), pattern)


@cache
def _texts(root: Path, pattern: str) -> Mapping[str, str]:
    """Return the texts of files, which a process reads once."""
    return MappingProxyType(
        {
            path.relative_to(root).as_posix(): path.read_text("utf-8")
            for path in sorted(root.glob(pattern))
        }
    )


def own_text(name: str, path: str) -> str:
    """Return the text of a file of this installation, also if the user has another table.

    :raises InstallationError: the folder *name* is missing
    """
    return (_own_folder(name) / path).read_text("utf-8")


@cache
def table() -> Table:
    """Return the table of this installation, read once in a process.

    Its files are decoded once; what they say is then in the user's cache.

    :raises TableError: it has faults
    """
    from xxpy.machine import packed  # noqa: PLC0415 - not every command needs the table
    from xxpy.table.model import Table  # noqa: PLC0415 - likewise

    found = texts("toolchains", "*.toml")

    def read() -> Table:
        from xxpy.table import load  # noqa: PLC0415 - only the first time

        return load.load(found)

    return packed.kept(cache_path(TABLES), Table, (found, code("table/*.py")), read)


def code(*patterns: str) -> list[remembered.Stamp]:
    """Return the stamps of modules of this package."""
    found = (path for pattern in patterns for path in sorted(_PACKAGE.glob(pattern)))
    return remembered.stamps(str(path) for path in found)


def name_of(folder: Path) -> str:
    """Return the name of a project's folders in the cache.

    It is the name of the project's folder, with a digest of its path so that no two projects share
    it.
    """
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return f"{re.sub(r'[^A-Za-z0-9._+-]', '-', folder.name)}-{digest}"


def cache_folder(name: str) -> Path:
    """Return the folder *name* in the user's cache, made if missing; a nested one is held.

    :raises OutputError: it cannot be made, or the user has no place for a cache
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
    """Return the path of the folder *name* in the user's cache, which need not exist."""
    return _path(os.environ.get(_CACHE_VARIABLE), os.environ.get("HOME"), name)


@lru_cache(maxsize=256)
def _path(_configured: str | None, _home: str | None, name: str) -> Path:
    """Return the path of a folder in the cache that these variables name."""
    return (_NOWHERE if no_cache() else _cache()) / name


def no_cache() -> str:
    """Return why there is no place for a cache, or "" if there is one.

    Programs in the cache are run, so it cannot be a folder of another user, or one that others can
    write to.
    """
    home = _home()
    return "neither HOME nor XDG_CACHE_HOME is set" if home is None else _unsafe(home, _cache())


@cache
def _unsafe(home: str, cache: Path) -> str:
    """Return why a cache is not safe from other users, or ""; looked at once in a process."""
    places = [cache, *(folder for folder in cache.parents if folder.is_relative_to(home))]
    return next((reason for place in places if (reason := _not_own(place))), "")


def _cache() -> Path:
    return _user_cache(os.environ.get(_CACHE_VARIABLE), os.environ.get("HOME"))


@cache
def _user_cache(_configured: str | None, _home: str | None) -> Path:
    """Return the folder for the cache of xxpy, as these variables say."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - takes 20 ms

    return user_cache_path("xxpy")


def _not_own(place: Path) -> str:
    """Return why other users may put files into a folder, or "".

    A sticky folder like /tmp is safe, because there nobody can change the files of others.
    """
    try:
        status = place.stat()
    except OSError:
        return ""
    if status.st_uid not in {0, posix.geteuid()}:
        return f"{place} belongs to somebody else"
    open_ = status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX
    return f"others can write to {place}" if open_ else ""


def use_temporary_cache() -> Path | None:
    """Make a cache for this process alone if the user has no place for one, and return it.

    Processes that it starts keep their own caches there too.

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
    """Return XDG_CACHE_HOME or HOME, or None; the specification says to ignore relative paths."""
    if not os.environ.get(_CACHE_VARIABLE, "/").startswith("/"):
        del os.environ[_CACHE_VARIABLE]
    found = os.environ.get(_CACHE_VARIABLE) or os.environ.get("HOME", "")
    return found if found.startswith("/") else None
