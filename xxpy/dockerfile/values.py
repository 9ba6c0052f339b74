"""What is known of variables in a Dockerfile: text, and whether it depends on the target."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_USED: Final = re.compile(
    r"(?<!\\)\$(?:\{[!#]?(?P<braced>[A-Za-z_]\w*|[0-9@*])(?P<rest>[^}]*)\}"
    r"|(?P<plain>[A-Za-z_]\w*|[0-9@*]))"
)
_ALTERNATIVE: Final = re.compile(r":?(?P<sign>[-+])(?P<text>.*)", re.DOTALL)
_SUBSTITUTION: Final = re.compile(r"\$\(|`")
LONGEST: Final = 1 << 14
"""Characters of a value that are kept; a longer one is not known."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a variable holds.

    :param text: None where only the build shows it
    :param told: what BuildKit says of the target decides it
    """

    text: str | None
    told: bool = False


UNKNOWN: Final = Value(None)
TOLD: Final = Value(None, told=True)
PARAMETERS: Final = tuple("123456789@*")
"""The names under which a script, or a function, finds its arguments."""


@dataclass(frozen=True, slots=True)
class State:
    """What a command finds.

    :param values: every variable of the shell
    :param exported: the names of those that its children get
    :param kept: variables that files of a tool hold, as ``go env -w`` writes them
    :param files: files whose contents the target decides
    :param directory: the working directory, or "" where it is not known
    :param told: only some targets run this
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    exported: frozenset[str] = frozenset()
    kept: Mapping[str, Value] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    directory: str = "/"
    told: bool = False

    def with_values(self, fresh: Mapping[str, Value], *, export: bool = False) -> State:
        """Return the state with further variables."""
        names = self.exported | fresh.keys() if export else self.exported
        return replace(self, values={**self.values, **fresh}, exported=names)

    def environment(self, name: str) -> Value | None:
        """Return the value that a child finds: of its environment, else of the tool's own files."""
        found = self.values.get(name) if name in self.exported else None
        return self.kept.get(name) if found is None or found.text == "" else found


def expand(text: str, values: Mapping[str, Value]) -> Value:
    """Return a text with the variables that are known filled in, as a shell does it.

    What is not known stays as it is written, so that the text can be shown; the value is then not
    known.

    >>> expand("app-${A:-b}$C", {"C": Value("d")}).text
    'app-bd'
    """
    told = False
    whole = True

    def filled(found: re.Match[str]) -> str:
        nonlocal told, whole
        value = values.get(found["braced"] or found["plain"])
        told = told or (value is not None and value.told)
        rest = found["rest"] or ""
        other = _ALTERNATIVE.fullmatch(rest)
        if value is not None and value.text is not None and not (rest and other is None):
            if other and other["sign"] == "+":
                return other["text"] if value.text else ""
            return value.text or (other["text"] if other else "")
        if value is None and not (rest and other is None):
            return other["text"] if other and other["sign"] == "-" else ""
        whole = False
        return found[0]

    done = _USED.sub(filled, text)
    if _SUBSTITUTION.search(done) or len(done) > LONGEST:
        whole = False
    return Value(done if whole else None, told)


def parameters(given: Iterable[Value]) -> dict[str, Value]:
    """Return what a script, or a function, finds that is called with these arguments."""
    words = list(given)
    told = any(value.told for value in words)
    found = dict(zip(PARAMETERS[:9], words, strict=False))
    unset = {name: Value("") for name in PARAMETERS[:9] if name not in found}
    return {**found, **unset, **dict.fromkeys("@*", Value(None if words else "", told))}


def shifted(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the arguments after ``shift``: which ones are left, only a run shows."""
    told = any(value.told for name, value in values.items() if name in PARAMETERS)
    return dict.fromkeys(PARAMETERS, Value(None, told))


def written(text: str, values: Mapping[str, Value]) -> str:
    """Return a text with its known variables filled in; unknown and unset ones stay as written."""

    def filled(found: re.Match[str]) -> str:
        value = values.get(found["braced"] or found["plain"])
        known = value is not None and value.text is not None and not found["rest"]
        return str(value.text) if value is not None and known else found[0]

    done = _USED.sub(filled, text)
    return done if len(done) <= LONGEST else text


def names(text: str) -> set[str]:
    """Return the names of the variables in a text."""
    return {found["braced"] or found["plain"] for found in _USED.finditer(text)}


def mentions_target(text: str, state: State) -> bool:
    """Whether a text depends on the target: by a variable, a file, or an ``xx-*`` command."""
    if any((value := state.values.get(name)) is not None and value.told for name in names(text)):
        return True
    if "xx-" in text and re.search(r"\bxx-(?:info|cargo|clang|cc|go)\b", text):
        return True
    return any(path in text for path in state.files)


def joined(states: Iterable[State], *, told: bool) -> State:
    """Return what holds behind branches that may all have been taken.

    :param told: the target decides which one is
    """
    first, *others = states
    merged = dict(first.values)
    exported, files = first.exported, first.files
    kept = dict(first.kept)
    for state in others:
        for mine, theirs in ((merged, state.values), (kept, state.kept)):
            for name in mine.keys() | theirs.keys():
                here, there = mine.get(name), theirs.get(name)
                if here != there:
                    known = [value for value in (here, there) if value is not None]
                    mine[name] = Value(None, told or any(value.told for value in known))
        exported |= state.exported
        files |= state.files
    directory = (
        first.directory if all(state.directory == first.directory for state in others) else ""
    )
    return replace(
        first, values=merged, exported=exported, kept=kept, files=files, directory=directory
    )
