"""Whether ``make install`` writes below ``DESTDIR``, by the text of Makefiles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.language.c import marks
from xxpy.language.texts import text_of
from xxpy.runner import helpers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_INSTALL: Final = "install"
ABSENT: Final = f"*** No rule to make target '{_INSTALL}'."
"""What GNU make says if a Makefile has no install step, or has it for other systems only."""
_HAS: Final = re.compile(
    r"^(?:[\w.-]+[ \t]+)*install(?:[ \t]+[\w.-]+)*[ \t]*:(?!:?=)", re.MULTILINE
)
_RULE: Final = re.compile(
    r"^([\w. -]+?)[ \t]*::?(?!=)([^\n#;]*).*\n((?:\t.*\n?|[ \t]*(?:#.*)?\n)*)", re.MULTILINE
)
_INCLUDE: Final = re.compile(r"^[-s]?include[ \t]+(.+)$", re.MULTILINE)
_VARIABLE: Final = re.compile(r"\$[({]([\w.-]+)[)}]")
_QUIET: Final = re.compile(r"^(?:[@+\s-]|\$\{\w+\}(?=\$\{MAKE\}))+")
_LOOP: Final = re.compile(r"for (\w+) in ([^;]*);\s*do\b(.*)\bdone\b")
_PARTS: Final = re.compile(r";|&&|\|\||\(|(?=\))|(?<=\))")
_HARMLESS: Final = frozenset({"echo", "exit", "set", "true", ":", ""})
_DEPTH: Final = 4
"""How many folders deep a Makefile may leave the work to others."""


def knows_destdir(folder: Path, text: str, depth: int = _DEPTH) -> bool:
    """Whether the Makefile of a folder has an install step that respects ``DESTDIR``.

    Either the Makefile names it, or a file that it includes, or its install step only calls make in
    folders whose Makefiles have such a step.

    :param text: the Makefile, with continued lines joined
    """
    whole = "\n".join((text, *_included(folder, text)))
    if not _HAS.search(whole) or not depth:
        return False
    if "DESTDIR" in whole:
        return True
    found = [_delegated(command, folder, whole) for command in _commands(_INSTALL, whole)]
    folders = {one for places in found if places is not None for one in places}
    return (
        None not in found
        and bool(folders)
        and all(knows_destdir(place, _makefile(place), depth - 1) for place in folders)
    )


def _commands(goal: str, text: str) -> Iterator[str]:
    """Yield the commands of a goal, and of the goals for installing that it needs."""
    rules = _RULE.findall(text)
    goals = [goal]
    for name in goals:
        for targets, needed, recipe in rules:
            if name in targets.split():
                others = (word for word in needed.split() if word.startswith(_INSTALL))
                goals += [other for other in others if other not in goals]
                yield from (line.strip() for line in recipe.splitlines() if line.startswith("\t"))


def _delegated(command: str, folder: Path, text: str) -> list[Path] | None:
    r"""Return the folders in which a command calls ``make install``, or None if it does more.

    >>> from pathlib import Path
    >>> _delegated("@$(MAKE) -C lib $@", Path("a"), "")
    [PosixPath('a/lib')]
    >>> text = "DIRS = b c\n"
    >>> _delegated("for d in $(DIRS); do (cd $$d && $(MAKE) install); done", Path("a"), text)
    [PosixPath('a/b'), PosixPath('a/c')]
    >>> _delegated("cp a /usr/bin", Path("a"), "")
    """
    place, found = folder, []
    for part in _PARTS.split(_unrolled(_VARIABLE.sub(r"${\1}", command), text)):
        words = _QUIET.sub("", part.strip()).split()
        first = "".join(words[:1])
        if first == "cd":
            place /= _value(" ".join(words[1:]), text)
        elif first == "${MAKE}":
            called = _called(words[1:], place, text)
            if called is None:
                return None
            found.append(called)
        elif first == ")":
            place = folder
        elif first not in _HARMLESS or ">" in part:
            return None
    return found


def _unrolled(command: str, text: str) -> str:
    """Return a command with its loop over words written out."""
    loop = _LOOP.search(command)
    if loop is None:
        return command
    variable = re.compile(rf"\$\$(?:{loop[1]}\b|\{{{loop[1]}\}})")
    words = _value(loop[2], text).split()
    bodies = (f"({variable.sub(word, loop[3])})" for word in words)
    return ";".join((command[: loop.start()], *bodies, command[loop.end() :]))


def _called(words: list[str], place: Path, text: str) -> Path | None:
    """Return the folder in which make installs, or None if it does something else."""
    goals = []
    rest = iter(words)
    for word in rest:
        if word.startswith("-C"):
            place /= _value(word.removeprefix("-C") or next(rest, ""), text)
        elif not word.startswith("-") and "=" not in word:
            goals.append(word)
    return place if goals in ([_INSTALL], ["$@"]) else None


def _value(word: str, text: str) -> str:
    """Return a word with the values of the Makefile's variables."""
    return helpers.expanded(f"{text}\n\t{word}").rpartition("\t")[2]


def _included(folder: Path, text: str) -> Iterator[str]:
    """Yield the texts of the files that a Makefile includes."""
    for words in _INCLUDE.findall(text):
        for word in _value(words, text).split():
            path = folder / word
            if path.is_file():
                yield text_of(path)


def _makefile(folder: Path) -> str:
    """Return the text of a folder's Makefile, with continued lines joined, or ""."""
    path = marks.makefile(folder)
    return "" if path is None else text_of(path).replace("\\\n", " ")
