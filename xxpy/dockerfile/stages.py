"""Which stage runs on which platform, what it has declared, and what it copies from where.

A stage runs in the platform of its base image: the target's, unless ``FROM
--platform=$BUILDPLATFORM`` or a constant says otherwise. A stage that begins from another stage
runs where that one runs (https://docs.docker.com/build/building/multi-platform/).
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile import shell
from xxpy.dockerfile.limits import ENTRY, MOST_TEXT, grown, within
from xxpy.dockerfile.syntax import Document, Instruction, instructions_of
from xxpy.dockerfile.variables import TooLongError, expand, used
from xxpy.errors import DockerfileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.dockerfile.shell import Command, Script

BUILD: Final = "build"
TARGET: Final = "target"
TARGET_FILE: Final = "/xxpy-target"
"""Where a stage of the inline mode keeps the names of its target."""

PREDEFINED: Final = tuple(
    f"{side}{part}"
    for side in ("TARGET", "BUILD")
    for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
)
"""What BuildKit knows of the platforms (https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope)."""


@dataclass(frozen=True)
class Step:
    """An instruction of a stage, its place among the document's parts, and its commands."""

    place: int
    instruction: Instruction
    script: Script
    directory: str
    """The working directory."""

    @cached_property
    def exported(self) -> dict[str, str]:
        """The variables that its shell text exports."""
        words = (
            word.text
            for command in self.script.commands
            if command.name == "export"
            for word in command.arguments
        )
        return dict(text.partition("=")[::2] for text in words)

    @cached_property
    def names_target(self) -> bool:
        """Whether it uses the target: a BuildKit variable, an ``xx-*`` command or inline names."""
        source = self.instruction.source
        variables = any(name.startswith("TARGET") for name, _ in used(source))
        return (
            variables
            or TARGET_FILE in source
            or any(command.name.startswith("xx-") for command in self.script.commands)
        )


@dataclass(slots=True)
class Stage:
    """A stage.

    :param number: from 0
    :param name: in small letters, or ""
    :param base: the image, with the defaults of ARG filled in
    :param parent: the stage that this one begins from
    :param platform: ``build``, ``target``, or the constant that it is fixed to
    :param place: the place of its FROM among the parts of the document
    """

    number: int
    name: str
    base: str
    parent: Stage | None
    platform: str
    place: int
    source: Instruction
    steps: list[Step] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    """ENV and the defaults of ARG at its end, its parents' included."""
    arguments: set[str] = field(default_factory=set)
    """What it declares with ARG, its parents' included."""
    environment: list[Step] = field(default_factory=list)
    """Those of its steps that are ENV."""
    copying: list[Step] = field(default_factory=list)
    """Those of its steps that are COPY or ADD."""

    @property
    def title(self) -> str:
        """How messages call it."""
        return f'stage "{self.name}"' if self.name else f"stage {self.number}"

    @property
    def root(self) -> Stage:
        """The stage with the FROM that names an image."""
        stage = self
        while stage.parent:
            stage = stage.parent
        return stage

    def ancestors(self) -> Iterator[Stage]:
        """Yield this stage and those that it begins from."""
        stage: Stage | None = self
        while stage:
            yield stage
            stage = stage.parent

    def commands(self) -> Iterator[tuple[Step, Command]]:
        """Yield every command of its RUN instructions."""
        return ((step, command) for step in self.steps for command in step.script.commands)


@dataclass(frozen=True, slots=True)
class Copy:
    """Paths that a stage takes out of another stage (an ``int``) or an image (a ``str``)."""

    stage: Stage
    step: Step
    origin: Stage | str
    paths: tuple[str, ...]
    is_mount: bool


@dataclass(frozen=True)
class Recipe:
    """A Dockerfile whose stages are known."""

    document: Document
    stages: tuple[Stage, ...]
    arguments: Mapping[str, str]
    """What stands before the first FROM, with its defaults."""

    def copies(self) -> Iterator[Copy]:
        """Yield what stages take out of others and out of images."""
        return iter(self._copies)

    @cached_property
    def _copies(self) -> tuple[Copy, ...]:
        steps = ((stage, step) for stage in self.stages for step in stage.steps)
        return tuple(copy for stage, step in steps for copy in self._of(stage, step))

    def _of(self, stage: Stage, step: Step) -> Iterator[Copy]:
        instruction = step.instruction
        origin = instruction.flag("from") if instruction.keyword in {"COPY", "ADD"} else None
        if origin is not None:
            taken = instruction.words[:-1]
            yield Copy(stage, step, self._origin(origin, stage), taken, is_mount=False)
        for mount in instruction.flag_values("mount"):
            options = dict(option.partition("=")[::2] for option in mount.split(","))
            if "from" in options:
                source = (options.get("source", "/"),)
                yield Copy(stage, step, self._origin(options["from"], stage), source, is_mount=True)

    def _origin(self, word: str, stage: Stage) -> Stage | str:
        earlier = self.stages[: stage.number]
        named = next(
            (found for found in reversed(earlier) if found.name and found.name == word.lower()),
            None,
        )
        if named:
            return named
        return (
            self.stages[int(word)]
            if word.isdigit() and int(word) < stage.number
            else expand(word, self.arguments)
        )


def read(document: Document) -> Recipe:
    """Return the stages of a Dockerfile.

    :raises DockerfileError: there are too many, or variables that fill each other in grow too long
    """
    stages: list[Stage] = []
    arguments: dict[str, str] = {}
    directory = "/"
    left = MOST_TEXT
    for place, instruction in instructions_of(document):
        try:
            if instruction.keyword == "FROM":
                stages.append(_stage(instruction, place, stages, arguments))
                directory = _directory_of(stages[-1])
                left -= ENTRY * len(stages[-1].variables)
            elif not stages:
                fresh = {name: expand(value, arguments) for name, value in _pairs(instruction)}
                arguments |= fresh
                left -= sum(map(len, fresh.values()))
            else:
                stage = stages[-1]
                directory = _note(stage, instruction, arguments, directory)
                stage.steps.append(Step(place, instruction, shell.read(instruction), directory))
                if instruction.keyword == "ENV":
                    stage.environment.append(stage.steps[-1])
                elif instruction.keyword in {"COPY", "ADD"}:
                    stage.copying.append(stage.steps[-1])
                left -= grown(stage.variables, instruction, directory)
        except TooLongError as error:
            raise DockerfileError(f"line {instruction.line}, column 1: {error}") from error
        within(left, len(stages), instruction)
    return Recipe(document, tuple(stages), arguments)


def _stage(
    instruction: Instruction, place: int, stages: list[Stage], arguments: Mapping[str, str]
) -> Stage:
    words = instruction.words
    base = expand(words[0].strip("\"'"), arguments)
    parent = next(
        (stage for stage in reversed(stages) if stage.name and stage.name == base.lower()), None
    )
    name = words[2].lower() if len(words) > 1 else ""
    stage = Stage(len(stages), name, base, parent, TARGET, place, instruction)
    if parent:
        stage.platform = parent.platform
        stage.variables = dict(parent.variables)
        stage.arguments = set(parent.arguments)
    else:
        stage.platform = _platform(instruction.flag("platform"), arguments)
    return stage


def _platform(flag: str | None, arguments: Mapping[str, str]) -> str:
    if flag is None:
        return TARGET
    # BuildKit always knows these, so that a default behind them never counts.
    value = expand(
        flag,
        {name: f"${name}" for name in PREDEFINED}
        | {name: text for name, text in arguments.items() if text},
    )
    if "BUILDPLATFORM" in value or "BUILDOS" in value:
        return BUILD
    return TARGET if "$" in value else value


def _directory_of(stage: Stage) -> str:
    return stage.parent.steps[-1].directory if stage.parent and stage.parent.steps else "/"


def _note(
    stage: Stage, instruction: Instruction, arguments: Mapping[str, str], directory: str
) -> str:
    """Take up what an instruction says of variables; return the working directory after it."""
    if instruction.keyword == "ARG":
        for name, value in _pairs(instruction):
            stage.arguments.add(name)
            given = value or arguments.get(name, "")
            if given:
                stage.variables[name] = expand(given, stage.variables)
    elif instruction.keyword == "ENV":
        words = instruction.words
        stage.variables |= {
            name: expand(value.strip("\"'"), stage.variables)
            for name, value in zip(words[::2], words[1::2], strict=False)
        }
    elif instruction.keyword == "WORKDIR" and instruction.words:
        return posixpath.normpath(
            posixpath.join(directory, expand(instruction.words[0].strip("\"'"), stage.variables))
        )
    return directory


def _pairs(instruction: Instruction) -> list[tuple[str, str]]:
    pairs = (word.partition("=") for word in instruction.words)
    return [(name, value.strip("\"'")) for name, _, value in pairs]


__all__ = [
    "BUILD",
    "PREDEFINED",
    "TARGET",
    "TARGET_FILE",
    "Copy",
    "Recipe",
    "Stage",
    "Step",
    "expand",
    "read",
    "used",
]
