"""Go: what its verbs do, and how they are told the target."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert.family import COMPILE, NEUTRAL, Verdict, trouble
from xxpy.dockerfile.convert.go_programs import generate, has_c, run
from xxpy.dockerfile.convert.go_words import VALUED, outputs_of, positional, whole
from xxpy.dockerfile.installs import go_folder, go_path
from xxpy.dockerfile.tools import verb_of

if TYPE_CHECKING:
    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.stages import Stage, Step

_PLACING: Final = frozenset({"cp", "install", "ln", "mv"})
_WITH_C: Final = re.compile(r"-linkmode[ =]'?external\b|\b(?:boring|openssl|system)crypto\b")
"""Options and experiments of Go that count only where C is compiled."""


def judge(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what a command of Go does."""
    verb = verb_of(call.arguments, VALUED)
    told, fixed, why = _target(call)
    if verb not in {"build", "install"} and not (verb == "test" and "-c" in call.arguments):
        return _running(family, stage, step, call, verb, told=told)
    if why:
        return trouble(why, "take it from ARG TARGETARCH")
    outputs = tuple(outputs_of(stage, call, verb, call.arguments))
    if verb == "test" and not any(family.takes(whole(call, path)) for path in outputs):
        return Verdict(NEUTRAL)
    if fixed:
        return Verdict(NEUTRAL, outputs=outputs, fixed=fixed)
    found = _installing(family, stage, call, outputs, told=told) if verb == "install" else None
    if found is None and call.started and not told:
        why = "how go is told the target behind xargs or find is not known"
        return trouble(why, "write a loop")
    return found or Verdict(
        COMPILE, "go", told=told, outputs=outputs, c=_c(family, stage, step, call)
    )


def _installing(
    family: Family, stage: Stage, call: Call, outputs: tuple[str, ...], *, told: bool
) -> Verdict | None:
    """Return what ``go install`` does that is not a program for the target, or None."""
    if _is_tool(family, call.arguments, outputs):
        why = "go install makes a tool of the build, which would be the target's"
        if told:
            fix = "install it in a step of its own"
            return trouble(why, fix) if family.nested else None
        return Verdict(NEUTRAL)
    folder, path = (find(call, stage.variables) for find in (go_folder, go_path))
    if folder is None or path is None:
        why = "where go install puts programs, only the build shows"
        return trouble(why, "give GOBIN and GOPATH values that a person can read")
    own = folder != posixpath.join(path, "bin")
    if own and not told and any("@" in word for word in call.arguments):
        why = "go install of a version cannot cross-compile into GOBIN"
        return trouble(why, "leave GOBIN out, and copy from /go/bin")
    return None


def _is_tool(family: Family, arguments: list[str], outputs: tuple[str, ...]) -> bool:
    """Whether ``go install`` makes a tool for the build.

    Such a tool is not the project's, or runs later, and does not leave the stage.
    """
    packages = positional(arguments)[1:]
    if any(family.takes(path) for path in outputs) or _shared(family, outputs):
        return False
    if any("@" in word for word in packages):
        return True
    runs = bool(family.nested) or any(posixpath.basename(path) in family.called for path in outputs)
    return runs and bool(packages) and not any(word.startswith(".") for word in packages)


def _c(family: Family, stage: Stage, step: Step, call: Call) -> bool | None:
    """Return whether C is compiled, where the variables name it, or the project behind make."""
    value = call.value("CGO_ENABLED")
    if (value is not None and value.text == "1") or "-race" in call.arguments:
        return True
    if value is not None and value.text == "0":
        return False
    experiments = call.value("GOEXPERIMENT")
    words = [*call.arguments, (experiments and experiments.text) or ""]
    if value is None and any(_WITH_C.search(word) for word in words):
        return True
    inside = family.nested and value is None and has_c(family, stage, step, call)
    return True if inside else None


def _target(call: Call) -> tuple[bool, str, str]:
    """Return whether the command knows the target, its deliberate platform, and what is wrong."""
    arch, system = call.value("GOARCH"), call.value("GOOS")
    named = system.text if system is not None and not system.told and system.text else ""
    if arch is None or (arch.text == "" and not arch.told):
        return False, f"{named}" if named not in {"", "linux"} else "", ""
    if arch.told:
        return True, "", ""
    if arch.text is None:
        return False, "", "GOARCH has a value that only the build shows"
    if named not in {"", "linux"} or arch.text == "wasm":
        return False, f"{named}/{arch.text}", ""
    return False, "", ""


def _running(
    family: Family, stage: Stage, step: Step, call: Call, verb: str, *, told: bool
) -> Verdict:
    """Judge a verb that runs programs: those of the project, its tests, its generators."""
    if verb in {"test", "run", "generate"} and told:
        return trouble(
            f"go {verb} is told the target too, whose programs do not run here",
            f"run go {verb} before, without GOOS and GOARCH",
        )
    if verb == "test":
        return Verdict(NEUTRAL)
    if verb == "generate":
        return generate(family, stage, step, call)
    if verb == "run":
        return run(family, stage, step, call)
    return Verdict(NEUTRAL)


def _shared(family: Family, outputs: tuple[str, ...]) -> bool:
    """Whether a step copies one of the programs somewhere, so that it may leave the family.

    One that only comes to another place of the PATH, and runs from there, does not.
    """
    folders = {posixpath.dirname(path) for path in outputs}
    words = {*outputs, *(f"{folder}{end}" for folder in folders for end in ("/", "/*"))}
    if words.isdisjoint(family.copied):
        return False
    calls = (call for _, _, call in family.calls() if call.name in _PLACING)
    goals = [
        whole(call, call.arguments[-1])
        for call in calls
        if not words.isdisjoint(call.arguments[:-1])
    ]
    names = {posixpath.basename(path) for path in outputs}
    called = all(name in family.called for name in names)
    leaves = any(
        family.takes(path)
        for goal in goals
        for path in (goal, *(posixpath.join(goal, name) for name in names))
    )
    return not called or leaves or not goals or any("$" in goal for goal in goals)
