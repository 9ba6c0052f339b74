"""What is judged, with the answers that several rules ask for."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.stages import BUILD, PREDEFINED, TARGET, expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.check.facts import Facts
    from xxpy.dockerfile.shell import Command
    from xxpy.dockerfile.stages import Recipe, Stage, Step
    from xxpy.dockerfile.tools import Tool, Tools

COMPILING: Final = frozenset({"go", "cargo", "cc", "cxx", "make", "done"})
"""The conversions whose commands make programs."""
_MOVING: Final = frozenset({"cp", "mv", "install", "ln", "rsync"})
"""Commands that put a file elsewhere."""

Compiling = tuple["Stage", "Step", "Command", "Tool"]
"""A command that makes programs, with the step and the stage that it is in."""


@dataclass(slots=True)
class Subject:
    """What is judged, and for which foreign platforms.

    :param platforms: how messages name the platforms for which the machine is foreign, or ""
    """

    recipe: Recipe
    tools: Tools
    facts: Facts
    platforms: str
    name: str = ""
    """The name of the file, in small letters."""
    known: dict[int, list[Compiling]] = field(default_factory=dict)
    telling: dict[int, dict[str, str]] = field(default_factory=dict)
    moved: dict[int, str] = field(default_factory=dict)
    own: dict[int, dict[int, frozenset[str]]] = field(default_factory=dict)
    users: dict[int, list[Stage]] | None = None

    def foreign_stages(self) -> Iterator[Stage]:
        """Yield the stages that run under emulation for a foreign platform."""
        if self.platforms:
            yield from (stage for stage in self.recipe.stages if stage.platform == TARGET)

    def tools_of(self, step: Step) -> Iterator[tuple[Command, Tool]]:
        """Yield the commands of a step that a row knows."""
        for command in step.script.commands:
            tool = self.tools.of(command)
            if tool:
                yield command, tool

    def is_named_after(self, stage: Stage, architecture: str) -> bool:
        """Whether the name of a stage, of one that it begins from, or of the file has an architecture in it."""
        names = (self.name, *(each.name for each in stage.ancestors()))
        return any(architecture.lower() in name for name in names)

    def reaches_image(self, stage: Stage) -> bool:
        """Whether a stage of the target ends in an image, and not only in stages of the build machine."""
        if self.users is None:
            self.users = _users(self.recipe)
        seen: set[int] = set()
        waiting = [stage]
        while waiting:
            one = waiting.pop()
            users = self.users.get(one.number, [])
            if not users:
                return True
            seen.add(one.number)
            waiting += [
                user for user in users if user.platform != BUILD and user.number not in seen
            ]
        return False

    def compiling(self, stage: Stage) -> list[Compiling]:
        """Return the commands of a stage that make programs."""
        if stage.number not in self.known:
            self.known[stage.number] = [
                (stage, step, command, tool)
                for step in stage.steps
                for command, tool in self.tools_of(step)
                if tool.kind == "compile" and tool.how in COMPILING
            ]
        return self.known[stage.number]

    def all_compiling(self, stage: Stage) -> list[Compiling]:
        """Return those of a stage and of the stages that it begins from, first to last."""
        stages = reversed(list(stage.ancestors()))
        return [entry for each in stages for entry in self.compiling(each)]

    def is_told(self, stage: Stage, step: Step, command: Command, tool: Tool) -> bool:
        """Whether a command is, or may be, told the target.

        By itself, by its stage's variables, by its instruction, as a ``case`` does; and what make
        runs may read every variable that ARG declares.
        """
        if stage.number not in self.telling:
            self.telling[stage.number] = {
                name: value for name, value in stage.variables.items() if "TARGET" in value
            }
        around = self.telling[stage.number] | step.exported
        if step.names_target or tool.is_aware(command, around):
            return True
        return tool.how == "make" and bool(self.declared(stage, step) & TARGET_VARIABLES)

    def declared(self, stage: Stage, step: Step) -> frozenset[str]:
        """Return the variables of the platform that ARG declares above a step."""
        if stage.number not in self.own:
            self.own[stage.number] = self._declarations(stage)
        return self.own[stage.number].get(step.place, frozenset())

    def _declarations(self, stage: Stage) -> dict[int, frozenset[str]]:
        names = {
            name for name in (stage.parent.arguments if stage.parent else ()) if name in PREDEFINED
        }
        found: dict[int, frozenset[str]] = {}
        for step in stage.steps:
            if step.instruction.keyword == "ARG":
                declared = {word.partition("=")[0] for word in step.instruction.words}
                names |= declared & set(PREDEFINED)
            found[step.place] = frozenset(names)
        return found

    def outputs(self, stage: Stage, step: Step, command: Command, tool: Tool) -> tuple[str, ...]:
        """Return the paths that a command writes its programs to; none where they are not known."""
        paths = [
            path for word in _named_outputs(command) if (path := expand(word, stage.variables))
        ]
        if not paths and tool.how == "go" and command.verb == "install":
            root = stage.variables.get("GOPATH", "/go").partition(":")[0]
            paths = [stage.variables.get("GOBIN") or posixpath.join(root, "bin")]
        if any("$" in path or "`" in path for path in paths) or self._moves(stage, paths):
            return ()
        return tuple(posixpath.normpath(posixpath.join(step.directory, path)) for path in paths)

    def _moves(self, stage: Stage, paths: list[str]) -> bool:
        """Whether a step of the stage puts one of these files elsewhere."""
        if stage.number not in self.moved:
            moving = (
                word.text
                for each in stage.ancestors()
                for _, command in each.commands()
                if command.name in _MOVING
                for word in command.arguments
            )
            self.moved[stage.number] = "\n".join(moving)
        return any(
            posixpath.basename(path.rstrip("/")) in self.moved[stage.number] for path in paths
        )


TARGET_VARIABLES: Final = frozenset(name for name in PREDEFINED if name.startswith(TARGET.upper()))
"""What BuildKit says of the target."""


def _users(recipe: Recipe) -> dict[int, list[Stage]]:
    """Return the stages that begin from a stage, or copy from it, by its number."""
    found: dict[int, list[Stage]] = {}
    for stage in recipe.stages:
        if stage.parent:
            found.setdefault(stage.parent.number, []).append(stage)
    for copy in recipe.copies():
        if not isinstance(copy.origin, str):
            found.setdefault(copy.origin.number, []).append(copy.stage)
    return found


def _named_outputs(command: Command) -> Iterator[str]:
    """Yield what ``-o`` names."""
    arguments = [word.text for word in command.arguments]
    for place, text in enumerate(arguments):
        if text == "-o" and place + 1 < len(arguments):
            yield arguments[place + 1]
        elif text.startswith("-o="):
            yield text[3:]


def covers(path: str, output: str) -> bool:
    """Whether copying a path takes a file or folder with it, or a part of that.

    >>> covers("/out", "/out/app"), covers("/go/bin/hey", "/go/bin"), covers("/app", "/apple")
    (True, True, False)
    """
    plain = path.rstrip("/*") or "/"
    folder = "/" if plain == "/" else f"{plain}/"
    return (
        plain == output or output.startswith(folder) or plain.startswith(f"{output.rstrip('/')}/")
    )
