"""Rust: what cargo's verbs do, how they are told the target, and where their results are then."""

from __future__ import annotations

import posixpath
import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import rust_target
from xxpy.dockerfile.convert.family import COMPILE, NEUTRAL, Verdict, trouble
from xxpy.dockerfile.convert.rust_target import FIX, option
from xxpy.dockerfile.installs import cargo_folder
from xxpy.dockerfile.project import find
from xxpy.dockerfile.tools import verb_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.stages import Stage, Step

_LINKER: Final = re.compile(r"-C\s*linker=(\S+)")


def judge(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what a command of cargo does."""
    arguments = call.arguments
    verb = verb_of(arguments, ("--color", "--config", "-Z", "-C", "--manifest-path"))
    outputs = tuple(_installed(call, arguments)) if verb == "install" else ()
    tool = verb == "install" and not option(arguments, "--path")
    if tool and not any(family.takes(path) for path in outputs):
        outputs = tuple(_unclaimed(family, outputs))
        if not outputs:
            return Verdict(NEUTRAL)
    target = option(arguments, "--target")
    variable = call.value("CARGO_BUILD_TARGET")
    constant = _constant(call, target)
    chosen = bool(constant) and call.state.told
    if chosen or (target and call.told(target)) or (variable is not None and variable.told):
        return Verdict(COMPILE, "cargo", told=True)
    if constant.startswith("wasm"):
        return Verdict(NEUTRAL, fixed=f"wasip1/{constant}")
    linker = _linker(call)
    why = _settings(family, stage, step, call) or linker
    if constant and constant == target and not why:
        found = rust_target.derive(family, stage, step, call, target)
        return replace(found, outputs=outputs)
    if constant:
        why = f"cargo is told one target, {constant}, whatever the build is for"
        return trouble(why, FIX)
    fix = "leave the linker out: xx-cargo names the target's" if why == linker else FIX
    return trouble(why, fix) if why else Verdict(COMPILE, "cargo", outputs=outputs)


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


def _installed(call: Call, arguments: list[str]) -> Iterator[str]:
    """Yield where ``cargo install`` puts its programs, as far as their names are known."""
    folder = cargo_folder(call) or "$CARGO_HOME/bin"
    skip = False
    for word in arguments[1:]:
        if skip or word == "install":
            skip = False
        elif word.startswith("-"):
            skip = word in _VALUED
        elif word[:1] != "+":
            yield posixpath.join(folder, posixpath.basename(word.partition("@")[0]))
    for name in [option(arguments, "--bin")]:
        if name:
            yield posixpath.join(folder, name)
    path = option(arguments, "--git")
    if path:
        yield posixpath.join(folder, posixpath.basename(path.removesuffix(".git").rstrip("/")))


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
