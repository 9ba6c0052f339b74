"""Steps in the wrong order, and packages for the wrong machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.dockerfile.check.finding import Severity, at, rule
from xxpy.dockerfile.check.subject import is_chosen
from xxpy.dockerfile.check.variables import declares
from xxpy.dockerfile.stages import BUILD, TARGET, used

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.check.finding import Finding
    from xxpy.dockerfile.check.subject import Subject
    from xxpy.dockerfile.stages import Stage, Step


@rule("XX301", "a step runs once for each platform without need", Severity.REMARK)
def too_early(subject: Subject) -> Iterator[Finding]:
    """Find steps below `ARG TARGETPLATFORM` that do the same for every platform.

    Only steps count whose commands are known not to read the variable, such as `apt-get install`
    and `go mod download`.

    ## Why it is bad

    A variable of ARG is part of the environment of every step below it. So BuildKit runs them once
    for each platform, and keeps as many layers.

    ## Example

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    ARG TARGETOS TARGETARCH
    COPY go.mod go.sum ./
    RUN go mod download
    COPY . .
    RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .
    ```

    ## Use instead

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    COPY go.mod go.sum ./
    RUN go mod download
    COPY . .
    ARG TARGETOS TARGETARCH
    RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .
    ```
    """
    for stage in subject.recipe.stages:
        if subject.platform(stage) != TARGET and not is_chosen(stage):
            yield from _too_early(subject, stage)


def _too_early(subject: Subject, stage: Stage) -> Iterator[Finding]:
    waiting: dict[str, Step] = {}
    runs = {done.step.place: done for done in subject.done[stage.number]}
    for step in stage.steps:
        fresh = declares(step)
        if fresh:
            waiting |= dict.fromkeys(sorted(fresh), step)
            continue
        for name in _needed(step, set(waiting)) & waiting.keys():
            del waiting[name]
        done = runs.get(step.place)
        if done is None or not waiting:
            continue
        if done.whole and done.calls and all(map(subject.is_neutral, done.calls)):
            name, declared = next(iter(waiting.items()))
            yield at(
                stage,
                step,
                0,
                "XX301",
                "this step runs once for each platform although nothing in it needs the platform",
                f"ARG {name} is above it (line {declared.instruction.line})",
                f"move ARG {name} down to the step that needs it",
                many=f"{{count}} steps of {stage.title} run once for each platform"
                " although nothing in them needs the platform",
                group=str(stage.number),
            )
        else:
            # It may read the variables, and everything below it depends on it.
            waiting.clear()


def _needed(step: Step, waiting: set[str]) -> set[str]:
    source = step.instruction.source
    needed = {name for name, _ in used(source)}
    return needed | waiting if step.names_target or "TARGETPLATFORM" in source else needed


@rule(
    "XX401",
    "packages are installed for the build machine where the target's are meant",
    Severity.ERROR,
)
def wrong_packages(subject: Subject) -> Iterator[Finding]:
    """Find libraries for the build machine in a stage whose C compiler works for the target.

    ## Why it is bad

    The linker finds no library of the target, or takes a wrong one.

    ## Example

    ```dockerfile
    FROM --platform=$BUILDPLATFORM debian:bookworm AS build
    COPY --from=xx / /
    RUN apt-get update && apt-get install -y clang lld llvm zlib1g-dev
    ARG TARGETPLATFORM
    RUN xx-apt-get install -y xx-c-essentials
    RUN xx-clang -o /app app.c -lz
    ```

    ## Use instead

    ```dockerfile
    FROM --platform=$BUILDPLATFORM debian:bookworm AS build
    COPY --from=xx / /
    RUN apt-get update && apt-get install -y clang lld llvm
    ARG TARGETPLATFORM
    RUN xx-apt-get install -y xx-c-essentials zlib1g-dev
    RUN xx-clang -o /app app.c -lz
    ```
    """
    for stage in subject.recipe.stages:
        if subject.platform(stage) != BUILD or not _cross_compiles_c(subject, stage):
            continue
        for step, command in stage.commands():
            manager = subject.tools.manager_of(command)
            if manager is None:
                continue
            for word in command.arguments:
                package = subject.tools.package(word.text)
                if (
                    package is None
                    or word.text in _for_target(subject, stage)
                    or package.build
                    or ":" in word.text
                    or word.text.startswith("-")
                ):
                    continue
                yield at(
                    stage,
                    step,
                    word.start,
                    "XX401",
                    f"{word.text} is installed for the build machine, and a compiler in this"
                    " stage works for the target",
                    f"{stage.title} runs on the build machine",
                    f"{manager.wrappers[0]} {manager.verb} {word.text}",
                    many=f"libraries on {{count}} lines of {stage.title} are installed for the"
                    " build machine, and a compiler there works for the target",
                    group=str(stage.number),
                )


def _for_target(subject: Subject, stage: Stage) -> set[str]:
    """Return what is installed for the target in the stages that begin from the same image."""
    stages = (one for one in subject.recipe.stages if one.root is stage.root)
    commands = (command for one in stages for _, command in one.commands())
    return {
        word.text
        for command in commands
        if command.name in subject.tools.wrappers
        for word in command.arguments
    }


def _cross_compiles_c(subject: Subject, stage: Stage) -> bool:
    compilers = {"cc", "cxx", "done"}
    found = ((command, subject.tools.of(command)) for step, command in stage.commands())
    return any(
        tool is not None
        and tool.how in compilers
        and command.name not in {"xx-go", "xx-cargo"}
        and tool.is_aware(command, {})
        for command, tool in found
    )
