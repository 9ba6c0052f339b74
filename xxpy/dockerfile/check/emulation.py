"""Where a stage runs: under emulation, or on one platform whatever the build is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.check.finding import Severity, at, at_stage, rule
from xxpy.dockerfile.stages import BUILD, PREDEFINED, TARGET, used

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.check.finding import Finding
    from xxpy.dockerfile.check.subject import Subject
    from xxpy.dockerfile.course import Done
    from xxpy.dockerfile.stages import Stage
    from xxpy.dockerfile.tools import Tool

_LIGHT: Final = frozenset({"pkg-config", "pkgconf", "strip"})
"""Commands of rows that do not compile."""
_TARGET_PLATFORM: Final = re.compile(r"\$(?:TARGETPLATFORM|\{TARGETPLATFORM(?::?-[^}]*)?\})")
CONVERT: Final = "xxpy dockerfile convert --diff"


@rule("XX101", "a step compiles under emulation", Severity.WARNING)
def compiles(subject: Subject) -> Iterator[Finding]:
    """Find steps that compile in a stage of the target's platform.

    ## Why it is bad

    For a foreign platform the compiler itself runs under QEMU, which takes ten times as long or
    more, and the build fails where no emulator is registered.

    ## Example

    ```dockerfile
    FROM golang:1.26 AS build
    WORKDIR /src
    COPY . .
    RUN CGO_ENABLED=0 go build -o /app .

    FROM scratch
    COPY --from=build /app /app
    ```

    ## Use instead

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    WORKDIR /src
    COPY . .
    ARG TARGETOS TARGETARCH
    RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .

    FROM scratch
    COPY --from=build /app /app
    ```

    `xxpy dockerfile convert` writes that.
    """
    for stage in subject.foreign_stages():
        for done in subject.done[stage.number]:
            found = _compiler(subject, done)
            if found is None:
                continue
            call, tool = found
            image = stage.root.base
            fix = (
                f"FROM --platform=$BUILDPLATFORM {image}, and tell the compiler the target:"
                f" {CONVERT}"
            )
            yield at(
                stage,
                done.step,
                call.command.start,
                "XX101",
                f"this step compiles under emulation for {subject.platforms}",
                _where(stage),
                tool.why or fix,
                many=(
                    f"{{count}} steps of {stage.title} compile under emulation for"
                    f" {subject.platforms}"
                ),
                group=str(stage.number),
            )


@rule("XX102", "a step runs under emulation", Severity.REMARK)
def runs(subject: Subject) -> Iterator[Finding]:
    """Find steps that run in a stage of the target's platform, and compile nothing.

    They install packages or make a user in the image that is built.

    ## Why it is bad

    For a foreign platform they run under QEMU, which is slow, and fails where no emulator is
    registered. Often there is no better way, so this is a remark.

    ## Example

    ```dockerfile
    FROM debian:bookworm-slim
    RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates
    ```

    ## Use instead

    ```dockerfile
    FROM --platform=$BUILDPLATFORM debian:bookworm-slim AS certificates
    RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates

    FROM debian:bookworm-slim
    COPY --from=certificates /etc/ssl/certs /etc/ssl/certs
    ```

    Or choose a base image that has it already. Where emulation is fine, say so with a comment:
    `# xxpy: ignore=XX102` above the step, or above `FROM` for the whole stage.
    """
    for stage in subject.foreign_stages():
        for done in subject.done[stage.number]:
            if _compiler(subject, done):
                continue
            yield at(
                stage,
                done.step,
                0,
                "XX102",
                f"this step runs under emulation for {subject.platforms}",
                _where(stage),
                "copy the result from a stage FROM --platform=$BUILDPLATFORM; or write"
                " # xxpy: ignore=XX102 above the step, or above FROM for the stage",
                many=(
                    f"{{count}} steps of {stage.title} run under emulation for {subject.platforms}"
                ),
                group=str(stage.number),
            )


@rule(
    "XX103",
    "a stage is fixed to one platform",
    Severity.WARNING,
    docker="FromPlatformFlagConstDisallowed",
)
def fixed(subject: Subject) -> Iterator[Finding]:
    """Find a constant behind `FROM --platform`.

    A stage whose name has the operating system or the architecture in it is meant so, as BuildKit
    sees it, too. BuildKit's check of the same meaning is `FromPlatformFlagConstDisallowed`.

    ## Why it is bad

    The stage is the same whatever the build is for. If it ends in the image, the image is of the
    wrong platform; if it compiles, it does so under emulation on every other machine.

    ## Example

    ```dockerfile
    FROM --platform=linux/amd64 alpine:3.22
    COPY server.sh /
    ```

    ## Use instead

    ```dockerfile
    FROM alpine:3.22
    COPY server.sh /
    ```

    And `--platform=$BUILDPLATFORM` for a stage that compiles.
    """
    for stage in subject.recipe.stages:
        if stage.parent is not None or subject.platform(stage) in {BUILD, TARGET}:
            continue
        flag = stage.source.flag("platform") or ""
        known = any(name in PREDEFINED for name, _ in used(flag))
        if known or _is_named_after(stage.name, stage.platform):
            continue
        yield at_stage(
            stage,
            "XX103",
            f"{stage.title} is {stage.platform} whatever the build is for",
            "a constant is behind --platform",
            "--platform=$BUILDPLATFORM for a stage that compiles; nothing for one that ends in"
            " the image",
        )


@rule(
    "XX104",
    "--platform names what is the default",
    Severity.REMARK,
    docker="RedundantTargetPlatform",
)
def redundant(subject: Subject) -> Iterator[Finding]:
    """Find `FROM --platform=$TARGETPLATFORM`.

    BuildKit's check of the same meaning is `RedundantTargetPlatform`.

    ## Why it is bad

    That is the platform of every stage without `--platform`, so the flag says nothing.

    ## Example

    ```dockerfile
    FROM --platform=$TARGETPLATFORM alpine:3.22
    ```

    ## Use instead

    ```dockerfile
    FROM alpine:3.22
    ```
    """
    for stage in subject.recipe.stages:
        flag = stage.source.flag("platform")
        if flag is not None and _TARGET_PLATFORM.fullmatch(flag):
            yield at_stage(
                stage,
                "XX104",
                f"{stage.title} asks for the platform that it has anyway",
                "a stage without --platform is the target's",
                "leave --platform out",
            )


def _compiler(subject: Subject, done: Done) -> tuple[Call, Tool] | None:
    """Return the first command of a step that compiles, tests or configures."""
    for call in done.calls:
        tool = subject.tools.of(call.command)
        if tool is not None and call.name not in _LIGHT:
            return call, tool
    return None


def _where(stage: Stage) -> str:
    root = stage.root
    return (
        f"{stage.title} starts from {root.base} in the target's platform (line {root.source.line})"
    )


def _is_named_after(name: str, platform: str) -> bool:
    """Whether a stage's name has the system or the architecture of its platform in it."""
    return any(part and part in name for part in platform.lower().split("/")[:2])
