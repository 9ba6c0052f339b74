"""The variables that BuildKit knows of the platforms."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.check.finding import Severity, at, rule
from xxpy.dockerfile.stages import PREDEFINED, used

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.check.finding import Finding
    from xxpy.dockerfile.check.subject import Subject
    from xxpy.dockerfile.stages import Stage, Step

_PLATFORM: Final = "TARGETPLATFORM"
_TELLING: Final = frozenset({_PLATFORM, "TARGETPAIR", "TARGETARCH"})
"""What tells the xx-* commands a target."""
_ELSEWHERE: Final = frozenset({"ARG", "CMD", "ENTRYPOINT", "HEALTHCHECK", "LABEL", "ONBUILD"})
"""Instructions whose variables are read elsewhere, or tell nothing."""
_SYSTEM_BY_DEFAULT: Final = re.compile(r"\$\{\w+OS:?-\w")
_ASSIGNED: Final = re.compile(
    r"(?:^|[\s;&(|])(?:export\s+|local\s+|read\s+|for\s+)*(?P<name>\w+)(?:=|\s+in\s)"
)


@rule("XX203", "a variable of the platform is used without ARG in its stage", Severity.ERROR)
def undeclared(subject: Subject) -> Iterator[Finding]:
    """Find variables such as `TARGETARCH` in a stage that does not declare them.

    ## Why it is bad

    BuildKit gives them to the stages that declare them; elsewhere they are empty, without an error.
    `GOARCH=` then means the build machine's architecture.

    ## Example

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    RUN GOARCH=$TARGETARCH go build -o /app .

    FROM scratch
    COPY --from=build /app /app
    ```

    ## Use instead

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    ARG TARGETARCH
    RUN GOARCH=$TARGETARCH go build -o /app .

    FROM scratch
    COPY --from=build /app /app
    ```
    """
    for stage in subject.recipe.stages:
        known = _known_above(stage)
        for step in stage.steps:
            inside = _assigned(step)
            for name, offset in _read(step):
                if name in known or name in inside:
                    continue
                known.add(name)
                found = at(
                    stage,
                    step,
                    offset,
                    "XX203",
                    f"{name} is used without ARG {name} in this stage",
                    "it is empty here: BuildKit gives it to the stages that declare it",
                    f"ARG {name} above this line",
                )
                yield replace(found, variable=name)
            known |= _set_by(step)


def _known_above(stage: Stage) -> set[str]:
    """Return the variables that a stage has from the one that it begins from."""
    return stage.parent.arguments | stage.parent.variables.keys() if stage.parent else set()


def _read(step: Step) -> Iterator[tuple[str, int]]:
    """Yield the variables of the platform that a step reads, each with its offset.

    ``${TARGETOS:-linux}`` is left out: its default is what nearly every build wants.
    """
    instruction = step.instruction
    if instruction.keyword in _ELSEWHERE:
        return
    for name, offset in used(instruction.flat):
        if name in PREDEFINED and not _SYSTEM_BY_DEFAULT.match(instruction.flat, offset):
            yield name, offset


def _assigned(step: Step) -> set[str]:
    """Return the variables that the shell text of a step sets itself."""
    if step.instruction.keyword != "RUN":
        return set()
    return {found["name"] for found in _ASSIGNED.finditer(step.instruction.flat)}


def _set_by(step: Step) -> set[str]:
    """Return the variables that the steps below have from ARG or ENV."""
    words = step.instruction.words
    if step.instruction.keyword == "ENV":
        return set(words[::2])
    if step.instruction.keyword == "ARG":
        return {word.partition("=")[0] for word in words}
    return set()


@rule("XX204", "ARG gives a variable of the platform a constant value", Severity.ERROR)
def overridden(subject: Subject) -> Iterator[Finding]:
    """Find `ARG TARGETARCH=amd64` and its like.

    ## Why it is bad

    The default replaces what BuildKit knows. So the variable is the same in every build.

    ## Example

    ```dockerfile
    FROM alpine:3.22
    ARG TARGETARCH=amd64
    COPY bin/server-$TARGETARCH /server
    ```

    ## Use instead

    ```dockerfile
    FROM alpine:3.22
    ARG TARGETARCH
    COPY bin/server-$TARGETARCH /server
    ```
    """
    for stage in subject.recipe.stages:
        for step in stage.steps:
            for word in step.instruction.words if step.instruction.keyword == "ARG" else ():
                name, _, value = word.partition("=")
                if name not in PREDEFINED or not value.strip("\"'"):
                    continue
                found = at(
                    stage,
                    step,
                    0,
                    "XX204",
                    f"{name} is {value} unless the build says otherwise, whatever it is for",
                    "the default of ARG replaces what BuildKit knows",
                    f"ARG {name}",
                )
                yield replace(found, variable=name)


@rule("XX206", "an xx-* command is not told the target", Severity.ERROR)
def untold(subject: Subject) -> Iterator[Finding]:
    """Find `xx-*` commands in stages without an ARG for the target.

    ## Why it is bad

    They do not see for what the build is, and work for the build machine.

    ## Example

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    COPY --from=xx / /
    RUN xx-go build -o /app .
    ```

    ## Use instead

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    COPY --from=xx / /
    ARG TARGETPLATFORM
    RUN xx-go build -o /app .
    ```
    """
    for stage in subject.recipe.stages:
        for done in subject.done[stage.number]:
            asking = next((call for call in done.calls if _asks_target(call)), None)
            if asking is None or any(_is_there(asking, name) for name in _TELLING):
                continue
            found = at(
                stage,
                done.step,
                asking.command.start,
                "XX206",
                f"{asking.name} is not told the target, so it works for the build machine",
                f"no ARG in this stage names {_PLATFORM}",
                f"ARG {_PLATFORM} above this line",
                many=f"{{count}} xx-* commands of {stage.title} are not told the target,"
                " so they work for the build machine",
                group=str(stage.number),
            )
            yield replace(found, variable=_PLATFORM)


def _is_there(call: Call, name: str) -> bool:
    """Whether a command finds a variable, with a value or with one that only the build shows."""
    value = call.value(name)
    return value is not None and value.text != ""


def _asks_target(call: Call) -> bool:
    """Whether a command is one of ours and needs the target: ``xx-go --version`` does not."""
    if not call.name.startswith("xx-"):
        return False
    first = call.arguments[:1]
    if not any(word.startswith("--") and "wrap" not in word for word in first):
        return True
    return "print" in call.command.verb


def declares(step: Step) -> set[str]:
    """Return the variables of the target that an ARG declares."""
    if step.instruction.keyword != "ARG":
        return set()
    names = {word.partition("=")[0] for word in step.instruction.words}
    return {name for name in names if name in PREDEFINED and name.startswith("TARGET")}
