"""What a build of Go without C reads, as digests.

Go keys its own cache by content, and so does this: the modules that the user may edit (the main
ones, those of a workspace and those that a ``replace`` names by a path) are covered by the content
of every file, whichever files Go would read. Folders of Go's library and of the module cache, which
nobody edits, are covered by the size, the times and the inode of each file in them.

Whatever cannot be told for certain raises :class:`Unknown`; Go then decides by itself.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import bounds
from xxpy.machine import aside, files, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SETTINGS: Final = (
    *("GOVERSION", "GOROOT", "GOTOOLDIR", "GOMOD", "GOWORK", "GOENV", "GOMODCACHE", "GOPATH"),
    *("GO111MODULE", "GOEXPERIMENT", "GODEBUG", "GOFIPS140", "GOTOOLCHAIN"),
)
"""Go's variables that say where it reads files, and how it reads them."""
_GIT: Final = ".git"
_LOCAL: Final = re.compile(r"(?:^|[\s(])(\.{1,2}(?:/\S*)?|/\S+)", re.MULTILINE)
"""A path in ``go.mod`` or ``go.work``; those of modules begin with a letter."""
_COMMENT: Final = re.compile(r"//.*")
_READ: Final = re.compile(
    r".*\.(?:go|s|S|sx|c|cc|cpp|cxx|m|h|hh|hpp|hxx|f|F|for|f90|swig|swigcxx|syso)|go\.(?:mod|work)"
)
"""The files of the output folder that Go would read if it took that for packages."""
_MOST: Final = 1 << 20
_FILES: Final = 5000
_BYTES: Final = 64 << 20
"""The size of the largest manifest, and the files and bytes of all modules at most: with more, Go
itself is as quick."""
_RECENT: Final = 2_000_000_000
"""Nanoseconds in which a file may change twice without another time."""


class Unknown(Exception):  # noqa: N818 - no error
    """Nobody can tell what a build reads."""


def general(settings: Mapping[str, str], program: str) -> str:
    """Return a digest of Go itself and its settings.

    :raises Unknown: Go is started by a script, or there is no module
    """
    tool = remembered.tool(program)
    if tool is None or not _is_file(settings["GOMOD"]):
        raise Unknown
    root = settings["GOROOT"]
    texts = [_text(path) for path in (settings["GOENV"], f"{root}/go.env", f"{root}/VERSION")]
    tools = sorted(_names(settings["GOTOOLDIR"]))
    found = remembered.stamps((f"{root}/bin/go", *tools))
    return _digest(repr((dict(settings), tool, texts, found)))


def roots(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the folders of modules that the user may edit, and the files of a workspace.

    :raises Unknown: a manifest cannot be read, or has quotes
    """
    workspace = settings["GOWORK"]
    modules = [os.path.dirname(settings["GOMOD"])]  # noqa: PTH120 - texts throughout
    found: list[str] = []
    if _is_file(workspace):
        folder = os.path.dirname(workspace)  # noqa: PTH120
        modules += _paths(workspace)
        found += [workspace, f"{workspace}.sum", f"{folder}/vendor/modules.txt"]
    for module in modules:
        found += [module, *_paths(f"{module}/go.mod")]
    return tuple(dict.fromkeys(map(os.path.realpath, found)))


def placed(settings: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return Go's settings with the module and the workspace that it finds above a folder.

    See https://go.dev/ref/mod#workspaces.

    :raises Unknown: Go looks for no module
    """
    if settings["GO111MODULE"] == "off":
        raise Unknown
    places = [Path(os.path.realpath(folder))]
    places += places[0].parents
    module, workspace = (
        next((str(place / name) for place in places if _is_file(str(place / name))), "")
        for name in ("go.mod", "go.work")
    )
    return {**settings, "GOMOD": module, "GOWORK": settings["GOWORK"] or workspace}


def _paths(manifest: str) -> list[str]:
    """Return the folders and files that a manifest names.

    :raises Unknown: it cannot be read, or has quotes
    """
    try:
        text = bounds.text(Path(manifest), _MOST)
    except FileNotFoundError:
        return []
    except (OSError, bounds.Refused) as error:
        raise Unknown from error
    text = _COMMENT.sub("", text)
    if {'"', "`", "\\"} & set(text):
        raise Unknown
    folder = os.path.dirname(manifest)  # noqa: PTH120
    return [os.path.join(folder, word) for word in _LOCAL.findall(text)]  # noqa: PTH118


@dataclass(slots=True)
class Content:
    """A digest of all files below some folders.

    :param output: the folder with the results of builds, in which only Go's own files count
    """

    output: str
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)
    _left: list[int] = field(default_factory=lambda: [_FILES, _BYTES])

    def of(self, paths: Iterable[str]) -> str:
        """Return the digest.

        :raises Unknown: there are too many files, or a link leads to a folder
        """
        done: list[str] = []
        for path in sorted(paths):
            if not any(_is_below(path, known) for known in done):
                done.append(path)
                self._add("root", path)
                self._one(path, only=_is_below(path, self.output))
        return self._hash.hexdigest()

    def _add(self, *words: str) -> None:
        self._hash.update("\0".join((*words, "\n")).encode("utf-8", "surrogatepass"))

    def _one(self, path: str, *, only: bool) -> None:
        """Add a file, or those in a folder; to Go, an empty folder is none.

        :param only: whether only files with endings that Go knows count
        """
        only = only or path == self.output
        if os.path.islink(path):  # noqa: PTH114
            target = os.path.realpath(path)
            if os.path.isdir(target):  # noqa: PTH112
                raise Unknown
            self._add("link", path, os.readlink(path))  # noqa: PTH115
            self._file(target, path)
        elif os.path.isdir(path):  # noqa: PTH112
            for entry in sorted(os.listdir(path)):  # noqa: PTH208
                if entry != _GIT and not entry.startswith(aside.PREFIX):
                    self._one(f"{path}/{entry}", only=only)
        elif not only or _READ.fullmatch(os.path.basename(path)):  # noqa: PTH119
            self._file(path, path)

    def _file(self, path: str, name: str) -> None:
        self._left[0] -= 1
        if not _is_file(path):
            self._add("none", name)
            return
        self._left[1] -= os.path.getsize(path)  # noqa: PTH202
        if min(self._left) < 0:
            raise Unknown
        try:
            self._add("file", name, files.digest(Path(path)))
        except OSError as error:
            raise Unknown from error


class Stamps:
    """Digests of folders by the times of their files.

    :param now: the time in nanoseconds before anything was read; a file that changed shortly before
        it may change again without another time
    """

    def __init__(self, now: int) -> None:
        self._before = now - _RECENT
        self._known: dict[str, tuple[str, int]] = {}

    def of(self, folders: Iterable[str]) -> str:
        """Return a digest of several folders.

        :raises Unknown: one has changed just now, or cannot be read
        """
        found = []
        for folder in folders:
            if folder not in self._known:
                self._known[folder] = _stamped(folder)
            text, newest = self._known[folder]
            if newest > self._before:
                raise Unknown
            found.append(text)
        return _digest("".join(found))


def _stamped(folder: str) -> tuple[str, int]:
    """Return the digest of a folder, and its newest time.

    :raises Unknown: it cannot be read
    """
    lines, newest = [folder], 0
    try:
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.is_dir():
                continue
            found = entry.stat()
            newest = max(newest, found.st_mtime_ns, found.st_ctime_ns)
            times = f"{found.st_mtime_ns} {found.st_ctime_ns}"
            lines.append(f"{entry.name} {found.st_size} {times} {found.st_ino}")
    except OSError as error:
        raise Unknown from error
    return _digest("\n".join(lines)), newest


def check_output(output: str, folders: Iterable[str], patterns: Iterable[tuple[str, str]]) -> None:
    """Refuse an output folder that is part of what Go reads, because its files change.

    :param folders: those with packages
    :param patterns: folders of packages, each with a pattern of files to embed
    :raises Unknown: it is
    """
    if any(_is_below(folder, output) for folder in map(os.path.realpath, folders)):
        raise Unknown
    for folder, pattern in patterns:
        place = os.path.relpath(output, os.path.realpath(folder))
        first = pattern.removeprefix("all:").split("/")[0]
        if not place.startswith("..") and fnmatchcase(place.split("/")[0], first):
            raise Unknown


def _is_below(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder.rstrip('/')}/")


def outside(folders: Iterable[str], inside: Iterable[str]) -> Iterator[str]:
    """Yield the folders that are not below others."""
    known = tuple(inside)
    for folder in folders:
        if not any(_is_below(os.path.realpath(folder), root) for root in known):
            yield folder


def _is_file(path: str) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - quick


def _text(path: str) -> str:
    """Return a small file's text, or ""; it need not exist.

    :raises Unknown: it cannot be read
    """
    if not path.startswith("/"):  # GOENV=off
        return ""
    try:
        return bounds.text(Path(path), _MOST)
    except FileNotFoundError:
        return ""
    except (OSError, bounds.Refused, ValueError) as error:
        raise Unknown from error


def _names(folder: str) -> list[str]:
    try:
        return [entry.path for entry in os.scandir(folder)]
    except OSError as error:
        raise Unknown from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
