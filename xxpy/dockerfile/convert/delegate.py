"""What make and scripts of the project call: read beside the Dockerfile, never run."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xxpy.dockerfile.convert import c
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
from xxpy.dockerfile.convert.inner import FIX, makefile_of, of_make, of_script
from xxpy.dockerfile.values import TOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.convert.inner import Inner
    from xxpy.dockerfile.stages import Stage, Step
    from xxpy.dockerfile.values import State

_DELEGATED = frozenset({"go", "cc", "cxx", "go-make", "make-c"})
"""What variables in the environment, or on the command line of make, tell the target."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of make, or of a script where *path* names it."""

    family: Family
    stage: Stage
    step: Step
    call: Call
    path: str = ""

    @property
    def make(self) -> bool:
        """Whether make runs."""
        return not self.path

    def again(self, state: State, given: dict[str, str]) -> Verdict | list[tuple[Inner, Verdict]]:
        """Return what its commands are with other variables."""
        if self.path:
            return of_script(self.family, self.stage, self.step, state, self.path)
        return of_make(self.family, self.stage, self.step, self.call, state, given=given)


def judge_make(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what make does: the makefile is read, or the build was configured."""
    if makefile_of(family, stage, step, call) is None:
        if family.of(*c.CONFIGURING):
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
    foreign = next((inner for inner, verdict in untold if verdict.how not in _DELEGATED), None)
    bad = next((entry for entry in plain if entry[1].kind in {TROUBLE, PACKAGES}), None)
    outputs = tuple(path for _, verdict in plain for path in verdict.outputs)
    hows = {verdict.how for _, verdict in untold}
    if foreign is not None or (bad is not None and "go" not in hows):
        return _untellable(foreign) if foreign is not None else _because(bad)
    if bad is None and not untold:
        portable = any(verdict.kind == PORTABLE for _, verdict in plain)
        other = Verdict(PORTABLE if portable else NEUTRAL, outputs=outputs)
        return Verdict(COMPILE, "done", told=True, outputs=outputs) if work else other
    if hows == {"go"} or bad is not None:
        return _with_go(run, outputs)
    if run.make and hows <= {"cc", "cxx"}:
        return _with_c(run, outputs)
    return _untellable(next(inner for inner, verdict in untold if verdict.how != "go"))


def _untellable(inner: Inner) -> Verdict:
    why = f"{inner.where} calls {inner.call.name}, and how that is told the target is not known"
    return trouble(why, FIX)


def _because(bad: tuple[Inner, Verdict] | None) -> Verdict:
    """Return the trouble of a command inside, with where it is."""
    if bad is None:
        return trouble("what it runs is not known", FIX)
    inner, verdict = bad
    if verdict.kind == PACKAGES:
        return trouble(f"{inner.where}: it installs packages", "install them in the Dockerfile")
    name = "a command" if "XXPY" in inner.call.name else inner.call.name
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
    said = _c([verdict.c for _, verdict in told if verdict.how == "go"])
    return Verdict(COMPILE, "go-make", outputs=outputs, c=said)


def _c(said: list[bool | None]) -> bool | None:
    """Return whether Go compiles C in any command, where all say it."""
    if True in said:
        return True
    return None if None in said else False


def _with_c(run: Run, outputs: tuple[str, ...]) -> Verdict:
    """Return whether CC and CXX on the command line tell every compiler the target."""
    told = run.again(run.call.state, {"CC": "xx-clang", "CXX": "xx-clang++"})
    if isinstance(told, Verdict):
        return told
    for inner, verdict in _standing_out(told):
        if verdict.kind != COMPILE:
            return _because((inner, verdict))
        why = f"{inner.where} calls {inner.call.name} by its name, and not $(CC)"
        return trouble(why, "let it call $(CC) or $(CXX)")
    return Verdict(COMPILE, "make-c", outputs=outputs)
