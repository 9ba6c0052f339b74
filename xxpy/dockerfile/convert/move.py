"""Move a family to the build machine: its FROM, what its commands need, and its caches."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from xxpy.dockerfile.convert import outside, packages, rust_target
from xxpy.dockerfile.convert.family import WITH_COMMANDS
from xxpy.dockerfile.stages import PREDEFINED, TARGET
from xxpy.dockerfile.syntax import instructions_of
from xxpy.dockerfile.tools import matches

if TYPE_CHECKING:
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.stages import Stage, Step

_HIDDEN = re.compile(
    rf"(?<=\s)(?:{'|'.join(name for name in PREDEFINED if name.startswith('TARGET'))})"
    r"(?P<default>=(?:\"[^\"]*\"|'[^']*'|\S)*)"
)
"""A default of ARG that counts in the place of BuildKit's value."""
_MOUNT = re.compile(r"--mount=(?P<options>(?:\"[^\"]*\"|'[^']*'|\S)+)")


def move(family: Family, image: str) -> None:
    """Move a family to the build machine, and give it what its converted commands need."""
    root, edits = family.root, family.edits
    if root.platform == TARGET:
        _set_platform(family)
    outside.become_stages(family)
    _caches(family)
    _hidden(family)
    if family.mode in WITH_COMMANDS and family.builds():
        edits.insert_below(
            root.place, "COPY xx/ /" if family.mode == "vendored" else f"COPY --from={image} / /"
        )
    libc = rust_target.libc(family)
    if libc:
        edits.insert_below(root.place, f"ENV XX_LIBC={libc}")
    packages.install(family)
    manager = family.manager
    for stage in family.stages:
        step = family.move.aware.get(stage.number)
        if step is None or any(
            parent.number in family.move.aware
            for parent in stage.ancestors()
            if parent is not stage
        ):
            continue
        place = packages.place(stage, step) if family.move.target_packages else step.place
        missing = [name for name in family.move.variables if name not in declared(stage, place)]
        if missing:
            edits.insert_above(place, f"ARG {' '.join(missing)}")
        if manager and family.move.target_packages:
            text = f"RUN {manager.target} {' '.join(family.move.target_packages)}"
            user = packages.user(stage, place)
            edits.insert_above(place, text if user is None else f"USER root\n{text}\nUSER {user}")
        if family.mode == "inline":
            edits.insert_above(place, family.parts["inline"].rstrip("\n"))
    for step in family.move.cross_files:
        edits.insert_above(step.place, family.parts["meson-cross"].rstrip("\n"))
    _toolchains(family)


def _toolchains(family: Family) -> None:
    """Write CMake's toolchain file above the first command of a stage that reads it."""
    written: set[int] = set()
    for entry in family.move.toolchains:
        if written.isdisjoint(stage.number for stage in entry.stage.ancestors()):
            family.edits.insert_above(entry.step.place, family.parts["cmake-cross"].rstrip("\n"))
            written.add(entry.stage.number)


def _set_platform(family: Family) -> None:
    """Let the stage with the image run on the build machine."""
    root, edits = family.root, family.edits
    source = root.source
    keyword = len(source.source) - len(source.source.lstrip()) + len("FROM")
    given = next((flag for flag in source.flags if flag.startswith("--platform")), None)
    if given is None:
        edits.replace(root.place, keyword, keyword, " --platform=$BUILDPLATFORM")
    else:
        start = source.source.index(given)
        edits.replace(root.place, start, start + len(given), "--platform=$BUILDPLATFORM")


def _hidden(family: Family) -> None:
    """Take away the defaults of ARG that hide what BuildKit says of the target."""
    if not family.builds():
        return
    first = family.recipe.stages[0].place
    above = [one for one in instructions_of(family.recipe.document) if one[0] < first]
    own = [(step.place, step.instruction) for stage in family.stages for step in stage.steps]
    for place, instruction in (*above, *own):
        if instruction.keyword == "ARG":
            for found in _HIDDEN.finditer(instruction.source):
                family.edits.replace(place, found.start("default"), found.end(), "")


def declared(stage: Stage, place: int) -> set[str]:
    """Return what is declared with ARG above a place of a stage."""
    found = set(stage.parent.arguments) if stage.parent else set()
    for step in stage.steps:
        if step.instruction.keyword == "ARG" and step.place < place:
            found |= {word.partition("=")[0] for word in step.instruction.words}
    return found


def _caches(family: Family) -> None:
    """Name caches of compilers' results by platform; caches of modules and packages stay shared."""
    for stage in family.stages:
        for step in stage.steps:
            for mount in _MOUNT.finditer(step.instruction.flat):
                options = dict(
                    option.partition("=")[::2]
                    for option in mount["options"].strip("\"'").split(",")
                )
                target = (
                    options.get("target") or options.get("dst") or options.get("destination") or ""
                )
                if (
                    options.get("type") != "cache"
                    or not target
                    or "TARGET" in mount[0]
                    or not _holds_results(family, step, target)
                ):
                    continue
                old = options.get("id")
                name = old or posixpath.normpath(posixpath.join(step.directory, target))
                name += "-$TARGETPLATFORM"
                start = mount.start("options")
                if old is None:
                    end = (
                        start + len("type=cache")
                        if mount["options"].startswith("type=cache")
                        else start
                    )
                    text = f",id={name}" if end > start else f"id={name},"
                    family.edits.replace(step.place, end, end, text)
                else:
                    place = step.instruction.flat.index(f"id={old}", start) + len(f"id={old}")
                    family.edits.replace(step.place, place, place, "-$TARGETPLATFORM")
                if "TARGETPLATFORM" not in declared(stage, step.place) | set(family.move.variables):
                    family.edits.insert_above(step.place, "ARG TARGETPLATFORM")


def _holds_results(family: Family, step: Step, target: str) -> bool:
    """Whether a cache holds what a compiler makes for one machine."""
    if not any(entry.step is step and entry.verdict.kind == "compile" for entry in family.entries):
        return False
    return not matches(target, family.tools.system.shared)
