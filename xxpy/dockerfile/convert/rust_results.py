"""Where cargo's results are once it is told a target: one folder deeper."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import rust_target
from xxpy.dockerfile.convert.family import LEFT, Note
from xxpy.dockerfile.convert.rust_target import RUST_TARGET, option
from xxpy.dockerfile.tools import verb_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.stages import Copy

_HOWS: Final = ("cargo", "cargo-make")
_PROFILE: Final = re.compile(
    r"target/(?P<written>\$\{?(?P<name>\w*(?:PROFILE|MODE)\w*)\}?)", re.IGNORECASE
)
"""A variable that names the folder of a profile."""
_VARIABLE: Final = re.compile(r"(?<![\w$}-])target/(?P<written>\$\{?(?P<name>\w+)\}?)")


def _untold(family: Family) -> list[Entry]:
    return [
        entry
        for entry in family.of(*_HOWS)
        if not entry.verdict.told
        and verb_of(entry.call.arguments) != "install"
        and "cook" not in entry.call.arguments
    ]


def _plain(family: Family) -> Iterator[Entry]:
    """Yield the commands that are told no target at all."""
    return (
        entry
        for entry in family.of(*_HOWS)
        if not entry.verdict.told and not entry.verdict.constant
    )


def _pattern(family: Family) -> re.Pattern[str]:
    """Return a pattern for the folder of cargo's results in a text, and the profile after it."""
    folders, profiles = {"target"}, {"release", "debug"}
    for entry in family.of(*_HOWS):
        folders |= {
            option([word.text for word in entry.call.command.arguments], "--target-dir").rstrip("/")
        }
        profile = option([word.text for word in entry.call.command.arguments], "--profile")
        profiles |= {profile} if profile != "dev" else set()
        if "$" in profile:
            name = profile.strip('${}"')
            profiles |= {f"${name}", f"${{{name}}}"}
            value = entry.call.state.values.get(name)
            profiles |= {value.text or ""} if value is not None else set()
        profiles |= set(_profiles(family, entry))
        given = entry.call.value("CARGO_TARGET_DIR")
        if given is not None:
            folders |= {(given.text or "").rstrip("/"), "$CARGO_TARGET_DIR", "${CARGO_TARGET_DIR}"}
    one = "|".join(sorted((re.escape(text) for text in folders if text), key=len, reverse=True))
    other = "|".join(sorted((re.escape(text) for text in profiles if text), key=len, reverse=True))
    return re.compile(
        rf"(?P<folder>(?:^|(?<=[/\s\"'=]))(?:\./)?(?:{one})/)(?P<profile>{other})(?=/|$|[\s\"';)])"
    )


def _profiles(family: Family, entry: Entry) -> Iterator[str]:
    """Yield the variables that a step of a stage has as the folder of cargo's profile."""
    for step in entry.stage.steps:
        for found in _PROFILE.finditer(step.instruction.source):
            value = entry.call.state.values.get(found["name"])
            text = "" if value is None else value.text
            known = text is not None and family.tools.libc_of_rust(text) is None and "-" not in text
            if known or (value is not None and text is None and not value.told):
                yield found["written"]


def unclear(family: Family) -> Note | None:
    """Return why a family stays whose folder of results is chosen by a variable, or None."""
    if not any(_untold(family)):
        return None
    pattern = _pattern(family)
    known = rust_target.constants(family)
    for stage in family.stages:
        state = [done.calls[0].state for done in family.courses[stage.number] if done.calls]
        for step in stage.steps:
            text = step.instruction.source
            for found in _VARIABLE.finditer(text):
                value = state[-1].values.get(found["name"]) if state else None
                told = value is not None and value.told
                if told or found["written"] in known or pattern.search(text, found.start()):
                    continue
                return Note(
                    step.instruction.line,
                    f"{LEFT}: which folder of cargo's results {found[0]} is, only the build shows;"
                    " write release or debug",
                )
    return None


def follow(family: Family) -> None:
    """Follow cargo's results, which are one folder deeper with a target."""
    if all(entry.verdict.told for entry in family.of(*_HOWS)):
        return
    rust_target.follow(family)
    if not any(_plain(family)):
        # Every result is in the folder of the target that is named; another one is the project's.
        if any(_untold(family)):
            _bring(family)
        return
    pattern = _pattern(family)
    for stage in family.stages:
        for step in stage.steps:
            if step.instruction.keyword != "RUN" or step.instruction.is_json:
                continue
            for start, end in step.instruction.scripts():
                for found in pattern.finditer(step.instruction.flat, start, end):
                    place = found.end("folder")
                    family.edits.replace(step.place, place, place, f"{RUST_TARGET}/")
                    family.needs(stage, step)
    if any(_untold(family)):
        _bring(family)


def _copied(family: Family, pattern: re.Pattern[str]) -> Iterator[tuple[Copy, str, re.Match[str]]]:
    all_named = not any(_plain(family))
    for copy in family.recipe.copies():
        if isinstance(copy.origin, str) or copy.origin not in family.stages or copy.is_mount:
            continue
        for path in copy.paths:
            plain = rust_target.without(family, path)
            if plain == path and all_named:
                continue
            found = pattern.search(plain)
            if found is not None:
                yield copy, plain, found
            if found is not None and plain != path:
                start = copy.step.instruction.source.index(path)
                family.edits.replace(copy.step.place, start, start + len(path), plain)


def _bring(family: Family) -> None:
    """Copy results, at the end of a stage, to where they are without a target; verify them."""
    pattern = _pattern(family)
    wanted: dict[tuple[int, str, str, str], list[str]] = {}
    stages = {stage.number: stage for stage in family.stages}
    for copy, path, match in _copied(family, pattern):
        if isinstance(copy.origin, str):
            continue
        whole = posixpath.join("/", path)
        shift = len(whole) - len(path)
        folder = whole[: match.end("folder") + shift].rstrip("/")
        inner = whole[match.end("profile") + shift :].lstrip("/")
        name = posixpath.basename(inner) or "."
        key = (copy.origin.number, folder, match["profile"], posixpath.dirname(inner))
        if name not in wanted.setdefault(key, []):
            wanted[key].append(name)
    for (number, folder, profile, inner), names in wanted.items():
        built = f"{folder}/{RUST_TARGET}/{profile}/{inner}".rstrip("/")
        goal = f"{folder}/{profile}/{inner}".rstrip("/")
        files = " ".join(f"$built/{name}" for name in names)
        plain = [name for name in names if name != "."]
        check = f" && xx-verify {' '.join(f'$built/{name}' for name in plain)}" if plain else ""
        copying = "cp" if plain == names else "cp -r"
        line = f"RUN built={built}{check} && mkdir -p {goal} && {copying} {files} {goal}/"
        stage = stages[number]
        step = next((s for s in reversed(stage.steps) if s.instruction.keyword != "ARG"), None)
        if step is not None:
            family.edits.insert_below(step.place, line)
            family.needs(stage, step)
        family.move.verified |= {posixpath.normpath(f"{goal}/{name}") for name in plain}
