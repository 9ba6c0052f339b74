"""Convert a Dockerfile: choose the mode, judge and change families, explain what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import dotnet, judge, packages, results, safety
from xxpy.dockerfile.convert.family import (
    COMPILE,
    LEFT,
    MODES,
    PORTABLE,
    TROUBLE,
    WITH_COMMANDS,
    Conversion,
    Family,
    Note,
)
from xxpy.dockerfile.convert.move import move
from xxpy.dockerfile.convert.tell import tell
from xxpy.dockerfile.course import courses
from xxpy.dockerfile.edits import Edits
from xxpy.dockerfile.project import Nothing
from xxpy.dockerfile.stages import BUILD, TARGET, read, used
from xxpy.dockerfile.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.dockerfile.convert.family import Entry
    from xxpy.dockerfile.project import Project
    from xxpy.dockerfile.stages import Recipe, Stage
    from xxpy.dockerfile.tools import Tools

_ROUNDS: Final = 6
"""How often it is tried which stages can move together."""
MARK = "xxpy: not understood"
"""What the comment above a step says that was moved without being understood."""


def convert(
    text: str,
    tools: Tools,
    parts: Mapping[str, str],
    mode: str | None = None,
    image: str = "xx",
    *,
    project: Project | None = None,
    aggressive: bool = False,
) -> Conversion:
    """Return the converted Dockerfile.

    :param parts: rendered parts: ``meson-cross``, the tests of results, and ``inline`` for the mode
        of that name
    :param mode: one of :data:`MODES`; None takes ``args`` where it does, else ``xx``
    :param image: what ``COPY --from`` names for the commands
    :param project: the files that the build gets
    :param aggressive: move a stage also where a step is not understood, with a comment above the
        step
    """
    recipe = read(parse(text))
    expected = frozenset(stage.number for stage in recipe.stages[:-1])
    for last in (*[False] * _ROUNDS, True):
        expected = frozenset() if last else expected
        round_ = _Round(recipe, tools, parts, project or Nothing(), expected)
        round_.run(mode, image, aggressive=aggressive)
        if round_.relied() <= round_.native():
            break
        expected = round_.native()
    return round_.result()


class _Round:
    """One round of a conversion, which expects that some stages run on the build machine."""

    def __init__(
        self,
        recipe: Recipe,
        tools: Tools,
        parts: Mapping[str, str],
        project: Project,
        expected: frozenset[int],
    ) -> None:
        self.recipe = recipe
        self.given = (tools, parts, project)
        self.expected = expected
        self.edits = Edits()
        self.notes: set[Note] = set()
        self.converted: list[Family] = []

    def native(self) -> frozenset[int]:
        """Return the expected stages that do run on the build machine."""
        moved = {stage.number for family in self.converted for stage in family.stages}
        moved |= {stage.number for stage in self.recipe.stages if stage.platform == BUILD}
        return self.expected & moved

    def relied(self) -> frozenset[int]:
        """Return the expected stages that take something out of what was converted."""
        copies = (copy for family in self.converted for copy in family.leaving)
        return self.expected & {copy.stage.number for copy in copies}

    def run(self, mode: str | None, image: str, *, aggressive: bool) -> None:
        """Convert every family that can be."""
        families = self._families(mode or MODES[0])
        if mode is None and any(
            packages.needs_commands(family) for family in families if _concerned(family)
        ):
            families = self._families("xx")
        self.notes = set(_left(families))
        for family in families:
            self._family(family, image, aggressive=aggressive)
        moved = {stage.number for family in self.converted for stage in family.stages}
        for family in self.converted:
            family.moved = moved
            results.verify(family)

    def _families(self, mode: str) -> list[Family]:
        tools, parts, project = self.given
        done = courses(self.recipe)
        found = []
        for root in self.recipe.stages:
            if root.parent is not None or root.base == "scratch":
                continue
            stages = [stage for stage in self.recipe.stages if stage.root is root]
            family = Family(self.recipe, tools, stages, parts, project, done, judge.verdict, mode)
            family.expected = self.expected
            family.accepted = _accepted(self.recipe, family)
            family.entries = _entries(family)
            found.append(family)
        return found

    def _family(self, family: Family, image: str, *, aggressive: bool) -> None:
        family.edits = self.edits
        family.moved = {stage.number for other in self.converted for stage in other.stages}
        family.made = {name: title for other in self.converted for name, title in _programs(other)}
        if not _concerned(family):
            return
        family.entries = _entries(family)
        reason = safety.reason(family, aggressive=aggressive)
        if reason is not None:
            self.notes.add(reason)
            return
        if dotnet.only(family):
            family.mode = "args"
        tell(family)
        move(family, image)
        self.notes |= {*(_mark(family) if aggressive else ()), *safety.remarks(family)}
        self.converted.append(family)

    def result(self) -> Conversion:
        """Return the converted text, and what was left."""
        modes = tuple(family.mode for family in self.converted if family.compiling())
        text = self.edits.apply(self.recipe.document)
        return Conversion(text, modes, tuple(sorted(self.notes)))


def _programs(family: Family) -> Iterator[tuple[str, str]]:
    """Yield the names of the programs that a family makes, each with its stage."""
    for entry in family.compiling():
        for path in entry.verdict.outputs:
            yield path.rpartition("/")[2], entry.stage.title


def _accepted(recipe: Recipe, family: Family) -> set[int]:
    """Return the places of the steps whose comment says that they are not understood."""
    parts = recipe.document.parts
    found = set()
    for stage in family.stages:
        for step in stage.steps:
            above = parts[step.place - 1] if step.place else ""
            if isinstance(above, str) and MARK in above:
                found.add(step.place)
    return found


def _entries(family: Family) -> list[Entry]:
    return [entry for entry in judge.entries(family) if entry.step.place not in family.accepted]


def _concerned(family: Family) -> bool:
    """Whether a family builds for a target that its tools, or its platform, do not know."""
    building = [
        entry
        for entry in family.entries
        if entry.verdict.kind in {COMPILE, PORTABLE}
        or (entry.verdict.kind == TROUBLE and entry.verdict.known)
    ]
    if not building:
        return False
    if family.root.platform != BUILD:
        return bool(family.leaving) or any(entry.verdict.kind != PORTABLE for entry in building)
    image = f"{family.root.base} {family.root.source.words[0]}"
    if any("TARGET" in name for name, _ in used(image)):
        # An image of the build machine that is chosen by the target has a compiler for it.
        return False
    building = [entry for entry in building if entry.verdict.how != PORTABLE]
    copied = any(copy.stage.platform == TARGET for copy in family.leaving)
    if not copied or any(entry.verdict.told for entry in building):
        return False
    untold = [entry for entry in building if entry.verdict.kind == COMPILE]
    # A stage that declares the target's names and lets another program read them is right, as far
    # as can be seen.
    return bool(untold) or (
        any(entry.verdict.kind == TROUBLE for entry in building)
        and not any(
            name.startswith("TARGET") for stage in family.stages for name in stage.arguments
        )
    )


def _mark(family: Family) -> Iterator[Note]:
    """Put a comment above each step that is not understood, and yield what people must look at."""
    for entry in family.entries:
        if entry.verdict.kind == TROUBLE:
            said = f"{entry.call.name}: {entry.verdict.why}"
            family.edits.insert_above(entry.step.place, f"# {MARK}: {' '.join(said.split())}")
            yield Note(entry.line, f"converted all the same: {said}; {entry.verdict.fix}")


def _left(families: list[Family]) -> Iterator[Note]:
    """Yield what still runs on the target's platform, in stages that are not known to build."""
    concerned = {
        stage.number for family in families if _concerned(family) for stage in family.stages
    }
    for family in families:
        for stage in family.stages:
            if stage.number not in concerned and stage.platform == TARGET:
                yield from _running(family, stage)


def _running(family: Family, stage: Stage) -> Iterator[Note]:
    """Yield the steps of a stage that builds nothing which is known.

    A command that is not understood may make what leaves it; then the note names that command.
    """
    taken = any(
        not isinstance(copy.origin, str) and stage in copy.origin.ancestors()
        for copy in family.leaving
    )
    unknown = (
        entry for entry in family.entries if entry.verdict.kind == TROUBLE and entry.stage is stage
    )
    # A program by its path that is not in the project is one of a package.
    builds = (
        entry
        for entry in unknown
        if "/" not in entry.call.program or "not a file of the project" not in entry.verdict.why
    )
    first = next(builds, None) if taken else None
    if first is not None:
        yield Note(first.line, safety.said(first))
        return
    for step in stage.steps:
        if step.instruction.keyword == "RUN":
            yield Note(
                step.instruction.line,
                f"{LEFT}: a step of {stage.title} runs programs of the target, and so needs an"
                " emulator",
            )


__all__ = ["MARK", "MODES", "WITH_COMMANDS", "convert"]
