"""Why a family must stay: what moving it would break, or what is not understood in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import (
    go_tell,
    installed,
    packages,
    results,
    rust_results,
    rust_target,
)
from xxpy.dockerfile.convert.brought import brought
from xxpy.dockerfile.convert.family import LEFT, TROUBLE, WITH_COMMANDS, Note
from xxpy.dockerfile.stages import BUILD, TARGET, used
from xxpy.dockerfile.tools import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xxpy.dockerfile.convert.family import Entry, Family

_PUTTING: Final = frozenset({"cp", "install", "ln", "mv"})
"""Commands whose last word names what they make."""


def reason(family: Family, *, aggressive: bool) -> Note | None:
    """Return why a family must stay as it is, or None.

    :param aggressive: what is not understood does not keep it
    """
    found = next((note for check in _HARD if (note := check(family)) is not None), None)
    if found is not None or aggressive:
        return found
    return next((note for check in _SOFT if (note := check(family)) is not None), None)


def said(entry: Entry) -> str:
    """Return what is not understood in a command, and what a person could change."""
    verdict = entry.verdict
    name = "" if verdict.why.startswith((entry.call.name, "/", "./")) else f"{entry.call.name}: "
    return f"{LEFT}: {name}{verdict.why}" + (f"; {verdict.fix}" if verdict.fix else "")


def _fixed(family: Family) -> Note | None:
    root = family.root
    if root.platform in {BUILD, TARGET}:
        return None
    return Note(root.source.line, f"{LEFT}: {root.title} is fixed to {root.platform}")


def _chosen(family: Family) -> Note | None:
    """Return why a stage stays that a variable chooses, or that begins from such a one."""
    for stage in family.recipe.stages:
        if (
            stage.parent is not None
            or stage.platform == BUILD
            or not any("TARGET" in name for name, _ in used(stage.base))
        ):
            continue
        pattern = re.sub(r"\$\{[^}]*\}|\$\w+", "*", stage.base).lower()
        bases = [
            other
            for other in family.recipe.stages
            if other.name and other is not stage and matches(other.name, [pattern])
        ]
        if stage in family.stages or any(base in family.stages for base in bases):
            named = ", ".join(base.title for base in bases) or "an image"
            return Note(
                stage.source.line,
                f"{LEFT}: {stage.title} begins from {stage.base}, which is chosen by the target"
                f" ({named}); choose by BUILDARCH what compiles,"
                " and give the stages that it is chosen from --platform=$BUILDPLATFORM",
            )
    return None


def _image(family: Family) -> Note | None:
    root, recipe = family.root, family.recipe
    last = recipe.stages[-1]
    if last in family.stages:
        return _in_image(family, root.source.line, last.title)
    taken = {copy.origin.number for copy in recipe.copies() if not isinstance(copy.origin, str)}
    for stage in family.stages:
        images = [step for step in stage.steps if step.instruction.keyword in {"CMD", "ENTRYPOINT"}]
        if images and stage.number not in taken:
            return Note(
                images[0].instruction.line,
                f"{LEFT}: {stage.title} looks like an image of its own (--target)",
            )
    return None


def _in_image(family: Family, line: int, title: str) -> Note:
    """Return why a family stays that the image is in."""
    entry = next((entry for entry in family.entries if entry.verdict.kind == TROUBLE), None)
    if entry is not None and not family.compiling() and _works_in_place(family, entry):
        return Note(
            entry.line,
            f"{LEFT}: {title} is the image, and {entry.call.name} works there for the platform of"
            " the image",
        )
    return Note(
        line,
        f"{LEFT}: {title} is the image and compiles too; let a stage of its own compile and copy"
        " the program from there",
    )


def _works_in_place(family: Family, entry: Entry) -> bool:
    """Whether a command compiles nothing, but installs or runs what is for its own platform."""
    tool = family.tools.of(entry.call.named)
    return entry.verdict.known and (tool is None or not tool.how)


def _unreadable(family: Family) -> Note | None:
    for stage in family.stages:
        for done in family.courses[stage.number]:
            if not done.whole and done.step.place not in family.accepted:
                line = done.step.instruction.line
                return Note(
                    line, f"{LEFT}: the shell text of this step in {stage.title} cannot be read"
                )
        for step in stage.steps:
            if step.instruction.keyword == "SHELL" and not any(
                "sh" in word.rpartition("/")[2] for word in step.instruction.words[:1]
            ):
                return Note(
                    step.instruction.line, f"{LEFT}: its shell is {step.instruction.words[0]}"
                )
    return None


def _windows(family: Family) -> Note | None:
    """Return why a file stays whose image is one of Windows."""
    stages = family.recipe.stages
    found = next((one for one in stages if matches(one.base, family.tools.no_shell)), None)
    if found is None:
        return None
    return Note(
        found.source.line, f"{LEFT}: {found.title} is an image of Windows, whose shell is another"
    )


def _mode(family: Family) -> Note | None:
    if family.mode in WITH_COMMANDS or not packages.needs_commands(family):
        return None
    where = next(
        (
            entry.line
            for entry in family.compiling()
            if entry.verdict.how not in {"go", "go-make", "done"}
        ),
        family.root.source.line,
    )
    return Note(where, f"{LEFT}: mode {family.mode} is for Go without C; --mode xx does this")


def _installed(family: Family) -> Note | None:
    return installed.unclear(family) if packages.needs_commands(family) else None


def _manager(family: Family) -> Note | None:
    if not packages.needs_commands(family) or family.manager is not None:
        return None
    where = next((entry.line for entry in family.compiling()), family.root.source.line)
    return Note(where, f"{LEFT}: how packages are installed in {family.root.base} is not known")


def _troubles(family: Family) -> Note | None:
    found = next((entry for entry in family.entries if entry.verdict.kind == TROUBLE), None)
    return Note(found.line, said(found)) if found else None


def _several(family: Family) -> Note | None:
    """Return why a family stays that builds for several constant architectures on purpose."""
    constants = {
        value.text: entry
        for entry in family.of("go", "go-make")
        if not entry.verdict.told
        and (value := entry.call.value("GOARCH")) is not None
        and value.text
    }
    for text, entry in constants.items():
        named = next(
            (
                stage
                for stage in family.recipe.stages
                if re.search(rf"\b{re.escape(text or '')}\b", stage.base)
            ),
            None,
        )
        if named is not None:
            return Note(
                entry.line,
                f"{LEFT}: it builds for {text} whatever the build is for, as {named.base} is,"
                " which looks intended",
            )
    if len(constants) < 2:  # noqa: PLR2004 - several
        return None
    entry = list(constants.values())[-1]
    return Note(
        entry.line,
        f"{LEFT}: it builds for {' and '.join(sorted(map(str, constants)))} whatever the build is"
        " for, which looks intended",
    )


def _system(family: Family) -> Note | None:
    """Return why a copy of the distribution's own files keeps the family where it is, or None."""
    made = {path for entry in family.entries for path in entry.verdict.outputs}
    made |= {
        entry.call.text(entry.call.command.words[-1])
        for entry in family.entries
        if entry.call.name in _PUTTING
    }
    made = {word.rstrip("/") for word in made}
    system = family.tools.system
    for copy in family.leaving:
        for path in copy.paths:
            whole = path.rstrip("/*") or "/"
            inside = any(
                whole == folder or whole.startswith(f"{folder}/") for folder in system.folders
            )
            data = any(whole == folder or whole.startswith(f"{folder}/") for folder in system.data)
            if (inside or whole in system.whole) and whole not in made and not data:
                origin = "" if isinstance(copy.origin, str) else copy.origin.title
                return Note(
                    copy.step.instruction.line,
                    f"{LEFT}: {path} of {origin} would be the build machine's",
                )
    return None


def remarks(family: Family) -> Iterator[Note]:
    """Yield what a person should know of a family that was converted."""
    line = family.root.source.line
    closed = [path for path in family.products if matches(path, family.tools.system.archives)]
    if closed:
        named = ", ".join(dict.fromkeys(closed))
        yield Note(line, f"archives are not opened: what is in {named} is not verified")
    going = family.of("go", "go-make")
    moving = family.root.platform == TARGET
    said = [entry.verdict.c for entry in going if moving or not entry.verdict.told]
    if any(c is not False for c in said) and not go_tell.family_uses_c(family):
        switch = "" if family.mode in WITH_COMMANDS else "--mode xx and "
        yield Note(
            line,
            "cgo is off when Go compiles for another platform; if the program has C in it:"
            f" {switch}CGO_ENABLED=1",
        )


_HARD: Final[tuple[Callable[[Family], Note | None], ...]] = (
    _windows,
    _fixed,
    _chosen,
    _image,
    _unreadable,
    _mode,
    _manager,
)
"""What keeps a family in any case."""

_SOFT: Final[tuple[Callable[[Family], Note | None], ...]] = (
    _troubles,
    _several,
    brought,
    _installed,
    _system,
    rust_target.unfit,
    rust_results.unclear,
    results.unclear,
)
"""What keeps it unless the user wants it moved."""
