"""Where in a step to put what is added to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xxpy.dockerfile.shell import Command
    from xxpy.dockerfile.stages import Step


def prefix(step: Step, command: Command) -> int:
    """Return where to insert a variable: before the command, or before what starts it."""
    first = command.words[0].start
    before = step.instruction.flat[
        command.assignments[-1].end if command.assignments else command.start : first
    ]
    return first if not before.strip() or before.split() == ["time"] else command.start
