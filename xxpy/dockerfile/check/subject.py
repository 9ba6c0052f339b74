"""What is judged, with the answers that several rules ask for.

What a step runs, and which variables reach it, is what :mod:`xxpy.dockerfile.course` says: commands
inside ``sh -c`` count, and so do the shell's scopes.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy.dockerfile.course import courses
from xxpy.dockerfile.installs import cargo_folder, go_folder
from xxpy.dockerfile.stages import BUILD, PREDEFINED, TARGET, used
from xxpy.dockerfile.tools import matches, verb_of
from xxpy.dockerfile.values import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.check.facts import Facts
    from xxpy.dockerfile.course import Done
    from xxpy.dockerfile.stages import Recipe, Stage, Step
    from xxpy.dockerfile.tools import Tool, Tools

COMPILING: Final = frozenset({"go", "cargo", "cc", "cxx", "make", "done"})
"""The conversions whose commands make programs."""
TARGET_VARIABLES: Final = frozenset(name for name in PREDEFINED if name.startswith(TARGET.upper()))
"""What BuildKit says of the target."""
_INSTALLING: Final = frozenset({"go", "cargo"})
_VARIABLE: Final = re.compile(r"\$(?:\{[^}]*\}|\w+)")
_SPECIAL: Final = frozenset("*?[]")
"""What means something in a pattern, and is in no name of a stage."""
_MOVING: Final = frozenset({"cp", "mv", "install", "ln", "rsync"})
"""Commands that put a file elsewhere."""
_NEUTRAL: Final = frozenset({"neutral", "packages"})
"""What commands do that do the same for every target."""


class Compiling(NamedTuple):
    """A command that makes programs, with the row that knows it."""

    stage: Stage
    step: Step
    call: Call
    tool: Tool


@dataclass(eq=False)
class Subject:
    """What is judged, and for which foreign platforms.

    :param platforms: how messages name the platforms for which the machine is foreign, or ""
    :param name: of the file, in small letters
    """

    recipe: Recipe
    tools: Tools
    facts: Facts
    platforms: str
    name: str = ""
    known: dict[int, list[Compiling]] = field(default_factory=dict)
    moved: dict[int, set[str]] = field(default_factory=dict)

    @cached_property
    def done(self) -> dict[int, list[Done]]:
        """The RUN instructions of each stage, by its number."""
        return courses(self.recipe)

    @cached_property
    def users(self) -> dict[int, list[Stage]]:
        """The stages that begin from a stage, or copy from it, by its number."""
        found: dict[int, list[Stage]] = {}
        for stage in self.recipe.stages:
            if stage.parent:
                found.setdefault(stage.parent.number, []).append(stage)
        for copy in self.recipe.copies():
            if not isinstance(copy.origin, str):
                found.setdefault(copy.origin.number, []).append(copy.stage)
        return found

    def platform(self, stage: Stage) -> str:
        """Return where a stage runs: ``build``, ``target``, or the constant that it is fixed to.

        A stage that begins from ``base-${TARGETARCH}`` runs where the stages of such names do; its
        own ``--platform`` then has no effect.
        """
        return self._platforms[stage.number]

    @cached_property
    def _platforms(self) -> tuple[str, ...]:
        found: list[str] = []
        for stage in self.recipe.stages:
            if stage.parent:
                found.append(found[stage.parent.number])
                continue
            named = _named_like(stage.base, self.recipe.stages[: stage.number])
            places = {found[each.number] for each in named} or {stage.platform}
            found.append(places.pop() if len(places) == 1 else TARGET)
        return tuple(found)

    def foreign_stages(self) -> Iterator[Stage]:
        """Yield the stages that run under emulation for a foreign platform."""
        if self.platforms:
            yield from (each for each in self.recipe.stages if self.platform(each) == TARGET)

    def calls(self, stage: Stage) -> Iterator[tuple[Step, Call]]:
        """Yield every command of a stage."""
        return ((done.step, call) for done in self.done[stage.number] for call in done.calls)

    def asks(self, call: Call) -> bool:
        """Whether a command tells the architecture of the machine that it runs on."""
        row = self.tools.meaning(call.name, call.arguments)
        return row is not None and row.does == "asks"

    def is_neutral(self, call: Call) -> bool:
        """Whether a command does the same for every target."""
        if not call.name or self.tools.manager_of(call.command):
            return True
        row = self.tools.meaning(call.name, call.arguments)
        return row is not None and row.does in _NEUTRAL

    def is_data(self, path: str) -> bool:
        """Whether a path holds no programs."""
        plain = path.rstrip("/*")
        folders = self.tools.system.data
        inside = any(plain == folder or plain.startswith(f"{folder}/") for folder in folders)
        return inside or matches(path, self.facts.data.paths)

    def is_named_after(self, stage: Stage, architecture: str) -> bool:
        """Whether the name of a stage, one of its bases or the file contains the architecture."""
        names = (self.name, *(each.name for each in stage.ancestors()))
        return any(architecture.lower() in name for name in names)

    def reaches_image(self, stage: Stage) -> bool:
        """Whether a stage for the target ends in an image, not only in build machine stages."""
        seen: set[int] = set()
        waiting = [stage]
        while waiting:
            one = waiting.pop()
            users = self.users.get(one.number, [])
            if not users:
                return True
            seen.add(one.number)
            waiting += [
                user for user in users if self.platform(user) != BUILD and user.number not in seen
            ]
        return False

    def compiling(self, stage: Stage) -> list[Compiling]:
        """Return the commands of a stage that make programs."""
        if stage.number not in self.known:
            found = ((step, call, self.tools.of(call.command)) for step, call in self.calls(stage))
            self.known[stage.number] = [
                Compiling(stage, step, call, tool)
                for step, call, tool in found
                if tool and tool.kind == "compile" and tool.how in COMPILING
            ]
        return self.known[stage.number]

    def all_compiling(self, stage: Stage) -> list[Compiling]:
        """Return those of a stage and of the stages that it begins from, first to last."""
        stages = reversed(list(stage.ancestors()))
        return [entry for each in stages for entry in self.compiling(each)]

    def outputs(self, entry: Compiling) -> tuple[str, ...]:
        """Return the paths that a command writes its programs to; none where they are not known."""
        call, tool = entry.call, entry.tool
        paths = list(_named_outputs(call.arguments))
        if not paths and tool.how in _INSTALLING and verb_of(call.arguments) == "install":
            paths = [_installed(entry.stage, entry)]
        unknown = any("$" in path or "`" in path for path in paths) or not call.state.directory
        if unknown or self._moves(entry.stage, paths):
            return ()
        return tuple(
            posixpath.normpath(posixpath.join(call.state.directory, path)) for path in paths
        )

    def _moves(self, stage: Stage, paths: list[str]) -> bool:
        """Whether a step of the stage puts one of these files elsewhere."""
        if stage.number not in self.moved:
            self.moved[stage.number] = {
                part
                for each in stage.ancestors()
                for _, call in self.calls(each)
                if call.name in _MOVING
                for word in call.arguments
                for part in word.rstrip("/*").split("/")
            }
        names = (posixpath.basename(path.rstrip("/")) for path in paths)
        return any(name in self.moved[stage.number] for name in names)


def _named_like(base: str, stages: Iterable[Stage]) -> list[Stage]:
    """Return the stages that a base such as ``base-${TARGETARCH}`` may mean."""
    if "$" not in base or set(base) & _SPECIAL:
        return []
    pattern = _VARIABLE.sub("*", base.lower())
    return [stage for stage in stages if stage.name and fnmatchcase(stage.name, pattern)]


def is_told(entry: Compiling) -> bool:
    """Whether a command is, or may be, told the target.

    By its words, by a variable that reaches it, or because only some targets run it. What make runs
    may read every variable of its environment.
    """
    call, tool = entry.call, entry.tool
    if call.state.told or tool.how == "done" or is_chosen(entry.stage):
        return True
    words = [word.text for word in (*call.command.arguments, *call.command.assignments)]
    pairs = pairwise([*words, ""])
    if any(matches(first, tool.aware) and _tells(call, first, then) for first, then in pairs):
        return True
    if any((value := call.value(name)) is not None and value.told for name in tool.aware):
        return True
    if tool.how != "make":
        return False
    environment = (call.value(name) for name in call.state.exported)
    return any(value is not None and value.told for value in environment) or any(
        map(call.told, words)
    )


def _tells(call: Call, first: str, then: str) -> bool:
    """Whether a word, or the value behind an option such as ``--target``, is told the target."""
    separate = first.startswith("-") and "=" not in first
    return _names_target(call, first) or (separate and _names_target(call, then))


def _names_target(call: Call, word: str) -> bool:
    """Whether a word is told the target, or may be: by a variable that only the build shows.

    A variable of the platform that the stage does not declare is XX203's.
    """
    return call.told(word) or "xx-" in word or "$" in written(word, call.state.values)


def is_chosen(stage: Stage) -> bool:
    """Whether the target decides which image or stage a stage begins from."""
    texts = (each.source.flat for each in stage.ancestors())
    return any(
        name in TARGET_VARIABLES for text in texts for name, _ in used(_without_platform(text))
    )


def _without_platform(text: str) -> str:
    return " ".join(word for word in text.split() if not word.startswith("--platform"))


def _named_outputs(arguments: list[str]) -> Iterator[str]:
    """Yield what ``-o`` names."""
    for place, text in enumerate(arguments):
        if text == "-o" and place + 1 < len(arguments):
            yield arguments[place + 1]
        elif text.startswith("-o="):
            yield text[3:]


def _installed(stage: Stage, entry: Compiling) -> str:
    """Return the folder of an ``install`` of Go or Cargo, "$" if only the build shows it."""
    call = entry.call
    if entry.tool.how == "go":
        return go_folder(call, stage.variables) or "$"
    return cargo_folder(call) or "$"
