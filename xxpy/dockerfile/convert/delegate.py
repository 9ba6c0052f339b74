"""What make and scripts of the project call: read beside the Dockerfile, never run."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from xxpy.dockerfile.convert import c, rust_make
from xxpy.dockerfile.convert.family import (
    COMPILE,
    NEUTRAL,
    PACKAGES,
    PORTABLE,
    TROUBLE,
    WITH_COMMANDS,
    Verdict,
    trouble,
)
from xxpy.dockerfile.convert.inner import FIX, makefile_of
from xxpy.dockerfile.convert.run import Run
from xxpy.dockerfile.values import (
    TOLD,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.convert.inner import Inner
    from xxpy.dockerfile.stages import Stage, Step

_CONFIGURED = frozenset({"configured"})
_C = frozenset({"cc", "cxx", "make-c", "script-c", *c.NEEDED}) | _CONFIGURED
_COMPILERS = frozenset({"CC", "CXX"})
_DELEGATED = frozenset({"go", "go-make"}) | _C | rust_make.HOWS
_GO = frozenset({"go", "go-make"})
_BUILDING = frozenset({"build", "install"})
"""What variables in the environment, or on the command line of make, tell the target."""


def judge_make(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what make does: the makefile is read, or the build was configured."""
    if makefile_of(family, stage, step, call) is None:
        if family.of(*c.CONFIGURING) or family.configured is not None:
            return c.judge_configured(family, stage, step, call)
        why = "its makefile is not beside the Dockerfile, so what it runs is not known"
        return trouble(why, FIX)
    if call.started:
        why = "how make is told the target behind xargs or find is not known"
        return trouble(why, "write a loop")
    words = (word for word in call.arguments if re.match(r"(?:CC|CXX|GOARCH)=", word))
    constant = next((word for word in words if not call.told(word) and "xx-" not in word), None)
    if constant:
        return trouble(f"{constant} is for one machine, whatever the build is for", "leave it out")
    run = Run(family, stage, step, call)
    plain = run.again(call.state, {})
    return plain if isinstance(plain, Verdict) else _decided(run, plain)


def judge_script(family: Family, stage: Stage, step: Step, call: Call, path: str) -> Verdict:
    """Return what a script of the project does."""
    run = Run(family, stage, step, call, path or ".")
    plain = run.again(call.state, {})
    return plain if isinstance(plain, Verdict) else _decided(run, plain)


def judge_program(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what a command does that no row knows."""
    word = call.program
    if _is_result(family, call):
        made = family.made.get(call.name)
        what = f"{made} makes for the target" if made else "would be a program of the target"
        why = f"{word} runs here, which {what}"
        return trouble(
            why, "run it in the image, or build it once more for the build machine", known=False
        )
    if "/" in word:
        return judge_script(family, stage, step, call, word)
    why = "what this command does is not known"
    return trouble(why, "do it in a stage of its own", known=False)


def _is_result(family: Family, call: Call) -> bool:
    """Whether a command was built here, or in another stage that moves."""
    word, name = call.program, call.name
    inner = {posixpath.basename(path) for path in family.inner}
    path = "/" in word and (name in inner or name in family.kinds)
    folder = re.search(r"(^|/)target/(release|debug)/", word) is not None
    return folder or path or name in family.made or family.kinds.get(name) == COMPILE


def _decided(run: Run, plain: list[tuple[Inner, Verdict]]) -> Verdict:
    """Return what a whole run of make or a script is, from what each of its commands is."""
    work = [(inner, verdict) for inner, verdict in plain if verdict.kind == COMPILE]
    untold = [(inner, verdict) for inner, verdict in work if not verdict.told]
    foreign = next((entry for entry in untold if entry[1].how not in _DELEGATED), None)
    bad = next((entry for entry in plain if entry[1].kind in {TROUBLE, PACKAGES}), None)
    outputs = tuple(path for _, verdict in plain for path in verdict.outputs)
    hows = {verdict.how for _, verdict in untold}
    going = bool(hows & _GO) or any(_is_go(inner, verdict) for inner, verdict in plain)
    if foreign is not None:
        return _untellable(foreign)
    if bad is not None and not going:
        return _because(bad)
    if bad is None and not untold:
        portable = any(verdict.kind == PORTABLE for _, verdict in plain)
        other = Verdict(PORTABLE if portable else NEUTRAL, outputs=outputs)
        return _told(work, outputs) if work else other
    if (hows and hows <= _GO) or bad is not None:
        return _with_go(run, outputs)
    if hows <= rust_make.HOWS:
        return rust_make.judge(run, plain, outputs)
    return _of_c(run, hows, untold, outputs)


def _of_c(
    run: Run, hows: set[str], untold: list[tuple[Inner, Verdict]], outputs: tuple[str, ...]
) -> Verdict:
    """Return what a run is that compiles C, alone or behind what configures it."""
    if hows <= _CONFIGURED and run.family.of(*c.CONFIGURING):
        return Verdict(COMPILE, "configured", outputs=outputs)
    if hows <= _C and not (run.call.exec_form and run.path):
        return _with_c(run, hows, outputs)
    return _untellable(next(entry for entry in untold if entry[1].how not in _GO))


def _is_go(inner: Inner, verdict: Verdict) -> bool:
    """Whether Go compiles for a target that the environment may name."""
    building = not _BUILDING.isdisjoint(inner.call.arguments)
    return verdict.kind == TROUBLE and inner.call.name == "go" and building


def _told(work: list[tuple[Inner, Verdict]], outputs: tuple[str, ...]) -> Verdict:
    """Return what a run is whose every command knows the target."""
    only = all(verdict.how in _GO for _, verdict in work)
    said = _c([verdict.c for _, verdict in work if verdict.how in _GO])
    return Verdict(COMPILE, "go-make" if only else "done", told=True, outputs=outputs, c=said)


def _untellable(entry: tuple[Inner, Verdict]) -> Verdict:
    inner, verdict = entry
    where = f"{inner.where} calls {inner.call.name}"
    if verdict.how in c.CONFIGURING:
        why = f"{where}, which no variable tells the target"
        return trouble(why, f"call {inner.call.name} in the Dockerfile")
    return trouble(f"{where}, and how that is told the target is not known", FIX)


def _because(bad: tuple[Inner, Verdict] | None) -> Verdict:
    """Return the trouble of a command inside, with where it is."""
    if bad is None:
        return trouble("what it runs is not known", FIX)
    inner, verdict = bad
    if verdict.kind == PACKAGES:
        return trouble(f"{inner.where}: it installs packages", "install them in the Dockerfile")
    name = inner.call.name
    if "XXPY" in name:
        why = f"{inner.where} starts a program whose name only a run of make shows"
        return trouble(why, FIX)
    placed = verdict.why.startswith(inner.where.partition(":")[0])
    return trouble(verdict.why if placed else f"{inner.where}: {name}: {verdict.why}", verdict.fix)


def _standing_out(told: list[tuple[Inner, Verdict]]) -> Iterator[tuple[Inner, Verdict]]:
    """Yield the commands that keep a whole run from being told the target."""
    for inner, verdict in told:
        untold = verdict.kind == COMPILE and not verdict.told
        if untold or verdict.kind in {TROUBLE, PACKAGES}:
            yield inner, verdict


def _with_go(run: Run, outputs: tuple[str, ...]) -> Verdict:
    """Return whether Go's variables in the environment tell everything the target."""
    names = {"GOOS": TOLD, "GOARCH": TOLD}
    state = run.call.state
    if run.family.mode in WITH_COMMANDS:
        told = run.again(replace(state, kept={**state.kept, **names}), {})
    else:
        told = run.again(state.with_values(names, export=True), {})
    if isinstance(told, Verdict):
        return told
    for inner, verdict in _standing_out(told):
        if verdict.kind != COMPILE:
            return _because((inner, verdict))
        value = inner.call.value("GOARCH")
        named = f" GOARCH={value.text}" if value is not None and value.text else ""
        return trouble(
            f"{inner.where} calls {inner.call.name}{named}, which the environment does not"
            " tell the target",
            "let it take GOOS and GOARCH from the environment",
        )
    said = _c([verdict.c for _, verdict in told if verdict.how in _GO])
    return Verdict(COMPILE, "go-make", outputs=outputs, c=said)


def _c(said: list[bool | None]) -> bool | None:
    """Return whether Go compiles C in any command, where all say it."""
    if True in said:
        return True
    return None if None in said else False


def _with_c(run: Run, hows: set[str], outputs: tuple[str, ...]) -> Verdict:
    """Return whether CC and the like tell every compiler the target.

    They are on the command line of make, and in the environment of a script.
    """
    needed = {name for how, name in c.NEEDED.items() if how in hows}
    needed |= set() if hows <= c.NEEDED.keys() | _CONFIGURED else _COMPILERS
    names = tuple(name for name in c.TOOLS if name in needed)
    given = {name: f"xx-{name.lower()}" for name in names} | {"CC": "xx-clang", "CXX": "xx-clang++"}
    if run.make:
        told = run.again(run.call.state, given)
    else:
        values = {name: Value(text) for name, text in given.items()}
        told = run.again(run.call.state.with_values(values, export=True), {})
    if isinstance(told, Verdict):
        return told
    for inner, verdict in _standing_out(told):
        if verdict.kind != COMPILE:
            return _because((inner, verdict))
        name = c.NEEDED.get(verdict.how, "CXX" if verdict.how == "cxx" else "CC")
        why = f"{inner.where} calls {inner.call.name} by its name, and not $({name})"
        return trouble(why, f"let it call $({name})")
    return Verdict(COMPILE, "make-c" if run.make else "script-c", outputs=outputs, names=names)
