"""Limits of what the stages of a Dockerfile may take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.errors import DockerfileError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.dockerfile.syntax import Instruction

_MOST_STAGES: Final = 1000

MOST_TEXT: Final = 1 << 24
"""Characters of the variables and working directories of all stages at most."""

ENTRY: Final = 100
"""What a variable counts that a stage takes over from another one."""


def grown(variables: Mapping[str, str], instruction: Instruction, directory: str) -> int:
    """Return how many characters an instruction adds to what is kept."""
    if instruction.keyword == "WORKDIR":
        return len(directory)
    words = instruction.words if instruction.keyword in {"ARG", "ENV"} else ()
    return sum(len(variables.get(word.partition("=")[0], "")) for word in words)


def within(left: int, stages: int, instruction: Instruction) -> None:
    """Refuse a file that takes too much.

    :raises DockerfileError: there are too many stages, or variables and folders are too long
    """
    if stages > _MOST_STAGES:
        raise DockerfileError(
            f"line {instruction.line}, column 1: more than {_MOST_STAGES} stages, the limit of a"
            " Dockerfile"
        )
    if left < 0:
        message = (
            f"the variables of all stages take more than {MOST_TEXT >> 20} MiB, the limit of a"
            " Dockerfile"
        )
        raise DockerfileError(f"line {instruction.line}, column 1: {message}")
