"""Read a makefile without running it: which commands a goal runs, with which variables.

GNU make's rules count (https://www.gnu.org/software/make/manual/make.html): variables of the
command line over those of the makefile over those of the environment, ``?=``, ``+=``, conditionals
whose sides are known, target-specific variables, pattern rules, included files. What only a run
would show (functions, ``$(shell)``) is a variable of the shell that nobody knows, so that a command
with such a name is not understood, while an option with such a value is.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.makefile_words import filtered, named, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DEFAULTS: Final = {
    "CC": "cc", "CXX": "c++", "AR": "ar", "LD": "ld", "MAKE": "make", "RM": "rm -f", "AS": "as",
    "CPP": "cc -E", "FC": "f77", "SHELL": "/bin/sh", "CURDIR": ".", "YACC": "yacc", "LEX": "lex",
    "INSTALL": "install", "ARFLAGS": "rv",
}  # fmt: skip
"""GNU make's own variables."""

PREFIX: Final = re.compile(r"^\s*[@+\-]*\s*")

_NAME: Final = re.compile(r"[\w.\-]+")

_SYSTEM: Final = re.compile(r"uname(?:\s+-s)?(?:\s+2>\s*/dev/null)?(?:\s*\|\|.*)?")
"""A question for the system, which is always Linux in a container that has make."""

_WHERE: Final = re.compile(
    r"(?:which|command\s+-v|type\s+-[pP])\s+(?P<name>[\w.+\-]+)(?:\s+2>\s*/dev/null)?"
)
"""A question for where a program is, which is run then."""

_SETS: Final = re.compile(r"\s*(?:(?:export|override)\s+)*(?P<name>[\w.\-]+)\s*(?::{0,3}|[?+])=")

_AUTOMATIC: Final = frozenset("@<^?+*%|")

_UNKNOWN: Final = "${XXPY_UNKNOWN}"

_FUNCTIONS: Final[dict[str, Callable[[str], str]]] = {
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
    "filter": lambda text: " ".join(filtered(text, kept=True)),
    "filter-out": lambda text: " ".join(filtered(text, kept=False)),
    "addprefix": lambda text: " ".join(
        text.partition(",")[0] + word for word in text.partition(",")[2].split()
    ),
    "addsuffix": lambda text: " ".join(
        word + text.partition(",")[0] for word in text.partition(",")[2].split()
    ),
}
"""The functions of make that need no run."""

_ASKED: Final = re.compile(r"shell\s+go\s+env\s+(?P<name>GOOS|GOARCH)")
"""What Go answers from its environment."""

_OBJECTS: Final = (".o", ".lo", ".a", ".so")

DEEPEST: Final = 30

_MOST_LINES: Final = 3000


@dataclass(slots=True)
class Rule:
    """What makes a target: its prerequisites, and the lines of its recipe with their numbers."""

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
    unread: list[tuple[str, str]] = field(default_factory=list)
    """Patterns of targets whose rules are not read, each with why."""
    unread_names: list[str] = field(default_factory=list)
    """Patterns of variables that such rules may set."""

    def expand(self, text: str, automatic: Mapping[str, str] | None = None, depth: int = 0) -> str:
        """Return a text as make gives it to the shell.

        What is not known becomes a variable of the shell that has no value.
        """
        if depth > DEEPEST:
            return text
        done, place = [], 0
        while (start := text.find("$", place)) >= 0 and start + 1 < len(text):
            done.append(text[place:start])
            name, place = named(text, start + 1)
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
        if name in self.unknown or any(fnmatchcase(name, each) for each in self.unread_names):
            return _UNKNOWN
        if name in self.variables:
            return self.expand(self.variables[name], automatic, depth + 1)
        if name in self.environment:
            return f"${{{name}}}"
        return DEFAULTS.get(name, "")

    def _function(self, text: str, automatic: Mapping[str, str] | None, depth: int) -> str:
        """Return what a function of make gives, if it needs no run.

        A substitution reference gives its variable.
        """
        name, _, rest = text.partition(" ")
        if name in {"if", "eval"}:
            chosen = name == "if"
            return self._chosen(rest, automatic, depth) if chosen else self._evaluated(rest)
        asked = _ASKED.fullmatch(text)
        if asked and asked["name"] in self.environment:
            return f"${{{asked['name']}}}"
        given = self.expand(rest, automatic, depth + 1) if name in {*_FUNCTIONS, "shell"} else ""
        if name == "shell":
            place = _WHERE.fullmatch(given.strip())
            if place or _SYSTEM.fullmatch(given.strip()):
                return place["name"] if place else "Linux"
            self.shells.append(given)
        if name.startswith("filter") and "$" in given:
            return _UNKNOWN
        if name in _FUNCTIONS and _UNKNOWN not in given:
            return _FUNCTIONS[name](given)
        suffix = re.fullmatch(r"([\w.\-]+):[^=]*=.*", text)
        # The names behind a substitution differ, but what they are in is the same.
        return (
            _UNKNOWN
            if suffix is None or suffix[1] not in self.variables
            else self._reference(suffix[1], automatic, depth)
        )

    def _evaluated(self, text: str) -> str:
        """Note that only a run shows the variable that ``$(eval)`` sets; it gives nothing."""
        found = _SETS.match(text)
        if found is None:
            return _UNKNOWN
        self.unknown.add(found["name"])
        return ""

    def _chosen(self, text: str, automatic: Mapping[str, str] | None, depth: int) -> str:
        """Return the side of ``$(if)`` that a known condition chooses."""
        condition, *sides = split(text)
        said = self.expand(condition, automatic, depth + 1).strip()
        if "$" in said:
            return _UNKNOWN
        side = sides[:1] if said else sides[1:2]
        return self.expand(side[0], automatic, depth + 1) if side else ""

    def changed(self) -> dict[str, str]:
        """Return the variables that recipes find beyond make's own environment."""
        names = self.exported | (self.environment & self.variables.keys())
        found = {name: self.expand(f"$({name})") for name in names if name in self.variables}
        return found | {name: value for name, value in self.given.items() if _NAME.fullmatch(name)}

    def commands(self, goals: list[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Yield the lines that goals run: where each is, its text, and its target's variables.

        A goal without a rule is a file, or yields an empty line where it is what make was called
        for.
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
        for pattern, why in self.unread:
            if fnmatchcase(goal, pattern) or "$" in goal:
                self.unclear = self.unclear or why
        rule, stem = self._rule(goal)
        if rule is None or depth > DEEPEST:
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
        return PREFIX.sub("", text)

    def _rule(self, goal: str) -> tuple[Rule | None, str]:
        goal = goal.removeprefix("./")
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
