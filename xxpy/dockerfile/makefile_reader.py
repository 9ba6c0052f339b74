"""Read a makefile, and those it includes, into :class:`xxpy.dockerfile.makefile.Makefile`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.makefile import DEEPEST, PREFIX, Makefile, Rule
from xxpy.dockerfile.makefile_words import parted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


_ASSIGNMENT: Final = re.compile(
    r"^(?P<words>(?:(?:export|override|private)\s+)*)(?P<name>[\w.\-/]+)\s*(?P<sign>::?:?=|\?=|\+=|!=|=)\s*(?P<value>.*)$"
)


_RULE: Final = re.compile(r"^(?P<targets>[^:=#\t][^:=]*?)\s*::?(?!=)\s*(?P<rest>.*)$")


_CALLED: Final = re.compile(r"\$\(call\s+([\w.\-]+)")
_ARGUMENT: Final = re.compile(r"\$(?:\(\d\)|\{\d\}|\d)")
"""What a call gives to a text."""
_SETTING: Final = re.compile(r"^\s*(?:(?:export|override)\s+)*(?P<name>\S.*?)\s*(?::{0,3}|[?+!])=")
_EXISTING: Final = re.compile(r"\$[({]wildcard\s.*[)}]")
"""An include of what exists: the lists of dependencies that a compiler has written."""


FILES: Final = ("GNUmakefile", "makefile", "Makefile")
"""The makefiles that make looks for, in this order."""


def read(
    text: str,
    name: str,
    given: Mapping[str, str],
    environment: frozenset[str],
    other: Callable[[str], str | None],
) -> Makefile:
    """Return what a makefile says.

    :param other: the text of an included file
    """
    made = Makefile(given, environment)
    _Reader(made, other).read(text, name)
    return made


class _Reader:
    """Reads the lines of a makefile and of what it includes."""

    def __init__(self, made: Makefile, other: Callable[[str], str | None]) -> None:
        self.made = made
        self.other = other
        self.branches: list[bool | None] = []
        self.conditions: list[list[str]] = []
        self.rules: list[Rule] = []
        self.defines: dict[str, list[str]] = {}
        self.depth = 0

    def read(self, text: str, name: str) -> None:
        self.depth += 1
        lines = text.splitlines()
        number = 0
        define, body = "", list[str]()
        while number < len(lines):
            start, line = number, lines[number]
            while line.endswith("\\") and number + 1 < len(lines):
                number += 1
                follow = lines[number]
                line = f"{line[:-1].rstrip()} {follow.lstrip()}"
            number += 1
            if define and line.strip() == "endef":
                self.defines[define], define, body = body, "", []
            elif define:
                body.append(line)
            elif line.startswith(("define ", "export define")):
                define = line.removeprefix("export ").split()[1]
                self.made.unknown.add(define)
            elif line.startswith("\t"):
                self._recipe(line[1:], f"{name}:{start + 1}")
            else:
                self._line(_uncommented(line).strip(), f"{name}:{start + 1}")
        self.depth -= 1

    def _recipe(self, line: str, place: str) -> None:
        if False in self.branches or not line.strip() or line.lstrip().startswith("#"):
            return
        command = PREFIX.sub("", line)
        for rule in self.rules:
            rule.lines.append((place, command))

    def _line(self, line: str, place: str) -> None:
        if not line or self._conditional(line) or False in self.branches:
            return
        word, _, rest = line.partition(" ")
        assignment = _ASSIGNMENT.match(line)
        if word in {"include", "-include", "sinclude"}:
            self._include(rest, place, needed=word == "include")
        elif assignment:
            exported = "export" in assignment["words"]
            self._assign(assignment["name"], assignment["sign"], assignment["value"], exported)
        elif word in {"export", "unexport", "vpath", "undefine"}:
            self.made.exported |= set(rest.split()) if word == "export" else set()
        else:
            self._target(line, place)

    def _include(self, names: str, place: str, *, needed: bool) -> None:
        for path in self.made.without_shells(names)[0].split():
            text = self.other(path) if "$" not in path and self.depth < DEEPEST else None
            if text is not None:
                self.read(text, path)
            elif needed and "*" not in path and not _EXISTING.fullmatch(names.strip()):
                shown = names.strip() if "$" in path else path
                self._unclear(f"{place}: {shown}, which it includes, cannot be read")

    def _unclear(self, why: str) -> None:
        self.made.unclear = self.made.unclear or why

    def _target(self, line: str, place: str) -> None:
        head = parted(line)[0] or line
        if line.startswith("$(") and ("$(eval" in head or "$(call" in head):
            self._made_by_call(line, f"{place}: rules that eval or call makes are not read")
            return
        text = self.made.without_shells(line)[0] if "$" in line.partition(":")[0] else line
        rule = _RULE.match(text)
        if rule:
            self._rule(rule["targets"], rule["rest"], place)

    def _made_by_call(self, line: str, why: str) -> None:
        """Note for which targets a line may make rules: those of the texts that it calls."""
        called = _CALLED.findall(line)
        texts = [self.defines.get(name) for name in called]
        if not called or None in texts or not self.made.first:
            self._unclear(why)
            return
        for text in (each for body in texts for each in body or ()):
            head, _ = parted(text)
            assignment = _SETTING.match(text)
            if text.startswith("\t") or not text.strip() or text.lstrip().startswith("#"):
                continue
            if assignment:
                self.made.unread_names.append(self._pattern(assignment["name"]))
            elif head and "$(eval" not in text and "$(call" not in text:
                self.made.unread += [(self._pattern(word), why) for word in _words(head)]
            else:
                self._unclear(why)

    def _pattern(self, text: str) -> str:
        """Return the names that a text of make may mean, with ``*`` for what a call gives it."""
        known = self.made.without_shells(_ARGUMENT.sub("*", text.replace("$$", "$")))[0]
        return re.sub(r"\$\{[^}]*\}|\$\w", "*", known).strip().removeprefix("./")

    def _rule(self, targets: str, rest: str, place: str) -> None:
        needs, _, command = rest.partition(";")
        own = _ASSIGNMENT.match(needs.strip())
        names = [target.removeprefix("./") for target in targets.split()]
        if own:
            for target in names:
                self.made.rules.setdefault(target, Rule()).variables[own["name"]] = own["value"]
            return
        self.rules = []
        for target in names:
            if (
                not self.made.first
                and (not target.startswith(".") or "/" in target)
                and "%" not in target
            ):
                self.made.first = target
            rule = self.made.rules.setdefault(target, Rule())
            rule.needs += [need for need in needs.split() if need != "|"]
            self.rules.append(rule)
        if command.strip():
            self._recipe(command.strip(), place)

    def _assign(self, name: str, sign: str, value: str, exported: bool) -> None:
        made = self.made
        if exported:
            made.exported.add(name)
        if sign == "?=" and (
            name in made.variables or name in made.environment or name in made.given
        ):
            return
        if None in self.branches and name in made.variables and sign != "+=":
            made.unknown.add(name)
        if None in self.branches:
            made.shells_of.setdefault(name, []).extend(
                shell for shells in self.conditions for shell in shells
            )
        if sign == "!=":
            made.shells_of[name] = [made.expand(value)]
            made.unknown.add(name)
        elif sign == "+=":
            made.variables[name] = f"{made.variables.get(name, '')} {value}".strip()
        elif sign in {":=", "::="}:
            done, shells = made.without_shells(value)
            made.shells_of[name] = [*made.shells_of.get(name, ()), *shells]
            made.variables[name] = done.replace("$", "$$")
        else:
            made.variables[name] = value

    def _conditional(self, line: str) -> bool:
        word = line.split(None, 1)[0].partition("(")[0]
        if word in {"ifeq", "ifneq", "ifdef", "ifndef"}:
            self.branches.append(self._decided(word, line[len(word) :].strip()))
            self.conditions.append(self.made.without_shells(line)[1])
        elif word == "else":
            if self.branches:
                last = self.branches.pop()
                rest = line[len("else") :].strip()
                word = rest.split(None, 1)[0].partition("(")[0] if rest else ""
                follow = self._decided(word, rest[len(word) :].strip()) if rest else True
                self.branches.append(None if last is None else (False if last else follow))
        elif word == "endif":
            if self.branches:
                self.branches.pop()
                self.conditions.pop()
        else:
            return False
        return True

    def _decided(self, word: str, rest: str) -> bool | None:
        """Return whether a condition holds, or None where only a run shows it."""
        made = self.made
        if word in {"ifdef", "ifndef"}:
            name = rest.strip()
            known = name in made.variables or name in made.given or name in made.environment
            if name in made.unknown or name in made.environment:
                return None
            return known if word == "ifdef" else not known
        sides = re.fullmatch(r"\((.*),(.*)\)", rest) or re.fullmatch(
            r"[\"'](.*)[\"']\s+[\"'](.*)[\"']", rest
        )
        if sides is None:
            return None
        left, right = (made.without_shells(side)[0].strip() for side in sides.groups())
        if not left or not right:
            variable = re.fullmatch(r"\$\{(\w+)\}", left + right)
            if variable and variable[1] in made.environment:
                return word == "ifneq"
        if "$" in left + right:
            return None
        return (left == right) == (word == "ifeq")


def _uncommented(line: str) -> str:
    found = re.search(r"(?<!\\)#", line)
    return line[: found.start()] if found else line


def _words(text: str) -> list[str]:
    """Return the words of a text; a reference with spaces in it is one.

    >>> _words("a $(call f, b)/c")
    ['a', '$(call f, b)/c']
    """
    found, depth = [""], 0
    for letter in text:
        depth += (letter in "({") - (letter in ")}")
        if letter.isspace() and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [word for word in found if word]
