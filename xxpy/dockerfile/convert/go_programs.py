"""What the programs do that ``go run`` builds and ``go generate`` calls."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert.family import NEUTRAL, Verdict, trouble
from xxpy.dockerfile.convert.go_words import name_of, positional
from xxpy.dockerfile.project import find

if TYPE_CHECKING:
    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.stages import Stage, Step


_PASSED_OVER: Final = (".", "_")
_NO_PACKAGES: Final = {"vendor", "testdata"}
"""Where ``...`` does not look (``go help packages``)."""
_MOST: Final = 10_000
"""The largest number of sources that are read."""
_DIRECTIVE: Final = re.compile(r"^//go:generate\s+(.*)$", re.MULTILINE)


def run(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what ``go run`` does: its source must not start other programs."""
    named = positional(call.arguments)
    what = named[1] if len(named) > 1 else "."
    tool = name_of(what)
    fix = "run it in a stage of its own and copy what it makes, or call go build"
    if not what.startswith(".") and not what.endswith(".go") and "/" in what:
        row = family.tools.meaning(tool, named[2:])
        if row is not None and row.does == "neutral":
            return Verdict(NEUTRAL)
        return trouble(f"what go run {what} does is not known", fix)
    texts = sources(
        family, stage, step, posixpath.normpath(posixpath.join(call.state.directory, what))
    )
    if texts is None:
        return trouble(
            f"what go run {what} does is not known: its source is not beside the Dockerfile",
            fix,
        )
    for text in texts:
        found = re.search(
            r'"(os/exec|syscall|plugin|github\.com/magefile/[^"]*|[^"]*/(?:exec|sh|execx?))"|runtime\.GO(?:ARCH|OS)|\bGOARCH\b',
            text,
        )
        if found:
            return trouble(
                f"go run {what} starts other programs, or asks for the machine ({found[0]})",
                fix,
            )
    return Verdict(NEUTRAL)


def generate(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what ``go generate`` does: every directive must be a tool that is known."""
    named = positional(call.arguments)[1:] or ["."]
    fix = "run it in a stage of its own, and copy what it makes"
    for word in named:
        texts = sources(
            family,
            stage,
            step,
            posixpath.normpath(posixpath.join(call.state.directory, word.removesuffix("..."))),
            deep="..." in word,
        )
        if texts is None:
            return trouble(
                "what go generate runs is not known: the sources are not beside the Dockerfile",
                fix,
            )
        for text in texts:
            for directive in _DIRECTIVE.findall(text):
                if not _is_neutral(family, directive.split()):
                    return trouble(
                        f"go generate runs {directive[:60]}, which is not known",
                        fix,
                    )
    return Verdict(NEUTRAL)


def _is_neutral(family: Family, words: list[str]) -> bool:
    """Whether a directive runs what is known to be the same on every machine."""
    if words[:2] == ["go", "run"]:
        named = positional(words[1:])
        words = [name_of(named[1] if len(named) > 1 else ""), *named[2:]]
    elif words[:2] == ["go", "tool"]:
        words = words[2:]
    row = family.tools.meaning(posixpath.basename(words[0]), words[1:]) if words else None
    return row is not None and row.does == "neutral"


def sources(
    family: Family, stage: Stage, step: Step, path: str, *, deep: bool = False
) -> list[str] | None:
    """Return the sources of Go at a path of the stage, or None where the project has none there.

    :param deep: read the packages below it too, as ``...`` does (``go help packages``)
    """
    place = find(family.project, stage, step, path)
    if place is None:
        return None
    if place.endswith(".go"):
        text = family.project.text(place)
        return None if text is None else [text]
    texts: list[str] = []
    waiting = [place]
    while waiting:
        folder = waiting.pop()
        for name in family.project.folder(folder) or ():
            inner = posixpath.normpath(posixpath.join(folder, name))
            if name.endswith(".go") and not name.endswith("_test.go"):
                texts.append(family.project.text(inner) or "")
            elif deep and not name.startswith(_PASSED_OVER) and name not in _NO_PACKAGES:
                waiting.append(inner)
        if len(texts) > _MOST:
            return None
    return texts or None


def has_c(family: Family, stage: Stage, step: Step, call: Call) -> bool:
    """Whether the project that Go compiles has C in it, or needs a module that has.

    Then a compiler for the build machine is in the image.
    """
    directory = call.state.directory or "/"
    text = _module(family, stage, step, directory)
    if text is None or "alpine" in family.root.base:
        return False
    if any(module in text for module in family.tools.c_modules):
        return True
    texts = sources(family, stage, step, directory, deep=True) or []
    return any('import "C"' in source for source in texts)


def _module(family: Family, stage: Stage, step: Step, directory: str) -> str | None:
    """Return the go.mod of the module that a folder belongs to, or None."""
    above = directory
    while True:
        place = find(family.project, stage, step, posixpath.join(above, "go.mod"))
        text = family.project.text(place) if place else None
        if text is not None or above == posixpath.dirname(above):
            return text
        above = posixpath.dirname(above)
