"""Programs of the wrong platform in the image."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.check.emulation import CONVERT
from xxpy.dockerfile.check.finding import Severity, at, rule
from xxpy.dockerfile.check.made import Made, made
from xxpy.dockerfile.stages import BUILD, TARGET, expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.check.finding import Finding
    from xxpy.dockerfile.check.subject import Compiling, Subject
    from xxpy.dockerfile.stages import Copy, Stage

_TARGET_OPTION: Final = "--target"


@rule("XX201", "a program of the build machine is copied into the image", Severity.ERROR)
def copied(subject: Subject) -> Iterator[Finding]:
    """Find programs of the build machine that are copied into a stage of the target.

    The stage that they come from runs on the build machine, and its compiler is not told the
    target. Certificates, pages and other data are no programs; what `make` builds counts as told
    when a variable of the target is declared above it, because make passes it on.

    ## Why it is bad

    The build succeeds, and the program does not start: `exec format error`.

    ## Example

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    COPY . .
    RUN go build -o /app .

    FROM scratch
    COPY --from=build /app /app
    ```

    ## Use instead

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    COPY . .
    ARG TARGETOS TARGETARCH
    RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .

    FROM scratch
    COPY --from=build /app /app
    ```

    And let `xx-verify` check the file.
    """
    known: dict[int, Made] = {}
    for copy in subject.recipe.copies():
        origin = copy.origin
        if isinstance(origin, str) or subject.platform(origin) != BUILD:
            continue
        if subject.platform(copy.stage) != TARGET:
            continue
        if origin.number not in known:
            known[origin.number] = _made(subject, origin)
        unaware = _unaware(subject, copy, origin, known[origin.number])
        if unaware is None or not subject.reaches_image(copy.stage):
            continue
        step, call = unaware.step, unaware.call
        yield at(
            copy.stage,
            copy.step,
            0,
            "XX201",
            "this copies a program of the build machine into the target's image",
            f"{origin.title} runs on the build machine, and {call.name} is not told the target"
            f" (line {step.instruction.line_of(call.command.start)})",
            f"tell the compiler the target: {CONVERT}",
            many="{count} steps copy programs of the build machine into the target's image",
            group=f"{origin.number} {copy.stage.number} {step.place}",
        )


def _unaware(subject: Subject, copy: Copy, origin: Stage, made_there: Made) -> Compiling | None:
    """Return the command that makes what a copy takes, where it is not told the target."""
    paths = [expand(path.strip("\"'"), origin.variables) for path in copy.paths]
    paths = [path for path in paths if not subject.is_data(path)]
    found = (made_there.taken_by(path) for path in paths)
    unknown = made_there.unknown if paths else None
    return next((entry for entry in found if entry), None) or unknown


def _made(subject: Subject, stage: Stage) -> Made:
    """Return what a stage makes that is not told the target.

    make makes programs only where there is a compiler; Go and Cargo make some of one machine only
    where they are not told an architecture of every machine.
    """
    compiling = subject.all_compiling(stage)
    compiles = _has_compiler(subject, stage)

    def is_meant(entry: Compiling) -> bool:
        if entry.tool.how == "make":
            return compiles
        return not any(_is_everywhere(subject, value) for _, value in _constants(entry))

    found = made(compiling, subject.outputs, is_meant)
    if any(_may_build(subject, call) for _, call in subject.calls(stage)):
        found.unknown = None
    return found


def _may_build(subject: Subject, call: Call) -> bool:
    """Whether a command of unknown meaning is told the target, and so may make what is taken."""
    row = subject.tools.meaning(call.name, call.arguments)
    known = subject.tools.of(call.command) is not None or (
        row is not None and row.does != "refused"
    )
    return not known and any(call.told(word.text) for word in call.command.arguments)


def _has_compiler(subject: Subject, stage: Stage) -> bool:
    """Whether there is a compiler of programs in a stage: in its image, installed, or called."""
    if subject.tools.language_in(stage.root.base):
        return True
    if any(entry.tool.how != "make" for entry in subject.all_compiling(stage)):
        return True
    installs = (
        word
        for each in stage.ancestors()
        for _, call in subject.calls(each)
        if subject.tools.manager_of(call.command)
        for word in call.arguments
    )
    return any(subject.tools.package(name) is not None for name in installs)


@rule(
    "XX202",
    "a compiler of the target's platform comes into a stage of the build machine",
    Severity.ERROR,
)
def foreign_compiler(subject: Subject) -> Iterator[Finding]:
    """Find compilers out of images in stages of the build machine.

    ## Why it is bad

    The image that `--from` names is taken in the *target's* platform. So its programs run under
    emulation, or not at all.

    ## Example

    ```dockerfile
    FROM --platform=$BUILDPLATFORM debian:bookworm AS build
    COPY --from=golang:1.26 /usr/local/go /usr/local/go
    ```

    ## Use instead

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS go

    FROM --platform=$BUILDPLATFORM debian:bookworm AS build
    COPY --from=go /usr/local/go /usr/local/go
    ```
    """
    for copy in subject.recipe.copies():
        origin = copy.origin
        if not isinstance(origin, str) or subject.platform(copy.stage) != BUILD:
            continue
        if subject.tools.language_in(origin):
            yield at(
                copy.stage,
                copy.step,
                0,
                "XX202",
                f"the programs out of {origin} are the target's and run under emulation here",
                "an image that --from names is taken in the target's platform",
                f"name a stage FROM --platform=$BUILDPLATFORM {origin} AS tools, and take them"
                " from there",
            )


@rule("XX205", "a compiler is told one constant platform", Severity.ERROR)
def constant(subject: Subject) -> Iterator[Finding]:
    """Find compilers that are told the same platform in every build.

    Formats that run everywhere, such as wasm, are meant so, and so is a stage whose name has the
    architecture in it.

    ## Why it is bad

    Every platform's image gets that program, and all but one of them do not start it.

    ## Example

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    COPY . .
    RUN CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -o /app .

    FROM scratch
    COPY --from=build /app /app
    ```

    ## Use instead

    ```dockerfile
    FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    COPY . .
    ARG TARGETOS TARGETARCH
    RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .

    FROM scratch
    COPY --from=build /app /app
    ```
    """
    for stage in subject.recipe.stages:
        for entry in subject.compiling(stage):
            for named, architecture in _constants(entry):
                if _is_meant(subject, stage, architecture):
                    continue
                yield at(
                    stage,
                    entry.step,
                    entry.call.command.start,
                    "XX205",
                    f"{named} makes the same program for every platform",
                    "the target is a constant here",
                    f"take it from TARGETPLATFORM: {CONVERT}",
                    many=f"{named} makes the same programs for every platform",
                    group=f"{stage.number} {named}",
                )


def _constants(entry: Compiling) -> Iterator[tuple[str, str]]:
    """Yield how a command is told a constant target, and the words that name it."""
    call = entry.call
    words = call.arguments
    if call.state.told:
        return
    if entry.tool.how in {"go", "make"}:
        value = call.value("GOARCH")
        given = [word.partition("=")[2] for word in words if word.startswith("GOARCH=")]
        named = given[-1] if given else value.text if value is not None and not value.told else ""
        if named:
            yield f"GOARCH={named}", named
    options = [
        (word, word.partition("=")[2]) for word in words if word.startswith(f"{_TARGET_OPTION}=")
    ]
    if entry.tool.how == "cargo":
        options += [
            (f"{name} {value}", value) for name, value in pairwise(words) if name == _TARGET_OPTION
        ]
    yield from ((shown, value) for shown, value in options if not call.told(value))


def _is_meant(subject: Subject, stage: Stage, architecture: str) -> bool:
    """Whether a constant is no constant, or one on purpose."""
    if not architecture or any(sign in architecture for sign in ("$", "`", "TARGET")):
        return True
    first = architecture.partition("-")[0]
    return _is_everywhere(subject, architecture) or subject.is_named_after(stage, first)


def _is_everywhere(subject: Subject, architecture: str) -> bool:
    """Whether programs for an architecture, or for a triple, run on every machine."""
    return any(architecture.lower().startswith(name) for name in subject.facts.everywhere)
