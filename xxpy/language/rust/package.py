"""Read from its files what a Cargo project builds, and whether a manifest lists all it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xxpy.language.rust.project import manifest

if TYPE_CHECKING:
    from pathlib import Path


def name(folder: Path) -> str:
    """Return the name of the program of a package, or "" where it has several or none."""
    document = manifest(folder)
    programs = [each.get("name") for each in document.get("bin", ()) if isinstance(each, dict)]
    named = document.get("package", {}).get("default-run") or document.get("package", {}).get(
        "name"
    )
    if len(programs) == 1:
        named = programs[0]
    return named if isinstance(named, str) else ""


def members(folder: Path) -> list[str]:
    """Return the names of the packages of a workspace that has none of its own."""
    document = manifest(folder)
    if "package" in document:
        return []
    globs = document.get("workspace", {}).get("members", ())
    folders = sorted(path for glob in globs for path in folder.glob(glob))
    return [each for path in folders if (each := name(path))]


def is_alone(folder: Path) -> bool:
    """Whether the manifest and the lock file alone say what there is to download.

    Not so for a workspace, for dependencies by path, and where targets are named without a path,
    which Cargo then looks for; without ``Cargo.lock`` nothing is locked.
    """
    document = manifest(folder)
    if not document or "workspace" in document or not (folder / "Cargo.lock").is_file():
        return False
    targets = [
        document.get("lib", {}),
        *(each for kind in ("bin", "example", "test", "bench") for each in document.get(kind, ())),
    ]
    named = any(isinstance(target, dict) and target and "path" not in target for target in targets)
    return not named and not _has_path(document)


def _has_path(value: Any) -> bool:  # noqa: ANN401 - any TOML
    """Whether a table of dependencies, anywhere in a manifest, names a folder."""
    if not isinstance(value, dict):
        return False
    for key, each in value.items():
        if not isinstance(each, dict):
            continue
        tables = each.values() if "dependencies" in key or key in {"patch", "replace"} else ()
        if any(
            isinstance(one, dict) and ("path" in one or _has_path({"dependencies": one}))
            for one in tables
        ):
            return True
        if _has_path(each):
            return True
    return False
