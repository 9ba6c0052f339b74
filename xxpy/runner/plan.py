"""A build as data: the commands for each platform, and their results.

A plan is made before anything runs; ``xxpy build --dry-run`` prints it. The runner replaces three
words in arguments and variables:

===========  ==============================================================================
``{stage}``  the folder for results, which are verified and then moved to the output folder
``{work}``   an empty folder for all else, such as object files; kept if the build fails
``{jobs}``   the platform's share of the processors
===========  ==============================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xxpy.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from xxpy.errors import XxpyError
    from xxpy.table.platform import Platform

STAGE: Final = "{stage}"
WORK: Final = "{work}"
JOBS: Final = "{jobs}"
EVERYTHING: Final = ("*",)
"""The globs of the results if the project names none."""
SHELL: Final = "/bin/sh"
"""The shell that runs scripts; messages name the script instead."""


@dataclass(frozen=True, slots=True)
class Objects:
    """A folder in which a build tool keeps the object files of a platform.

    :param key: identifies the tools that make them, such as the compiler and its settings
    :param lock: a glob of the files in the folder that the build tool locks while it uses it
    """

    folder: str
    key: str
    lock: str


@dataclass(frozen=True, slots=True)
class Tests:
    """The project's tests.

    :param command: what runs them
    :param ran: a regular expression for what that command prints if there is at least one test, as
        most succeed without any
    """

    command: tuple[str, ...]
    ran: str


@dataclass(frozen=True, slots=True)
class Step:
    """The commands for one platform.

    :param commands: argument lists, run one after the other
    :param environment: the variables of the commands besides the user's own
    :param folder: the folder that the commands run in; "" means the project's folder
    :param copied: the folder to which the project is copied first, for tools that build in place;
        "" means that it is not copied
    :param prefix: the folder below the stage to which the project's install step installs; its
        content is moved up
    :param installed: whether an install step makes the results, so that files which are not
        binaries are allowed
    :param messages: the reader of the commands' output (:mod:`xxpy.runner.messages`); the files
        that they report go into the stage
    :param collected: globs of the results in ``folder``, used if the stage is empty; ``*`` means
        every program and library
    :param advice: returns how to get headers and libraries for the platform, in case some are
        missing
    :param remedies: messages of the tool, each with what to do about it
    :param seeded: whether the tool itself finds out that a file in the stage is what it would make,
        and then gives it a new time
    :param objects: the object files that the build tool keeps for the next build
    :param noticed: the suffixes of the files whose changes the build tool notices by their times,
        so that it can go on in the work folder of an earlier build; none if it cannot
    :param guesses: messages that have several causes, each with what to do if no other is known
    :param absent: a message of the install step that says that it does not exist for the platform;
        what was built is collected then
    :param nothing: what to do if the commands leave no file
    :param tests: the command that runs the project's tests, if it is one of the commands
    :param names_helpers: whether the build tool knows which programs are for this machine; those
        are not results
    :param runtime: the compiler whose shared libraries results need in their folder
        (:mod:`xxpy.runner.runtime`), with its flags; empty if they need none
    """

    platform: Platform
    commands: tuple[tuple[str, ...], ...]
    environment: Mapping[str, str]
    folder: str = ""
    copied: str = ""
    prefix: str = ""
    installed: bool = False
    collected: tuple[str, ...] = ()
    messages: str = ""
    advice: Callable[[], str] = field(default=str, compare=False)
    remedies: tuple[tuple[str, str], ...] = ()
    guesses: tuple[tuple[str, str], ...] = ()
    absent: str = ""
    nothing: str = ""
    tests: Tests | None = None
    names_helpers: bool = False
    seeded: bool = False
    objects: Objects | None = None
    noticed: frozenset[str] = frozenset()
    runtime: tuple[str, ...] = ()

    @property
    def uses_work(self) -> bool:
        """Whether it needs a work folder."""
        words = (word for command in self.commands for word in command)
        return WORK in "".join((self.folder, self.copied, *self.environment.values(), *words))


@dataclass(frozen=True, slots=True)
class Known:
    """What the results of a plan depend on besides its commands and their environment.

    :param trees: a digest of everything that the tool reads, for the platforms where that is known
    :param unchanged: whether all of it is still the same
    """

    trees: Mapping[Platform, str]
    unchanged: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole build.

    :param name: the project, for people
    :param language: the kind of project
    :param tool: the compiler and its version, for people
    :param explanation: the reasons for the compiler and the settings, a line each
    :param folder: the project's folder
    :param output: the folder for the results, with one folder for each platform
    :param notes: lines that are shown to the user once, before the build begins
    :param warnings: lines that are shown before every build
    :param named: the platforms that the user wrote out; the others came from a glob
    :param refused: the platforms that cannot be built, with the reasons; they have no steps
    :param family: the family of the C compiler that most platforms use, or ""
    :param request: what is built, in words that are the same if that is asked for again
    :param known: what the tool reads, if the results of the last build can be used again
    """

    name: str
    language: str
    tool: str
    explanation: tuple[str, ...]
    folder: Path
    output: Path
    steps: tuple[Step, ...]
    named: frozenset[Platform] = frozenset()
    refused: Mapping[Platform, XxpyError] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    family: str = ""
    warnings: tuple[str, ...] = ()
    request: tuple[str, ...] = ()
    known: Known | None = field(default=None, compare=False)

    @property
    def left_out(self) -> dict[Platform, XxpyError]:
        """The platforms of a glob that cannot be built, which is not an error."""
        return {
            platform: error
            for platform, error in self.refused.items()
            if platform not in self.named
        }

    @property
    def impossible(self) -> dict[Platform, XxpyError]:
        """The platforms that the user named and that cannot be built."""
        return {
            platform: error for platform, error in self.refused.items() if platform in self.named
        }

    def explained(self) -> tuple[str, ...]:
        """Return the explanation, with the reasons of platforms that cannot be built."""
        lines = list(self.explanation)
        for platform, error in self.refused.items():
            known = not (isinstance(error, ToolError) and error.unknown)
            lines.append(
                f"{platform} cannot be built: {error.message}"
                if known
                else f"{platform}: {error.message}"
            )
            lines += [f"  {line}" for line in error.hint.splitlines()]
        return tuple(lines)

    def document(self) -> dict[str, object]:
        """Return the plan as a JSON object."""
        return {
            "name": self.name,
            "language": self.language,
            "tool": self.tool,
            "folder": str(self.folder),
            "output": str(self.output),
            "steps": [
                {
                    "platform": str(step.platform),
                    "environment": dict(step.environment),
                    "commands": [list(command) for command in step.commands],
                    "folder": str(self.output / step.platform.folder),
                }
                for step in self.steps
            ],
            "warnings": list(self.warnings),
            "left_out": {str(platform): error.message for platform, error in self.left_out.items()},
            "refused": {
                str(platform): {"message": error.message, "hint": error.hint}
                for platform, error in self.impossible.items()
            },
        }
