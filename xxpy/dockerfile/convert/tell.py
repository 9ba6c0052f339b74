"""Tell every command of a family the target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import (
    c_tell,
    dotnet,
    go_tell,
    packages,
    results,
    rust,
    rust_make,
    rust_results,
)
from xxpy.dockerfile.convert.family import NEUTRAL, WITH_COMMANDS
from xxpy.dockerfile.convert.placing import prefix
from xxpy.dockerfile.stages import TARGET

if TYPE_CHECKING:
    from collections.abc import Callable

    from xxpy.dockerfile.convert.family import Entry, Family

_GOING: Final = frozenset({"go", "go-make"})
_NATIVE: Final = frozenset({"test", "run", "generate", "install", "tool"})


def tell(family: Family) -> None:
    """Change every command of a family that compiles and is not told the target."""
    results.aware(family)
    for entry in family.compiling():
        unlinked = entry.verdict.how in _GOING and _needs_compiler(family)
        if (unlinked or not entry.verdict.told) and entry.verdict.how in HOW:
            HOW[entry.verdict.how](family, entry)
        elif entry.verdict.how == "go" and family.root.platform == TARGET:
            go_tell.relocate(family, entry)
        elif entry.verdict.how == "cargo" and family.root.platform == TARGET:
            # It names the target itself, but not the linker.
            rust.rewrite(family, entry)
    if packages.needs_commands(family):
        packages.share(family)
    rust_results.follow(family)


def _needs_compiler(family: Family) -> bool:
    """Whether Go, even where it knows the target, must be told a compiler of C for it."""
    moving = family.root.platform == TARGET
    return moving and family.mode in WITH_COMMANDS and go_tell.family_uses_c(family)


def _make(family: Family, entry: Entry) -> None:
    """Tell a make, or a script, that calls Go the target."""
    step, call = entry.step, entry.call
    family.needs(entry.stage, step)
    given = [
        word
        for word in call.command.assignments
        if word.text.partition("=")[0] in {"GOOS", "GOARCH"}
    ]
    if family.mode == "args" and call.exec_form:
        family.edits.insert_above(step.place, "ARG TARGETOS TARGETARCH")
        family.edits.insert_above(step.place, "ENV GOOS=$TARGETOS GOARCH=$TARGETARCH")
    elif family.mode == "args":
        go_tell.name_target(family, entry, given)
    elif family.mode == "inline":
        go_tell.source(family, step, call)
    elif call.exec_form:
        family.edits.insert_above(step.place, "ARG TARGETPLATFORM")
        family.edits.insert_above(step.place, "RUN xx-go --wrap")
    else:
        start = prefix(step, call.command)
        c_on = (
            "CGO_ENABLED=1 "
            if go_tell.family_uses_c(family) and call.value("CGO_ENABLED") is None
            else ""
        )
        if c_on and start != call.command.start:
            family.edits.replace(step.place, start, start, c_on)
            c_on = ""
        family.edits.replace(
            step.place, call.command.start, call.command.start, f"xx-go --wrap && {c_on}"
        )
    if family.mode in WITH_COMMANDS and _goes_on(family, entry) and call.command.tail >= 0:
        family.edits.replace(step.place, call.command.tail, call.command.tail, " && xx-go --unwrap")


def _goes_on(family: Family, entry: Entry) -> bool:
    """Whether Go works for the build machine after a command that had its settings written."""
    return any(
        other.call.name == "go"
        and other.verdict.kind == NEUTRAL
        and _NATIVE & set(other.call.arguments[:1])
        for other in family.entries
        if (other.step.place, other.call.command.start)
        > (entry.step.place, entry.call.command.start)
    )


HOW: Final[dict[str, Callable[[Family, Entry], None]]] = {
    **c_tell.REWRITE,
    "dotnet": dotnet.rewrite,
    "go": go_tell.rewrite,
    "go-make": _make,
    "cargo": rust.rewrite,
    "cargo-make": rust_make.rewrite,
}
"""The change that each conversion makes to a command."""
