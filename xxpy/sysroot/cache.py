"""The shared cache of packages, each under its own hash: downloaded once, and never half."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from xxpy.errors import IntegrityError
from xxpy.machine import aside, holding, resources
from xxpy.machine.files import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from xxpy.sysroot.description import Package, Progress

_FOLDER: Final = "packages"
_WEEK: Final = 7 * 86400


class Fetcher(Protocol):
    """Something that can download packages."""

    def fetch(self, wanted: Mapping[Path, Package], tick: Callable[[], None]) -> None:
        """Download packages, each to the path that is its key, and call *tick* meanwhile."""


def place_of(package: Package) -> Path:
    """Return the path of a package in the cache, whether or not it exists."""
    return resources.cache_folder(_FOLDER) / f"{package.sha256}.deb"


def fetch(packages: Sequence[Package], fetcher: Fetcher, progress: Progress) -> None:
    """Download what is not in the cache yet, resuming interrupted downloads.

    :raises IntegrityError: a package is not what it should be; it is not kept
    :raises NetworkError: one cannot be fetched
    """
    holding.hold(resources.cache_folder(_FOLDER))
    missing = [package for package in packages if not _whole(package)]
    if not missing:
        return
    total = sum(package.size for package in missing)
    progress.step(f"downloading {len(missing)} package{'' if len(missing) == 1 else 's'}")
    partial = resources.cache_folder(f"{_FOLDER}/partial")
    aside.sweep(partial, lambda left: _keep(left.iterdir(), partial))
    _forget(partial)
    with aside.folder(partial) as place:
        wanted = {place.path / f"{package.sha256}.deb": package for package in missing}
        for path in wanted:
            left = partial / path.name
            if left.is_file():
                left.rename(path)
        try:
            fetcher.fetch(wanted, lambda: _look(wanted, total, progress))
            for path, package in wanted.items():
                if digest(path) != package.sha256:
                    path.unlink()
                    raise IntegrityError(
                        f"{package.name} {package.version} is not what its publisher signed",
                        "try another mirror: --mirror",
                    )
                aside.settle(path)
                path.replace(place_of(package))
        finally:
            _keep(wanted, partial)


def _look(wanted: Mapping[Path, Package], total: int, progress: Progress) -> None:
    """Report how much has come, and stop at once if it is more than was signed."""
    sizes = {path: _size(path) for path in wanted}
    for path, package in wanted.items():
        if sizes[path] > package.size:
            path.unlink(missing_ok=True)
            raise IntegrityError(
                f"{package.name} {package.version} is larger than the {package.size} bytes"
                " that its publisher signed",
                "try another mirror: --mirror",
            )
    progress.bytes(sum(sizes.values()), total)


def _keep(paths: Iterable[Path], partial: Path) -> None:
    """Keep partial packages for the next time."""
    for path in paths:
        if path.is_file():
            path.replace(partial / path.name)


def _forget(partial: Path) -> None:
    """Remove partial packages that nobody has resumed for a week."""
    for path in partial.glob("*.deb"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _WEEK:
                path.unlink()


def _whole(package: Package) -> bool:
    """Whether a package is in the cache, as it was signed."""
    path = place_of(package)
    if not path.is_file() or digest(path) != package.sha256:
        return False
    with suppress(OSError):
        os.utime(path)
    return True


def _size(path: Path) -> int:
    """Return how much of a file has come."""
    for candidate in (path, path.with_name(f"{path.name}.partial")):
        try:
            return candidate.stat().st_size
        except FileNotFoundError:
            continue
    return 0
