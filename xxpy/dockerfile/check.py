"""What is wrong with a Dockerfile that is built for several platforms.

Each finding has a code, which ``docs/dockerfile.md`` explains. A line ``# xxpy: ignore=XX102``
above an instruction says that it is meant so; several codes stand with commas between them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.stages import BUILD, PREDEFINED, TARGET, used

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xxpy.dockerfile.shell import Command
    from xxpy.dockerfile.stages import Recipe, Stage, Step
    from xxpy.dockerfile.tools import Tool, Tools

CODES: Final = {
    "XX101": "a step compiles under emulation",
    "XX102": "a step runs under emulation",
    "XX103": "a stage is fixed to one platform",
    "XX201": "a program of the build machine is copied into a stage of the target",
    "XX202": "a compiler of the target's platform is brought into a stage of the build machine",
    "XX203": "a variable of the platform is used without ARG in its stage",
    "XX204": "ARG gives a variable of the platform a constant value",
    "XX205": "a compiler is told one constant platform",
    "XX206": "an xx-* command is not told the target",
    "XX301": "a step runs once for each platform although nothing in it needs the platform",
    "XX401": "packages are installed for the build machine where the target's are meant",
    "XX501": "a generated part is stale",
}
"""Every code, with what it finds."""

_IGNORE: Final = re.compile(
    r"^[ \t]*#[ \t]*xxpy:[ \t]*ignore[ \t]*=[ \t]*(?P<codes>[A-Z0-9, \t]+)$", re.MULTILINE
)
_TELLING: Final = frozenset({"TARGETPLATFORM", "TARGETPAIR", "TARGETARCH"})
"""What tells the xx-* commands a target."""


_LIGHT: Final = frozenset({"pkg-config", "pkgconf", "strip"})
"""Commands of rows that do not compile."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that is wrong.

    :param line: of the file, from 1
    :param column: from 1
    :param message: what is wrong, in one line
    :param why: where that comes from
    :param mend: what to do
    """

    line: int
    column: int
    code: str
    message: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged, and for which foreign platforms."""

    recipe: Recipe
    tools: Tools
    platforms: str
    """How messages name the platforms for which the machine is foreign; "" when there is none."""
    known: dict[int, list[tuple[Step, Command, Tool]]] = field(default_factory=dict)
    """What each stage compiles with, by its number, once it was looked for."""
    telling: dict[int, dict[str, str]] = field(default_factory=dict)
    """The variables of each stage that hold something of the target."""


def check(recipe: Recipe, tools: Tools, platforms: str = "a foreign platform") -> list[Finding]:
    """Return what is wrong with a Dockerfile, by line.

    :param platforms: how to call the platforms that it is built for and this machine is not; "" for
        none
    """
    subject = Subject(recipe, tools, platforms)
    found = {finding for rule in RULES for finding in rule(subject)}
    taken_back = ignored(recipe)
    lines = list(taken_back)
    return sorted(
        finding
        for finding in found
        if finding.code not in taken_back[lines[bisect_right(lines, finding.line) - 1]]
    )


def ignored(recipe: Recipe) -> dict[int, set[str]]:
    """Return the codes that a comment right above an instruction takes back, by the line on which the instruction begins."""
    found: dict[int, set[str]] = {0: set()}
    above = ""
    for part in recipe.document.parts:
        if isinstance(part, str):
            above = part
            continue
        found[part.line] = {
            code.strip() for line in _IGNORE.finditer(above) for code in line["codes"].split(",")
        }
        above = ""
    return found


def _emulated(subject: Subject) -> Iterator[Finding]:
    if not subject.platforms:
        return
    for stage in subject.recipe.stages:
        if stage.platform != TARGET:
            continue
        why = f"{stage.title} starts from {stage.root.base} in the target's platform (line {stage.root.source.line})"
        for step in stage.steps:
            if step.instruction.keyword != "RUN":
                continue
            hurting = next(
                (command for command, _ in _tools(subject, step) if command.name not in _LIGHT),
                None,
            )
            if hurting:
                mend = f"FROM --platform=$BUILDPLATFORM {stage.root.base}, and tell the compiler the target: xxpy dockerfile convert --diff"
                yield _at(
                    step,
                    hurting.start,
                    "XX101",
                    f"this step compiles under emulation for {subject.platforms}",
                    why,
                    mend,
                )
            else:
                mend = "copy the result from a stage FROM --platform=$BUILDPLATFORM, or leave it so and write # xxpy: ignore=XX102 above it"
                yield _at(
                    step,
                    0,
                    "XX102",
                    f"this step runs under emulation for {subject.platforms}",
                    why,
                    mend,
                )


def _fixed(subject: Subject) -> Iterator[Finding]:
    for stage in subject.recipe.stages:
        if stage.parent is None and stage.platform not in {BUILD, TARGET}:
            yield Finding(
                stage.source.line,
                1,
                "XX103",
                f"{stage.title} is {stage.platform} whatever the build is for",
                "a constant stands behind --platform",
                "--platform=$BUILDPLATFORM for a stage that compiles; nothing for one that ends in the image",
            )


def _unaware(subject: Subject, origin: Stage) -> tuple[Step, Command] | None:
    """Return the first step with a compiler of a stage, where none of its compilers is told the target."""
    first: tuple[Step, Command] | None = None
    for stage in origin.ancestors():
        for step, command, tool in _compiling(subject, stage):
            if _is_aware(subject, step, command, tool, origin):
                return None
            first = first or (step, command)
    return first


def _wrong_stage(subject: Subject) -> Iterator[Finding]:
    wrong: dict[int, tuple[Step, Command] | None] = {}
    for copy in subject.recipe.copies():
        origin = copy.origin
        if isinstance(origin, str) or origin.platform != BUILD or copy.stage.platform != TARGET:
            continue
        if origin.number not in wrong:
            wrong[origin.number] = _unaware(subject, origin)
        unaware = wrong[origin.number]
        if unaware:
            step, command = unaware
            yield _at(
                copy.step,
                0,
                "XX201",
                "this copies a program of the build machine into the target's image",
                f"{origin.title} runs on the build machine, and {command.name} is not told the target"
                f" (line {step.instruction.line_of(command.start)})",
                "tell the compiler the target: xxpy dockerfile convert --diff",
            )


def _wrong_compiler(subject: Subject) -> Iterator[Finding]:
    for copy in subject.recipe.copies():
        if (
            isinstance(copy.origin, str)
            and copy.stage.platform == BUILD
            and subject.tools.language_in(copy.origin)
        ):
            yield _at(
                copy.step,
                0,
                "XX202",
                f"the programs out of {copy.origin} are the target's and run under emulation here",
                "an image that --from names is taken in the target's platform",
                f"name a stage FROM --platform=$BUILDPLATFORM {copy.origin} AS tools, and take them from there",
            )


def _undeclared(subject: Subject) -> Iterator[Finding]:
    for stage in subject.recipe.stages:
        declared = set(stage.parent.arguments) if stage.parent else set()
        for step in stage.steps:
            instruction = step.instruction
            if instruction.keyword == "ARG":
                declared |= {word.partition("=")[0] for word in instruction.words}
                for word in instruction.words:
                    name, _, value = word.partition("=")
                    if name in PREDEFINED and value:
                        yield _at(
                            step,
                            0,
                            "XX204",
                            f"{name} is {value} unless the build says otherwise, whatever it is for",
                            "the default of ARG replaces what BuildKit knows",
                            f"ARG {name}",
                        )
                continue
            set_here = {name for name in instruction.words[::2] if instruction.keyword == "ENV"}
            for name, offset in used(instruction.flat):
                if (
                    name in PREDEFINED
                    and name not in declared | set_here
                    and instruction.keyword not in {"CMD", "ENTRYPOINT", "LABEL"}
                ):
                    yield _at(
                        step,
                        offset,
                        "XX203",
                        f"{name} is used without ARG {name} in this stage",
                        "it is empty here: BuildKit gives it to the stages that declare it",
                        f"ARG {name} above this line",
                    )
                    declared.add(name)
            if instruction.keyword == "ENV":
                declared |= set_here
            untold = [
                command
                for command in step.script.commands
                if command.name.startswith("xx-") and _asks_target(command)
            ]
            told = declared | {name for command in untold for name in command.variables()}
            if untold and not told & _TELLING:
                yield _at(
                    step,
                    untold[0].start,
                    "XX206",
                    f"{untold[0].name} is not told the target, so it works for the build machine",
                    "no ARG in this stage names TARGETPLATFORM",
                    "ARG TARGETPLATFORM above this line",
                )


def _constant(subject: Subject) -> Iterator[Finding]:
    for stage in subject.recipe.stages:
        for step, command, tool in _compiling(subject, stage):
            if step.names_target:
                continue
            words = [word.text for word in command.arguments]
            architecture = (
                command.variables().get("GOARCH") or stage.variables.get("GOARCH")
                if tool.how == "go"
                else None
            )
            named = [f"GOARCH={architecture}"] if architecture else []
            named += [word for word in words if word.startswith("--target=")]
            named += [
                " ".join(words[place : place + 2])
                for place, word in enumerate(words)
                if word == "--target"
            ]
            for constant in named:
                if "$" not in constant and "TARGET" not in constant:
                    yield _at(
                        step,
                        command.start,
                        "XX205",
                        f"{constant} makes the same program for every platform",
                        "the target is a constant here",
                        "take it from TARGETPLATFORM: xxpy dockerfile convert --diff",
                    )


def _too_early(subject: Subject) -> Iterator[Finding]:
    for stage in subject.recipe.stages:
        if stage.platform == TARGET:
            continue
        waiting: dict[str, Step] = {}
        for step in stage.steps:
            instruction = step.instruction
            if instruction.keyword == "ARG":
                names = {
                    word
                    for word in instruction.words
                    if word.startswith("TARGET") and word in PREDEFINED
                }
                waiting |= dict.fromkeys(names, step)
                continue
            needed = {name for name, _ in used(instruction.source)}
            if step.names_target or "TARGETPLATFORM" in instruction.source:
                needed |= set(waiting)
            for name in needed & waiting.keys():
                del waiting[name]
            if instruction.keyword == "RUN" and waiting:
                name, declared = next(iter(waiting.items()))
                yield _at(
                    step,
                    0,
                    "XX301",
                    "this step runs once for each platform although nothing in it needs the platform",
                    f"ARG {name} stands above it (line {declared.instruction.line})",
                    f"move ARG {name} down to the step that needs it",
                )
                waiting.clear()


def _wrong_packages(subject: Subject) -> Iterator[Finding]:
    for stage in subject.recipe.stages:
        if stage.platform != BUILD or not _cross_compiles_c(subject, stage):
            continue
        for step, command in stage.commands():
            if subject.tools.manager_of(command) is None:
                continue
            for word in command.arguments:
                package = subject.tools.package(word.text)
                if (
                    package
                    and not package.build
                    and ":" not in word.text
                    and not word.text.startswith("-")
                ):
                    yield _at(
                        step,
                        word.start,
                        "XX401",
                        f"{word.text} is installed for the build machine, and a compiler here works for the target",
                        f"{stage.title} runs on the build machine",
                        f"xx-apt-get install {word.text}, or xx-apk add {word.text}",
                    )


def _cross_compiles_c(subject: Subject, stage: Stage) -> bool:
    compilers = {"cc", "cxx", "done"}
    found = ((command, subject.tools.of(command)) for step, command in stage.commands())
    return any(
        tool is not None
        and tool.how in compilers
        and command.name not in {"xx-go", "xx-cargo"}
        and tool.is_aware(command, {})
        for command, tool in found
    )


def _is_aware(subject: Subject, step: Step, command: Command, tool: Tool, stage: Stage) -> bool:
    """Whether a command is told the target: by itself, by its stage's variables, or by its instruction, as a ``case`` does."""
    if stage.number not in subject.telling:
        subject.telling[stage.number] = {
            name: value for name, value in stage.variables.items() if "TARGET" in value
        }
    return step.names_target or tool.is_aware(
        command, subject.telling[stage.number] | step.exported
    )


def _tools(subject: Subject, step: Step) -> Iterator[tuple[Command, Tool]]:
    for command in step.script.commands:
        tool = subject.tools.of(command)
        if tool:
            yield command, tool


def _compiling(subject: Subject, stage: Stage) -> list[tuple[Step, Command, Tool]]:
    if stage.number not in subject.known:
        compile_ = {"go", "cargo", "cc", "cxx", "make", "done"}
        found = (
            (step, command, tool) for step in stage.steps for command, tool in _tools(subject, step)
        )
        subject.known[stage.number] = [
            entry for entry in found if entry[2].kind == "compile" and entry[2].how in compile_
        ]
    return subject.known[stage.number]


def _asks_target(command: Command) -> bool:
    return (
        not any(
            word.text.startswith("--") and "wrap" not in word.text for word in command.arguments[:1]
        )
        or "print" in command.verb
    )


def _at(step: Step, offset: int, code: str, *texts: str) -> Finding:
    """Return a finding at an offset of a step; the texts are the message, why, and the mend."""
    message, why, mend = texts
    before = step.instruction.source[:offset]
    return Finding(
        step.instruction.line_of(offset),
        offset - (before.rfind("\n") + 1) + 1,
        code,
        message,
        why,
        mend,
    )


RULES: Final[tuple[Callable[[Subject], Iterator[Finding]], ...]] = (
    _emulated,
    _fixed,
    _wrong_stage,
    _wrong_compiler,
    _undeclared,
    _constant,
    _too_early,
    _wrong_packages,
)
"""Every rule; each yields its findings."""
