"""What a conversion works on: families of stages, their commands, and notes about them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.edits import Edits
from xxpy.dockerfile.tools import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.course import Done
    from xxpy.dockerfile.project import Project
    from xxpy.dockerfile.stages import Copy, Recipe, Stage, Step
    from xxpy.dockerfile.tools import Manager, Tools

MODES: Final = ("args", "xx", "vendored", "inline")
WITH_COMMANDS: Final = ("xx", "vendored")
"""The modes that bring the ``xx-*`` commands."""

ARGUMENTS: Final = {
    "args": ("TARGETOS", "TARGETARCH"),
    "xx": ("TARGETPLATFORM",),
    "vendored": ("TARGETPLATFORM",),
    "inline": ("TARGETPLATFORM",),
}
"""What each mode declares with ARG."""

_COPYING: Final = frozenset({"cp", "mv", "install", "ln", "upx", "tar"})
"""The commands that put a file somewhere else."""

LEFT: Final = "left as it is"
NEUTRAL: Final = "neutral"
COMPILE: Final = "compile"
PORTABLE: Final = "portable"
PACKAGES: Final = "packages"
TROUBLE: Final = "trouble"


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a command does once its stage is on the build machine.

    :param kind: neutral, compile, portable (files for every machine), packages, or trouble: it is
        not understood
    :param how: which conversion tells it the target
    :param told: it is told the target already
    :param why: what is not understood
    :param fix: what a person could change
    :param outputs: the programs that it makes, as they are written
    :param fixed: the platform that it is told on purpose, as ``js/wasm``
    :param known: a row names the trouble, so that the stage is known to build something
    """

    kind: str
    how: str = ""
    told: bool = False
    why: str = ""
    fix: str = ""
    outputs: tuple[str, ...] = ()
    fixed: str = ""
    known: bool = True
    names: tuple[str, ...] = ()
    """The variables that tell make, or a script, the target's tools of C."""
    constant: str = ""
    """The one target of Rust that it is told, which becomes the target of the build."""
    c: bool | None = None
    """Whether Go compiles C, where the variables name it."""


def trouble(why: str, fix: str = "", *, known: bool = True) -> Verdict:
    """Return that a command is not understood.

    :param why: what is not understood
    :param fix: what a person could change
    :param known: the command is known to build something
    """
    return Verdict(TROUBLE, why=why, fix=fix, known=known)


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of a family with what it means."""

    stage: Stage
    step: Step
    call: Call
    verdict: Verdict

    @property
    def line(self) -> int:
        """The line of the Dockerfile that it is on."""
        return self.step.instruction.line_of(self.call.command.start)


@dataclass(slots=True)
class Move:
    """What the conversion of a family collects.

    :param aware: the first step that needs the target, by stage
    :param verified: absolute paths whose files are verified where they are made
    """

    aware: dict[int, Step] = field(default_factory=dict)
    target_packages: list[str] = field(default_factory=list)
    build_packages: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    cross_files: list[Step] = field(default_factory=list)
    toolchains: list[Entry] = field(default_factory=list)
    """The commands that find CMake's toolchain file by a variable."""
    verified: set[str] = field(default_factory=set)


@dataclass
class Family:
    """The stages that begin from one image, and what their conversion needs.

    :param moved: the numbers of the stages of other families that run on the build machine
    :param made: what programs other moved families make, by their names
    """

    recipe: Recipe
    tools: Tools
    stages: list[Stage]
    parts: Mapping[str, str]
    project: Project
    courses: Mapping[int, list[Done]]
    judge: Callable[[Family, Stage, Step, Call], Verdict]
    mode: str = "args"
    edits: Edits = field(default_factory=Edits)
    move: Move = field(default_factory=Move)
    entries: list[Entry] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    """What the last command that made a file of this name does."""
    installed: set[str] = field(default_factory=set)
    """The names of the programs that ``go install`` and ``cargo install`` make."""
    moved: set[int] = field(default_factory=set)
    expected: frozenset[int] = frozenset()
    """The numbers of the stages that are expected to run on the build machine in the end."""
    made: dict[str, str] = field(default_factory=dict)
    reading: list[str] = field(default_factory=list)
    """The scripts that are being read."""
    nested: int = 0
    """How deep in scripts and makefiles the command is that is judged."""
    configured: bool | None = None
    """Whether the target is known to what make or a script has configured last, if it has."""
    inner: list[str] = field(default_factory=list)
    """The programs that the script or makefile has made that is being read."""
    installers: dict[int, frozenset[str]] = field(default_factory=dict)
    """The paths of downloaded scripts that install tools, by the number of the stage."""
    accepted: set[int] = field(default_factory=set)
    """The places of the steps that are left although they are not understood."""

    @property
    def root(self) -> Stage:
        """The stage with the image."""
        return self.stages[0]

    @cached_property
    def language(self) -> str:
        """The language whose tools the image holds, or ""."""
        return self.tools.language_in(self.root.base)

    @cached_property
    def manager(self) -> Manager | None:
        """The manager of packages that the family uses, or that its image has."""
        used = (self.tools.manager_of(call.command) for _, _, call in self.calls())
        return next((manager for manager in used if manager), None) or self.tools.manager_in(
            self.root.base
        )

    @cached_property
    def calls_by_step(self) -> Mapping[int, tuple[Call, ...]]:
        """The commands of each step, by the identity of the step."""
        return {
            id(done.step): tuple(done.calls)
            for stage in self.stages
            for done in self.courses[stage.number]
        }

    def calls(self) -> Iterator[tuple[Stage, Step, Call]]:
        """Yield every command of the family."""
        return (
            (stage, done.step, call)
            for stage in self.stages
            for done in self.courses[stage.number]
            for call in done.calls
        )

    @cached_property
    def called(self) -> frozenset[str]:
        """The names of all commands of the family."""
        return frozenset(call.name for _, _, call in self.calls())

    @cached_property
    def copied(self) -> frozenset[str]:
        """The arguments of all commands that copy files."""
        found = (call for _, _, call in self.calls() if call.name in _COPYING)
        return frozenset(word for call in found for word in call.arguments)

    def forget(self) -> None:
        """Forget what the commands mean, because they are judged again."""
        self.entries = []
        self.kinds.clear()
        self.configured = None
        self.installed.clear()

    def add(self, entry: Entry) -> None:
        """Add what the next command means."""
        self.entries.append(entry)
        outputs = [path.rstrip("/") for path in entry.verdict.outputs]
        self.kinds |= {posixpath.basename(path): entry.verdict.kind for path in outputs}
        if entry.verdict.kind == COMPILE and "install" in entry.call.arguments:
            self.installed |= {posixpath.basename(path) for path in outputs}

    def of(self, *how: str) -> list[Entry]:
        """Return the commands that one of these conversions knows."""
        return [entry for entry in self.entries if entry.verdict.how in how]

    def compiling(self) -> list[Entry]:
        """Return the commands that compile for one machine."""
        return [entry for entry in self.entries if entry.verdict.kind == COMPILE]

    def builds(self) -> bool:
        """Whether programs for one machine are made, as far as is known."""
        return any(entry.verdict.kind in {COMPILE, TROUBLE} for entry in self.entries)

    @cached_property
    def leaving(self) -> list[Copy]:
        """What stages of other families take out of this one."""
        return [
            copy
            for copy in self.recipe.copies()
            if not isinstance(copy.origin, str)
            and copy.origin in self.stages
            and copy.stage not in self.stages
        ]

    @cached_property
    def taken(self) -> list[str]:
        """The paths that leave the family, absolute where that is known."""
        return [self.absolute(path) for copy in self.leaving for path in copy.paths]

    @cached_property
    def products(self) -> list[str]:
        """The paths that leave the family for stages that run for the target."""
        copies = (copy for copy in self.leaving if copy.stage.number not in self.expected)
        return [self.absolute(path) for copy in copies for path in copy.paths]

    def takes(self, path: str) -> bool:
        """Whether a file, or a folder that it is in, leaves the family."""
        return any(
            path == taken or path.startswith(taken.rstrip("/*") + "/") or _fits(path, taken)
            for taken in self.taken
        )

    def absolute(self, path: str) -> str:
        """Return a path of COPY as the stage has it."""
        return posixpath.normpath("/" + path.strip("\"'").lstrip("/"))

    def needs(self, stage: Stage, step: Step) -> None:
        """Note that a step needs the target."""
        first = self.move.aware.get(stage.number)
        if first is None or step.place < first.place:
            self.move.aware[stage.number] = step


def _fits(path: str, pattern: str) -> bool:
    return "*" in pattern and matches(path, [pattern])
