"""What builds have written to an output folder: ``.xxpy/PLATFORM.json`` in it.

A build replaces what an earlier one of the same request has written, and removes those of its files
that it does not make any more. Files of other requests, and those that are not from xxpy, stay.
``xxpy image`` takes the files of the last build alone. The record is part of the output, so it is
moved, copied and deleted together with that.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.machine import files
from xxpy.runner import workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Result
    from xxpy.table.platform import Platform

FOLDER: Final = ".xxpy"
"""The folder of an output folder with the records."""
_MOST: Final = 1 << 26
"""The largest record that is read, in bytes."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build for one platform.

    :param request: what was built: the project, relative to the output, the part of it, and the
        arguments
    :param files: the digest of each file by its path in the platform's folder
    :param failed: whether a later build for the platform has failed
    """

    request: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    failed: bool = False


def builds(output: Path, platform: Platform) -> tuple[Build, ...]:
    """Return the builds whose files are in the folder of a platform, the last one at the end.

    A record that cannot be read counts as none.
    """
    try:
        document = bounds.from_json(bounds.data(_path(output, platform), _MOST))
    except (OSError, bounds.Refused):
        return ()
    listed = document.get("builds") if isinstance(document, dict) else None
    found = [_decoded(one) for one in listed] if isinstance(listed, list) else []
    return tuple(one for one in found if one is not None)


def listing(folder: Path) -> dict[str, str]:
    """Return the digest of each file and link below a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def digest(path: Path) -> str:
    """Return the digest of a file, or the target of a link.

    :raises OSError: the file cannot be read
    """
    if path.is_symlink():
        return f"link:{os.fsdecode(os.readlink(path))}"  # noqa: PTH115 - as it is written
    return f"sha256:{files.digest(path)}"


def put(plan: Plan, platform: Platform, fresh: Path, stage: Path) -> tuple[Path, ...]:
    """Move a platform's new folder into place and record it; return the files that it removes.

    :param stage: the stage of the build
    :raises OutputError: there is a file in the place of a folder, or vice versa
    :raises OSError: the disk is full, or something cannot be renamed
    """
    build = Build(plan.request, listing(fresh))
    left = _stale(plan.output, platform, build)
    removed = workspace.put(fresh, plan.output / platform.folder, stage, left)
    _add(plan.output, platform, build)
    return removed


def _stale(output: Path, platform: Platform, build: Build) -> frozenset[str]:
    """Return the files that earlier builds of the same request wrote and this one does not make.

    A file that was changed since then is the user's.
    """
    folder = output / platform.folder
    return frozenset(
        name
        for earlier in builds(output, platform)
        if earlier.request == build.request
        for name, known in earlier.files.items()
        if name not in build.files and _is(folder / name, known)
    )


def _add(output: Path, platform: Platform, build: Build) -> None:
    """Record a build that has succeeded; files of other builds that it replaced are its own now.

    :raises OutputError: the record cannot be written
    """
    others = (
        replace(
            one, files={name: known for name, known in one.files.items() if name not in build.files}
        )
        for one in builds(output, platform)
        if one.request != build.request
    )
    _write(output, platform, (*(one for one in others if one.files), build))


def fail(output: Path, results: Iterable[Result]) -> None:
    """Record which platforms were not built, so that nobody takes earlier files for theirs.

    :raises OutputError: the record cannot be written
    """
    for result in results:
        known = () if result.outputs else builds(output, result.platform)
        if known:
            last = replace(known[-1], failed=True)
            _write(output, result.platform, (*known[:-1], last))


def _write(output: Path, platform: Platform, found: Iterable[Build]) -> None:
    document = {"version": 1, "builds": [asdict(one) for one in found]}
    files.write(_path(output, platform), json.dumps(document, indent=1) + "\n")


def _path(output: Path, platform: Platform) -> Path:
    return output / FOLDER / f"{platform.folder}.json"


def _decoded(raw: Any) -> Build | None:  # noqa: ANN401 - a part of a document
    """Return a build of a record, or None if it is malformed."""
    if not isinstance(raw, dict):
        return None
    request, known, failed = (raw.get(name) for name in ("request", "files", "failed"))
    if not isinstance(request, list) or not isinstance(known, dict) or not isinstance(failed, bool):
        return None
    words = [*request, *known, *known.values()]
    return (
        Build(tuple(request), known, failed) if all(isinstance(one, str) for one in words) else None
    )


def _is(path: Path, known: str) -> bool:
    """Return whether a file is as a build has written it."""
    try:
        return os.path.lexists(path) and digest(path) == known
    except OSError:
        return False
