"""Turn a Dockerfile that builds under emulation into one that cross-compiles, with the smallest readable change.

A *family* is the stages that begin from one image. A family that compiles, and whose image is not
what the Dockerfile makes, is moved to the build machine: its ``FROM`` gets
``--platform=$BUILDPLATFORM``, and each command that compiles is told the target
(:mod:`xxpy.dockerfile.rewrite`). Where anything in a family cannot be converted safely it is left
as it is, and a note says why.

========  ==================================================================================================================
args      ``ARG TARGETOS TARGETARCH`` and ``GOOS=$TARGETOS GOARCH=$TARGETARCH``: for Go without C, needs nothing else
xx        ``COPY --from=xx / /`` and the ``xx-*`` commands: for everything
vendored  likewise, with the commands copied from a folder ``xx`` beside the Dockerfile
inline    the names of the target as a ``case`` in the Dockerfile itself: for Go without C, needs nothing else, knows variants
========  ==================================================================================================================
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile import rewrite
from xxpy.dockerfile.edits import Edits
from xxpy.dockerfile.stages import BUILD, TARGET, read
from xxpy.dockerfile.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.dockerfile.shell import Command
    from xxpy.dockerfile.stages import Recipe, Stage, Step
    from xxpy.dockerfile.tools import Manager, Tool, Tools

MODES: Final = ("args", "xx", "vendored", "inline")
WITH_COMMANDS: Final = ("xx", "vendored")
"""The modes that bring the ``xx-*`` commands."""

_PUTTING: Final = frozenset({"cp", "install", "ln", "mv"})
"""Commands whose last word names what they make."""

_MOVABLE: Final = frozenset(
    {"ADD", "ARG", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "VOLUME", "WORKDIR"}
)
"""What a step that installs packages may be put above of."""


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """What was left as it is or needs a look, and why."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """The converted text; the mode of each family that was converted; what was left."""

    text: str
    modes: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class Family:
    """The stages that begin from one image, and what their conversion needs.

    :param manager: the packages of the image, where the conversion needs any
    :param aware: the steps that need the target, by stage
    """

    recipe: Recipe
    tools: Tools
    stages: list[Stage]
    mode: str
    parts: Mapping[str, str]
    edits: Edits = field(default_factory=Edits)
    aware: dict[int, Step] = field(default_factory=dict)
    target_packages: list[str] = field(default_factory=list)
    build_packages: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    cross_files: list[Step] = field(default_factory=list)
    """The steps that read Meson's cross file."""
    fitting: list[tuple[Stage, Step, Command, Tool]] | None = None
    """What :meth:`known` returns, once it was looked for."""

    @property
    def root(self) -> Stage:
        """The stage with the image."""
        return self.stages[0]

    @property
    def language(self) -> str:
        """The language whose tools the image holds, or ""."""
        return self.tools.language_in(self.root.base)

    @property
    def manager(self) -> Manager | None:
        """The manager of packages that the family uses, or that its image has."""
        used = (self.tools.manager_of(command) for _, _, command in self.commands())
        return next((manager for manager in used if manager), None) or self.tools.manager_in(
            self.root.base
        )

    def commands(self) -> Iterator[tuple[Stage, Step, Command]]:
        """Yield every command of the family."""
        return (
            (stage, step, command) for stage in self.stages for step, command in stage.commands()
        )

    def known(self) -> list[tuple[Stage, Step, Command, Tool]]:
        """Return every command that a row fits."""
        if self.fitting is None:
            found = (
                (stage, step, command, self.tools.of(command))
                for stage, step, command in self.commands()
            )
            self.fitting = [
                (stage, step, command, tool) for stage, step, command, tool in found if tool
            ]
        return self.fitting

    def has(self, *how: str) -> bool:
        """Whether a command is known to one of these conversions."""
        return any(tool.how in how for *_, tool in self.known())

    def needs(self, stage: Stage, step: Step) -> None:
        """Note that a step needs the target."""
        first = self.aware.get(stage.number)
        if first is None or step.place < first.place:
            self.aware[stage.number] = step


def convert(
    text: str, tools: Tools, parts: Mapping[str, str], mode: str | None = None, image: str = "xx"
) -> Conversion:
    """Return the converted Dockerfile.

    :param parts: rendered parts: ``meson-cross``, and ``inline`` for the mode of that name
    :param mode: one of :data:`MODES`; None takes ``args`` where it does, else ``xx``
    :param image: what ``COPY --from`` names for the commands
    """
    recipe = read(parse(text))
    families = [
        Family(recipe, tools, [stage for stage in recipe.stages if stage.root is root], "", parts)
        for root in _roots(recipe)
    ]
    families = [family for family in families if _concerned(family)]
    notes: list[Note] = []
    chosen = mode or (
        "args" if all(not rewrite.needs_commands(family) for family in families) else "xx"
    )
    edits = Edits()
    modes = []
    for family in families:
        family.mode = chosen
        family.edits = edits
        reason = _unsafe(family)
        if reason:
            notes.append(reason)
            continue
        refused = rewrite.family(family)
        if refused:
            notes.append(Note(*refused))
            continue
        _move(family, image)
        modes.append(chosen)
        if rewrite.may_lose_c(family):
            notes.append(
                Note(
                    family.root.source.line,
                    "cgo is off when Go compiles for another platform; if the program has C in it: --mode xx",
                )
            )
    return Conversion(
        edits.apply(recipe.document),
        tuple(modes),
        tuple(sorted({*notes, *_left(recipe, tools, families)})),
    )


def _roots(recipe: Recipe) -> list[Stage]:
    return [stage for stage in recipe.stages if stage.parent is None and stage.base != "scratch"]


def _concerned(family: Family) -> bool:
    """Whether a family compiles for a target that its compilers, or its platform, do not know."""
    compiling = [
        (stage, step, command, tool)
        for stage, step, command, tool in family.known()
        if tool.kind in {"compile", "configure"}
    ]
    if not compiling:
        return False
    if family.root.platform == TARGET:
        return True
    if family.root.platform != BUILD:
        return True
    copied = any(
        copy.origin in family.stages and copy.stage.platform == TARGET
        for copy in family.recipe.copies()
        if not isinstance(copy.origin, str)
    )
    aware = any(
        rewrite.is_told(stage, step, command, tool) for stage, step, command, tool in compiling
    )
    return copied and not aware


def _unsafe(family: Family) -> Note | None:
    """Return why a family must stay as it is, or None."""
    root, recipe = family.root, family.recipe
    if root.platform not in {BUILD, TARGET}:
        return Note(root.source.line, f"left as it is: {root.title} is fixed to {root.platform}")
    last = recipe.stages[-1]
    if last in family.stages:
        return Note(
            root.source.line,
            f"left as it is: {last.title} is the image and compiles too; let a stage of its own compile and copy the program from there",
        )
    taken = {copy.origin.number for copy in recipe.copies() if not isinstance(copy.origin, str)}
    for stage in family.stages:
        images = [step for step in stage.steps if step.instruction.keyword in {"CMD", "ENTRYPOINT"}]
        if images and stage.number not in taken:
            return Note(
                images[0].instruction.line,
                f"left as it is: {stage.title} looks like an image of its own (--target)",
            )
        for step in stage.steps:
            if not step.script.whole:
                return Note(
                    step.instruction.line,
                    f"left as it is: the shell text of this step in {stage.title} cannot be read",
                )
    for _, step, command, tool in family.known():
        if tool.why and (tool.kind != "test" or not family.language):
            return Note(
                step.instruction.line_of(command.start),
                f"left as it is: {command.name}: {tool.why}",
            )
    return _runs_result(family) or _takes_system(family)


def _runs_result(family: Family) -> Note | None:
    results = {
        posixpath.basename(path.strip("\"'").rstrip("/")): path
        for _, _, command, _ in family.known()
        for path in rewrite.outputs(command)
    }
    results.pop("", None)
    for _, step, command in family.commands():
        if command.words and "/" in command.words[0].text and command.name in results:
            line = step.instruction.line_of(command.start)
            return Note(
                line,
                f"left as it is: {command.words[0].text} runs here, which would be a program of the target",
            )
    return None


def _takes_system(family: Family) -> Note | None:
    """Return why a copy of the distribution's own files keeps the family where it is, or None."""
    made = {path for _, _, command, _ in family.known() for path in rewrite.outputs(command)}
    made |= {
        command.words[-1].text for _, _, command in family.commands() if command.name in _PUTTING
    }
    made = {word.rstrip("/") for word in made}
    system = family.tools.system
    for copy in family.recipe.copies():
        if (
            isinstance(copy.origin, str)
            or copy.origin not in family.stages
            or copy.stage in family.stages
        ):
            continue
        for path in copy.paths:
            whole = path.rstrip("/*") or "/"
            inside = any(
                whole == folder or whole.startswith(f"{folder}/") for folder in system.folders
            )
            if (inside or whole in system.whole) and whole not in made:
                return Note(
                    copy.step.instruction.line,
                    f"left as it is: {path} of {copy.origin.title} would be the build machine's",
                )
    return None


def _move(family: Family, image: str) -> None:
    """Move a family to the build machine, and give it what its converted commands need."""
    root, edits = family.root, family.edits
    if root.platform == TARGET:
        _set_platform(family)
    if family.mode in WITH_COMMANDS and family.aware:
        edits.insert_below(
            root.place, "COPY xx/ /" if family.mode == "vendored" else f"COPY --from={image} / /"
        )
    manager = family.manager
    if manager and family.build_packages:
        _install_tools(family, manager)
    for stage in family.stages:
        step = family.aware.get(stage.number)
        if step is None or any(
            parent.number in family.aware for parent in stage.ancestors() if parent is not stage
        ):
            continue
        place = _place(stage, step) if family.target_packages else step.place
        missing = [name for name in family.variables if name not in _declared(stage, place)]
        if missing:
            edits.insert_above(place, f"ARG {' '.join(missing)}")
        if manager and family.target_packages:
            edits.insert_above(place, f"RUN {manager.target} {' '.join(family.target_packages)}")
        if family.mode == "inline":
            edits.insert_above(place, family.parts["inline"].rstrip("\n"))
    for step in family.cross_files:
        edits.insert_above(step.place, family.parts["meson-cross"].rstrip("\n"))


def _set_platform(family: Family) -> None:
    """Let the stage with the image run on the build machine."""
    root, edits = family.root, family.edits
    source = root.source
    keyword = len(source.source) - len(source.source.lstrip()) + len("FROM")
    given = source.flag_place("platform")
    if given is None:
        edits.replace(root.place, keyword, keyword, " --platform=$BUILDPLATFORM")
    else:
        edits.replace(root.place, *given, "--platform=$BUILDPLATFORM")


def _install_tools(family: Family, manager: Manager) -> None:
    """Install what the build machine needs: with the packages that a step installs already, or in a step of its own."""
    for _, step, command in family.commands():
        if family.tools.manager_of(command):
            family.edits.replace(
                step.place, command.end, command.end, " " + " ".join(family.build_packages)
            )
            return
    family.edits.insert_below(
        family.root.place, f"RUN {manager.build} {' '.join(family.build_packages)}"
    )


def _place(stage: Stage, step: Step) -> int:
    """Return the place above which the target's packages are installed: above the sources that *step* needs, below every other step."""
    place = step.place
    for earlier in reversed([other for other in stage.steps if other.place < step.place]):
        if earlier.instruction.keyword not in _MOVABLE:
            break
        place = earlier.place
    return place


def _declared(stage: Stage, place: int) -> set[str]:
    found = set(stage.parent.arguments) if stage.parent else set()
    for step in stage.steps:
        if step.instruction.keyword == "ARG" and step.place < place:
            found |= {word.partition("=")[0] for word in step.instruction.words}
    return found


def _left(recipe: Recipe, tools: Tools, families: list[Family]) -> Iterator[Note]:
    """Yield the steps that go on running in the target's platform in stages that nothing compiles in."""
    concerned = {stage.number for family in families for stage in family.stages}
    for stage in recipe.stages:
        if stage.number in concerned or stage.platform != TARGET or stage.root.base == "scratch":
            continue
        for step in stage.steps:
            if step.instruction.keyword == "RUN" and not any(
                tools.of(command) for command in step.script.commands
            ):
                yield Note(
                    step.instruction.line,
                    f"left as it is: a step of {stage.title} needs the target's own programs, and so an emulator",
                )
