"""Find the package that has a file, in the index of a release's contents.

``Contents-ARCH.gz`` has a line for each file of each package, and ``Contents-all.gz`` those of
packages without an architecture (https://wiki.debian.org/DebianRepository/Format)::

    usr/include/zlib.h                                      libdevel/zlib1g-dev

Only files that a compiler or a build system looks for are kept, in a small index in the cache.
"""

from __future__ import annotations

import gzip
import math
import re
import time
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Final

from xxpy import bounds, tarballs
from xxpy.errors import IntegrityError, NetworkError
from xxpy.machine import aside, files, resources
from xxpy.sysroot import apt, apt_contents, release, store
from xxpy.table import availability

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xxpy.errors import XxpyError
    from xxpy.sysroot.description import Progress
    from xxpy.sysroot.release import Source
    from xxpy.table.model import Table

FRESH: Final = 14 * 86400
"""How long an index counts as fresh, in seconds: files of a stable release hardly change."""

_PATIENCE: Final = 3600
"""How long a failure is remembered, in seconds."""

_FORM: Final = "1"
"""Changes when an index keeps other files."""
_ALL: Final = "all"
"""The name of the index for packages without an architecture."""
_BLOCK: Final = 1 << 18
_MOST: Final = 4 << 30
"""The maximum size of an index of contents, unpacked; Debian's have an eighth of that."""
_KEPT_MOST: Final = 1 << 28
"""The maximum size of the part that is kept; Debian's have a tenth of that."""

_MARKS: Final = (
    b"\nusr/include/",
    b"onfig.cmake",
    *(end + gap for end in (b".pc", b".so", b".a") for gap in (b" ", b"\t")),
)
"""Texts in the lines that are kept: searching for them is much faster than matching all lines."""
_LINE: Final = re.compile(
    rb"((?:usr/include/|(?:usr/)?lib/(?:[^/\s]+-linux-[^/\s]+/)?lib[^/\s]+\.(?:so|a)(?=\s)"
    rb"|usr/(?:lib/(?:[^/\s]+/)?|share/)pkgconfig/[^/\s]+\.pc(?=\s)"
    rb"|usr/(?:lib|share)/\S+(?:Config|-config)\.cmake(?=\s))\S*)[ \t]+(\S+)"
)


@dataclass(frozen=True, slots=True)
class Index:
    """The files of a release for an architecture, each with its packages.

    :param text: lines of a path, a tab and the packages, ``libdevel/a,libdevel/b``
    :param triple: the multi-arch tuple of the architecture
    """

    text: bytes
    triple: str

    def ending(self, end: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        r"""Yield each path that ends in ``/`` and *end*, with the packages that have it.

        >>> list(Index(b"\nusr/include/z.h\tlibdevel/z-dev,libs/y\n", "").ending("z.h"))
        [('usr/include/z.h', ('z-dev', 'y'))]
        """
        wanted = f"/{end}\t".encode()
        place = self.text.find(wanted)
        while place >= 0:
            begin = self.text.rfind(b"\n", 0, place) + 1
            stop = self.text.find(b"\n", place)
            path, _, packages = self.text[begin:stop].decode("utf-8", "replace").partition("\t")
            yield path, tuple(name.rpartition("/")[2] for name in packages.split(","))
            place = self.text.find(wanted, stop)

    def has(self, package: str) -> bool:
        """Whether a package has any file of the index."""
        name = package.encode()
        return any(b"/" + name + end in self.text for end in (b"\n", b","))


def nearest(source: Source, table: Table, progress: Progress) -> Index:
    """Return the index of a release for an architecture, or else the one that is most like it.

    A mirror may be between two updates. Then the index of another release of the distribution tells
    the names of packages, which are checked when they are installed.

    :raises IntegrityError: a signature, a hash or a list is wrong, in every release
    :raises NetworkError: the lists cannot be fetched
    """
    first: XxpyError | None = None
    for other in (source, *_others(source, table)):
        try:
            found = index(other, progress)
        except (IntegrityError, NetworkError) as error:
            first = first or error
            continue
        if other is not source:
            progress.warning(
                f"{first.message if first else source.name}; using those of {other.name}"
                f" for {other.architecture}"
            )
        old, new = (f"/{name}/".encode() for name in (other.triple, source.triple))
        return Index(found.text.replace(old, new), source.triple)
    assert first is not None  # noqa: S101 - for the type checker: there is at least one source
    raise first


def _others(source: Source, table: Table) -> Iterator[Source]:
    """Yield the other releases of a distribution, newest first, each for one architecture."""
    identity = source.distribution.id
    for known in reversed(table.releases[identity]):
        name = f"{identity}:{known.codename}"
        row = next(
            (
                row
                for row in table.rows.values()
                if row.debian is not None
                and (span := availability.span(row, identity, table)) is not None
                and known.number in span
            ),
            None,
        )
        if row is not None and known.usable and name != source.name:
            yield release.source(name, row, table)


def index(source: Source, progress: Progress) -> Index:
    """Return the index of a release for an architecture, reading the archive's if needed.

    Updates hardly add files, so only the release as it came out is read. A failure is remembered
    for an hour.

    :raises IntegrityError: a signature, a hash or a list is wrong
    :raises NetworkError: the lists cannot be fetched
    """
    mirror, suites = source.archives["main"]
    plain = replace(source, archives={"main": (mirror, suites[:1])})
    folder = resources.cache_folder("contents")
    with store.locked(f"contents.{source.name}"):
        paths = {name: folder / _name(plain, name) for name in (_ALL, source.architecture)}
        old = [name for name, path in paths.items() if not _is_fresh(path)]
        if old:
            failed = folder / f"{_name(plain, source.architecture)}.failed"
            if _age(failed) < _PATIENCE:
                raise IntegrityError(failed.read_text("utf-8"), "try another mirror: --mirror")
            try:
                for name, text in _fetched(plain, old, progress).items():
                    _write(paths[name], text)
            except (IntegrityError, NetworkError) as error:
                files.write(failed, error.message)
                raise
        return Index(b"".join(_read(path) for path in paths.values()), source.triple)


def known(source: Source) -> Index | None:
    """Return the index of a release for an architecture if the cache has one, of any age."""
    folder = resources.cache_path("contents")
    texts = [_read(folder / _name(source, name)) for name in (_ALL, source.architecture)]
    return Index(b"".join(texts), source.triple) if all(texts) else None


def _fetched(source: Source, names: Sequence[str], progress: Progress) -> dict[str, bytes]:
    """Return the parts of the archive's indices that are kept, by name."""
    progress.step(f"reading which package of {source.name} has which file")
    state = resources.cache_folder(
        f"apt/{source.name.replace(':', '-')}-{source.architecture}-contents"
    )
    fetcher = apt_contents.by_apt if apt.available() else apt_contents.by_indices
    texts = dict.fromkeys(names, b"\n")
    for name, file in fetcher(source, names, state, progress):
        texts[name] += kept(file, progress)
    if texts.get(source.architecture) == b"\n":
        raise IntegrityError(
            f"{source.name} has no index of its contents for {source.architecture}",
            "try another mirror: --mirror",
        )
    return texts


def _name(source: Source, architecture: str) -> str:
    return f"{source.name.replace(':', '-')}-{architecture}.{_FORM}.gz"


def _age(path: Path) -> float:
    """Return the age of a file in seconds, which is infinite if there is none."""
    try:
        return abs(time.time() - path.stat().st_mtime)
    except OSError:
        return math.inf


def _is_fresh(path: Path) -> bool:
    return _age(path) < FRESH and bool(_read(path))


def _write(path: Path, text: bytes) -> None:
    with aside.file(path.parent) as fresh:
        fresh.path.write_bytes(gzip.compress(text, 6, mtime=0))
        fresh.path.replace(path)


def _read(path: Path) -> bytes:
    """Return an index of the cache, or nothing if it is damaged."""
    try:
        with bounds.opened(path) as file:
            return bounds.read(tarballs.plain(file), _KEPT_MOST)
    except (OSError, *tarballs.BROKEN):
        return b""


def kept(file: IO[bytes], progress: Progress) -> bytes:
    """Return the lines of an archive's index that are kept.

    :raises IntegrityError: it is larger than any index
    """
    found: list[bytes] = []
    rest, size = b"\n", 0
    while block := file.read(_BLOCK):
        size += len(block)
        if size > _MOST:
            raise IntegrityError(
                f"an index of contents has more than {bounds.size(_MOST)}",
                "try another mirror: --mirror",
            )
        whole = rest + block
        end = whole.rfind(b"\n")
        _keep(whole[: end + 1], found)
        rest = whole[end:] if end >= 0 else whole
        progress.alive(size)
    _keep(rest + b"\n", found)
    return b"".join(found)


def _keep(text: bytes, found: list[bytes]) -> None:
    """Add the lines of a text that are kept; the text begins with a line end."""
    begins: set[int] = set()
    for mark in _MARKS:
        place = text.find(mark)
        while place >= 0:
            begins.add(text.rfind(b"\n", 0, place + 1) + 1)
            place = text.find(mark, text.find(b"\n", place + 1))
            if place < 0:
                break
    for begin in sorted(begins):
        line = _LINE.match(text, begin)
        if line is not None:
            found.append(line[1] + b"\t" + line[2] + b"\n")
