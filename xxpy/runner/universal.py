"""Join what was built for several machines of one system into universal binaries."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from xxpy.binary import is_archive, is_binary, universal
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.errors import BuildError, VerificationError
from xxpy.machine import aside
from xxpy.runner.outputs import Output
from xxpy.runner.roles import role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform


def join(
    name: str, platforms: Sequence[Platform], output: Path, table: Table
) -> tuple[Output, ...]:
    """Join the files of several platforms, and verify them for each platform.

    :param name: the name of the folder for the results
    :param output: the folder that gets it, with a folder for each platform
    :raises BuildError: a platform lacks a file of another, or has another one that is not a binary
    :raises VerificationError: a file cannot be joined
    """
    places = [output / platform.folder for platform in platforms]
    names = [_names(place) for place in places]
    for place, found in zip(places, names, strict=True):
        if found != names[0]:
            raise BuildError(
                f"{name}: {min(found ^ names[0])} is not in both {places[0]} and {place}",
                "remove files that older builds have left there, and build again",
            )
    aside.make(output / name, lambda fresh: _fill(fresh, places, sorted(names[0])))
    paths = [output / name / each for each in sorted(names[0])]
    rows = [table.row(platform) for platform in platforms]
    return tuple(_verified(path, rows, table) for path in paths if not path.is_symlink())


def _verified(path: Path, rows: Sequence[Row], table: Table) -> Output:
    """Verify a file for each platform if it is a binary, and describe it."""
    binary = is_binary(path)
    for row in rows if binary else ():
        reasons = check(path, row, table, Requirements())
        if reasons:
            raise VerificationError(reasons[0])
    return Output(path, path.stat().st_size, "", verified=binary, role=role(path))


def _names(folder: Path) -> frozenset[str]:
    return frozenset(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )


def _fill(fresh: Path, places: Sequence[Path], names: Sequence[str]) -> None:
    """Write each file: links and files that are alike as they are, binaries joined."""
    for name in names:
        paths = [place / name for place in places]
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if paths[0].is_symlink():
            target.symlink_to(paths[0].readlink())
            continue
        contents = [path.read_bytes() for path in paths]
        if is_binary(paths[0]) or is_archive(paths[0]):
            named = [str(path) for path in paths]
            target.write_bytes(universal.join(list(zip(named, contents, strict=True))))
        elif any(content != contents[0] for content in contents):
            both = " and ".join(str(path) for path in paths)
            raise BuildError(f"{both} differ, and cannot be joined")
        else:
            target.write_bytes(contents[0])
        shutil.copymode(paths[0], target)
