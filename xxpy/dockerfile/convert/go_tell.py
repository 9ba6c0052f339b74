"""Tell commands of Go the target, and keep their programs where they were."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from xxpy.dockerfile.convert.family import WITH_COMMANDS
from xxpy.dockerfile.convert.go_programs import has_c
from xxpy.dockerfile.convert.go_words import NAMES, VALUED, bin_of, positional
from xxpy.dockerfile.convert.installed import named
from xxpy.dockerfile.convert.placing import prefix
from xxpy.dockerfile.convert.results import verify_here
from xxpy.dockerfile.stages import TARGET_FILE
from xxpy.dockerfile.tools import verb_of

if TYPE_CHECKING:
    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.shell import Command, Word
    from xxpy.dockerfile.stages import Stage, Step


def rewrite(family: Family, entry: Entry) -> None:
    """Tell a command of Go the target."""
    stage, step, call = entry.stage, entry.step, entry.call
    command = call.command
    verb = next(word for word in command.arguments if word.text in {"build", "install", "test"})
    family.needs(stage, step)
    moved = ""
    if verb.text == "install":
        moved = _install(family, entry, verb)
    given = [word for word in command.assignments if word.text.partition("=")[0] in NAMES]
    name = command.words[0]
    if family.mode == "args":
        _by_arguments(family, entry, given)
    elif family.mode == "inline":
        _without(family, step, command, given)
        source(family, step, call)
    else:
        _without(family, step, command, given)
        family.edits.replace(step.place, name.end - len("go"), name.end, "xx-go")
        if entry.verdict.c or (family_uses_c(family) and call.value("CGO_ENABLED") is None):
            _enable_c(family, entry)
        verify_here(family, entry, static=_static(call))
    if moved and command.tail >= 0:
        family.edits.replace(step.place, command.tail, command.tail, moved)


def _static(call: Call) -> bool:
    value = call.value("CGO_ENABLED")
    return value is not None and value.text == "0"


def family_uses_c(family: Family) -> bool:
    """Whether Go compiles C in a family: by its settings, or by packages only for C."""
    going = family.of("go", "go-make")
    if not going:
        return False
    said = [entry.verdict.c for entry in going]
    if True in said:
        return True
    if False in said:
        return False
    first = going[0]
    if has_c(family, first.stage, first.step, first.call):
        return True
    installed = [
        family.tools.package(package)
        for entry in family.entries
        for package, _ in named(family, entry)
    ]
    return any(package is not None for package in installed)


def _enable_c(family: Family, entry: Entry) -> None:
    """Say that C is compiled: Go turns that off by itself when it compiles for another platform."""
    if entry.call.value("CGO_ENABLED") is None:
        start = prefix(entry.step, entry.call.command)
        family.edits.replace(entry.step.place, start, start, "CGO_ENABLED=1 ")


def _install(family: Family, entry: Entry, verb: Word) -> str:
    """Keep where ``go install`` puts the program; return what must follow the command."""
    stage, step, call = entry.stage, entry.step, entry.call
    folder = bin_of(stage, call)
    own = call.value("GOBIN") is not None
    packages = positional(call.arguments)[1:]
    exact = any(posixpath.normpath(path) in family.taken for path in entry.verdict.outputs)
    if (exact and not any("@" in word for word in packages)) or (
        own and all(word.startswith(".") for word in packages)
    ):
        family.edits.replace(step.place, verb.start, verb.end, f"build -o {folder}/")
    elif own:
        family.edits.replace(step.place, verb.start, verb.end, "build -o /dev/null")
    elif any(family.takes(path) for path in entry.verdict.outputs) or _named(family, folder):
        system = "${TARGETOS}_${TARGETARCH}"
        if family.mode == "inline":
            system = "$(go env GOOS)_$(go env GOARCH)"
        elif family.mode in WITH_COMMANDS:
            system = "$(xx-go env GOOS)_$(xx-go env GOARCH)"
        return f" && {{ [ ! -d {folder}/{system} ] || mv {folder}/{system}/* {folder}/; }}"
    return ""


def relocate(family: Family, entry: Entry) -> None:
    """Keep where a ``go install`` that already knows the target puts its program."""
    verb = next((word for word in entry.call.command.arguments if word.text == "install"), None)
    if verb is None or verb_of(entry.call.arguments, VALUED) != "install":
        return
    moved = _install(family, entry, verb)
    if moved and entry.call.command.tail >= 0:
        if family.mode == "args":
            family.needs(entry.stage, entry.step)
        family.edits.replace(
            entry.step.place, entry.call.command.tail, entry.call.command.tail, moved
        )


def _named(family: Family, folder: str) -> bool:
    """Whether the folder of programs is taken, or a step names it."""
    if any(
        path == folder or path.startswith(f"{folder}/") or folder.startswith(path.rstrip("/") + "/")
        for path in family.taken
    ):
        return True
    return any(
        folder in call.text(word)
        for _, _, call in family.calls()
        for word in call.command.words
        if call.name not in {"export", "go"}
    )


def _by_arguments(family: Family, entry: Entry, given: list[Word]) -> None:
    edits, step, stage, call = family.edits, entry.step, entry.stage, entry.call
    environment = [other for parent in stage.ancestors() for other in parent.environment]
    constant = [other for other in environment if "GOARCH" in other.instruction.words[::2]]
    exports = [
        word
        for done in family.calls_by_step.get(id(step), ())
        if done.name == "export"
        for word in done.command.arguments
        if word.text.partition("=")[0] in {"GOOS", "GOARCH"} and "=" in word.text
    ]
    if constant and not given:
        for other in constant:
            _set_environment(family, stage, other)
    elif call.exec_form:
        edits.insert_above(step.place, "ARG TARGETOS TARGETARCH")
        edits.insert_above(step.place, "ENV GOOS=$TARGETOS GOARCH=$TARGETARCH")
    elif call.value("GOARCH") is not None and exports and not given:
        for word in exports:
            name = word.text.partition("=")[0]
            edits.replace(
                step.place,
                word.start,
                word.end,
                f"{name}={'$TARGETOS' if name == 'GOOS' else '$TARGETARCH'}",
            )
    else:
        name_target(family, entry, given)


def _set_environment(family: Family, stage: Stage, other: Step) -> None:
    """Let ENV name the target in the place of a constant."""
    for name, value in (("GOOS", "$TARGETOS"), ("GOARCH", "$TARGETARCH")):
        found = re.search(rf"\b{name}(=|[ \t]+)(\S+)", other.instruction.flat)
        if found:
            family.edits.replace(other.place, found.start(2), found.end(2), value)
    family.needs(next(parent for parent in stage.ancestors() if other in parent.steps), other)


def name_target(family: Family, entry: Entry, given: list[Word]) -> None:
    """Set GOOS and GOARCH in front of a command, in the place of what is there."""
    both = "GOOS=$TARGETOS GOARCH=$TARGETARCH"
    step, command = entry.step, entry.call.command
    if given:
        family.edits.replace(step.place, given[0].start, given[0].end, both)
        _without(family, step, command, given[1:])
    else:
        start = prefix(step, command)
        family.edits.replace(step.place, start, start, both + " ")


def _without(family: Family, step: Step, command: Command, words: list[Word]) -> None:
    """Take assignments away, each with the space behind it."""
    following = [*command.assignments, *command.words]
    for word in words:
        after = following[following.index(word) + 1]
        family.edits.replace(step.place, word.start, after.start, "")


def source(family: Family, step: Step, call: Call) -> None:
    """Read the names of the target at the beginning of a step."""
    instruction = step.instruction
    if instruction.is_json:
        if call.exec_form:
            words = ", ".join(
                f'"{word}"' for word in ("/bin/sh", "-c", f'. {TARGET_FILE} && exec \\"$@\\"', "sh")
            )
            family.edits.replace(
                step.place, instruction.body + 1, instruction.body + 1, f"{words}, "
            )
        else:
            start = call.command.start
            family.edits.replace(step.place, start, start, f". {TARGET_FILE} && ")
        return
    start = instruction.scripts()[0][0]
    first = instruction.flat[:start].endswith("\n")
    family.edits.replace(
        step.place, start, start, f". {TARGET_FILE}\n" if first else f". {TARGET_FILE} && "
    )
