"""Tools that a stage copies out of an image: ``COPY --from=IMAGE`` takes the target's programs.

In a stage that moves they must be the build machine's, so the image becomes a stage with
``FROM --platform=$BUILDPLATFORM`` (https://docs.docker.com/reference/dockerfile/#copy---from).
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.stages import Copy

_WHOLE: Final = frozenset(
    {
        "/",
        "/usr",
        "/usr/local",
        "/usr/bin",
        "/usr/local/bin",
        "/opt",
        "/bin",
        "/usr/local/go",
        "/go/bin",
        "/root/.cargo",
        "/usr/local/cargo",
    }
)
"""Folders that hold the programs of an image."""


def runs(family: Family, copy: Copy) -> bool:
    """Whether the family runs what a copy takes, as far as the names of programs say."""
    goal = () if copy.is_mount else copy.step.instruction.words[-1:]
    for path in (*copy.paths, *goal):
        plain = path.rstrip("/*") or "/"
        if plain.rpartition("/")[2] in family.called or plain in _WHOLE:
            return True
    return any(
        folder in copy.step.instruction.source
        for folder in family.tools.system.folders[4:]
        if copy.is_mount
    )


def is_tool(family: Family, copy: Copy) -> bool:
    """Whether a copy takes a tool out of an image that can become a stage."""
    if not isinstance(copy.origin, str) or copy.is_mount or "$" in copy.origin:
        return False
    written = f"--from={copy.origin} "
    if written not in copy.step.instruction.source or _counted(family):
        return False
    goal = copy.step.instruction.words[-1]
    whole = posixpath.normpath(posixpath.join(copy.step.directory, goal))
    names = [posixpath.join(whole, posixpath.basename(path)) for path in copy.paths]
    return runs(family, copy) and not any(family.takes(path) for path in (whole, *names))


def _counted(family: Family) -> bool:
    """Whether the file names stages by their numbers, which a new stage would change."""
    numbers = (
        copy.step.instruction.source for copy in family.recipe.copies() if copy.stage is not None
    )
    return any(re.search(r"(?:--|,)from=\d+\b", text) for text in numbers)


def become_stages(family: Family) -> None:
    """Give each image with tools a stage for the build machine, and copy from there."""
    for copy in family.recipe.copies():
        if copy.stage not in family.stages or not is_tool(family, copy):
            continue
        image, step = str(copy.origin), copy.step
        name = _name(family, image)
        family.edits.insert_above(
            family.root.place, f"FROM --platform=$BUILDPLATFORM {image} AS {name}\n"
        )
        start = step.instruction.source.index(f"--from={image}") + len("--from=")
        family.edits.replace(step.place, start, start + len(image), name)


def _name(family: Family, image: str) -> str:
    """Return a name for the stage of an image that is the name of nothing else in the file."""
    base = image.rpartition("/")[2].partition("@")[0].partition(":")[0].lower()
    taken = {name.lower() for stage in family.recipe.stages for name in (stage.name, stage.base)}
    taken |= {
        copy.origin.lower() for copy in family.recipe.copies() if isinstance(copy.origin, str)
    }
    return base if base not in taken and re.fullmatch(r"[a-z][\w.\-]*", base) else f"{base}-tools"
