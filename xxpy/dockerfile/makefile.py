"""Read a makefile without running it: which commands a goal runs, with which variables.

GNU make's rules count (https://www.gnu.org/software/make/manual/make.html): variables of the command line over those of the makefile over
those of the environment, ``?=``, ``+=``, conditionals whose sides are known, target-specific variables, pattern rules, included files.
What only a run would show (functions, ``$(shell)``) is a variable of the shell that nobody knows, so that a command with such a name is
not understood, while an option with such a value is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DEFAULTS: Final = {
    "CC": "cc", "CXX": "c++", "AR": "ar", "LD": "ld", "MAKE": "make", "RM": "rm -f", "AS": "as", "CPP": "cc -E", "FC": "f77", "SHELL": "/bin/sh",
    "CURDIR": ".", "YACC": "yacc", "LEX": "lex", "INSTALL": "install", "ARFLAGS": "rv",
}  # fmt: skip
"""GNU make's own variables."""

_ASSIGNMENT: Final = re.compile(
    r"^(?P<words>(?:(?:export|override|private)\s+)*)(?P<name>[\w.\-/]+)\s*(?P<sign>::?:?=|\?=|\+=|!=|=)\s*(?P<value>.*)$"
)
_RULE: Final = re.compile(r"^(?P<targets>[^:=#\t][^:=]*?)\s*::?(?!=)\s*(?P<rest>.*)$")
_REFERENCE: Final = re.compile(
    r"\$(?:\$|(?P<plain>[@<^+?*%|])|\((?P<round>(?:[^()$]|\$\([^()]*\)|\([^()]*\))*)\)|\{(?P<braced>[^{}]*)\}|(?P<letter>[A-Za-z]))"
)
_NAME: Final = re.compile(r"[\w.\-]+")
_FILES: Final = ("GNUmakefile", "makefile", "Makefile")
_OBJECTS: Final = (".o", ".lo", ".a", ".so")
_DEEPEST: Final = 30
_MOST_LINES: Final = 3000


@dataclass(slots=True)
class Rule:
    """What makes a target: the names that must be made before, and the lines of its recipe with their numbers."""

    needs: list[str] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Makefile:
    """What a makefile says.

    :param given: the variables of the command line
    :param environment: the names that the environment has
    :param unclear: what of it cannot be read, or ""
    """

    given: Mapping[str, str]
    environment: frozenset[str]
    variables: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    exported: set[str] = field(default_factory=set)
    rules: dict[str, Rule] = field(default_factory=dict)
    first: str = ""
    shells: list[tuple[str, str]] = field(default_factory=list)
    unclear: str = ""

    def expand(self, text: str, automatic: Mapping[str, str] | None = None, depth: int = 0) -> str:
        """Return a text as make gives it to the shell; what is not known becomes a variable of the shell that has no value."""
        if depth > _DEEPEST:
            return text

        def filled(found: re.Match[str]) -> str:
            if found[0] == "$$":
                return "$"
            name = found["plain"] or found["round"] or found["braced"] or found["letter"] or ""
            if found["plain"]:
                return (automatic or {}).get(name, "${XXPY_UNKNOWN}")
            return self._reference(name, automatic, depth)

        return _REFERENCE.sub(filled, text)

    def _reference(self, name: str, automatic: Mapping[str, str] | None, depth: int) -> str:
        if not _NAME.fullmatch(name):
            if name.startswith("shell "):
                self.shells.append(
                    ("", self.expand(name.removeprefix("shell "), automatic, depth + 1))
                )
            suffix = re.fullmatch(r"([\w.\-]+):(\S*)=(\S*)", name)
            return (
                "${XXPY_UNKNOWN}"
                if suffix is None
                else self._reference(suffix[1], automatic, depth)
            )
        if name in self.given:
            return self.given[name]
        if name in self.unknown:
            return "${XXPY_UNKNOWN}"
        if name in self.variables:
            return self.expand(self.variables[name], automatic, depth + 1)
        if name in self.environment:
            return f"${{{name}}}"
        return DEFAULTS.get(name, "")

    def changed(self) -> dict[str, str]:
        """Return the variables that the commands of the recipes find in their environment, other than make's own environment."""
        names = self.exported | (self.environment & self.variables.keys())
        found = {name: self.expand(f"$({name})") for name in names if name in self.variables}
        return found | {name: value for name, value in self.given.items() if _NAME.fullmatch(name)}

    def commands(self, goals: list[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Yield the lines that the goals run: where each is, its text for the shell, and the variables of its target.

        A goal without a rule is a file, or yields an empty line where it is what make was called for.
        """
        seen: set[str] = set()
        for goal in goals or [self.first]:
            if self._rule(goal)[0] is None:
                yield "", "", {}
            yield from self._made(goal, seen, 0)

    def _made(
        self, goal: str, seen: set[str], depth: int
    ) -> Iterator[tuple[str, str, dict[str, str]]]:
        if goal in seen or len(seen) > _MOST_LINES:
            return
        seen.add(goal)
        rule, stem = self._rule(goal)
        if rule is None or depth > _DEEPEST:
            if goal.endswith(_OBJECTS):
                yield "an implicit rule", self.expand("$(CC) -c"), {}
            return
        needs = self.expand(" ".join(rule.needs)).replace("%", stem).split()
        for need in needs:
            yield from self._made(need, seen, depth + 1)
        automatic = {
            "@": goal,
            "<": needs[0] if needs else "",
            "^": " ".join(needs),
            "+": " ".join(needs),
            "*": stem,
        }
        own = {name: self.expand(value, automatic) for name, value in rule.variables.items()}
        if not rule.lines and needs and any(need.endswith(_OBJECTS) for need in needs):
            yield "an implicit rule", self.expand("$(CC)"), own
        for place, line in rule.lines:
            yield place, self._with(own, line, automatic), own

    def _with(self, own: Mapping[str, str], line: str, automatic: Mapping[str, str]) -> str:
        kept = dict(self.variables)
        self.variables |= own
        text = self.expand(line, automatic)
        self.variables = kept
        return text

    def _rule(self, goal: str) -> tuple[Rule | None, str]:
        if goal in self.rules:
            return self.rules[goal], ""
        for name, rule in self.rules.items():
            before, percent, after = name.partition("%")
            if (
                percent
                and goal.startswith(before)
                and goal.endswith(after)
                and len(goal) > len(before) + len(after)
                and rule.lines
            ):
                return rule, goal[len(before) : len(goal) - len(after)]
        return None, ""


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


def file_of(names: tuple[str, ...]) -> str | None:
    """Return the makefile that make takes in a folder with these names."""
    return next((name for name in _FILES if name in names), None)


class _Reader:
    """Reads the lines of a makefile and of what it includes."""

    def __init__(self, made: Makefile, other: Callable[[str], str | None]) -> None:
        self.made = made
        self.other = other
        self.branches: list[bool | None] = []
        self.rules: list[Rule] = []
        self.depth = 0

    def read(self, text: str, name: str) -> None:
        self.depth += 1
        lines = text.splitlines()
        number = 0
        define = ""
        while number < len(lines):
            start, line = number, lines[number]
            while line.endswith("\\") and number + 1 < len(lines):
                number += 1
                follow = lines[number]
                line = f"{line[:-1].rstrip()} {follow.lstrip()}"
            number += 1
            if define:
                define = "" if line.strip() == "endef" else define
            elif line.startswith("define ") or line.startswith("export define"):
                define = line.split()[-1].rstrip("=").strip() or "x"
                self.made.unknown.add(line.removeprefix("export ").split()[1])
            elif line.startswith("\t"):
                self._recipe(line[1:], f"{name}:{start + 1}")
            else:
                self._line(_uncommented(line).strip(), f"{name}:{start + 1}")
        self.depth -= 1

    def _recipe(self, line: str, place: str) -> None:
        if False in self.branches or not line.strip() or line.lstrip().startswith("#"):
            return
        command = re.sub(r"^\s*[@+\-]*\s*", "", line)
        for rule in self.rules:
            rule.lines.append((place, command))

    def _line(self, line: str, place: str) -> None:
        if not line or self._conditional(line) or False in self.branches:
            return
        word, _, rest = line.partition(" ")
        if word in {"include", "-include", "sinclude"}:
            for path in self.made.expand(rest).split():
                text = self.other(path) if "$" not in path and self.depth < _DEEPEST else None
                if text is not None:
                    self.read(text, path)
                elif word == "include" and "*" not in path:
                    self.made.unclear = (
                        self.made.unclear or f"{place}: {path}, which it includes, cannot be read"
                    )
            return
        assignment = _ASSIGNMENT.match(line)
        if assignment:
            self._assign(
                assignment["name"],
                assignment["sign"],
                assignment["value"],
                "export" in assignment["words"],
            )
            return
        if word in {"export", "unexport", "vpath", "undefine"}:
            self.made.exported |= set(rest.split()) if word == "export" else set()
            return
        if line.startswith("$("):
            if "$(eval" in line or "$(call" in line:
                self.made.unclear = (
                    self.made.unclear or f"{place}: rules that eval or call makes are not read"
                )
            if not _RULE.match(self.made.expand(line)):
                return
        rule = _RULE.match(self.made.expand(line) if "$" in line.partition(":")[0] else line)
        if rule:
            self._rule(rule["targets"], rule["rest"], place)

    def _rule(self, targets: str, rest: str, place: str) -> None:
        needs, _, command = rest.partition(";")
        own = _ASSIGNMENT.match(needs.strip())
        names = targets.split()
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

    def _assign(self, name: str, sign: str, value: str, exported: bool) -> None:  # noqa: FBT001 - of one call
        made = self.made
        if exported:
            made.exported.add(name)
        if sign == "?=" and (
            name in made.variables or name in made.environment or name in made.given
        ):
            return
        if None in self.branches and name in made.variables and sign != "+=":
            made.unknown.add(name)
        if sign == "!=":
            made.shells.append(("", made.expand(value)))
            made.unknown.add(name)
        elif sign == "+=":
            made.variables[name] = f"{made.variables.get(name, '')} {value}".strip()
        elif sign in {":=", "::="}:
            made.variables[name] = made.expand(value).replace("$", "$$")
        else:
            made.variables[name] = value

    def _conditional(self, line: str) -> bool:
        word = line.split(None, 1)[0].partition("(")[0]
        if word in {"ifeq", "ifneq", "ifdef", "ifndef"}:
            self.branches.append(self._decided(word, line[len(word) :].strip()))
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
        left, right = made.expand(sides[1]).strip(), made.expand(sides[2]).strip()
        if "$" in left + right:
            return None
        return (left == right) == (word == "ifeq")


def _uncommented(line: str) -> str:
    found = re.search(r"(?<!\\)#", line)
    return line[: found.start()] if found else line
