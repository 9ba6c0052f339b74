"""The kits in the user's cache."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.errors import ToolError
from xxpy.kit import linking
from xxpy.kit.model import RECORD
from xxpy.machine import aside, files, resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.table.platform import Platform

FOLDER: Final = "kits"


def write(
    folder: Path, rendered: Mapping[str, tuple[str, bool]], links: Iterable[tuple[str, Path]]
) -> None:
    """Write a kit aside, with the links of its merged root, and rename it to *folder*."""

    def fill(whole: Path) -> None:
        """Write the files and links."""
        for path, (text, executable) in rendered.items():
            files.write(whole / path, text, executable=executable, settle=False)
        for name, place in links:
            link = whole / linking.MERGED / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(place)
        whole.chmod(0o755)

    try:
        aside.make(folder, fill)
    except OSError as error:
        raise files.unwritable(folder, error, "set XDG_CACHE_HOME") from error


def kits(platform: Platform | None = None) -> list[dict[str, object]]:
    """Return the records of the kits in the cache, each with its folder, sorted by folder.

    :param platform: the platform of the kits, or None for all
    """
    found = []
    for path in sorted(resources.cache_path(FOLDER).glob(f"[!.]*/{RECORD}")):
        try:
            record = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ToolError(
                f"{path} cannot be read: {error}", "remove its folder; xxpy makes the kit again"
            ) from error
        if platform is None or record["platform"] == str(platform):
            found.append({"folder": str(path.parent), **record})
    return found


def remove(platform: Platform | None = None) -> list[str]:
    """Remove all kits, or those for one platform, and return the folders that they were in."""
    folders = [str(record["folder"]) for record in kits(platform)]
    for folder in folders:
        with files.lock(Path(folder).parent / f".{Path(folder).name}.lock"):
            aside.remove(Path(folder))
    aside.sweep(resources.cache_path(FOLDER))
    return folders
