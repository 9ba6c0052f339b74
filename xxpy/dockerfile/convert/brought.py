"""Find programs for the target that a stage copies or downloads, and runs.

They cannot run once the stage is on the build machine.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import outside
from xxpy.dockerfile.convert.family import LEFT, Note
from xxpy.dockerfile.stages import TARGET
from xxpy.dockerfile.tools import matches

if TYPE_CHECKING:
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.stages import Copy


_OUR_IMAGE: Final = re.compile(r"(^|[/\-_])xx([:\-@]|$)")


def brought(family: Family) -> Note | None:
    """Return why a family stays that runs what it copies or downloads for the target."""
    for copy in family.recipe.copies():
        if copy.stage not in family.stages or (
            not isinstance(copy.origin, str) and copy.origin in family.stages
        ):
            continue
        if isinstance(copy.origin, str):
            if (
                not _OUR_IMAGE.search(copy.origin)
                and not _is_data(family, copy)
                and not outside.is_tool(family, copy)
            ):
                return Note(
                    copy.step.instruction.line,
                    f"{LEFT}: {copy.origin} comes for the target, and its programs would run on the"
                    " build machine; name a stage"
                    f" FROM --platform=$BUILDPLATFORM {copy.origin} and copy from that",
                )
        elif (
            copy.origin.platform == TARGET
            and copy.origin.number not in family.moved
            and (outside.runs(family, copy) or _are_packages(family, copy))
        ):
            return Note(
                copy.step.instruction.line,
                f"{LEFT}: {' '.join(copy.paths)} of {copy.origin.title} is for the target, and"
                f" runs in {copy.stage.title}; build it on the build machine",
            )
    return _downloaded(family)


def _are_packages(family: Family, copy: Copy) -> bool:
    """Whether a copy takes packages, which may hold programs that tools of the stage run."""
    return any(matches(f"{path.rstrip('/')}/", family.tools.system.packages) for path in copy.paths)


def _is_data(family: Family, copy: Copy) -> bool:
    data = family.tools.system.data
    return all(
        any(path == folder or path.startswith(f"{folder}/") for folder in data)
        for path in copy.paths
    )


def _downloaded(family: Family) -> Note | None:
    tools = (
        family.called
        - {*family.tools.system.downloaders}
        - {"tar", "unzip", "sh", "linux", "server", "app", "install", "test", "file", "release"}
    )
    for entry in family.entries:
        if entry.call.name not in family.tools.system.downloaders:
            continue
        for word in entry.call.command.arguments:
            if ("://" not in word.text and "$" not in word.text) or not entry.call.told(word.text):
                continue
            parts = {
                re.sub(r"[\d.]+$", "", part)
                for part in re.split(r"[^\w.+]|_", word.text.rpartition("/")[2])
            }
            runs = sorted(part for part in parts & tools if len(part) > 1)
            if runs:
                return Note(
                    entry.line,
                    f"{LEFT}: {runs[0]} is downloaded for the target and runs here; name it by"
                    " BUILDARCH",
                )
    return None
