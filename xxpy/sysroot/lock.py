"""The lock file: the versions in a sysroot, so that another machine or day makes the same one.

It is JSON, which programs write and people review. It names archives by their role, not by their
address, because mirrors differ::

    {"version": 1, "sysroots": {"debian:bookworm": {"arm64": {
      "requested": ["zlib1g-dev"], "packages": [{"name": "libc6", …}]}}}}
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.errors import OutputError, UsageError
from xxpy.machine import files
from xxpy.sysroot.description import packages_from

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.sysroot.description import Package, Sysroot
    from xxpy.sysroot.release import Source

FILE: Final = "xxpy.lock"
_VERSION: Final = 1
_MOST: Final = 1 << 24
"""The maximum size of a lock file in bytes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is locked for one release and architecture."""

    requested: tuple[str, ...]
    packages: tuple[Package, ...]


Lock = dict[tuple[str, str], Entry]
"""Maps the release and the architecture, ``("debian:bookworm", "arm64")``, to what is locked."""


def read(path: Path) -> Lock:
    """Return the content of a lock file, which is empty if there is no file.

    :raises UsageError: it is not a lock file, or one of a later version
    """
    try:
        document = bounds.from_json(bounds.data(path, _MOST))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror}") from error
    except bounds.Refused as error:
        raise UsageError(
            f"{path} is not a lock file: {error}", "restore it from version control, or remove it"
        ) from error
    if not isinstance(document, dict) or document.get("version") != _VERSION:
        raise UsageError(
            f"{path} is not a lock file of version {_VERSION}", "a later xxpy may have written it"
        )
    found: Lock = {}
    for distribution, architectures in _table(document.get("sysroots"), path).items():
        for architecture, entry in _table(architectures, path).items():
            requested = _table(entry, path).get("requested")
            if not isinstance(requested, list) or not all(
                isinstance(name, str) for name in requested
            ):
                raise UsageError(
                    f"{path}: {distribution}: {architecture}: requested is not a list of names"
                )
            found[distribution, architecture] = Entry(
                tuple(requested), packages_from(entry.get("packages"), str(path))
            )
    return found


def requested(path: Path, source: Source) -> tuple[str, ...]:
    """Return the packages that a lock file was requested with.

    :raises UsageError: it has nothing for this release and architecture
    """
    found = read(path)
    if (source.name, source.architecture) not in found:
        known = ", ".join(" ".join(key) for key in found) or "nothing"
        raise UsageError(
            f"{path} has nothing for {source.name} {source.architecture}", f"it has {known}"
        )
    return found[source.name, source.architecture].requested


def _table(value: Any, path: Path) -> Mapping[str, Any]:  # noqa: ANN401 - of JSON
    if not isinstance(value, dict):
        raise UsageError(f"{path}: {bounds.shown(value)} is not a table")
    return value


def write(path: Path, sysroot: Sysroot, architecture: str) -> bool:
    """Write one sysroot to a lock file, keeping the others; return whether anything changed."""
    lock = read(path)
    lock[sysroot.distribution, architecture] = Entry(sysroot.requested, sysroot.packages)
    sysroots: dict[str, dict[str, Any]] = {}
    for (distribution, own), entry in sorted(lock.items()):
        packages = [asdict(package) for package in entry.packages]
        sysroots.setdefault(distribution, {})[own] = {
            "requested": list(entry.requested),
            "packages": packages,
        }
    return files.write(
        path, json.dumps({"version": _VERSION, "sysroots": sysroots}, indent=2) + "\n"
    )
