"""What each stage of a Dockerfile does: its commands, and the variables that reach them.

BuildKit's rules count: ARG and ENV are in the environment of every RUN below them, ENV wins over
ARG of the same name, a variable of the platform is there for the stages that declare it, and a
stage takes over everything from the one that it begins from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xxpy.dockerfile import evaluate
from xxpy.dockerfile.stages import PREDEFINED, TARGET_FILE
from xxpy.dockerfile.values import TOLD, UNKNOWN, State, Value, expand

if TYPE_CHECKING:
    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.stages import Recipe, Stage, Step


@dataclass(frozen=True, slots=True)
class Done:
    """A RUN instruction: its commands, and whether all of its text could be read."""

    stage: Stage
    step: Step
    calls: tuple[Call, ...]
    whole: bool


def courses(recipe: Recipe) -> dict[int, list[Done]]:
    """Return the RUN instructions of each stage, by its number."""
    ends: dict[int, State] = {}
    known = {name: expand(value, {}) for name, value in recipe.arguments.items()}
    found: dict[int, list[Done]] = {}
    for stage in recipe.stages:
        state = ends[stage.parent.number] if stage.parent else State(files=frozenset({TARGET_FILE}))
        fixed = {
            name
            for parent in stage.ancestors()
            for step in parent.environment
            for name in step.instruction.words[::2]
        }
        fixed -= {name for step in stage.environment for name in step.instruction.words[::2]}
        done: list[Done] = []
        for step in stage.steps:
            state = replace(state, directory=step.directory)
            keyword = step.instruction.keyword
            if keyword == "ARG":
                state = _argument(step, state, known, fixed)
            elif keyword == "ENV":
                words = step.instruction.words
                pairs = dict(
                    zip(words[::2], (word.strip("\"'") for word in words[1::2]), strict=False)
                )
                fixed |= pairs.keys()
                state = evaluate.environment_of(pairs, state)
            elif keyword == "RUN":
                follower = evaluate.follow(step.instruction, state)
                done.append(Done(stage, step, tuple(follower.calls), follower.whole))
                state = replace(state, files=follower.state.files, kept=follower.state.kept)
        ends[stage.number] = state
        found[stage.number] = done
    return found


def _argument(step: Step, state: State, known: dict[str, Value], fixed: set[str]) -> State:
    """Return the state behind ARG: what a build may change is not known, but has a default."""
    fresh: dict[str, Value] = {}
    for word in step.instruction.words:
        name, sign, default = word.partition("=")
        if name in fixed:
            continue
        if name in PREDEFINED:
            given = default.strip("\"'") if sign else known.get(name, UNKNOWN).text
            value = Value(given) if given else TOLD if name.startswith("TARGET") else UNKNOWN
        else:
            value = expand(default.strip("\"'"), state.values) if sign else known.get(name, UNKNOWN)
        fresh[name] = value
    return state.with_values(fresh, export=True)
