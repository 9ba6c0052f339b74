"""Merge the flags of ``go build`` from several places.

Go accepts ``-name``, ``--name``, ``-name=value`` and, for flags with a value, ``-name value``. They
come from GOFLAGS, from xxpy.toml, from the command line and from xxpy itself. Go uses only the last
of several equal flags, so what an earlier place sets would be lost:

========================  ========================================================================
``-tags``                 the tags of all places
``-ldflags``,             the words of all places, for each package; a value may begin with
``-gcflags`` …            ``pattern=``, and Go uses the last pattern that matches a package (``go
                          help build``)
all others                the last place prevails, as in Go
========================  ========================================================================

An empty value resets what earlier places set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import UsageError
from xxpy.language.go.words import join, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

VALUED: Final = frozenset({
    *("C", "asmflags", "buildmode", "compiler", "covermode", "coverpkg", "gccgoflags", "gcflags"),
    *("installsuffix", "ldflags", "mod"),
    *("modfile", "o", "overlay", "p", "pgo", "pkgdir", "tags", "toolexec"),
    *("debug-actiongraph", "debug-runtime-trace", "debug-trace"),
})  # fmt: skip
"""The flags of ``go build`` with a value, which may be the next word; all others are switches."""

PER_PACKAGE: Final = ("asmflags", "gcflags", "gccgoflags", "ldflags")
"""The flags whose value has words for another tool, for the packages that a pattern matches."""

_ALL: Final = "all"
_WILD: Final = "..."
_SETS: Final = frozenset({"std", "cmd", "main", "tool", "work"})
"""Patterns that name sets of packages."""

LINKER: Final = "ldflags"

Values = tuple[tuple[str, tuple[str, ...]], ...]
"""Patterns and words in one place for a flag of :data:`PER_PACKAGE`; "" is the built packages."""

_EMPTY: Final[Values] = (("", ()),)
"""The result of an empty value: no words for the packages that are built."""

Change = Callable[[tuple[str, ...]], tuple[str, ...]]
"""A function that changes words."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag: its name without dashes, and its value, or None for a switch without one."""

    name: str
    value: str | None = None

    @property
    def word(self) -> str:
        """The flag as one word."""
        return f"-{self.name}" if self.value is None else f"-{self.name}={self.value}"


@dataclass(frozen=True, slots=True)
class Place:
    """The arguments in one place: flags, and the packages among them.

    :param name: for people: ``GOFLAGS``
    """

    name: str
    flags: tuple[Flag, ...]
    packages: tuple[str, ...] = ()


def read(name: str, words: Iterable[str]) -> Place:
    """Read arguments of ``go build``, in which packages may also come before flags.

    >>> place = read("", ["-tags", "a,b", "./cmd/x", "-race", "--ldflags=-s -w"])
    >>> [flag.word for flag in place.flags], place.packages
    (['-tags=a,b', '-race', '-ldflags=-s -w'], ('./cmd/x',))

    :raises UsageError: a flag lacks its value
    """
    flags: list[Flag] = []
    packages: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            packages += rest
        elif not word.startswith("-") or word == "-":
            packages.append(word)
        else:
            flags.append(_flag(word, rest, name))
    return Place(name, tuple(flags), tuple(packages))


def _flag(word: str, rest: Iterator[str], place: str) -> Flag:
    """Return the flag in a word, whose value may be the next word.

    :raises UsageError: the value is missing
    """
    title, equals, value = word.removeprefix("-").removeprefix("-").partition("=")
    if equals:
        return Flag(title, value)
    if title not in VALUED:
        return Flag(title)
    following = next(rest, None)
    if following is None:
        raise UsageError(f"-{title} needs a value ({place})", f"write -{title}=VALUE")
    return Flag(title, following)


def last(places: Sequence[Place], name: str) -> Flag | None:
    """Return the prevailing flag of a name, or None."""
    return next(
        (flag for place in reversed(places) for flag in reversed(place.flags) if flag.name == name),
        None,
    )


def merge(places: Sequence[Place], link: Change | None = None) -> tuple[str, ...]:
    """Return arguments that combine all places; the first place is GOFLAGS, which Go reads itself.

    :param link: changes the words for the linker, for every package; None leaves them as they are
    :raises UsageError: two places use patterns of packages for which nobody can tell whether they
        overlap
    """
    own = [
        flag.word
        for place in places[1:]
        for flag in place.flags
        if flag.name not in PER_PACKAGE and flag.name != "tags"
    ]
    tags = _tags(places)
    values = [
        f"-{name}={_written(pattern, words)}"
        for name in PER_PACKAGE
        for pattern, words in _asked(places, name, link)
    ]
    return (*own, *([f"-tags={','.join(tags)}"] if tags else []), *values)


def _asked(places: Sequence[Place], name: str, link: Change | None) -> Values:
    """Return the values of a flag of :data:`PER_PACKAGE`, or none if only GOFLAGS has some."""
    values = per_package(places, name)
    if name == LINKER and link is not None:
        if not values and not link(()):
            return ()
        changed = tuple((pattern, link(words)) for pattern, words in values)
        return changed if any(not pattern for pattern, _ in values) else (("", link(())), *changed)
    return values if any(flag.name == name for place in places[1:] for flag in place.flags) else ()


def _tags(places: Sequence[Place]) -> list[str]:
    """Return the tags of all places, unless GOFLAGS alone has some."""
    found: list[str] = []
    asked = False
    for number, place in enumerate(places):
        for flag in place.flags:
            if flag.name == "tags":
                asked = asked or number > 0
                found = (
                    [*found, *(flag.value or "").replace(",", " ").split()] if flag.value else []
                )
    return list(dict.fromkeys(found)) if asked else []


def _written(pattern: str, words: tuple[str, ...]) -> str:
    return f"{pattern}={join(words)}" if pattern else join(words)


def per_package(places: Sequence[Place], name: str) -> Values:
    """Return the combined values of a flag of :data:`PER_PACKAGE`.

    :raises UsageError: two places speak of packages by patterns of which nobody can tell whether
        they overlap
    """
    found: Values = ()
    emptied = False
    before = ""
    for place in places:
        given = _values(place, name)
        if given is None:
            continue
        if given[:1] == _EMPTY:
            emptied, found, given = True, (), given[1:]
        found = (
            _together(found, given, f"-{name}", (before, place.name))
            if found and given
            else found or given
        )
        before = place.name
    return found if not emptied or any(not pattern for pattern, _ in found) else (*_EMPTY, *found)


def _values(place: Place, name: str) -> Values | None:
    """Return one place's values by pattern, with the empty one first; None without the flag."""
    found: dict[str, tuple[str, ...]] = {}
    asked = emptied = False
    for flag in place.flags:
        if flag.name != name:
            continue
        asked = True
        pattern, words = _parsed(flag)
        if not pattern and not words:
            emptied, found = True, {}
        else:
            before = found.pop(pattern, ())  # of several values Go takes the last that matches
            found[pattern] = (*before, *words) if words else ()
    if not asked:
        return None
    return (*(_EMPTY if emptied else ()), *found.items())


def _parsed(flag: Flag) -> tuple[str, tuple[str, ...]]:
    """Return the pattern and the words in a value.

    :raises UsageError: it is neither words nor ``pattern=words``
    """
    text = (flag.value or "").strip()
    if not text or text.startswith("-"):
        return "", split(text)
    pattern, equals, rest = text.partition("=")
    if not equals or not pattern.strip() or text[0] in "'\"":
        raise UsageError(
            f"-{flag.name}: {text!r} is neither words for the tool nor PATTERN=WORDS",
            f"write -{flag.name}='all=-N -l'",
        )
    return pattern.strip(), split(rest)


def _together(earlier: Values, later: Values, flag: str, names: tuple[str, str]) -> Values:
    """Return the values that give each package the words of both.

    Go uses the last value whose pattern matches. So the values of each place are followed by those
    of every pair of patterns, with the words of both, in their order. The last match of a package
    that both places name is then the pair of the last patterns that match it.
    """
    pairs = [
        (common, (*words, *further) if further else ())
        for pattern, words in earlier
        for other, further in later
        if (common := _common(pattern, other, flag, names)) is not None
    ]
    values = [*earlier, *later, *pairs]
    last_of = {pattern: number for number, (pattern, _) in enumerate(values)}
    return tuple(value for number, value in enumerate(values) if last_of[value[0]] == number)


def _common(pattern: str, other: str, flag: str, names: tuple[str, str]) -> str | None:
    """Return the pattern of the packages that two patterns match, or None where there are none."""
    if other in {pattern, _ALL}:
        return pattern
    if pattern == _ALL:
        return other
    if _is_one(pattern) and _is_one(other) and pattern.startswith(".") == other.startswith("."):
        return None
    shown = [found or "the packages that are built" for found in (pattern, other)]
    raise UsageError(
        f"{flag} is set for {shown[0]} ({names[0]}) and for {shown[1]} ({names[1]}),"
        " but Go uses only the last that matches a package",
        "use the same pattern in both places, or set the flag in one place only",
    )


def _is_one(pattern: str) -> bool:
    """Whether a pattern is the path of one package."""
    return bool(pattern) and _WILD not in pattern and pattern not in _SETS
