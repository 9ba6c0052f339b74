"""Rust: what cargo's verbs do, how they are told the target, and where their results are then."""

from __future__ import annotations

import posixpath
import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import rust_target
from xxpy.dockerfile.convert.family import COMPILE, LEFT, NEUTRAL, Note, Verdict, trouble
from xxpy.dockerfile.convert.rust_target import FIX, RUST_TARGET
from xxpy.dockerfile.project import find
from xxpy.dockerfile.tools import verb_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.stages import Copy, Stage, Step

_HOWS: Final = ("cargo", "cargo-make")
_PROFILE: Final = re.compile(r"target/(?P<written>\$\{?(?P<name>\w*(?:PROFILE|MODE)\w*)\}?)", re.I)
"""A variable that names the folder of a profile."""
_VARIABLE: Final = re.compile(r"(?<![\w$}-])target/(?P<written>\$\{?(?P<name>\w+)\}?)")
_LINKER: Final = re.compile(r"-C\s*linker=(\S+)")


def judge(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what a command of cargo does."""
    arguments = call.arguments
    verb = verb_of(arguments, ("--color", "--config", "-Z", "-C", "--manifest-path"))
    outputs = tuple(_installed(call, arguments)) if verb == "install" else ()
    tool = verb == "install" and not _option(arguments, "--path")
    if tool and not any(family.takes(path) for path in outputs):
        outputs = tuple(_unclaimed(family, outputs))
        if not outputs:
            return Verdict(NEUTRAL)
    target = _option(arguments, "--target")
    variable = call.value("CARGO_BUILD_TARGET")
    constant = _constant(call, target)
    chosen = bool(constant) and call.state.told
    if chosen or (target and call.told(target)) or (variable is not None and variable.told):
        return Verdict(COMPILE, "cargo", told=True)
    if constant.startswith("wasm"):
        return Verdict(NEUTRAL, fixed=f"wasip1/{constant}")
    why = _settings(family, stage, step, call) or _linker(call)
    if constant and constant == target and not why:
        found = rust_target.derive(family, stage, step, call, target)
        return replace(found, outputs=outputs)
    if constant:
        why = f"cargo is told one target, {constant}, whatever the build is for"
        return trouble(why, FIX)
    return trouble(why, FIX) if why else Verdict(COMPILE, "cargo", outputs=outputs)


def _constant(call: Call, target: str) -> str:
    """Return the one target that a command is told, or ""."""
    option = next((word for word in call.arguments if "build.target" in word.replace(" ", "")), "")
    variable = call.value("CARGO_BUILD_TARGET")
    named = (
        "" if variable is None else "CARGO_BUILD_TARGET" if variable.text is None else variable.text
    )
    return target or option or named


def _linker(call: Call) -> str:
    """Return what the flags of the compiler say against the target, or ""."""
    flags = call.value("RUSTFLAGS")
    found = _LINKER.search(flags.text or "") if flags is not None else None
    return f"RUSTFLAGS names the linker {found[1]} for every target" if found else ""


def _option(arguments: list[str], name: str) -> str:
    for place, word in enumerate(arguments):
        if word == name and place + 1 < len(arguments):
            return arguments[place + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""


def _installed(call: Call, arguments: list[str]) -> Iterator[str]:
    """Yield where ``cargo install`` puts its programs, as far as their names are known."""
    known = (call.value(name) for name in ("CARGO_INSTALL_ROOT", "CARGO_HOME"))
    root = _option(arguments, "--root") or next(
        (value.text for value in known if value is not None and value.text), "/usr/local/cargo"
    )
    skip = False
    for word in arguments[1:]:
        if skip or word == "install":
            skip = False
        elif word.startswith("-"):
            skip = word in _VALUED
        elif word[:1] != "+":
            yield posixpath.join(root, "bin", posixpath.basename(word.partition("@")[0]))
    for name in [_option(arguments, "--bin")]:
        if name:
            yield posixpath.join(root, "bin", name)
    path = _option(arguments, "--git")
    if path:
        yield posixpath.join(root, "bin", posixpath.basename(path.removesuffix(".git").rstrip("/")))


def _unclaimed(family: Family, outputs: tuple[str, ...]) -> Iterator[str]:
    """Yield the programs that leave cargo's folder and that nothing else there is known to make.

    The programs of a crate may have other names than it.
    """
    folders = {posixpath.dirname(path) for path in outputs}
    names = {posixpath.basename(word) for word in family.copied}
    names |= {posixpath.basename(path) for path in _crates(family)}
    for path in family.taken:
        name = posixpath.basename(path)
        if posixpath.dirname(path) in folders and "*" not in name and name not in names:
            yield path


def _crates(family: Family) -> Iterator[str]:
    for _, _, call in family.calls():
        if call.name == "cargo" and verb_of(call.arguments) == "install":
            yield from _installed(call, call.arguments)


_VALUED: Final = frozenset(
    {"--version", "--vers", "--root", "--git", "--branch", "--tag", "--rev", "--features", "-F",
     "--profile", "-j", "--jobs", "--path", "--bin", "--example", "--registry", "--index",
     "--target", "--target-dir", "--config"}
)  # fmt: skip


def _settings(family: Family, stage: Stage, step: Step, call: Call) -> str:
    """Return what cargo's own settings in the project say against the target."""
    for name in rust_target.SETTINGS:
        place = find(
            family.project,
            stage,
            step,
            posixpath.normpath(posixpath.join(call.state.directory or "/", name)),
        )
        text = family.project.text(place) if place else None
        if text is None:
            continue
        try:
            build = tomllib.loads(text).get("build", {})
        except tomllib.TOMLDecodeError:
            return f"{place} cannot be read"
        if isinstance(build, dict) and build.get("target"):
            return f"{place} tells cargo one target, {build['target']}"
        if isinstance(build, dict) and build.get("target-dir"):
            return (
                f"{place} puts the results into {build['target-dir']}, which is not followed here"
            )
    return ""


def rewrite(family: Family, entry: Entry) -> None:
    """Tell a command of cargo the target."""
    family.needs(entry.stage, entry.step)
    name = entry.call.command.words[0]
    family.edits.replace(entry.step.place, name.end - len("cargo"), name.end, "xx-cargo")
    rust_target.rewrite(family, entry)


def _untold(family: Family) -> list[Entry]:
    return [
        entry
        for entry in family.of(*_HOWS)
        if not entry.verdict.told
        and verb_of(entry.call.arguments) != "install"
        and "cook" not in entry.call.arguments
    ]


def _pattern(family: Family) -> re.Pattern[str]:
    """Return a pattern for the folder of cargo's results in a text, and the profile after it."""
    folders, profiles = {"target"}, {"release", "debug"}
    for entry in family.of(*_HOWS):
        folders |= {
            _option([word.text for word in entry.call.command.arguments], "--target-dir").rstrip(
                "/"
            )
        }
        profile = _option([word.text for word in entry.call.command.arguments], "--profile")
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
    for copy in family.recipe.copies():
        if isinstance(copy.origin, str) or copy.origin not in family.stages or copy.is_mount:
            continue
        for path in copy.paths:
            plain = rust_target.without(family, path)
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


def libraries(family: Family) -> Iterator[str]:
    """Yield the target's packages that crates link and the image has only for the build machine."""
    if not family.of("cargo") or not any(
        fits in family.root.base for fits in ("rust:", "cargo-chef")
    ):
        return
    if any(word in family.root.base for word in ("slim", "alpine")):
        return
    for entry in family.of("cargo"):
        place = find(
            family.project,
            entry.stage,
            entry.step,
            posixpath.join(entry.call.state.directory or "/", "Cargo.lock"),
        )
        text = family.project.text(place) if place else None
        if text is None:
            continue
        locked = set(re.findall(r'^name = "([^"]+)"', text, re.MULTILINE))
        for row in family.tools.crates:
            if row.crate in locked and not locked & set(row.unless):
                yield row.package
        return
