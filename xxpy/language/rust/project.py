"""Read Cargo projects from their files: packages, workspaces, programs."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.language.c import marks
from xxpy.language.texts import MOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.language.place import Place

MARKER: Final = "Cargo.toml"
SUFFIX: Final = ".rs"
CALLS: Final = re.compile(r"(?:\bcargo|\$[({]CARGO[)}])\s")
"""Calls of cargo in a Makefile."""


def programs(folder: Path, /) -> bool:
    """Whether a Cargo package, or a member of its workspace, has a program."""
    document = manifest(folder)
    members = [
        path
        for glob in document.get("workspace", {}).get("members", ())
        for path in folder.glob(glob)
    ]
    return _has_program(folder, document) or any(
        _has_program(path, manifest(path)) for path in members if path != folder
    )


def manifest(folder: Path) -> dict[str, Any]:
    """Return the ``Cargo.toml`` in a folder, or nothing if it is faulty, as cargo will explain."""
    try:
        document = bounds.from_toml(bounds.text(folder / MARKER, MOST))
    except (OSError, bounds.Refused):
        return {}
    package, workspace = document.get("package", {}), document.get("workspace", {})
    lists = (
        [workspace.get(key, []) for key in ("members", "exclude")]
        if isinstance(workspace, dict)
        else [None]
    )
    whole = (
        isinstance(package, dict)
        and isinstance(package.get("workspace", ""), str)
        and all(map(_is_names, lists))
    )
    return document if whole else {}


def _is_names(value: object) -> bool:
    """Whether a value is a list of relative paths, which may have wildcards."""
    return isinstance(value, list) and all(
        isinstance(name, str) and name and "\0" not in name and name[0] != "/" for name in value
    )


def _has_program(folder: Path, document: dict[str, Any]) -> bool:
    if "package" not in document:
        return False
    found = (folder / "src/main.rs").is_file() or any((folder / "src/bin").glob("*"))
    return bool(document.get("bin")) or (
        found and document["package"].get("autobins", True) is not False
    )


def root(marker: Path, start: Path, *, inside: bool) -> Path | None:
    """Return the workspace's folder, unless *start* is a C project beside a foreign package."""
    folder = marker.parent
    return _workspace(folder) if folder == start or inside or not marks.sources(start) else None


def _workspace(folder: Path) -> Path:
    """Return the folder of the workspace that the package in *folder* belongs to, or *folder*."""
    document = manifest(folder)
    named = document.get("package", {}).get("workspace")
    if "workspace" in document or named is not None:
        return folder if named is None else Path(os.path.normpath(folder / named))
    for above in folder.parents:
        workspace = manifest(above).get("workspace")
        if workspace is not None:
            excluded = {above / name for name in workspace.get("exclude", ())}
            return above if excluded.isdisjoint({folder, *folder.parents}) else folder
    return folder


def parts(place: Place, /) -> Iterator[str]:
    """Yield the name of the Cargo package to which a folder in a workspace belongs."""
    for folder in (place.start, *place.start.parents):
        if folder == place.root:
            return
        name = manifest(folder).get("package", {}).get("name")
        if isinstance(name, str):
            yield name
            return
