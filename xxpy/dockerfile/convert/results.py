"""Verify what leaves a moved stage: after the command that makes it, or at the stage's end.

Every ELF, PE and Mach-O file below what COPY and mounts take out of the stage is for the target, or
the build fails. ``xx-verify`` judges where the mode has it; elsewhere the first bytes of the files
do, compared in one line of sh.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import dotnet, rust_target
from xxpy.dockerfile.convert.family import ARGUMENTS, LEFT, WITH_COMMANDS, Note
from xxpy.dockerfile.stages import BUILD, PREDEFINED, expand, used

if TYPE_CHECKING:
    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.stages import Copy, Stage

PATHS: Final = "PATHS"
"""What stands for the paths in the rendered tests."""

_ARCHIVES: Final = (".a", ".lib", ".o", ".json", ".h")


def verify_here(family: Family, entry: Entry, *, static: bool) -> None:
    """Verify the files that ``-o`` names right after their command, where possible."""
    step, command = entry.step, entry.call.command
    if family.mode not in WITH_COMMANDS or entry.call.exec_form or command.tail < 0:
        return
    source = step.instruction.source
    for place, word in enumerate(command.arguments):
        if word.text != "-o" or place + 1 >= len(command.arguments):
            continue
        written = command.arguments[place + 1]
        if written.text.endswith(_ARCHIVES) or written.text == "/dev/null":
            continue
        path = source[written.start : written.end]
        files = f"{path}*" if path.endswith("/") else path
        options = " --static" if static else ""
        family.edits.replace(
            step.place, command.tail, command.tail, f" && xx-verify{options} {files}"
        )
        if "$" not in written.text:
            family.move.verified.add(
                posixpath.normpath(posixpath.join(entry.call.state.directory or "/", written.text))
            )


def unclear(family: Family) -> Note | None:
    """Return why what leaves the family cannot be verified, or None."""
    for copy in family.leaving:
        for path in copy.paths:
            if _resolved(copy, path)[0] is None:
                return Note(
                    copy.step.instruction.line,
                    f"{LEFT}: which files {path} are, only the build shows; name them without a"
                    f" variable that {copy.stage.title} sets",
                )
    fixed = [
        (entry, path)
        for entry in family.entries
        if entry.verdict.fixed
        for path in entry.verdict.outputs
    ]
    for entry, path in fixed:
        whole = posixpath.normpath(posixpath.join(entry.call.state.directory or "/", path))
        if family.takes(whole) and entry.verdict.fixed.partition("/")[0] not in {"js", "wasip1"}:
            return Note(
                entry.line,
                f"{LEFT}: {entry.call.name} makes {path} for {entry.verdict.fixed} on purpose, and"
                " it leaves the stage with what is for the"
                " target; build it in a stage of its own",
            )
    return None


def verify(family: Family) -> None:
    """Have everything that leaves the family verified at the end of its stages."""
    portable = not family.builds()
    wanted: dict[int, list[str]] = {}
    names: dict[int, set[str]] = {}
    stages = {stage.number: stage for stage in family.stages}
    for copy in family.leaving:
        if copy.stage.number in family.moved or isinstance(copy.origin, str):
            continue
        if portable and copy.stage.platform == BUILD:
            continue
        for path in copy.paths:
            text, needed = _resolved(copy, rust_target.without(family, path))
            if text is not None and not _is_known(family, text):
                paths = wanted.setdefault(copy.origin.number, [])
                if text not in paths:
                    paths.append(text)
                names.setdefault(copy.origin.number, set()).update(needed)
    for number, paths in wanted.items():
        _insert(family, stages[number], paths, names[number], portable=portable)


def _insert(
    family: Family, stage: Stage, paths: list[str], names: set[str], *, portable: bool
) -> None:
    if not stage.steps:
        return
    part, wanted = ("no-programs", ()) if portable else _test(family)
    step = next(
        (step for step in reversed(stage.steps) if step.instruction.keyword != "ARG"),
        stage.steps[-1],
    )
    declared = stage.arguments | {
        name
        for parent in stage.ancestors()
        if parent.number in family.move.aware
        for name in family.move.variables
    }
    missing = [name for name in dict.fromkeys([*wanted, *sorted(names)]) if name not in declared]
    text = (
        family.parts[part]
        .rstrip("\n")
        .replace(PATHS, " ".join(paths))
        .replace("\\\n", f"{step.instruction.escape}\n")
    )
    if missing:
        text = f"ARG {' '.join(missing)}\n{text}"
    family.edits.insert_below(step.place, text)


def _test(family: Family) -> tuple[str, tuple[str, ...]]:
    """Return the part that judges programs, and what it must be told."""
    if family.of("dotnet"):
        return "verify-dotnet", ("TARGETARCH",)
    if family.mode in WITH_COMMANDS:
        return "verify-xx", ("TARGETPLATFORM",)
    told = (entry.verdict.told or entry.call.value("GOARM") for entry in family.of("go", "go-make"))
    if family.mode == "args" and not all(told):
        return "verify-args", ("TARGETARCH", "TARGETVARIANT")
    return "verify", ("TARGETARCH",)


def _is_known(family: Family, path: str) -> bool:
    """Whether a path holds no programs, or was verified where it was made."""
    if path in family.move.verified:
        return True
    plain = path.rstrip("/*")
    return any(
        plain == folder or plain.startswith(f"{folder}/") for folder in family.tools.system.data
    )


def _resolved(copy: Copy, path: str) -> tuple[str | None, set[str]]:
    """Return a path as a shell of the stage reads it, and the variables of the platform in it."""
    text = path.strip("\"'")
    text = text if text.startswith(("/", "$")) else f"/{text}"
    names = {name for name, _ in used(text)}
    constant = {
        name: value
        for name, value in copy.stage.variables.items()
        if name in names and name not in PREDEFINED
    }
    done = expand(text, constant)
    left = {name for name, _ in used(done)}
    if left - set(PREDEFINED) or re.search(r"[\s;&|<>()'\"`]", done):
        return None, set()
    return done, left


def aware(family: Family) -> None:
    """Note what the mode declares with ARG."""
    own = ("TARGETARCH",) if family.of("dotnet") else ()
    others = () if dotnet.only(family) else ARGUMENTS[family.mode]
    family.move.variables = list(dict.fromkeys((*others, *own)))
