"""The shared cache of packages: each under its own hash, so that it is downloaded once for all sysroots and never half."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from xxpy import resources
from xxpy.errors import IntegrityError
from xxpy.sysroot.unpack import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xxpy.sysroot.description import Package, Progress

_FOLDER: Final = "packages"


class Fetcher(Protocol):
    """Who can download packages."""

    def fetch(self, wanted: Mapping[Path, Package], tick: Callable[[], None]) -> None:
        """Download packages, each to the path that is its key; *tick* is called some times a second."""


def place(package: Package) -> Path:
    """Return where a package lies in the cache, whether or not it is there."""
    return resources.cache_folder(_FOLDER) / f"{package.sha256}.deb"


def fetch(packages: Sequence[Package], fetcher: Fetcher, progress: Progress) -> None:
    """Download what is not in the cache yet. What a broken-off download left is gone on with.

    :raises IntegrityError: a package is not what it should be; it is not kept
    :raises NetworkError: one cannot be had
    """
    missing = [package for package in packages if not _whole(package)]
    if not missing:
        return
    total = sum(package.size for package in missing)
    progress.step(f"downloading {len(missing)} package{'' if len(missing) == 1 else 's'}")
    aside = resources.cache_folder(f"{_FOLDER}/partial")
    with tempfile.TemporaryDirectory(dir=aside) as folder:
        wanted = {Path(folder, f"{package.sha256}.deb"): package for package in missing}
        for path in wanted:
            left = aside / path.name
            if left.is_file():
                left.rename(path)
        try:
            fetcher.fetch(wanted, lambda: progress.bytes(sum(map(_size, wanted)), total))
            for path, package in wanted.items():
                if digest(path) != package.sha256:
                    path.unlink()
                    raise IntegrityError(
                        f"{package.name} {package.version} is not what its publisher signed", "try another mirror: --mirror"
                    )
                path.replace(place(package))
        finally:
            for path in filter(os.path.isfile, wanted):
                path.replace(aside / path.name)


def _whole(package: Package) -> bool:
    """Whether a package is in the cache, as it was signed."""
    path = place(package)
    return path.is_file() and digest(path) == package.sha256


def _size(path: Path) -> int:
    """Return how much of a file is there."""
    for candidate in (path, path.with_name(f"{path.name}.partial")):
        try:
            return candidate.stat().st_size
        except FileNotFoundError:
            continue
    return 0
