"""Read what make and scripts of the project run, command by command; nothing is run."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xxpy.dockerfile import evaluate, makefile_reader
from xxpy.dockerfile.convert import c
from xxpy.dockerfile.convert.family import COMPILE, Verdict, trouble
from xxpy.dockerfile.project import find
from xxpy.dockerfile.values import UNKNOWN, Value, expand, mentions_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.makefile import Makefile
    from xxpy.dockerfile.stages import Stage, Step
    from xxpy.dockerfile.values import State


_DEEPEST = 6


_VALUED = frozenset({"-C", "-f", "-I", "-o", "-W", "--directory", "--file", "--makefile"})


FIX = "call the compiler in the Dockerfile, or let it take the target from the environment"


@dataclass(frozen=True, slots=True)
class Inner:
    """A command that a script or a makefile runs, and where it is there."""

    where: str
    call: Call


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


def makefile_of(family: Family, stage: Stage, step: Step, call: Call) -> str | None:
    """Return the makefile that a run of make takes, by its path in the context."""
    folder, name, _, _ = _folder(call)
    names = (name,) if name else makefile_reader.FILES
    found = (find(family.project, stage, step, posixpath.join(folder, one)) for one in names)
    return next(filter(None, found), None)


def of_make(
    family: Family,
    stage: Stage,
    step: Step,
    call: Call,
    state: State,
    *,
    given: dict[str, str],
    depth: int = 0,
) -> Verdict | list[tuple[Inner, Verdict]]:
    """Return the commands of a run of make with what each is, or why they are not read."""
    place = makefile_of(family, stage, step, call)
    text = family.project.text(place) if place else None
    if text is None or place is None or depth > _DEEPEST:
        return trouble("a makefile that it calls is not beside the Dockerfile", FIX)
    folder, _, goals, own = _folder(call)
    given = own | given
    known = state.exported | state.kept.keys()
    names = frozenset(name for name in known if _is_set(state.environment(name)))
    made = makefile_reader.read(text, place, given, names, _including(family, stage, step, folder))
    if any("$" in goal for goal in goals):
        return trouble("which goal make is called for, only the build shows", "write its name")
    state = _environment(made, state, folder)
    found: list[tuple[Inner, Verdict]] = []
    lines = list(made.commands(goals))
    if made.unclear:
        return trouble(made.unclear, FIX)
    for where, line, variables in [*((place, command, {}) for command in made.shells), *lines]:
        if not where:
            return trouble(
                f"{place} has no rule for {' '.join(goals)}, or none that is read here",
                FIX,
            )
        exported = state.with_values(
            {name: Value(value) for name, value in variables.items() if name in state.exported}
        )
        inner = _line(family, stage, step, where, line, state=exported, given=given, depth=depth)
        if isinstance(inner, Verdict):
            return inner
        found += inner
    return found


def _is_set(value: Value | None) -> bool:
    return value is not None and value.text != ""


def _environment(made: Makefile, state: State, folder: str) -> State:
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


def _line(
    family: Family,
    stage: Stage,
    step: Step,
    where: str,
    line: str,
    *,
    state: State,
    given: dict[str, str],
    depth: int,
) -> Verdict | list[tuple[Inner, Verdict]]:
    follower = evaluate.follow_text(line, state)
    if not follower.whole:
        return trouble(f"{where}: its shell text cannot be read", FIX)
    found: list[tuple[Inner, Verdict]] = []
    for inner in follower.calls:
        if (
            inner.name in {"make", "gmake"}
            and depth < _DEEPEST
            and makefile_of(family, stage, step, inner)
        ):
            more = of_make(family, stage, step, inner, inner.state, given=given, depth=depth + 1)
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
    if found.how in c.CONFIGURING and found.kind == COMPILE:
        family.configured = found.told
    family.nested -= 1
    return found


_FOLDER = re.compile(
    r"""\$\(\s*dirname\s+(?:--\s+)?(?P<quote>"?)(?:\$0|\$\{0\}|\$\{?BASH_SOURCE(?:\[0\])?\}?)(?P=quote)\s*\)"""
    r"""|\$\{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\}"""
)
"""How scripts name the folder that they are in."""
_WHOLE = re.compile(
    r"""\$\(\s*cd\s+(?:-P\s+)?(?:--\s+)?(?P<quote>"?)(?P<path>/[\w./\-]*)(?P=quote)(?:\s*>\s*/dev/null(?:\s*2>&1)?)?(?:\s*\|\|\s*exit(?:\s+\d+)?)?\s*(?:&&|;)\s*pwd(?:\s+-P)?\s*\)"""
)
"""How scripts make a path of a folder whole."""


def _placed(text: str, folder: str) -> str:
    """Return a script with the names of the folder that it is in; its lines stay where they are."""
    if not re.fullmatch(r"/[\w./\-]*", folder):
        return text
    return _WHOLE.sub(lambda found: found["path"], _FOLDER.sub(lambda _: folder, text))


def of_script(
    family: Family, stage: Stage, step: Step, state: State, path: str, *, given: dict[str, Value]
) -> Verdict | list[tuple[Inner, Verdict]]:
    """Return the commands of a script with what each is, or why it is not read.

    :param given: its arguments; none where another script reads it, which ``$0`` then names
    """
    whole = posixpath.normpath(posixpath.join(state.directory or "/", path))
    place = find(family.project, stage, step, whole)
    text = family.project.text(place) if place else None
    if text is None or place is None:
        return trouble(
            f"{path} is not a file of the project, so what it does is not known"
            " (if it was built here, it is a program of the target)",
            FIX,
            known=False,
        )
    first = text.partition("\n")[0]
    shell = first.startswith("#!") and re.search(r"\b(?:ba|da|a)?sh\b", first)
    if first.startswith("#!") and not shell:
        return trouble(
            f"what {place} does is not read here: it is not a shell script",
            FIX,
            known=False,
        )
    if place in family.reading:
        return trouble(f"{place} calls itself", FIX)
    state = replace(state, directory=state.directory or "/").with_values(given)
    placed = _placed(text, posixpath.dirname(whole)) if given else text
    follower = evaluate.follow_text(placed, state)
    if not follower.whole:
        return trouble(f"{place}: its shell text cannot be read", FIX, known=False)
    found: list[tuple[Inner, Verdict]] = []
    family.reading.append(place)
    for inner in follower.calls:
        line = text.count("\n", 0, inner.command.start) + 1
        found.append((Inner(f"{place}:{line}", inner), _judged(family, stage, step, inner)))
        family.inner += found[-1][1].outputs
    family.reading.pop()
    return found
