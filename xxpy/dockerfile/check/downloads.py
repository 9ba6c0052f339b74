"""What is fetched, or asked, for one architecture where the target's is meant."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.check.finding import Severity, at, rule
from xxpy.dockerfile.check.made import folders
from xxpy.dockerfile.check.subject import TARGET_VARIABLES
from xxpy.dockerfile.stages import BUILD, TARGET, expand, used

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.check.finding import Finding
    from xxpy.dockerfile.check.subject import Subject
    from xxpy.dockerfile.course import Done
    from xxpy.dockerfile.stages import Copy, Stage, Step

_WORD: Final = re.compile(r"[^\s\"'=;&|()<>:,]+")
_SCHEMES: Final = ("http://", "https://", "ftp://")


@rule("XX207", "a step asks the build machine for its architecture", Severity.ERROR)
def asked(subject: Subject) -> Iterator[Finding]:
    """Find `uname -m` and its like in a stage of the build machine, about what goes into the image.

    ## Why it is bad

    The answer is the build machine's. What is chosen by it and copied into the image is for the
    wrong platform, without any error.

    ## Example

    ```dockerfile
    FROM --platform=$BUILDPLATFORM debian:bookworm AS build
    RUN curl -fsSLo /tini https://example.com/tini-$(dpkg --print-architecture)

    FROM debian:bookworm-slim
    COPY --from=build /tini /tini
    ```

    ## Use instead

    ```dockerfile
    FROM --platform=$BUILDPLATFORM debian:bookworm AS build
    ARG TARGETARCH
    RUN curl -fsSLo /tini https://example.com/tini-$TARGETARCH

    FROM debian:bookworm-slim
    COPY --from=build /tini /tini
    ```

    A tool of the build itself is fetched for the build machine, and rightly asks it.
    """
    taken = _taken(subject)
    for stage in subject.recipe.stages:
        if subject.platform(stage) != BUILD:
            continue
        for done in subject.done[stage.number]:
            question = next((call for call in done.calls if subject.asks(call)), None)
            copy = _taken_from(done.step, stage, taken) if question else None
            if question is None or copy is None or done.step.names_target:
                continue
            yield at(
                stage,
                done.step,
                question.command.start,
                "XX207",
                f"{question.name} tells the build machine's architecture, and what it is asked for"
                " goes into the image",
                f"{stage.title} runs on the build machine, and line {copy.step.instruction.line}"
                f" copies {copy.paths[0]} from it",
                "ARG TARGETARCH above this step, and use that",
                many=f"{{count}} steps of {stage.title} ask the build machine for its architecture,"
                " and what it is asked for goes into the image",
                group=str(stage.number),
            )


@rule("XX208", "a download is for one constant architecture", Severity.ERROR)
def constant(subject: Subject) -> Iterator[Finding]:
    """Find addresses of downloads that name one architecture.

    Steps that ask for the platform are left out, stages and files whose name has the architecture
    in it, and stages that fetch for several architectures.

    ## Why it is bad

    The image of every other platform gets a program that does not start there.

    ## Example

    ```dockerfile
    FROM debian:bookworm-slim
    ADD https://example.com/v0.19/tini-static-amd64 /tini
    ```

    ## Use instead

    ```dockerfile
    FROM debian:bookworm-slim
    ARG TARGETARCH
    ADD https://example.com/v0.19/tini-static-$TARGETARCH /tini
    ```
    """
    taken = _taken(subject)
    for stage in subject.recipe.stages:
        if subject.platform(stage) not in {BUILD, TARGET}:
            continue
        found = list(_constants(subject, stage, taken))
        if len({architecture.lower() for *_, architecture in found}) > 1:
            # Cross-compilers, or programs for every platform of a release.
            continue
        for step, offset, address, architecture in found:
            yield at(
                stage,
                step,
                offset,
                "XX208",
                f"this fetches a program for {architecture}, whatever the build is for",
                f"the address names the architecture: {address.rpartition('/')[2] or address}",
                "take it from ARG TARGETARCH, or from a case over it where the names differ",
                many=f"{{count}} steps of {stage.title} fetch programs for one architecture,"
                " whatever the build is for",
                group=str(stage.number),
            )


def _constants(
    subject: Subject, stage: Stage, taken: Taken
) -> Iterator[tuple[Step, int, str, str]]:
    """Yield each download for a constant architecture: step, offset, address, architecture."""
    runs = {done.step.place: done for done in subject.done[stage.number]}
    for step in stage.steps:
        if subject.platform(stage) == BUILD and _taken_from(step, stage, taken) is None:
            continue
        done = runs.get(step.place)
        if done is None:
            addresses = _added(subject, stage, step)
        elif any(map(subject.asks, done.calls)):
            continue
        else:
            addresses = _fetched(subject, done)
        for offset, address in addresses:
            architecture = subject.facts.architecture_in(address)
            if architecture and not subject.is_named_after(stage, architecture):
                yield step, offset, address, architecture


def _added(subject: Subject, stage: Stage, step: Step) -> Iterator[tuple[int, str]]:
    """Yield what an instruction such as ADD fetches, each with its offset."""
    if step.instruction.keyword not in subject.facts.download.instructions:
        return
    for word in step.instruction.words[:-1]:
        address = expand(word.strip("\"'"), stage.variables)
        named = {name for name, _ in used(word)}
        if address.startswith(_SCHEMES) and not named & TARGET_VARIABLES:
            yield 0, address


def _fetched(subject: Subject, done: Done) -> Iterator[tuple[int, str]]:
    """Yield what the commands of a step fetch, whatever the target is, each with its offset."""
    for call in done.calls:
        if call.name not in subject.tools.system.downloaders or call.state.told:
            continue
        for word in call.command.arguments:
            address = call.text(word)
            if address.startswith(_SCHEMES) and not call.told(word.text):
                yield word.start, address


Taken = dict[int, dict[str, "Copy"]]
"""The first copy of each path out of each stage."""


def _taken(subject: Subject) -> Taken:
    """Return what stages of the target copy out of each stage, programs or what may be some."""
    found: Taken = {}
    for copy in subject.recipe.copies():
        if isinstance(copy.origin, str) or copy.is_mount:
            continue
        if subject.platform(copy.stage) != TARGET:
            continue
        paths = [path.strip("\"'").rstrip("/*") for path in copy.paths if not subject.is_data(path)]
        for stage in copy.origin.ancestors() if paths else ():
            for path in paths:
                found.setdefault(stage.number, {}).setdefault(path, copy)
    return found


def _taken_from(step: Step, stage: Stage, taken: Taken) -> Copy | None:
    """Return the copy that takes a path which a step names, or the folder in which it works."""
    paths = taken.get(stage.number, {})
    if step.directory in paths:
        return paths[step.directory]
    words = _WORD.findall(step.instruction.flat) if paths else ()
    for word in words:
        start = max(word.find("/"), 0)
        beside = posixpath.normpath(posixpath.join(step.directory, word))
        for path in (*folders(word[start:]), beside):
            if path and path in paths:
                return paths[path]
    return None
