"""Read a makefile without running it: which commands a goal runs, with which variables.

GNU make's rules count (https://www.gnu.org/software/make/manual/make.html): variables of the command line over those of the makefile over
those of the environment, ``?=``, ``+=``, conditionals whose sides are known, target-specific variables, pattern rules, included files.
What only a run would show (functions, ``$(shell)``) is a variable of the shell that nobody knows, so that a command with such a name is
not understood, while an option with such a value is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULTS: Final = {
    "CC": "cc", "CXX": "c++", "AR": "ar", "LD": "ld", "MAKE": "make", "RM": "rm -f", "AS": "as", "CPP": "cc -E", "FC": "f77", "SHELL": "/bin/sh",
    "CURDIR": ".", "YACC": "yacc", "LEX": "lex", "INSTALL": "install", "ARFLAGS": "rv",
}  # fmt: skip
"""GNU make's own variables."""

_ASSIGNMENT: Final = re.compile(
    r"^(?P<words>(?:(?:export|override|private)\s+)*)(?P<name>[\w.\-/]+)\s*(?P<sign>::?:?=|\?=|\+=|!=|=)\s*(?P<value>.*)$"
)
_RULE: Final = re.compile(r"^(?P<targets>[^:=#\t][^:=]*?)\s*::?(?!=)\s*(?P<rest>.*)$")
_PREFIX: Final = re.compile(r"^\s*[@+\-]*\s*")
_NAME: Final = re.compile(r"[\w.\-]+")
_AUTOMATIC: Final = frozenset("@<^?+*%|")
_UNKNOWN: Final = "${XXPY_UNKNOWN}"
_FUNCTIONS: Final[Mapping[str, Callable[[str], str]]] = {
    "info": lambda _: "",
    "warning": lambda _: "",
    "error": lambda _: "",
    "strip": lambda text: " ".join(text.split()),
    "firstword": lambda text: " ".join(text.split()[:1]),
    "lastword": lambda text: " ".join(text.split()[-1:]),
    "notdir": lambda text: " ".join(posixpath.basename(word) for word in text.split()),
    "dir": lambda text: " ".join(
        posixpath.join(posixpath.dirname(word) or ".", "") for word in text.split()
    ),
    "sort": lambda text: " ".join(sorted(set(text.split()))),
    "addprefix": lambda text: " ".join(
        text.partition(",")[0] + word for word in text.partition(",")[2].split()
    ),
    "addsuffix": lambda text: " ".join(
        word + text.partition(",")[0] for word in text.partition(",")[2].split()
    ),
}
"""The functions of make that need no run."""

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
    shells: list[str] = field(default_factory=list)
    """What ``$(shell)`` runs for the variables that the goals use."""
    shells_of: dict[str, list[str]] = field(default_factory=dict)
    unclear: str = ""

    def expand(self, text: str, automatic: Mapping[str, str] | None = None, depth: int = 0) -> str:
        """Return a text as make gives it to the shell; what is not known becomes a variable of the shell that has no value."""
        if depth > _DEEPEST:
            return text
        done, place = [], 0
        while (start := text.find("$", place)) >= 0 and start + 1 < len(text):
            done.append(text[place:start])
            name, place = _named(text, start + 1)
            if name == "$":
                done.append("$")
            elif len(name) == 1 and name in _AUTOMATIC:
                done.append((automatic or {}).get(name, _UNKNOWN))
            else:
                done.append(self._reference(name, automatic, depth))
        return "".join([*done, text[place:]])

    def _reference(self, name: str, automatic: Mapping[str, str] | None, depth: int) -> str:
        if not _NAME.fullmatch(name):
            return self._function(name, automatic, depth)
        if name in self.given:
            return self.given[name]
        self.shells += self.shells_of.get(name, ())
        if name in self.unknown:
            return _UNKNOWN
        if name in self.variables:
            return self.expand(self.variables[name], automatic, depth + 1)
        if name in self.environment:
            return f"${{{name}}}"
        return DEFAULTS.get(name, "")

    def _function(self, text: str, automatic: Mapping[str, str] | None, depth: int) -> str:
        """Return what a function of make gives, for those that need no run; a substitution reference gives its variable."""
        name, _, rest = text.partition(" ")
        given = self.expand(rest, automatic, depth + 1) if name in {*_FUNCTIONS, "shell"} else ""
        if name == "shell":
            self.shells.append(given)
        if name in _FUNCTIONS and _UNKNOWN not in given:
            return _FUNCTIONS[name](given)
        suffix = re.fullmatch(r"([\w.\-]+):[^=]*=.*", text)
        # The names behind a substitution differ, but what they are in is the same.
        return (
            _UNKNOWN
            if suffix is None or suffix[1] not in self.variables
            else self._reference(suffix[1], automatic, depth)
        )

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

    def without_shells(self, text: str) -> tuple[str, list[str]]:
        """Return a text as make gives it to the shell, and what ``$(shell)`` runs for it."""
        kept, self.shells = self.shells, []
        done = self.expand(text)
        found, self.shells = self.shells, kept
        return done, found

    def _with(self, own: Mapping[str, str], line: str, automatic: Mapping[str, str]) -> str:
        kept = dict(self.variables)
        self.variables |= own
        text = self.expand(line, automatic)
        self.variables = kept
        return _PREFIX.sub("", text)

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
        self.conditions: list[list[str]] = []
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
        command = _PREFIX.sub("", line)
        for rule in self.rules:
            rule.lines.append((place, command))

    def _line(self, line: str, place: str) -> None:
        if not line or self._conditional(line) or False in self.branches:
            return
        word, _, rest = line.partition(" ")
        if word in {"include", "-include", "sinclude"}:
            for path in self.made.without_shells(rest)[0].split():
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
            if not _RULE.match(self.made.without_shells(line)[0]):
                return
        rule = _RULE.match(
            self.made.without_shells(line)[0] if "$" in line.partition(":")[0] else line
        )
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
            known = re.fullmatch(r"\$\{(\w+)\}", left + right)
            if known and known[1] in made.environment:
                return word == "ifneq"
        if "$" in left + right:
            return None
        return (left == right) == (word == "ifeq")


def _named(text: str, place: int) -> tuple[str, int]:
    """Return what a reference at a place names, and where it ends: brackets are matched."""
    closing = {"(": ")", "{": "}"}.get(text[place])
    if closing is None:
        return text[place], place + 1
    depth = 0
    for end in range(place, len(text)):
        depth += (text[end] == text[place]) - (text[end] == closing)
        if not depth:
            return text[place + 1 : end], end + 1
    return text[place + 1 :], len(text)


def _uncommented(line: str) -> str:
    found = re.search(r"(?<!\\)#", line)
    return line[: found.start()] if found else line
