"""What make and scripts of the project call: read beside the Dockerfile, never run."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xxpy.dockerfile import evaluate, makefile
from xxpy.dockerfile.convert import c
from xxpy.dockerfile.convert.family import (
    COMPILE,
    NEUTRAL,
    PACKAGES,
    PORTABLE,
    TROUBLE,
    WITH_COMMANDS,
    Verdict,
)
from xxpy.dockerfile.project import find
from xxpy.dockerfile.values import TOLD, UNKNOWN, Value, expand, mentions_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.evaluate import Call
    from xxpy.dockerfile.stages import Stage, Step
    from xxpy.dockerfile.values import State

_DEEPEST = 6
_VALUED = frozenset({"-C", "-f", "-I", "-o", "-W", "--directory", "--file", "--makefile"})
_DELEGATED = frozenset({"go", "cc", "cxx", "go-make", "make-c"})
"""What variables in the environment, or on the command line of make, tell the target."""

_FIX = "call the compiler in the Dockerfile, or let it take the target from the environment"


@dataclass(frozen=True, slots=True)
class Inner:
    """A command that a script or a makefile runs, and where it is there."""

    where: str
    call: Call


def judge_make(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what make does: the makefile is read, or the build was configured."""
    found = _makefile(family, stage, step, call)
    if found is None:
        if family.of(*c.CONFIGURING):
            return c.judge_configured(family, stage, step, call)
        return Verdict(
            TROUBLE,
            why="its makefile is not beside the Dockerfile, so what it runs is not known",
            fix=_FIX,
        )
    if call.started:
        return Verdict(
            TROUBLE,
            why="how make is told the target behind xargs or find is not known",
            fix="write a loop",
        )
    constant = next(
        (
            word
            for word in call.arguments
            if re.match(r"(?:CC|CXX|GOARCH)=", word) and not call.told(word)
        ),
        None,
    )
    if constant and "xx-" not in constant:
        return Verdict(
            TROUBLE,
            why=f"{constant} is for one machine, whatever the build is for",
            fix="leave it out",
        )
    plain = _verdicts(family, stage, step, call, call.state, {})
    if plain is None or not isinstance(plain, list):
        return plain or Verdict(TROUBLE, why="what it runs is not known", fix=_FIX)
    return _decided(family, stage, step, call, plain, make=True)


def judge_script(family: Family, stage: Stage, step: Step, call: Call, path: str) -> Verdict:
    """Return what a script of the project does."""
    plain = _script(family, stage, step, call, call.state, path)
    if isinstance(plain, Verdict):
        return plain
    return _decided(family, stage, step, call, plain, make=False, path=path)


def judge_program(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what a command does that no row knows."""
    word = call.program
    names = {
        posixpath.basename(path.rstrip("/")): entry
        for entry in family.entries
        for path in entry.verdict.outputs
    }
    if call.name in names and ("/" in word or names[call.name].verdict.kind == COMPILE):
        made = names[call.name].verdict
        if made.kind == NEUTRAL and not made.fixed:
            return Verdict(NEUTRAL)
        return Verdict(
            TROUBLE,
            why=f"{word} runs here, which would be a program of the target",
            fix="run it in the image, or build it once more for the build machine",
            known=False,
        )
    if call.name in family.made:
        return Verdict(
            TROUBLE,
            why=f"{word} runs here, which {family.made[call.name]} makes for the target",
            known=False,
        )
    inner = {posixpath.basename(path) for path in family.inner}
    if re.search(r"(^|/)target/(release|debug)/", word) or ("/" in word and call.name in inner):
        return Verdict(
            TROUBLE,
            why=f"{word} runs here, which would be a program of the target",
            fix="run it in the image",
            known=False,
        )
    if "/" in word:
        return judge_script(family, stage, step, call, word)
    return Verdict(
        TROUBLE,
        why="what this command does is not known",
        fix="do it in a stage of its own",
        known=False,
    )


def _decided(
    family: Family,
    stage: Stage,
    step: Step,
    call: Call,
    plain: list[tuple[Inner, Verdict]],
    *,
    make: bool,
    path: str = "",
) -> Verdict:
    """Return what a whole run of make or a script is, from what each of its commands is."""
    trouble = next(
        ((inner, verdict) for inner, verdict in plain if verdict.kind in {TROUBLE, PACKAGES}), None
    )
    foreign = next(
        (
            inner
            for inner, verdict in plain
            if verdict.kind == COMPILE and not verdict.told and verdict.how not in _DELEGATED
        ),
        None,
    )
    if foreign is not None:
        name = foreign.call.name
        return Verdict(
            TROUBLE,
            why=f"{foreign.where} calls {name}, and how that is told the target is not known",
            fix=_FIX,
        )
    if trouble is not None and trouble[1].kind == PACKAGES:
        return Verdict(
            TROUBLE,
            why=f"{trouble[0].where}: it installs packages",
            fix="install them in the Dockerfile",
        )
    work = [(inner, verdict) for inner, verdict in plain if verdict.kind == COMPILE]
    outputs = tuple(path for _, verdict in plain for path in verdict.outputs)
    portable = any(verdict.kind == PORTABLE for _, verdict in plain)
    if not work and trouble is None:
        return Verdict(PORTABLE if portable else NEUTRAL, outputs=outputs)
    if trouble is None and all(verdict.told for _, verdict in work):
        return Verdict(COMPILE, "done", told=True, outputs=outputs)
    hows = {verdict.how for _, verdict in work if not verdict.told}
    if trouble is not None and not hows & {"go"}:
        return _because(trouble)
    if hows == {"go"} or (trouble is not None and "go" in hows):
        return _with_go(family, stage, step, call, make=make, path=path, outputs=outputs)
    if make and hows <= {"cc", "cxx"}:
        return _with_c(family, stage, step, call, outputs)
    inner = next(inner for inner, verdict in work if not verdict.told and verdict.how != "go")
    return Verdict(
        TROUBLE,
        why=f"{inner.where} calls {inner.call.name}, and how that is told the target is not known",
        fix=_FIX,
    )


def _because(trouble: tuple[Inner, Verdict]) -> Verdict:
    inner, verdict = trouble
    name = "a command" if "XXPY" in inner.call.name else inner.call.name
    where = (
        f"{inner.where}: {name}: "
        if inner.where and not verdict.why.startswith(inner.where.partition(":")[0])
        else ""
    )
    return Verdict(TROUBLE, why=f"{where}{verdict.why}", fix=verdict.fix)


def _with_go(
    family: Family,
    stage: Stage,
    step: Step,
    call: Call,
    *,
    make: bool,
    path: str,
    outputs: tuple[str, ...],
) -> Verdict:
    """Return whether Go's variables in the environment tell everything the target, and nothing else."""
    names = {"GOOS": TOLD, "GOARCH": TOLD}
    state = (
        replace(call.state, kept={**call.state.kept, **names})
        if family.mode in WITH_COMMANDS
        else call.state.with_values(names, export=True)
    )
    told = (
        _verdicts(family, stage, step, call, state, {})
        if make
        else _script(family, stage, step, call, state, path)
    )
    if isinstance(told, Verdict):
        return told
    for inner, verdict in told:
        if verdict.kind == TROUBLE:
            return _because((inner, verdict))
        if verdict.kind == COMPILE and not verdict.told:
            value = inner.call.value("GOARCH")
            named = f" GOARCH={value.text}" if value is not None and value.text else ""
            return Verdict(
                TROUBLE,
                why=f"{inner.where} calls {inner.call.name}{named}, which the environment does not tell the target",
                fix="let it take GOOS and GOARCH from the environment",
            )
    return Verdict(
        COMPILE,
        "go-make",
        outputs=outputs,
        c=_c([verdict.c for _, verdict in told if verdict.how == "go"]),
    )


def _c(said: list[bool | None]) -> bool | None:
    """Return whether Go compiles C in any command, where all say it."""
    if True in said:
        return True
    return None if None in said else False


def _with_c(
    family: Family, stage: Stage, step: Step, call: Call, outputs: tuple[str, ...]
) -> Verdict:
    """Return whether CC and CXX on the command line tell every compiler the target."""
    given = {"CC": "xx-clang", "CXX": "xx-clang++"}
    told = _verdicts(family, stage, step, call, call.state, given)
    if isinstance(told, Verdict):
        return told
    for inner, verdict in told:
        if verdict.kind == TROUBLE:
            return _because((inner, verdict))
        if verdict.kind == COMPILE and not verdict.told:
            return Verdict(
                TROUBLE,
                why=f"{inner.where} calls {inner.call.name} by its name, and not $(CC)",
                fix="let it call $(CC) or $(CXX)",
            )
    return Verdict(COMPILE, "make-c", outputs=outputs)


def _folder(call: Call) -> tuple[str, str, list[str], dict[str, str]]:
    """Return where make works, its makefile or "", its goals and its variables."""
    folder, name, goals, given = call.state.directory or "/", "", [], {}
    words = iter(call.arguments)
    for word in words:
        if word in _VALUED:
            value = next(words, "")
            folder = posixpath.join(folder, value) if word in {"-C", "--directory"} else folder
            name = value if word in {"-f", "--file", "--makefile"} else name
        elif word.startswith(("-C", "--directory=")):
            folder = posixpath.join(folder, word.removeprefix("-C").removeprefix("--directory="))
        elif word.startswith("-f"):
            name = word[2:]
        elif "=" in word and not word.startswith("-"):
            key, _, value = word.partition("=")
            given[key.rstrip(":?+")] = value
        elif not word.startswith("-") and not re.fullmatch(r"\d+|\$\(.*|`.*", word):
            goals.append(word)
    return posixpath.normpath(folder), name, goals, given


def _makefile(family: Family, stage: Stage, step: Step, call: Call) -> str | None:
    folder, name, _, _ = _folder(call)
    if name:
        return find(family.project, stage, step, posixpath.join(folder, name))
    names = [
        n
        for n in ("GNUmakefile", "makefile", "Makefile")
        if find(family.project, stage, step, posixpath.join(folder, n))
    ]
    return find(family.project, stage, step, posixpath.join(folder, names[0])) if names else None


def _verdicts(
    family: Family,
    stage: Stage,
    step: Step,
    call: Call,
    state: State,
    given: dict[str, str],
    depth: int = 0,
) -> Verdict | list[tuple[Inner, Verdict]]:
    """Return the commands of a run of make with what each is, or the trouble that keeps them from being read."""
    place = _makefile(family, stage, step, call)
    text = family.project.text(place) if place else None
    if text is None or place is None or depth > _DEEPEST:
        return Verdict(
            TROUBLE, why="a makefile that it calls is not beside the Dockerfile", fix=_FIX
        )
    folder, _, goals, own = _folder(call)
    given = own | given
    names = frozenset(
        name for name in state.exported | state.kept.keys() if _is_set(state.environment(name))
    )
    made = makefile.read(text, place, given, names, _including(family, stage, step, folder))
    if any("$" in goal for goal in goals):
        return Verdict(
            TROUBLE, why="which goal make is called for, only the build shows", fix="write its name"
        )
    state = _environment(made, state, folder)
    found: list[tuple[Inner, Verdict]] = []
    lines = list(made.commands(goals))
    if made.unclear:
        return Verdict(TROUBLE, why=made.unclear, fix=_FIX)
    for where, line, variables in [*((place, command, {}) for command in made.shells), *lines]:
        if not where:
            return Verdict(
                TROUBLE,
                why=f"{place} has no rule for {' '.join(goals)}, or none that is read here",
                fix=_FIX,
            )
        exported = state.with_values(
            {name: Value(value) for name, value in variables.items() if name in state.exported}
        )
        inner = _lines(family, stage, step, where, line, exported, given, depth)
        if isinstance(inner, Verdict):
            return inner
        found += inner
    return found


def _is_set(value: Value | None) -> bool:
    return value is not None and value.text != ""


def _environment(made: makefile.Makefile, state: State, folder: str) -> State:
    fresh = {name: _value(text, state) for name, text in made.changed().items()}
    return replace(
        state.with_values({"XXPY_UNKNOWN": UNKNOWN}).with_values(fresh, export=True),
        directory=folder,
    )


def _value(text: str, state: State) -> Value:
    found = expand(text, {**state.values, "XXPY_UNKNOWN": UNKNOWN})
    return Value(found.text, found.told or mentions_target(text, state))


def _including(
    family: Family, stage: Stage, step: Step, folder: str
) -> Callable[[str], str | None]:
    def other(path: str) -> str | None:
        place = find(family.project, stage, step, posixpath.normpath(posixpath.join(folder, path)))
        return family.project.text(place) if place else None

    return other


def _lines(
    family: Family,
    stage: Stage,
    step: Step,
    where: str,
    line: str,
    state: State,
    given: dict[str, str],
    depth: int,
) -> Verdict | list[tuple[Inner, Verdict]]:
    follower = evaluate.follow_text(line, state)
    if not follower.whole:
        return Verdict(TROUBLE, why=f"{where}: its shell text cannot be read", fix=_FIX)
    found: list[tuple[Inner, Verdict]] = []
    for inner in follower.calls:
        if (
            inner.name in {"make", "gmake"}
            and depth < _DEEPEST
            and _makefile(family, stage, step, inner)
        ):
            more = _verdicts(family, stage, step, inner, inner.state, given, depth + 1)
            if isinstance(more, Verdict):
                return more
            found += more
        else:
            found.append((Inner(where, inner), _judged(family, stage, step, inner)))
            family.inner += found[-1][1].outputs
    return found


def _judged(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what a command inside a script or makefile does."""
    family.nested += 1
    found = family.judge(family, stage, step, call)
    family.nested -= 1
    return found


def _script(
    family: Family, stage: Stage, step: Step, call: Call, state: State, path: str
) -> Verdict | list[tuple[Inner, Verdict]]:
    whole = posixpath.normpath(posixpath.join(state.directory or "/", path))
    place = find(family.project, stage, step, whole)
    text = family.project.text(place) if place else None
    if text is None or place is None:
        return Verdict(
            TROUBLE,
            why=f"{path} is no file of the project, so what it does is not known"
            " (if it was built here, it is a program of the target)",
            fix=_FIX,
            known=False,
        )
    first = text.partition("\n")[0]
    shell = first.startswith("#!") and re.search(r"\b(?:ba|da|a)?sh\b", first)
    if first.startswith("#!") and not shell:
        return Verdict(
            TROUBLE,
            why=f"what {place} does is not read here: it is no shell script",
            fix=_FIX,
            known=False,
        )
    if place in family.reading:
        return Verdict(TROUBLE, why=f"{place} calls itself", fix=_FIX)
    follower = evaluate.follow_text(text, replace(state, directory=state.directory or "/"))
    if not follower.whole:
        return Verdict(
            TROUBLE, why=f"{place}: its shell text cannot be read", fix=_FIX, known=False
        )
    found: list[tuple[Inner, Verdict]] = []
    family.reading.append(place)
    for inner in follower.calls:
        line = text.count("\n", 0, inner.command.start) + 1
        found.append((Inner(f"{place}:{line}", inner), _judged(family, stage, step, inner)))
        family.inner += found[-1][1].outputs
    family.reading.pop()
    return found
