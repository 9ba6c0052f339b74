"""One target of Rust that a Dockerfile names: it becomes the target of the build.

``cargo build --target x86_64-unknown-linux-musl`` says for which C library, and as an accident for
which machine. The C library is kept, by ``XX_LIBC`` where the image has another one.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert.family import COMPILE, LEFT, Note, Verdict, trouble
from xxpy.dockerfile.project import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.stages import Stage, Step
    from xxpy.dockerfile.tool_rows import RustLibc

RUST_TARGET: Final = "$(xx-cargo --print-target-triple)"
FIX: Final = "leave --target out, and let the build say the platform"
SETTINGS: Final = (".cargo/config.toml", ".cargo/config")
"""Where a project keeps cargo's settings."""
_C: Final = ("go", "go-make", "cc", "cxx", "cmake", "configure", "meson", "make-c", "script-c")
"""Conversions that may compile C with the image's C library."""
_LOCKED: Final = re.compile(r'^name = "([^"]+)"', re.MULTILINE)


def derive(family: Family, stage: Stage, step: Step, call: Call, target: str) -> Verdict:
    """Return what a command does that is told one target by an option."""
    row = family.tools.libc_of_rust(target)
    why = f"cargo is told one target, {target}, whatever the build is for"
    written = _words(call)
    if row is None or not written:
        return trouble(why, FIX)
    other = {entry.verdict.constant for entry in family.entries} - {"", target}
    if other:
        return trouble(f"{why}, and {other.pop()} too, which looks intended", FIX)
    if _elsewhere(family, target, _spellings(call)):
        return trouble(f"{why}, and its name is used where the shell does not replace it", FIX)
    if _is_foreign(family, row):
        if not row.bundled:
            return trouble(f"{why}, and {family.root.base} has another C library", FIX)
        compiling = compiles_c(family, stage, step, call)
        if compiling:
            fix = "begin from an image of Alpine, whose C library this is, and leave --target out"
            return trouble(f"{why}; {compiling}", fix)
    return Verdict(COMPILE, "cargo", constant=target)


def option(arguments: list[str], name: str) -> str:
    """Return the value of an option, or ""."""
    for place, word in enumerate(arguments):
        if word == name and place + 1 < len(arguments):
            return arguments[place + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""


def _is_foreign(family: Family, row: RustLibc) -> bool:
    """Whether the image has another C library than the target that is named."""
    manager = family.manager
    return manager is None or manager.libc != row.libc


def _words(call: Call) -> tuple[int, int] | None:
    """Return where the option is, with the space in front of it."""
    words = list(call.command.words)
    for place, word in enumerate(words[1:], 1):
        if word.text == "--target" and place + 1 < len(words):
            return words[place - 1].end, words[place + 1].end
        if word.text.startswith("--target="):
            return words[place - 1].end, word.end
    return None


def _elsewhere(family: Family, target: str, spellings: set[str]) -> bool:
    """Whether the name is where only the shell of a step could not replace it."""
    names = "|".join(map(re.escape, {target, *spellings}))
    anywhere, quoted = re.compile(names), re.compile(rf"'[^'\n]*(?:{names})[^'\n]*'")
    for stage in family.stages:
        for step in stage.steps:
            instruction = step.instruction
            known = instruction.keyword in {"ARG", "ENV", "LABEL"}
            if known or not anywhere.search(instruction.source):
                continue
            if instruction.keyword != "RUN" or instruction.is_json or instruction.heredocs:
                return True
            if quoted.search(instruction.source):
                return True
    return False


def compiles_c(family: Family, stage: Stage, step: Step, call: Call) -> str:
    """Return why crates may compile C, or search for libraries of the system, or ""."""
    place = find(
        family.project,
        stage,
        step,
        posixpath.join(call.state.directory or "/", "Cargo.lock"),
    )
    text = family.project.text(place) if place else None
    if text is None:
        return "its Cargo.lock is not beside the Dockerfile, so whether crates compile C is unknown"
    found = sorted(set(_LOCKED.findall(text)) & set(family.tools.c_crates))
    if found:
        return f"the crate {found[0]} needs a C compiler, or libraries, for the target"
    return ""


def unfit(family: Family) -> Note | None:
    """Return why a family stays that has more than the one target that its commands name.

    Its image, or its settings, name another; or there is C for the image's own C library.
    """
    if not family.of("cargo", "cargo-make"):
        return None
    alone = _native_rust(family)
    if alone is not None:
        return Note(
            alone.line,
            f"{LEFT}: cargo of {alone.call.name} has the standard library of Rust for its"
            " own machine only; begin from an image of rust, or install Rust by rustup",
        )
    told, untold = _chosen(family)
    if told is not None and untold is not None:
        return Note(
            untold.line,
            f"{LEFT}: cargo builds for the machine that it runs on here, and for one target that a"
            f" condition chooses in line {told.line}; leave the condition and --target out",
        )
    own = next(iter(family.of(*_C)), None)
    if own is not None and libc(family):
        return Note(
            own.line,
            f"{LEFT}: {own.call.name} compiles for the C library of {family.root.base}, and cargo"
            " for another one; build them in two stages",
        )
    named = constants(family)
    for copy in family.leaving:
        for path in copy.paths:
            for part in path.split("/"):
                row = family.tools.libc_of_rust(part)
                if row is not None and part not in named:
                    return Note(
                        copy.step.instruction.line,
                        f"{LEFT}: {path} is for one target, which no command here names, but"
                        f" {family.root.base} may; {FIX}",
                    )
    return None


def _native_rust(family: Family) -> Entry | None:
    """Return the command that installs a Rust which cannot compile for another machine, or None."""
    manager = family.manager
    if manager is None or not manager.rust or "rustup" in family.called:
        return None
    installing = (
        entry for entry in family.entries if family.tools.manager_of(entry.call.command) is manager
    )
    return next((e for e in installing if set(manager.rust) & set(e.call.arguments)), None)


def _chosen(family: Family) -> tuple[Entry | None, Entry | None]:
    """Return a build for one target that a condition chooses, and one for no target."""
    building = [entry for entry in family.of("cargo") if entry.verdict.kind == COMPILE]
    told = (entry for entry in building if entry.verdict.told and entry.call.state.told)
    untold = (entry for entry in building if not entry.verdict.told and not entry.verdict.constant)
    return next(told, None), next(untold, None)


def libc(family: Family) -> str:
    """Return the C library that the family's programs have and its image has not, or ""."""
    named = (entry.verdict.constant for entry in family.of("cargo"))
    rows = [row for name in named if name and (row := family.tools.libc_of_rust(name)) is not None]
    return rows[0].libc if rows and _is_foreign(family, rows[0]) else ""


def rewrite(family: Family, entry: Entry) -> None:
    """Take the option away: ``xx-cargo`` names the target itself."""
    found = _words(entry.call)
    if entry.verdict.constant and found is not None:
        family.edits.replace(entry.step.place, *found, "")


def constants(family: Family) -> set[str]:
    """Return the targets that are named, as they are written."""
    found = set()
    for entry in family.of("cargo"):
        if entry.verdict.constant:
            found |= {entry.verdict.constant, *_spellings(entry.call)}
    return found


def _spellings(call: Call) -> set[str]:
    """Return how the Dockerfile writes the variable that names a command's target."""
    words = [word.text for word in call.command.arguments]
    for place, word in enumerate(words):
        if word.startswith("--target="):
            text = word.removeprefix("--target=")
        elif word == "--target":
            text = "".join(words[place + 1 : place + 2])
        else:
            continue
        name = text.strip("${}")
        return {f"${name}", f"${{{name}}}"} if "$" in text else set()
    return set()


def follow(family: Family) -> None:
    """Replace the name of the target in every step."""
    named = constants(family)
    if not named:
        return
    pattern = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, named), reverse=True))})(?![\w-])")
    gone = {
        (entry.step.place, place)
        for entry in family.of("cargo")
        if (found := _words(entry.call)) is not None
        for place in range(*found)
    }
    for stage in family.stages:
        for step in stage.steps:
            if step.instruction.keyword == "RUN":
                for start, end in step.instruction.scripts():
                    _replace(
                        family,
                        stage,
                        step,
                        pattern.finditer(step.instruction.flat, start, end),
                        gone,
                    )


def _replace(
    family: Family,
    stage: Stage,
    step: Step,
    found: Iterator[re.Match[str]],
    gone: set[tuple[int, int]],
) -> None:
    for match in found:
        if (step.place, match.start()) not in gone:
            family.edits.replace(step.place, match.start(), match.end(), RUST_TARGET)
            family.needs(stage, step)


def without(family: Family, path: str) -> str:
    """Return a path of cargo's results without the folder of the target that is named."""
    for name in constants(family):
        path = path.replace(f"/{name}/", "/", 1)
    return path
