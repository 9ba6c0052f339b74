"""A build as data: which commands run for which platform, and what they leave behind.

A plan is made before anything runs; ``xxpy build --dry-run`` prints it. The word ``{stage}`` in an argument stands for the folder that the
runner gives to the platform: what a step leaves there is verified and then put into the output folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.platform import Platform

STAGE: Final = "{stage}"


@dataclass(frozen=True, slots=True)
class Step:
    """What is done for one platform.

    :param commands: argument lists, run one after the other in the project's folder
    :param environment: the variables that the commands see besides the user's own
    """

    platform: Platform
    commands: tuple[tuple[str, ...], ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole build.

    :param name: the project, for people
    :param language: the kind of project
    :param tool: the compiler and its version, for people
    :param explanation: why this compiler and these settings, a line each
    :param folder: the project's folder
    :param output: the folder that gets one folder a platform
    :param left_out: the platforms of a glob that the compiler cannot build for, with the reason
    """

    name: str
    language: str
    tool: str
    explanation: tuple[str, ...]
    folder: Path
    output: Path
    steps: tuple[Step, ...]
    left_out: Mapping[Platform, str] = field(default_factory=dict)

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
            "left_out": {str(platform): reason for platform, reason in self.left_out.items()},
        }
