"""A build as data: which commands run for which platform, and what they leave behind.

A plan is made before anything runs; ``xxpy build --dry-run`` prints it. Three words in arguments
and variables stand for what the runner gives to the platform:

===========  =====================================================================================================
``{stage}``  the folder for results: what a step leaves there is verified and then put into the
output folder
``{work}``   an empty folder for all else, such as object files; it is kept when the build fails
``{jobs}``   its fair share of the processors
===========  =====================================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xxpy.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.errors import XxpyError
    from xxpy.table.platform import Platform

STAGE: Final = "{stage}"
WORK: Final = "{work}"
JOBS: Final = "{jobs}"
EVERYTHING: Final = ("*",)
"""What is collected where nobody has named the results."""
SHELL: Final = "/bin/sh"
"""What runs scripts; people know the step by the script's name."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done for one platform.

    :param commands: argument lists, run one after the other
    :param environment: the variables that the commands see besides the user's own
    :param folder: where the commands run; "" is the project's folder
    :param copied: the folder that gets a copy of the project first, for tools that build in place;
        "" is none
    :param prefix: the folder below the stage whose content is moved up when the project's own
        install step has put it there
    :param installed: whether an install step makes the result: files keep their names, and those
        that are no binaries are let be
    :param messages: how the commands tell which files they have made (:mod:`xxpy.runner.messages`);
        those go into the stage
    :param collected: globs below ``folder``: what is taken from there when nothing is in the stage;
        ``*`` is every program and library
    :param advice: where headers and libraries of the platform come from, for people whose build
        lacks one
    :param remedies: words by which the tool says what is wrong, each with what to do
    :param names_helpers: whether the build tool is told which programs are for this machine, so
        that such a one among them is no result
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
    advice: str = ""
    remedies: tuple[tuple[str, str], ...] = ()
    names_helpers: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole build.

    :param name: the project, for people
    :param language: the kind of project
    :param tool: the compiler and its version, for people
    :param explanation: why this compiler and these settings, a line each
    :param folder: the project's folder
    :param output: the folder that gets one folder a platform
    :param notes: what a user should be told once before it begins, a line each
    :param named: the platforms that were written out; the others came from a glob
    :param refused: the platforms that cannot be built, with the reason; each has no step
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

    @property
    def left_out(self) -> dict[Platform, XxpyError]:
        """The platforms of a glob that cannot be built: nobody asked for them by name."""
        return {
            platform: error
            for platform, error in self.refused.items()
            if platform not in self.named
        }

    @property
    def impossible(self) -> dict[Platform, XxpyError]:
        """The platforms that were asked for by name and cannot be built."""
        return {
            platform: error for platform, error in self.refused.items() if platform in self.named
        }

    def explained(self) -> tuple[str, ...]:
        """Return the explanation with the reason of each platform that cannot be built, a line each."""
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
        """Return the plan as JSON has it."""
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
            "left_out": {str(platform): error.message for platform, error in self.left_out.items()},
            "refused": {
                str(platform): {"message": error.message, "hint": error.hint}
                for platform, error in self.impossible.items()
            },
        }
